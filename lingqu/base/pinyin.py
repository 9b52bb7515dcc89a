"""Words typed in letters, against stored pinyin keys: syllables with blanks between, as `ji nan dai qing`."""

from __future__ import annotations

import re
from typing import Final

MOST_INITIALS: Final = 12
_LETTERS = re.compile(r"[a-z]+", re.ASCII)


def joined_letters(words: str) -> str:
    """Return what was typed without blanks and in small letters when it is letters only, as `jinan`; empty for anything else."""
    joined = words.lower().replace(" ", "")
    return joined if _LETTERS.fullmatch(joined) else ""


def initials_pattern(letters: str) -> str:
    """Return the pattern of a pinyin key whose syllables begin with these letters: `jndq` finds `ji nan dai qing`.

    Empty for more than twelve letters, which nobody types as initials.
    """
    return r"(^| )" + r"[a-z]* ".join(letters) if 0 < len(letters) <= MOST_INITIALS else ""
