"""A workbook that goes out: the figures as figures, the words as words, the same bytes for the same content."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

import msgspec
import xlsxwriter

from lingqu.base.calendar import CHINA
from lingqu.base.refusal import Refusal
from lingqu.base.sheets.cells import Cell
from lingqu.base.text import Language, Text

MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 60
MOST_SHEETS: Final = 30
LONGEST_CELL: Final = 32_767
LONGEST_TITLE: Final = 31
NOTES: Final = Text("说明", "Notes")
SUM: Final = Text("合计", "Total")
_NO_TITLE: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class ColumnKind(StrEnum):
    """What stands in a column: words and codes, yuan, whole numbers, shares (0.65 is 65 %), days, or moments in China."""

    TEXT = "text"
    MONEY = "money"
    COUNT = "count"
    PERCENT = "percent"
    DATE = "date"
    MOMENT = "moment"


FORMATS: Final = {
    ColumnKind.TEXT: "@",
    ColumnKind.MONEY: "#,##0.00",
    ColumnKind.COUNT: "#,##0",
    ColumnKind.PERCENT: "0.00%",
    ColumnKind.DATE: "yyyy-mm-dd",
    ColumnKind.MOMENT: "yyyy-mm-dd hh:mm",
}


class Column(msgspec.Struct, frozen=True):
    """A column: the key of its cells in a row, its head, what stands in it, its width in letters, and whether it is added up below."""

    key: str
    title: Text
    kind: ColumnKind = ColumnKind.TEXT
    width: int = 14
    summed: bool = False


class SheetOut(msgspec.Struct, frozen=True):
    """A sheet to write: the rows may be made one by one; the notes of all sheets stand together on a last one, `above` over the head.

    When a column is `summed`, a last row holds the sums of such columns.
    """

    title: Text
    columns: Sequence[Column]
    rows: Iterable[Mapping[str, Cell | Text]]
    notes: Sequence[Text] = ()
    above: Sequence[Text] = ()


def write_workbook(sheets: Sequence[SheetOut], *, language: Language, author: str, at: datetime) -> bytes:
    """Return an xlsx workbook: each sheet with its frozen head and its rows below, which are written one by one, and its sums.

    A cell without a value is empty. Text is always text: nothing that begins with =, +, - or @ becomes a formula, no code loses its
    zeros; what is longer than 32,767 letters is cut. `at` is the moment the workbook is dated. Refuses (422) more than 100,000 rows in
    all. Raises TypeError for a value that is not of its column's kind, ValueError for more than 30 sheets or 60 columns.
    """
    if not 1 <= len(sheets) <= MOST_SHEETS or any(not 1 <= len(sheet.columns) <= MOST_COLUMNS for sheet in sheets):
        message = f"a workbook has 1 to {MOST_SHEETS} sheets of 1 to {MOST_COLUMNS} columns"
        raise ValueError(message)
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"constant_memory": True, "default_date_format": FORMATS[ColumnKind.DATE]})
    try:
        _fill(book, sheets, language=language, author=author, at=at)
    finally:
        book.close()
    return made.getvalue()


def _fill(book: Any, sheets: Sequence[SheetOut], *, language: Language, author: str, at: datetime) -> None:  # noqa: ANN401 - ships no types
    book.set_properties({"author": author, "created": at.astimezone(CHINA).replace(tzinfo=None, microsecond=0)})
    shapes = _shapes(book)
    titles = _titles(sheets, language)
    left = MOST_ROWS
    for sheet, title in zip(sheets, titles, strict=False):
        left -= _write_sheet(book.add_worksheet(title), sheet, language=language, shapes=shapes, most=left)
    if any(sheet.notes for sheet in sheets):
        page = book.add_worksheet(titles[-1])
        page.set_column(0, 0, 24)
        page.set_column(1, 1, 90)
        told = [(title, note) for sheet, title in zip(sheets, titles, strict=False) for note in sheet.notes]
        for row, (title, note) in enumerate(told):
            page.write_string(row, 0, title, shapes["note"])
            page.write_string(row, 1, _words(note, language), shapes["note"])


def _shapes(book: Any) -> dict[str, Any]:  # noqa: ANN401 - ships no types
    """Return the formats: one per kind of column, the same in bold for sums, heads and notes."""
    shapes = {kind.value: book.add_format({"num_format": words, "valign": "top"}) for kind, words in FORMATS.items()}
    bold = {"bold": True, "top": 1}
    shapes |= {f"sum-{kind.value}": book.add_format(bold | {"num_format": words}) for kind, words in FORMATS.items()}
    shapes["head"] = book.add_format(
        {"bold": True, "bg_color": "#EEF1F4", "bottom": 1, "text_wrap": True, "valign": "vcenter", "num_format": "@"}
    )
    shapes["note"] = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    shapes["above"] = book.add_format({"font_color": "#475467", "num_format": "@"})
    return shapes


def _write_sheet(
    page: Any, sheet: SheetOut, *, language: Language, shapes: Mapping[str, Any], most: int  # noqa: ANN401 - ships no types
) -> int:  # fmt: skip
    """Write one sheet and return how many rows it has; refuses more than `most`."""
    head = len(sheet.above)
    for line, words in enumerate(sheet.above):
        page.write_string(line, 0, _words(words, language), shapes["above"])
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width, shapes[column.kind.value])
        page.write_string(head, place, _words(column.title, language), shapes["head"])
    page.freeze_panes(head + 1, 0)
    many = 0
    sums: dict[str, int | Decimal] = {column.key: 0 for column in sheet.columns if column.summed}
    for row in sheet.rows:
        many += 1
        if many > most:
            raise _too_many()
        for place, column in enumerate(sheet.columns):
            value = row.get(column.key)
            if value is not None and value != "":
                _write_cell(page, (head + many, place), value, column, shape=shapes[column.kind.value], language=language)
                if column.summed and isinstance(value, int | Decimal):
                    sums[column.key] += value
    page.autofilter(head, 0, head + many, len(sheet.columns) - 1)
    if sums and many:
        _write_sums(page, head + many + 1, sheet.columns, sums, shapes=shapes, language=language)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(head)
    return many


def _write_sums(
    page: Any, where: int, columns: Sequence[Column], sums: Mapping[str, int | Decimal], *, shapes: Mapping[str, Any], language: Language  # noqa: ANN401 - ships no types
) -> None:  # fmt: skip
    """Write the row of sums; its word stands in the first column, which is never added up."""
    page.write_string(where, 0, _words(SUM, language), shapes["sum-text"])
    for place, column in enumerate(columns):
        if column.key in sums and place:
            _write_cell(page, (where, place), sums[column.key], column, shape=shapes[f"sum-{column.kind.value}"], language=language)


def _write_cell(
    page: Any, where: tuple[int, int], value: Cell | Text, column: Column, *, shape: Any, language: Language  # noqa: ANN401 - ships no types
) -> None:  # fmt: skip
    match column.kind:
        case ColumnKind.TEXT:
            if not isinstance(value, str | Text | int | Decimal):
                raise _wrong_kind(column, value)
            page.write_string(*where, _words(value, language), shape)
        case ColumnKind.MONEY | ColumnKind.COUNT | ColumnKind.PERCENT:
            if isinstance(value, bool) or not isinstance(value, int | Decimal):
                raise _wrong_kind(column, value)
            page.write_number(*where, value, shape)
        case ColumnKind.DATE:
            if isinstance(value, datetime) or not isinstance(value, date):
                raise _wrong_kind(column, value)
            page.write_datetime(*where, value, shape)
        case ColumnKind.MOMENT:
            if not isinstance(value, datetime) or value.tzinfo is None:
                raise _wrong_kind(column, value)
            page.write_datetime(*where, _minute(value), shape)


def _minute(value: datetime) -> datetime:
    """Return a moment on the clock of China to the second, as Excel knows no zones."""
    return value.astimezone(CHINA).replace(tzinfo=None) - timedelta(microseconds=value.microsecond)


def plain_words(words: str) -> str:
    """Return words as a cell takes them: without control characters, at most 32,767 letters."""
    plain = _CONTROL.sub("", words)
    return plain if len(plain) <= LONGEST_CELL else f"{plain[: LONGEST_CELL - 1]}…"


def _words(value: str | Text | int | Decimal, language: Language) -> str:
    return plain_words((value.zh if language == "zh" else value.en) if isinstance(value, Text) else str(value))


def _titles(sheets: Sequence[SheetOut], language: Language) -> list[str]:
    """Return names that Excel takes, no two alike, and one more for the notes."""
    taken: list[str] = []
    for wanted in (*(sheet.title for sheet in sheets), NOTES):
        plain = _NO_TITLE.sub(" ", _words(wanted, language)).strip(" '")[:LONGEST_TITLE] or "-"
        name, again = plain, 2
        while name.lower() in {one.lower() for one in taken}:
            ending = f" {again}"
            name, again = plain[: LONGEST_TITLE - len(ending)] + ending, again + 1
        taken.append(name)
    return taken


def _wrong_kind(column: Column, value: object) -> TypeError:
    return TypeError(f"{value!r} is no {column.kind.value} of the column {column.key}")


def _too_many() -> Refusal:
    words = Text(
        f"超过 {MOST_ROWS:,} 行，无法导出到一个文件。请缩小范围后再试。",
        f"More than {MOST_ROWS:,} rows are too many for one file; narrow it down and try again.",
    )
    return Refusal("too_many_rows", words, status=422)
