import logging
import re

NUMBERS = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)|(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


class MaskNumbers(logging.Filter):
    """Mask ID numbers and phones that slip into a log line; lines are meant to carry ids only."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = NUMBERS.sub(self._masked, record.getMessage())
        record.args = ()
        return True

    @staticmethod
    def _masked(found: re.Match[str]) -> str:
        if found[1]:
            return f"{found[1]}********{found[2]}"
        return f"{found[3]}****{found[4]}"
