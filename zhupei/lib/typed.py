"""What people type or paste: made clean before anything looks at it."""

import re
import unicodedata

# Characters nobody means to type and nobody can see: lone surrogates (no UTF-8 for them), bidirectional
# marks, overrides and isolates, zero-width characters, the soft hyphen, and U+FFFE/U+FFFF (no XML, so no
# spreadsheet for them). U+200D, the joiner inside emoji, stays.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069"
    r"\ud800-\udfff\ufeff\ufffe\uffff]"
)
_NEW_LINE = re.compile(r"\r\n?")
_SPACES_AND_DASHES = re.compile(r"[\s\u002d\u2010-\u2015\u2212\ufe58\ufe63]+")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

MIDDLE_DOT = "\u00b7"
_MIDDLE_DOTS = re.compile(r"\s*[\u00b7\u0387\u2022\u2027\u2219\u22c5\u30fb\uff65]\s*")

# 汉字: the unified ideographs with extensions A–I, the compatibility ideographs, and 〇.
_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SPACE_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")
_NOT_IN_A_NAME = re.compile(
    rf"[^{_HAN}A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff {MIDDLE_DOT}]"
)

NAME_LENGTH = (2, 50)  # characters; domain.md §4.1 姓名


def clean(text: str) -> str:
    """Without what cannot be seen or stored (NUL, controls, lone surrogates, bidi tricks), in NFC.

    Line breaks become ``\\n``; line breaks, tabs and emoji stay.
    """
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", _NEW_LINE.sub("\n", text)))


def half_width(text: str) -> str:
    """Full-width digits, letters, punctuation and the ideographic space as their ASCII twins."""
    return text.translate(_FULL_WIDTH)


def digits_and_letters(text: str) -> str:
    """A number as it is compared: half-width, upper case, without spaces and dashes of any kind."""
    return _SPACES_AND_DASHES.sub("", half_width(clean(text))).upper()


def name(text: str) -> str:
    """A person's name as it is stored: trimmed, single spaces, every middle dot as U+00B7.

    A space between two 汉字 (张　三, typed to align a list) goes: no Chinese name has one.
    """
    text = " ".join(half_width(clean(text)).split())
    return _SPACE_BETWEEN_HAN.sub("", _MIDDLE_DOTS.sub(MIDDLE_DOT, text))


def name_problems(text: str) -> list[str]:
    """What is wrong with a name: 2–50 汉字, letters, spaces or middle dots (domain.md §4.1)."""
    text = name(text)
    if not text:
        return ["请填写姓名"]
    problems = []
    shortest, longest = NAME_LENGTH
    if not shortest <= len(text) <= longest:
        problems.append(f"姓名应为 {shortest}–{longest} 个字，现在是 {len(text)} 个")
    if strange := list(dict.fromkeys(_NOT_IN_A_NAME.findall(text))):
        problems.append("姓名只能用汉字、字母、空格和间隔号“·”，请去掉 " + " ".join(strange[:10]))
    if text.startswith(MIDDLE_DOT) or text.endswith(MIDDLE_DOT):
        problems.append("姓名不能以间隔号“·”开头或结尾")
    return problems
