"""What reading a workbook works with and gives: what is known here, rows, and what is wrong where."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec

from lingqu.base.sheets import Cell, Trouble

Value = str | int | Decimal | date | None


class Known(msgspec.Struct, frozen=True):
    """What the product has: `names` by lookup, from what is written to what it means; keys of rows `taken` over with where; the day.

    `lasting` has the last days of papers by partner and kind of paper.
    """

    names: Mapping[str, Mapping[str, int | str]]
    taken: Mapping[str, str]
    exists: frozenset[str]
    on: date
    lasting: Mapping[str, date] = {}


class RowRead(msgspec.Struct, frozen=True):
    """A row that was understood: its number in the sheet, what makes it the same row in another file, and its values by column."""

    row: int
    key: str
    values: dict[str, Value]


class Reading(msgspec.Struct, frozen=True):
    """What a workbook says: rows without an error, all errors, warnings, the control totals, and the cells as they stood."""

    rows: list[RowRead]
    errors: list[Trouble]
    warnings: list[Trouble]
    totals: dict[str, str]
    by_partner: dict[str, str]
    cells: list[list[Cell]]
    head: int
