"""Sort and search keys of Chinese names, computed when a name is written (the embedded server sorts without ICU)."""

from __future__ import annotations

LONGEST = 200


def pinyin_key(name: str) -> str:
    """Return the syllables of a name without tones, in lower case, cut at 200 characters: 青禾 becomes `qing he`."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its tables take 60 MB; only who enters a name needs them

    return " ".join(lazy_pinyin(name)).lower()[:LONGEST]
