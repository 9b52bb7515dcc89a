"""Sort and search keys of Chinese names, computed when a name is written (the embedded server sorts without ICU)."""

from __future__ import annotations

from pypinyin import lazy_pinyin

LONGEST = 200


def pinyin_key(name: str) -> str:
    """Return the syllables of a name without tones, in lower case, cut at 200 characters: 青禾 becomes `qing he`."""
    return " ".join(lazy_pinyin(name)).lower()[:LONGEST]
