"""What a sent file says as lines of text, an Excel workbook's first sheet or a text file."""

from __future__ import annotations

from datetime import datetime

from lingqu.base.refusal import Refusal
from lingqu.base.sheets import Cell, as_text, read_table
from lingqu.documents.rules import text_of
from lingqu.duties.rules.holidays import MOST_LINES

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
MOST_ROWS, MOST_WIDTH = 5_000, 200
UNREADABLE = 422
MOST_COLUMNS = 20


def lines_of(content: bytes) -> str | None:
    """Return a file's text, one line for each row, cells separated by commas; None where there is none that can be read.

    Reads xlsx and xls by their first sheet (at most 501 rows and 20 columns; dates as 2027-01-01), and text in UTF-8 or GB18030.
    Refuses (503) while too many files are read at once.
    """
    if not content.startswith(WORKBOOKS):
        return text_of(content)
    try:
        sheets = read_table("", content, most_rows=MOST_ROWS, most_columns=MOST_WIDTH)
    except Refusal as refusal:
        if refusal.status != UNREADABLE:
            raise
        return None
    if not sheets:
        return None
    lines = (",".join(_cell(cell) for cell in row[:MOST_COLUMNS]).strip(", ") for row in sheets[0].rows)
    return "\n".join([line for line in lines if line][: MOST_LINES + 1])


def _cell(value: Cell) -> str:
    """Return a cell as it would be typed: a day without its time, a truth as yes or no, and no comma inside."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return as_text(value.date() if isinstance(value, datetime) else value).replace(",", " ").strip()
