"""Sort and search keys of Chinese names, computed when a name is written (the embedded server sorts without ICU)."""

from __future__ import annotations

from collections.abc import Sequence

from lingqu.base.child import Child

LONGEST = 200
_SPELLER = Child("lingqu.base.spelling", at_once=1, seconds=15)


def pinyin_key(name: str) -> str:
    """Return the syllables of a name without tones, in lower case, cut at 200 characters: 青禾 becomes `qing he`."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its tables take 60 MB; only who enters a name needs them

    return " ".join(lazy_pinyin(name)).lower()[:LONGEST]


def pinyin_keys(names: Sequence[str]) -> list[str]:
    """Return the keys of many names, spelt in a process of its own, which ends with its 60 MB of tables; about half a second.

    Raises ChildFailed when there is no answer, and refuses (503) when no place is free.
    """
    given = "\n".join(" ".join(name.split()) for name in names)
    return _SPELLER.run(given.encode()).decode().split("\n") if names else []
