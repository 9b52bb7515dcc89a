"""P18: whatever stands in a text cell of a workbook that leaves is text there: equal when read back, and never a formula."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime

import xlsxwriter
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from lingqu.base.sheets import Column, SheetOut, Trouble, read_table, write_marked, write_workbook
from lingqu.base.text import Text

AT = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
COLUMNS = (Column("code", Text("货号", "Code")), Column("name", Text("名称", "Name")))
STARTS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠", "'=", '"=', " =", "\u00a0=", "\u200b=", "{=", "|", "%", "=\t")
ENDS = (
    "1+1", "cmd|'/c calc'!A1", 'HYPERLINK("http://x.example/","y")', "SUM(A1:A9)", 'WEBSERVICE("http://x.example")', "DDE(1)", "_x0041_",
    "http://x.example", "internal:Sheet1!A1", "file:///etc/passwd", "mailto:a@b.example", "1e5", "007", "TRUE", "#REF!", "图集", "",
)  # fmt: skip
CASES = 10_000
A_BOOK = 50
"""Strings a workbook: 200 workbooks hold the 10,000."""

FORMULA = re.compile(rb"<f[ >/]|<hyperlink|t=\"str\"")
# Characters that no cell of Excel may hold are taken off when a workbook is written.
LOST = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
hostile = st.builds(lambda start, middle, end: start + middle + end, st.sampled_from(STARTS), st.text(max_size=12), st.sampled_from(ENDS))
strings = st.one_of(hostile, st.text(max_size=40), st.builds(str.__add__, st.sampled_from(STARTS), st.sampled_from(ENDS)))


def formulas(content: bytes) -> int:
    """Return how many cells of a workbook are no plain values: formulas, links, results of formulas."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return sum(len(FORMULA.findall(packed.read(name))) for name in packed.namelist() if name.startswith("xl/worksheets/"))


def back(content: bytes, column: int) -> list[str]:
    (sheet,) = read_table("x.xlsx", content, most_rows=A_BOOK + 10, most_columns=10)
    return [str(row[column]) if len(row) > column and row[column] is not None else "" for row in sheet.rows[1:]]


def kept(words: str) -> str:
    """The string as a cell may hold it: a line's end is one, as XML has it."""
    return LOST.sub("", words)


def same(one: str, other: str) -> bool:
    return one.replace("\r\n", "\n").replace("\r", "\n") == other.replace("\r\n", "\n").replace("\r", "\n")


@seed(20261122)
@settings(
    max_examples=CASES // A_BOOK, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(st.lists(strings, min_size=A_BOOK, max_size=A_BOOK))
def test_ten_thousand_strings_leave_as_text_and_come_back_equal(words: list[str]) -> None:
    rows = [{"code": f"row {number}", "name": one} for number, one in enumerate(words)]
    content = write_workbook([SheetOut(Text("表", "Sheet"), COLUMNS, rows)], language="zh", author=words[0][:20], at=AT)
    assert formulas(content) == 0
    found = back(content, 1)
    found += [""] * (len(words) - len(found))
    assert [(one, kept(two)) for one, two in zip(found, words, strict=True) if not same(one, kept(two))] == []
    assert formulas(write_marked([["货号"], *([one] for one in words)], [Trouble(2, 1, Text(words[0], words[0]))], head=1)) == 0


def test_heads_titles_and_notes_are_text_too() -> None:
    every = [start + end for start in STARTS for end in ENDS]
    for one in every:
        words = Text(one, one)
        sheet = SheetOut(words, (Column("code", words), Column("name", words)), [{"code": one, "name": one}], [words], [words])
        assert formulas(write_workbook([sheet], language="zh", author=one, at=AT)) == 0


def raw(words: Sequence[str]) -> bytes:
    """Write strings as the library does when nobody tells it that they are text: the damage that the property must find."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    page = book.add_worksheet()
    for row, one in enumerate(words):
        page.write(row, 0, one)
    book.close()
    return made.getvalue()


def test_a_raw_writer_is_found() -> None:
    assert formulas(raw([start + end for start in ("=", "{=") for end in ("1+1}", "1+1")])) > 0
    assert formulas(raw(["http://x.example"])) > 0
