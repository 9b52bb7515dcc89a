"""Workbooks of going live that go out: the template of a kind, and a file that came in with a red column that says what is wrong."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from lingqu.base.sheets import write_marked
from lingqu.base.text import Text
from lingqu.opening.rules import COLUMNS, INTRODUCTIONS, MOST_ROWS, Known, OpeningCell, Reading, head_of
from lingqu.opening.states import KIND_WORDS, OpeningKind

MOST_OFFERED = 5_000
REASON = Text("原因", "Reason")
_FORMATS = {OpeningCell.MONEY: "#,##0.00", OpeningCell.COPIES: "#,##0", OpeningCell.DAY: "yyyy-mm-dd"}


def template_of(kind: OpeningKind, known: Known) -> bytes:
    """Return the empty workbook of a kind: heads, formats, lists to choose from, and a sheet that says how to fill it in."""
    made = io.BytesIO()
    book: Any = xlsxwriter.Workbook(made)
    page = book.add_worksheet(str(KIND_WORDS[kind]))
    told = book.add_worksheet(str(Text("说明", "Notes")))
    offered = book.add_worksheet(str(Text("可选项", "Choices")))
    head = book.add_format({"bold": True, "bg_color": "#EEF1F4", "bottom": 1, "text_wrap": True, "num_format": "@"})
    for place, column in enumerate(COLUMNS[kind]):
        shape = book.add_format({"num_format": _FORMATS.get(column.cell, "@")})
        page.set_column(place, place, 18, shape)
        page.write_string(0, place, str(head_of(column)), head)
        names = sorted(known.names.get(column.lookup, {}))[:MOST_OFFERED] if column.lookup else []
        if names:
            offered.write_string(0, place, str(column.title), head)
            for row, name in enumerate(names, 1):
                offered.write_string(row, place, name)
            letter = chr(65 + place)
            source = f"='{offered.get_name()}'!${letter}$2:${letter}${len(names) + 1}"
            page.data_validation(1, place, MOST_ROWS, place, {"validate": "list", "source": source})
    page.freeze_panes(1, 0)
    told.set_column(0, 0, 90)
    for row, words in enumerate(_notes(kind)):
        told.write_string(row, 0, str(words))
    book.close()
    return made.getvalue()


def _notes(kind: OpeningKind) -> list[Text]:
    return [
        INTRODUCTIONS[kind],
        Text(
            f"最多 {MOST_ROWS:,} 行。不要改表头；多出的列不读。",
            f"At most {MOST_ROWS:,} rows. Leave the heads; other columns are not read.",
        ),
        Text(
            "日期写成 2026-11-24。编号列是文本，开头的零会保留。",
            "Write days like 2026-11-24. Columns of codes are text, so zeros in front stay.",
        ),
        *_on_the_day(kind),
        Text("合计行可以留着：会与各行之和核对。", "A row of totals may stay: it is compared with the sum of the rows."),
    ]


def _on_the_day(kind: OpeningKind) -> list[Text]:
    """Say on which day the figures stand in the books; nothing for kinds without figures on credit lines."""
    if kind is OpeningKind.BATCHES:
        return [
            Text(
                "欠款记在入账当天：此前任何一天的余额里没有它。受理日、发货日和应付日照旧，账龄和逾期按旧的应付日算。",
                "What is owed is posted on the day of taking over; no balance before that day has it. "
                "Its old days stay: age and overdue go by the old due day.",
            ),
            Text(
                "应付日留空：有发货日的按等级的最长期限推算；没有发货日的，还不会到期。",
                "Without a due day it follows from the day of shipping and the grade; without both it does not fall due yet.",
            ),
        ]
    if kind is OpeningKind.UNAPPLIED:
        return [
            Text(
                "预收款记在入账当天：此前任何一天的余额里没有它。到账日留在回款单上。",
                "The money is posted on the day of taking over; no balance before that day has it. "
                "Its day of receipt stays on the receipt.",
            )
        ]
    return []


def marked_of(reading: Reading) -> bytes:
    """Return the rows as they came with one column more, in red, that says per row what is wrong; it may be corrected and sent again."""
    return write_marked(reading.cells, reading.errors, head=reading.head, reason=REASON)
