"""What is wrong with which cell of somebody's table, and the same table back with a red column that says so."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
import xlsxwriter

from lingqu.base.sheets.cells import Cell, as_text
from lingqu.base.sheets.write import plain_words
from lingqu.base.text import Language, Text, active_language

MOST_EXACT: Final = 10**15
"""Excel keeps 15 digits; a longer number goes out as text."""

REASON: Final = Text("错误原因", "Reason")


class Trouble(msgspec.Struct, frozen=True):
    """What is wrong where: row and column of the sheet, from 1; column 0 means the row as a whole."""

    row: int
    column: int
    text: Text

    @property
    def cell(self) -> str:
        """Return the cell as Excel names it, such as C12; empty when the row as a whole is meant."""
        return f"{column_letter(self.column)}{self.row}" if self.column else ""


def column_letter(column: int) -> str:
    """Return the letters that Excel shows above a column, from 1: A, B … Z, AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def write_marked(
    rows: Sequence[Sequence[Cell]], troubles: Sequence[Trouble], *, head: int, language: Language | None = None, reason: Text = REASON
) -> bytes:  # fmt: skip
    """Return the rows as they came with one column more, in red, that says per row what is wrong; it may be corrected and sent again.

    `head` is the row of the heads, from 1 (0 = none was found), `reason` the head of the new column. Cells at fault are pink. Nothing in it
    becomes a formula. A column of reasons that came back with the table is written anew, not a second time.
    """
    made = io.BytesIO()
    book: Any = xlsxwriter.Workbook(made, {"default_date_format": "yyyy-mm-dd", "remove_timezone": True})
    page = book.add_worksheet()
    red = book.add_format({"font_color": "#B42318", "bold": True, "text_wrap": True, "valign": "top", "num_format": "@"})
    pink = book.add_format({"bg_color": "#FDECEA", "num_format": "@"})
    spoken = language or active_language()
    at_fault = {(trouble.row, trouble.column) for trouble in troubles}
    old = _old_reasons(rows, head, reason)
    many = max((len(row) for row in rows), default=1) if old is None else old
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row[: many if old is not None else None], 1):
            _write(page, (number - 1, column - 1), cell, pink if (number, column) in at_fault else None)
    page.write_string(max(head - 1, 0), many, _said(reason, spoken), red)
    page.set_column(0, max(many - 1, 0), 16)
    page.set_column(many, many, 60)
    for number, words in _by_row(troubles, spoken).items():
        if number != head:
            page.write_string(number - 1, many, plain_words(words), red)
    book.close()
    return made.getvalue()


def _old_reasons(rows: Sequence[Sequence[Cell]], head: int, reason: Text) -> int | None:
    """Return the place of a column of reasons that stands last in the head; None without one."""
    if not 1 <= head <= len(rows) or not rows[head - 1]:
        return None
    last = len(rows[head - 1]) - 1
    return last if last and as_text(rows[head - 1][last]) in (reason.zh, reason.en) else None


def _by_row(troubles: Sequence[Trouble], language: Language) -> dict[int, str]:
    found: dict[int, str] = {}
    for trouble in troubles:
        words = _said(trouble.text, language)
        found[trouble.row] = f"{found[trouble.row]} {words}" if trouble.row in found else words
    return found


def _said(text: Text, language: Language) -> str:
    return text.zh if language == "zh" else text.en


def _write(page: Any, where: tuple[int, int], cell: Cell, shape: Any) -> None:  # noqa: ANN401 - ships no types
    match cell:
        case None:
            if shape:
                page.write_blank(*where, None, shape)
        case bool() | str():
            page.write_string(*where, plain_words(as_text(cell)), shape)
        case int() | Decimal():
            if abs(Decimal(cell)) < MOST_EXACT:
                page.write_number(*where, cell, shape)
            else:
                page.write_string(*where, as_text(cell), shape)
        case datetime() | date():
            page.write_datetime(*where, cell)
