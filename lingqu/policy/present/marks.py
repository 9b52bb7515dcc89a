"""Differences between two texts as marks: what was put in, what was taken out, word by word or character by character."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

import msgspec

SAME, IN, OUT = "same", "in", "out"
SHORTEST = 3
"""An unchanged piece shorter than this between two changes is no island: it would only be hard to read."""
LEAST_ALIKE = 0.3
"""Texts less alike than this are shown as one taken out and one put in."""
_TOKEN = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*|\d+(?:[.,]\d+)*|\s+|.", re.DOTALL)


class Piece(msgspec.Struct, frozen=True):
    """A piece of a text: `same`, `in` (put in) or `out` (taken out)."""

    kind: str
    text: str


def pieces_of(before: str | None, after: str | None) -> tuple[Piece, ...]:
    """Return the pieces of a text that was changed; with one side missing all of it is put in or taken out."""
    if before == after:
        return (Piece(SAME, after or ""),)
    if not before or not after:
        return tuple(Piece(kind, text) for kind, text in ((OUT, before), (IN, after)) if text)
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        return (Piece(OUT, before), Piece(IN, after))
    return tuple(_joined(_islands_filled([(tag, old[a:b], new[c:d]) for tag, a, b, c, d in matcher.get_opcodes()])))


Change = tuple[str, list[str], list[str]]


def _islands_filled(changes: list[Change]) -> list[Change]:
    filled = []
    for place, (tag, old, new) in enumerate(changes):
        inside = 0 < place < len(changes) - 1
        short = len("".join(old)) < SHORTEST and len(old) < SHORTEST
        filled.append(("replace" if tag == "equal" and inside and short else tag, old, new))
    return filled


def _joined(changes: list[Change]) -> list[Piece]:
    found: list[Piece] = []
    out = put = ""
    for tag, old, new in [*changes, ("equal", [], [])]:
        if tag != "equal":
            out, put = out + "".join(old), put + "".join(new)
            continue
        found += [Piece(kind, text) for kind, text in ((OUT, out), (IN, put)) if text]
        out = put = ""
        if old:
            found.append(Piece(SAME, "".join(old)))
    return found
