"""A booklist that somebody sends as a file, read for whoever fills it in; and the lines that were not recognised, sent back (M-16.3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lingqu.base.refusal import bad_input
from lingqu.base.sheets import Cell, SheetIn, Trouble, read_table, write_marked
from lingqu.base.text import Text
from lingqu.orders.rules import Found, Listed, ListedLine, find_heads, read_listed
from lingqu.orders.rules.listed import MOST_COLUMNS, MOST_ROWS

BOOKLIST: Final = "booklist"
"""The field of a form in which a booklist is sent, and at which it is refused."""

_HEADS: Final = (
    Text("原行", "As it came"), Text("编号", "Number"), Text("书号", "ISBN"), Text("名称", "Title"), Text("定价", "List price"),
    Text("册数", "Copies"),
)  # fmt: skip


def read_booklist(name: str, content: bytes) -> Listed:
    """Return the lines of a file: of the first sheet with heads, else of the first with anything in it.

    Refuses at `booklist` (422) what is no table, more than 20,000 rows or 200 columns, and one without lines; (503) when busy.
    """
    sheets = read_table(name, content, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS, field=BOOKLIST)
    listed = read_listed(_wanted(sheets))
    if not listed.lines:
        words = Text("文件里没有一行写了册数。", "Not one row of the file has copies.")
        raise bad_input(BOOKLIST, words)
    return listed


def _wanted(sheets: Sequence[SheetIn]) -> Sequence[Sequence[Cell]]:
    with_heads = next((sheet.rows for sheet in sheets if find_heads(sheet.rows) is not None), None)
    return with_heads if with_heads is not None else next((sheet.rows for sheet in sheets if sheet.rows), [])


def left_workbook(listed: Listed, found: Sequence[Found]) -> bytes:
    """Return the lines that were not recognised as a workbook with a red column of reasons; corrected, it may be sent again.

    Lines without heads get some, with their words parted as they were understood beside the line as it came.
    """
    left = [one for one in found if not one.title]
    if listed.head_line:
        rows: list[list[Cell]] = [list(line.split("\t")) for line in (listed.head_line, *(one.line.line for one in left))]
    else:
        rows = [[str(head) for head in _HEADS], *(_parted(one.line) for one in left)]
    troubles = [Trouble(row, 0, why_not(one)) for row, one in enumerate(left, 2)]
    return write_marked(rows, troubles, head=1)


def _parted(line: ListedLine) -> list[Cell]:
    return [line.line.replace("\t", " "), line.number, line.isbn, line.name, line.price, line.copies]


def why_not(one: Found) -> Text:
    """Return why a line was not taken, with the titles that are close to it."""
    wrong = one.wrong or Text("", "")
    if not one.close:
        return wrong
    names = "；".join(f"{title.code} {title.name}" for title in one.close)
    return Text(f"{wrong.zh}（{names}）", f"{wrong.en} ({names})")
