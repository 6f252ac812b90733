"""Numbers printed on certificates: 医师资格证书编码, 毕业证书编号, 学位证书编号 (domain.md §5).

*Problems* refuse, *warnings* are shown and kept: the issuers' rules changed over the decades, so only what
cannot be right refuses. Nothing typed means nothing to check; whether a field is mandatory is the form's.
"""

import re
from datetime import date

from zhupei.lib import typed
from zhupei.lib.id_number import PROVINCES, looks_like_resident_number

PHYSICIAN_LENGTH = 27  # year 4 + province 2 + class 3 + own ID number 18 (confirm)
FIRST_PHYSICIAN_YEAR = 1999  # the 执业医师法 is in force since 1 May 1999
FIRST_DIPLOMA_YEAR = 1949


def normalise(text: str) -> str:
    """The code as it is stored and compared: half-width, no spaces or dashes, upper case."""
    return typed.digits_and_letters(text)


def physician_code_problems(code: str, *, id_number: str) -> list[str]:
    """Errors of a 医师资格证书编码. Its last 18 characters are the holder's own ID number (may end in X).

    ``id_number`` is the holder's; when it is no 18-character number there is nothing to compare with.
    """
    code = normalise(code)
    if code and not re.fullmatch(r"[0-9A-Z]+", code):
        return ["医师资格证书编码只能是数字和字母"]
    if len(code) != PHYSICIAN_LENGTH:
        return []
    if not re.fullmatch(r"[0-9]{26}[0-9X]", code):
        return ["医师资格证书编码应为 26 位数字加 1 位数字或 X"]
    own = normalise(id_number)
    if looks_like_resident_number(own) and code[9:] != own:
        return ["医师资格证书编码后 18 位与本人证件号不一致"]
    return []


def physician_code_warnings(code: str) -> list[str]:
    """What a reviewer should look at: an unusual length, year or province."""
    code = normalise(code)
    if not code:
        return []
    if len(code) != PHYSICIAN_LENGTH:
        return [f"医师资格证书编码一般为 {PHYSICIAN_LENGTH} 位，现在是 {len(code)} 位，请核对"]
    warnings = []
    if code[:4] < str(FIRST_PHYSICIAN_YEAR):
        warnings.append(f"医师资格证书编码前 4 位应为取得年份，现在是 {code[:4]}，请核对")
    if code[4:6] not in PROVINCES:
        warnings.append(f"医师资格证书编码第 5–6 位应为省份代码，现在是 {code[4:6]}，请核对")
    return warnings


def diploma_problems(code: str) -> list[str]:
    """Errors of a 毕业证书编号: 6–40 letters or digits."""
    code = normalise(code)
    if not code or re.fullmatch(r"[0-9A-Z]{6,40}", code):
        return []
    if not re.fullmatch(r"[0-9A-Z]+", code):
        return ["毕业证书编号只能是数字和字母"]
    return [f"毕业证书编号应为 6–40 位，现在是 {len(code)} 位"]


def diploma_warnings(code: str, *, graduated: date | None) -> list[str]:
    """An 18-digit 毕业证书编号 (电子注册号) carries the year of graduation as digits 7–10."""
    code = normalise(code)
    if not re.fullmatch(r"[0-9]{18}", code):
        return []
    year = int(code[6:10])
    if year < FIRST_DIPLOMA_YEAR:
        return [f"毕业证书编号第 7–10 位应为毕业年份，现在是 {code[6:10]}，请核对"]
    if graduated and graduated.year != year:
        return [f"毕业证书编号中的年份是 {year}，毕业时间是 {graduated.year} 年，请核对"]
    return []


def degree_warnings(code: str, *, professional: bool | None) -> list[str]:
    """A 学位证书编号 beginning with Z is that of a 专业学位; ``professional=None``: not stated."""
    code = normalise(code)
    if not code or professional is None or code.startswith("Z") == professional:
        return []
    if professional:
        return ["专业学位的证书编号一般以 Z 开头，请核对学位类型"]
    return ["Z 开头的是专业学位证书编号，请核对学位类型"]
