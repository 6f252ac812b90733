"""E-mail addresses, as people type them (domain.md §4.1 邮箱)."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from zhupei.lib import typed

MAX_LENGTH = 254  # characters; RFC 5321 §4.5.3.1.3


def normalise(text: str) -> str:
    """The address as it is stored and compared: half-width (also the dot ``。``), lower case."""
    return typed.half_width(typed.clean(text)).replace("。", ".").strip().lower()


def problems(address: str) -> list[str]:
    """Everything wrong with ``address``, as sentences; empty when it may be stored."""
    address = normalise(address)
    if not address:
        return ["请填写邮箱"]
    if len(address) > MAX_LENGTH:
        return [f"邮箱应不超过 {MAX_LENGTH} 个字符，现在是 {len(address)} 个"]
    try:
        validate_email(address)
    except ValidationError:
        return ["邮箱格式不对，应像 name@example.cn"]
    return []


def mask(address: str) -> str:
    """``sh***@example.cn``; of a local part of one or two characters only the first is shown."""
    local, at, domain = address.rpartition("@")
    if not at:
        return "***" if address else ""
    return f"{local[: 2 if len(local) > 2 else 1]}***@{domain}"
