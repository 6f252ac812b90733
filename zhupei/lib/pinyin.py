"""Names as pinyin, for finding 沈知远 by typing ``szy`` or ``shenzhiyuan``.

The reading is a help for searching, never shown as the person's own spelling. ü is written ``v``, as typed.
"""

import re
import unicodedata

from pypinyin import lazy_pinyin

MAX_LENGTH = 100  # characters of the search columns

# Readings that a character has as a surname and pypinyin does not give for it alone.
_SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "区": "ou", "解": "xie", "盖": "ge", "查": "zha", "朴": "piao",
    "翟": "zhai", "覃": "qin", "洗": "xian", "乐": "yue", "员": "yun", "种": "chong", "折": "she",
    "缪": "miao", "祭": "zhai", "秘": "bi", "繁": "po", "黑": "he", "召": "shao", "隗": "wei", "句": "gou",
    "阚": "kan", "薄": "bo", "卜": "bu", "么": "yao", "藏": "zang", "郇": "xun",
}  # fmt: skip
_LETTER_OR_REST = re.compile(r"[a-z0-9]|[^a-z0-9]+")
_NOT_THAT_SURNAME = ("单于",)  # begins like 单, is a surname of two characters read by pypinyin


def initials(name: str) -> str:
    """``szy`` for 沈知远; Latin letters and digits stay, in lower case."""
    return "".join(syllable[0] for syllable in _syllables(name))[:MAX_LENGTH]


def full(name: str) -> str:
    """``shenzhiyuan`` for 沈知远; Latin letters and digits stay, in lower case."""
    return "".join(_syllables(name))[:MAX_LENGTH]


def _syllables(name: str) -> list[str]:
    """One syllable per 汉字, one character per Latin letter (accents dropped) or digit, nothing else."""
    name = unicodedata.normalize("NFKD", name).lower().strip()
    surname = [] if name.startswith(_NOT_THAT_SURNAME) else [_SURNAMES[c] for c in name[:1] if c in _SURNAMES]
    pieces = _LETTER_OR_REST.findall(name[len(surname) :])
    return [*surname, *(syllable for piece in pieces for syllable in _read(piece))]


def _read(piece: str) -> list[str]:
    return [piece] if piece.isascii() and piece.isalnum() else lazy_pinyin(piece, errors="ignore")
