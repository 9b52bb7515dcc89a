"""A file of a bank, as it was sent, read as movements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from lingqu.base.refusal import Refusal
from lingqu.base.sheets import SheetIn, read_table
from lingqu.settlement.rules import MOST_COLUMNS, MOST_ROWS, Field, FileRead, find_header, read_sheets

TITLE_ROWS: Final = 100
FIELD: Final = "file"
SEPARATORS: Final = ",\t;"
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def read_bank_file(
    name: str, content: bytes, *, today: date, mappings: Sequence[Mapping[str, Sequence[str]]] = (),
    chosen: Mapping[Field, Sequence[int]] | None = None,
) -> FileRead:  # fmt: skip
    """Return what a bank's file says: xlsx, xls or text of at most 10 MB and 10,000 rows below its title; see `read_sheets`.

    Refuses (422, at `file`) what is no table, is too large, has no head, or no movements.
    """
    return read_sheets(_tables(name, content), today=today, mappings=mappings, chosen=chosen)


def _tables(name: str, content: bytes) -> list[SheetIn]:
    """Return the sheets. In a text the title rows tell nothing about what parts the cells below: the mark that yields most is taken."""
    if content.startswith(_WORKBOOKS):
        return _table(name, content, "")
    best: tuple[int, list[SheetIn]] | None = None
    refused: Refusal | None = None
    for separator in SEPARATORS:
        try:
            tables = _table(name, content, separator)
        except Refusal as refusal:
            refused = refused or refusal
            continue
        header = find_header(tables[0].rows)
        named = len(header.columns) if header else 0
        if best is None or named > best[0]:
            best = named, tables
    if best is None or (refused and not best[0]):
        raise refused or AssertionError
    return best[1]


def _table(name: str, content: bytes, separator: str) -> list[SheetIn]:
    return read_table(
        name, content, most_rows=MOST_ROWS + TITLE_ROWS, most_columns=MOST_COLUMNS, field=FIELD, separator=separator
    )  # fmt: skip
