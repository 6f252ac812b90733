"""手机号 of mainland China, as people type it (domain.md §5)."""

import re

from zhupei.lib import typed

LENGTH = 11  # digits
_PREFIXED = re.compile(r"(?:\+86|0086|86)([0-9]{11})")


def normalise(text: str) -> str:
    """The bare number: half-width, without spaces, dashes, brackets and the country's +86."""
    number = typed.digits_and_letters(text).replace("(", "").replace(")", "")
    prefixed = _PREFIXED.fullmatch(number)
    return prefixed[1] if prefixed else number


def problems(number: str) -> list[str]:
    """Everything wrong with ``number``, as sentences; empty when it may be stored."""
    number = normalise(number)
    if not number:
        return ["请填写手机号"]
    if not re.fullmatch(r"[0-9]+", number):
        return ["手机号只能是数字"]
    if len(number) != LENGTH:
        return [f"手机号应为 {LENGTH} 位，现在是 {len(number)} 位"]
    return [] if re.fullmatch(r"1[3-9][0-9]{9}", number) else ["手机号应以 13–19 开头，请核对"]


def mask(number: str) -> str:
    """``138****0121``; what is not eleven characters long shows nothing but its length."""
    return f"{number[:3]}****{number[-4:]}" if len(number) == LENGTH else "*" * len(number)
