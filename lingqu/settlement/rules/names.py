"""Names of firms as banks write them: full width or half, brackets or none, 有限责任公司 or 有限公司."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LEAST_CUT: Final = 8
"""Banks cut long names off; a name shorter than this is no beginning of another."""

_NO_LETTER: Final = re.compile(r"[\W_]+")
_KINDS: Final = ("股份有限公司", "有限公司", "公司", "经营部", "商行")


def plain_name(name: str) -> str:
    """Return a name in half width without blanks, brackets and marks, limited companies written in one way: equal names are one firm."""
    plain = _NO_LETTER.sub("", unicodedata.normalize("NFKC", name)).lower()
    return plain.replace("有限责任公司", "有限公司")


def core_name(name: str) -> str:
    """Return a plain name without what kind of company it is."""
    plain = plain_name(name)
    kind = next((kind for kind in _KINDS if plain.endswith(kind) and len(plain) > len(kind) + 1), "")
    return plain.removesuffix(kind)


def is_cut(name: str, other: str) -> bool:
    """Return whether one of two plain names is the other cut off, as banks do with long ones."""
    short, long = (name, other) if len(name) < len(other) else (other, name)
    return LEAST_CUT <= len(short) < len(long) and long.startswith(short)
