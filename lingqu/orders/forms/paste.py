"""Booklists pasted from anywhere: one title a line, its number first and the copies last. Nothing of it is lost."""

from __future__ import annotations

import re
import unicodedata

import msgspec

from lingqu.base.money import read_copies
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text

MOST_PASTED_LINES = 1_000
_BETWEEN = re.compile(r"[\s,;|×*]+")
_UNIT = re.compile(r"(册|本|套)$")


class PastedLine(msgspec.Struct, frozen=True):
    """One line of a paste: as it came, and the title's number (in capital letters) with its copies, or what is wrong with it."""

    line: str
    code: str = ""
    copies: int = 0
    wrong: Text | None = None


def read_paste(text: str) -> list[PastedLine]:
    """Return the lines of a paste in their order, empty ones left out.

    Between number and copies may stand blanks, tabs, commas, × and the title's name; after the copies a unit such as 册.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    read = [_read_line(line) for line in lines[:MOST_PASTED_LINES]]
    many = Text(f"一次最多粘贴 {MOST_PASTED_LINES:,} 行。", f"Paste at most {MOST_PASTED_LINES:,} lines at a time.")
    return read + [PastedLine(line, wrong=many) for line in lines[MOST_PASTED_LINES:]]


def _read_line(line: str) -> PastedLine:
    plain = _UNIT.sub("", unicodedata.normalize("NFKC", line)).strip()
    parts = [part for part in _BETWEEN.split(plain) if part]
    try:
        if len(parts) < 2:  # noqa: PLR2004 - a number and its copies
            raise bad_input("paste", Text("每行要有编号和册数。", "Each line needs a number and copies."))
        return PastedLine(line, parts[0].upper(), read_copies(parts[-1]))
    except Refusal as refusal:
        return PastedLine(line, wrong=refusal.text)
