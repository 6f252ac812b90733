"""证件号码: what a number must look like, and what it says about its holder.

Source: domain.md §5 – GB 11643-1999 for 居民身份证; the residence permit of Hong Kong, Macao and Taiwan
residents (2018) and the foreigners' permanent residence card (2023) follow its layout and check digit.
"""

import re
from datetime import date
from enum import StrEnum
from typing import Literal

from zhupei.lib import typed

LENGTH = 18  # characters of the three GB 11643 kinds
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"  # by the weighted sum modulo 11
_SHAPE = re.compile(r"[0-9]{17}[0-9X]")

# GB/T 2260: the first two digits. Six-digit areas are not checked: codes are retired, people keep them.
PROVINCES = frozenset(
    {"11", "12", "13", "14", "15"}  # 北京 天津 河北 山西 内蒙古
    | {"21", "22", "23"}  # 辽宁 吉林 黑龙江
    | {"31", "32", "33", "34", "35", "36", "37"}  # 上海 江苏 浙江 安徽 福建 江西 山东
    | {"41", "42", "43", "44", "45", "46"}  # 河南 湖北 湖南 广东 广西 海南
    | {"50", "51", "52", "53", "54"}  # 重庆 四川 贵州 云南 西藏
    | {"61", "62", "63", "64", "65"}  # 陕西 甘肃 青海 宁夏 新疆
    | {"71"}  # 台湾
)
_HK_MACAO_TAIWAN = frozenset({"81", "82", "83"})


class Kind(StrEnum):
    """证件类型, as in domain.md §4.1."""

    RESIDENT = "resident"  # 居民身份证
    OFFICER = "officer"  # 军官证
    PASSPORT = "passport"  # 护照
    HK_MACAO_PERMIT = "hk_macao"  # 港澳居民来往内地通行证
    TAIWAN_PERMIT = "taiwan"  # 台湾居民来往大陆通行证
    RESIDENCE_PERMIT = "residence"  # 港澳台居民居住证
    FOREIGN_PERMANENT = "foreign"  # 外国人永久居留身份证


_PATTERNS: dict[Kind, tuple[str, str]] = {
    Kind.OFFICER: (r".{1,6}字第[0-9A-Z]{4,10}号", "军官证号码应像“军字第1234567号”"),
    Kind.PASSPORT: (r"[0-9A-Z]{5,15}", "护照号码应为 5–15 位字母或数字"),
    Kind.HK_MACAO_PERMIT: (r"[HM][0-9]{8}(?:[0-9]{2})?", "通行证号码应为 H 或 M 加 8 位或 10 位数字"),
    Kind.TAIWAN_PERMIT: (
        r"[0-9]{8}|[0-9]{10}(?:\([A-Z]\)|[A-Z])?",
        "通行证号码应为 8 位数字，或旧版的 10 位数字（可加括号字母）",
    ),
}
_OLD_FOREIGN = re.compile(r"[A-Z]{3}[0-9]{12}")  # cards issued before December 2023, valid until they expire


def normalise(text: str) -> str:
    """The number as it is stored and compared: half-width, no spaces or dashes, upper-case X."""
    return typed.digits_and_letters(text)


def problems(kind: Kind, number: str, *, today: date, ages: tuple[int, int] = (16, 80)) -> list[str]:
    """Everything wrong with ``number``, as sentences; empty when it may be stored.

    ``ages`` are full years on ``today``, both inclusive (trainees: 16–80). The right check digit is
    never told: whoever knows the number need not be told, and whoever guesses must not be.
    """
    number = normalise(number)
    if not number:
        return ["请填写证件号码"]
    if kind in _PATTERNS:
        pattern, sentence = _PATTERNS[kind]
        return [] if re.fullmatch(pattern, number) else [sentence]
    if kind == Kind.FOREIGN_PERMANENT and _OLD_FOREIGN.fullmatch(number):
        return []
    return _shape_problems(number) or [
        *_prefix_problems(kind, number),
        *_birth_problems(number, today, ages),
        *_check_problems(number),
    ]


def birth_date(kind: Kind, number: str) -> date | None:
    """The date of birth the number states (digits 7–14), or ``None`` if it states none that exists."""
    number = normalise(number)
    if not _follows_gb_11643(kind, number):
        return None
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex(kind: Kind, number: str) -> Literal["male", "female"] | None:
    """The sex the number states: digit 17, odd for men; ``None`` for kinds that state none."""
    number = normalise(number)
    if not _follows_gb_11643(kind, number):
        return None
    return "male" if int(number[16]) % 2 else "female"


def mask(number: str) -> str:
    """Enough to recognise one's own: ``4201**********4515``; shorter numbers keep 1 + 2 characters."""
    if len(number) >= LENGTH:
        head, tail = 4, 4
    elif len(number) > 4:
        head, tail = 1, 2
    else:
        head, tail = 0, 0
    return number[:head] + "*" * (len(number) - head - tail) + number[len(number) - tail :]


def looks_like_resident_number(text: str) -> bool:
    """Whether somebody typed an 18-character number (and not a phone or an e-mail); nothing is checked."""
    return _SHAPE.fullmatch(normalise(text)) is not None


def _follows_gb_11643(kind: Kind, number: str) -> bool:
    return kind not in _PATTERNS and _SHAPE.fullmatch(number) is not None


def _shape_problems(number: str) -> list[str]:
    found = []
    if len(number) != LENGTH:
        found.append(f"证件号码应为 {LENGTH} 位，现在是 {len(number)} 位")
    if not re.fullmatch(r"[0-9]+[0-9X]", number):
        found.append("证件号码只能是数字，最后一位可以是 X")
    return found


def _prefix_problems(kind: Kind, number: str) -> list[str]:
    prefix = number[:2]
    if kind == Kind.FOREIGN_PERMANENT:
        return [] if prefix[0] == "9" else ["外国人永久居留身份证号码应以 9 开头"]
    if kind == Kind.RESIDENCE_PERMIT:
        return [] if prefix in _HK_MACAO_TAIWAN else ["港澳台居民居住证号码应以 81、82 或 83 开头"]
    if prefix in _HK_MACAO_TAIWAN:
        return [f"{prefix} 开头的是港澳台居民居住证，请改选证件类型"]
    return [] if prefix in PROVINCES else [f"证件号码开头的 {prefix} 不是省份代码，请核对"]


def _birth_problems(number: str, today: date, ages: tuple[int, int]) -> list[str]:
    born = birth_date(Kind.RESIDENT, number)
    stated = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    if born is None:
        return [f"证件号码中的出生日期 {stated} 不存在，请核对"]
    if born > today:
        return [f"证件号码中的出生日期 {stated} 还没有到，请核对"]
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if not ages[0] <= age <= ages[1]:
        return [f"按证件号码计算为 {age} 岁，应在 {ages[0]}–{ages[1]} 岁之间，请核对"]
    return []


def _check_problems(number: str) -> list[str]:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return [] if number[17] == _CHECK_CHARACTERS[total % 11] else ["证件号码校验不通过，请逐位核对"]
