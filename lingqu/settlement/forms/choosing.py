"""What people choose about a bank's file: which column means what, and which lines to book."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Protocol

from lingqu.base.refusal import bad_input, not_found
from lingqu.base.text import Text
from lingqu.settlement.rules import Field
from lingqu.settlement.states import LineState

COLUMN: Final = "column-"
LONGEST_SEARCH: Final = 60
_PLACE: Final = re.compile(r"\d{1,3}", re.ASCII)
_ID: Final = re.compile(r"[1-9]\d{0,17}", re.ASCII)
_PAIR: Final = re.compile(r"([1-9]\d{0,17}):([1-9]\d{0,17})", re.ASCII)


class Sent(Protocol):
    """What came with a request: a QueryDict."""

    def getlist(self, key: str) -> list[str]:
        """Return all values of a field."""

    def __contains__(self, key: object) -> bool:
        """Return whether the field came."""


def read_columns(sent: Sent) -> dict[Field, list[int]] | None:
    """Return the columns (counted from 0) that were chosen for each field; None when nothing was chosen at all.

    Refuses at the field what is no column.
    """
    if not any(f"{COLUMN}{field.value}" in sent for field in Field):
        return None
    chosen: dict[Field, list[int]] = {}
    for field in Field:
        words = [one for one in sent.getlist(f"{COLUMN}{field.value}") if one]
        if any(not _PLACE.fullmatch(one) for one in words):
            raise bad_input(field.value, Text("文件没有这一列。", "The file has no such column."))
        if words:
            chosen[field] = list(dict.fromkeys(int(one) for one in words))
    return chosen


def read_id(words: str) -> int:
    """Return the id in an address or a field; refuses (404) what is none."""
    if not _ID.fullmatch(words):
        raise not_found()
    return int(words)


def read_ticked(words: Sequence[str]) -> dict[int, int]:
    """Return the bank lines that were ticked, each with the credit line that was proposed for it; refuses (404) what is no such pair."""
    found = {}
    for one in words:
        pair = _PAIR.fullmatch(one)
        if not pair:
            raise not_found()
        found[int(pair[1])] = int(pair[2])
    return found


def read_state(words: str) -> LineState:
    """Return the state by which lines are listed, open ones when none was named; refuses (404) an unknown one."""
    try:
        return LineState(words or LineState.OPEN.value)
    except ValueError:
        raise not_found() from None


def read_search(words: str) -> str:
    """Return the words that are looked for, at most 60 letters."""
    return " ".join(words.replace("\x00", "").split())[:LONGEST_SEARCH]
