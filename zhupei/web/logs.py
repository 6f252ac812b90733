import logging
import re

# An ID number, also inside the code of a licence (9 digits before it); a phone, also with its country.
NUMBERS = re.compile(
    r"(?<!\d)(\d{9})?(\d{6})\d{8}(\d{3}[\dXx])(?!\d)|(?<!\d)(?:86)?(1[3-9]\d)\d{4}(\d{4})(?!\d)"
)
# The address of a phone hand-off is a key for ten minutes.
KEYS = re.compile(r"/m/[\w-]{20,}")
OF_VISITORS = "django.security."  # what came was refused: their doing, no fault of ours
_traceback = logging.Formatter().formatException


class MaskNumbers(logging.Filter):
    """Mask ID numbers and phones that slip into a log line; lines are meant to carry ids only.

    What a visitor sent and we refused (another host's name, too much at once) is one line: a
    traceback each would let anybody fill the disk.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = masked(record.getMessage())
        record.args = ()
        if record.name.startswith(OF_VISITORS):
            record.exc_info = record.exc_text = None
        if record.exc_info:
            record.exc_text = masked(_traceback(record.exc_info))
        return True


def masked(text: str) -> str:
    """``text`` without numbers of people and without keys."""
    return KEYS.sub("/m/…", NUMBERS.sub(_number, text))


def _number(found: re.Match[str]) -> str:
    if found[2]:
        return f"{found[1] or ''}{found[2]}********{found[3]}"
    return f"{found[4]}****{found[5]}"
