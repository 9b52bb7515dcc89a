"""Workbooks out and in: figures stay figures, words never become formulas, and no file of a stranger eats the memory."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
import xlsxwriter

from lingqu.base import unpacking
from lingqu.base.child import Child
from lingqu.base.refusal import Refusal
from lingqu.base.sheets import Cell, Column, ColumnKind, SheetIn, SheetOut, read, read_table, write, write_workbook
from lingqu.base.sheets.read import MOST_BYTES
from lingqu.base.tests.workbooks import changed, compound, old_workbook
from lingqu.base.text import Text
from lingqu.base.unpacking import MOST_UNPACKED

AT = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    '=HYPERLINK("http://x","y")',
    "{=1}",
    "http://example.org",
    "007",
    "1e5",
    "_x0041_",
]
COLUMNS = (
    Column("code", Text("货号", "Code")),
    Column("amount", Text("金额", "Amount"), ColumnKind.MONEY),
    Column("copies", Text("册数", "Copies"), ColumnKind.COUNT),
    Column("share", Text("折扣", "Discount"), ColumnKind.PERCENT),
    Column("day", Text("日期", "Day"), ColumnKind.DATE),
    Column("at", Text("时间", "At"), ColumnKind.MOMENT),
)
ROW: Mapping[str, Cell | Text] = {
    "code": Text("甲", "A"), "amount": Decimal("99999999999.99"), "copies": -1_153, "share": Decimal("0.6465"), "day": date(2026, 2, 28),
    "at": AT,
}  # fmt: skip


def book(*rows: Mapping[str, Cell | Text], language: str = "zh", title: str = "明细", notes: tuple[Text, ...] = ()) -> bytes:
    sheet = SheetOut(Text(title, "Lines"), COLUMNS, rows, notes)
    return write_workbook([sheet], language="zh" if language == "zh" else "en", author="样板出版社", at=AT)


def back(content: bytes, name: str = "表.xlsx") -> list[SheetIn]:
    return read_table(name, content, most_rows=100, most_columns=10)


def formulas(workbook: bytes) -> list[str]:
    """The formulas and links of all sheets."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as packed:
        sheets = [packed.read(part).decode() for part in packed.namelist() if part.startswith("xl/worksheets/")]
    return [found for sheet in sheets for found in re.findall(r"<f[ >].*?</f>|<hyperlink ", sheet)]


def refused(name: str, content: bytes, *, most_rows: int = 100, most_columns: int = 10) -> tuple[str, int, str]:
    with pytest.raises(Refusal) as told:
        read_table(name, content, most_rows=most_rows, most_columns=most_columns)
    return told.value.code, told.value.status, told.value.field


# ----------------------------------------------------------------------------------------------------------------- what goes out


@pytest.mark.parametrize(("language", "head", "word"), [("zh", "货号", "甲"), ("en", "Code", "A")])
def test_what_is_written_is_read_again(language: str, head: str, word: str) -> None:
    (sheet,) = back(book(ROW, {}, {"copies": 1}, language=language))
    assert (sheet.name, sheet.rows[0][0]) == ("明细" if language == "zh" else "Lines", head)
    in_china = datetime.combine(date(2026, 11, 22), time(11, 4, 5))
    assert sheet.rows[1:] == [[word, Decimal("99999999999.99"), -1153, Decimal("0.6465"), date(2026, 2, 28), in_china], [], [None, None, 1]]


def test_words_stay_words() -> None:
    made = book(*({"code": words} for words in HOSTILE))
    assert [row[0] for row in back(made)[0].rows[1:]] == HOSTILE
    assert formulas(made) == []


def test_a_writer_that_guesses_would_be_found() -> None:
    made = io.BytesIO()
    guessing = xlsxwriter.Workbook(made)
    page = guessing.add_worksheet()
    for place, words in enumerate(HOSTILE):
        page.write(place, 0, words)
    guessing.close()
    assert len(formulas(made.getvalue())) > 1


def test_the_same_content_gives_the_same_bytes() -> None:
    assert book(ROW) == book(ROW)
    assert b"2026-11-22T11:04:05Z" in zipfile.ZipFile(io.BytesIO(book(ROW))).read("docProps/core.xml")


def test_the_head_is_frozen_and_the_columns_are_as_wide_as_told() -> None:
    sheet = zipfile.ZipFile(io.BytesIO(book(ROW))).read("xl/worksheets/sheet1.xml").decode()
    assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in sheet
    assert sheet.count('width="14.7109375"') == len(COLUMNS)


def test_notes_stand_on_a_last_sheet() -> None:
    sheets = back(book(ROW, notes=(Text("截至十月末。", "To the end of October."), Text("=注", "=note"))))
    assert [(sheet.name, len(sheet.rows)) for sheet in sheets] == [("明细", 2), ("说明", 2)]
    assert sheets[1].rows[1] == ["明细", "=注"]


def test_names_of_sheets_are_made_fit_and_told_apart() -> None:
    titles = ["a/b", "A:B", "说明", "长" * 40, "长" * 41, "'", "History"]
    sheets = [SheetOut(Text(title, "x"), COLUMNS, [], (Text("注", "note"),)) for title in titles]
    names = [sheet.name for sheet in back(write_workbook(sheets, language="zh", author="x", at=AT))]
    assert names == ["a b", "A B 2", "说明", "长" * 31, "长" * 29 + " 2", "-", "History", "说明 2"]


def test_control_characters_are_left_out_and_long_words_are_cut() -> None:
    words = back(book({"code": "a\x00b\x1b\ud800c"}, {"code": "长" * 40_000}))[0].rows
    assert (words[1], len(str(words[2][0])), str(words[2][0])[-1]) == (["abc"], 32_767, "…")


@pytest.mark.parametrize(
    "row",
    [
        {"amount": "12"}, {"amount": 1.5}, {"copies": True}, {"day": AT}, {"day": "2026-01-01"}, {"at": date(2026, 1, 1)},
        {"at": datetime.combine(date(2026, 1, 1), time())}, {"code": date(2026, 1, 1)}, {"share": AT},
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_a_defect(row: Mapping[str, Cell | Text]) -> None:
    with pytest.raises(TypeError, match="is no"):
        book(row)


def test_too_many_rows_are_refused_while_they_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "MOST_ROWS", 3)
    asked: list[int] = []

    def rows() -> Iterator[Mapping[str, Cell]]:
        for number in range(1_000):
            asked.append(number)
            yield {"code": str(number)}

    sheet = SheetOut(Text("表", "x"), COLUMNS, rows())
    with pytest.raises(Refusal) as told:
        write_workbook([sheet], language="zh", author="x", at=AT)
    assert (told.value.code, told.value.status, len(asked)) == ("too_many_rows", 422, 4)
    whole = [SheetOut(Text("表", "x"), COLUMNS, [{}] * 2), SheetOut(Text("表", "x"), COLUMNS, [{}])]
    assert len(back(write_workbook(whole, language="zh", author="x", at=AT))) == 2


def test_a_workbook_without_sheets_or_columns_is_a_defect() -> None:
    with pytest.raises(ValueError, match="sheets"):
        write_workbook([], language="zh", author="x", at=AT)
    with pytest.raises(ValueError, match="columns"):
        write_workbook([SheetOut(Text("表", "x"), (), [])], language="zh", author="x", at=AT)


# ------------------------------------------------------------------------------------------------------------------ what comes in


def test_an_old_workbook_is_read() -> None:
    (sheet,) = back(old_workbook([["货号", "余额"], ["007", 1234.5], ["䶮", -3.0], ["", 0.1 + 0.2]]), "期初.xls")
    assert (sheet.name, sheet.rows) == ("s", [["货号", "余额"], ["007", Decimal("1234.5")], ["䶮", -3], [None, Decimal("0.3")]])


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        ('货号,余额\nA-1,"1,234.50"\n', [["货号", "余额"], ["A-1", "1,234.50"]]),
        ("货号\t余额\r\nA-1\t1,234.50\t\r\n", [["货号", "余额"], ["A-1", "1,234.50"]]),
        ("货号;余额\n\nA-1;5\n;;\n\n", [["货号", "余额"], [], ["A-1", "5"]]),
        ('名称,注\n甲,"两行\n的注"\n', [["名称", "注"], ["甲", "两行\n的注"]]),
        ("期初余额\n客户\t余额\n甲\t1,234,567.00\n", [["期初余额"], ["客户", "余额"], ["甲", "1,234,567.00"]]),
        ("日期\t,金额\t\n2026-10-01\t,5.00\t\n", [["日期\t", "金额\t"], ["2026-10-01\t", "5.00\t"]]),
        ('"日期\t","金额"\n"1\t","5"\n', [["日期\t", "金额"], ["1\t", "5"]]),
        ("只有一列\n甲\n", [["只有一列"], ["甲"]]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_however_it_is_parted_and_encoded(words: str, rows: list[list[str]], encoding: str) -> None:
    (sheet,) = back(words.encode(encoding), "表.csv")
    assert (sheet.name, sheet.rows) == ("表.csv", rows)


def test_a_hidden_sheet_is_left_out() -> None:
    sheets = [SheetOut(Text(name, "x"), COLUMNS, [ROW]) for name in ("明", "暗")]
    made = write_workbook(sheets, language="zh", author="x", at=AT)
    hidden = changed(made, "xl/workbook.xml", (b'sheetId="2"', b'sheetId="2" state="hidden"'))
    assert [sheet.name for sheet in back(hidden)] == ["明"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"  \n", b"PK\x03\x04 broken", book(ROW)[:900], compound({"WordDocument": b"x"}), old_workbook([["a"]])[:700], b"a,b\x00c",
        b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n\x81\x81\x00", changed(book(ROW), "xl/workbook.xml", (b"<sheets>", b"<sheets")),
        b'a,"' + b"x" * 200_000,
    ],
    ids=range(11),
)  # fmt: skip
def test_what_cannot_be_read_is_refused(content: bytes) -> None:
    assert refused("表.xlsx", content) == ("unreadable_table", 422, "file")


@pytest.mark.parametrize("content", [compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), old_workbook([["a"]], locked=True)])
def test_a_file_with_a_password_is_refused_with_what_to_do(content: bytes) -> None:
    assert refused("表.xlsx", content) == ("encrypted_table", 422, "file")


def test_too_many_rows_and_columns_are_refused_and_empty_ones_do_not_count() -> None:
    made = book(*[{"code": "x"}] * 4, *[{}] * 9)
    assert len(read_table("x", made, most_rows=5, most_columns=6)[0].rows) == 5
    assert refused("x", made, most_rows=4) == refused("x", made, most_columns=5) == ("table_too_large", 422, "file")
    text = b"a,b\nc,d\n,,\n\n"
    assert len(read_table("x", text, most_rows=2, most_columns=2)[0].rows) == 2
    assert refused("x", text, most_rows=1) == refused("x", text, most_columns=1) == ("table_too_large", 422, "file")


def test_who_knows_what_parts_the_cells_says_so() -> None:
    (sheet,) = read_table("x", b"a|b,c\n", most_rows=2, most_columns=2, separator="|")
    assert sheet.rows == [["a", "b,c"]]


def test_empty_lines_without_end_are_refused() -> None:
    assert refused("x", b"a\n" + b"\n" * 300_000) == ("table_too_large", 422, "file")


def test_a_large_file_is_refused_before_it_is_read() -> None:
    assert refused("x", b"a" * (MOST_BYTES + 1)) == ("table_too_large", 422, "file")


def test_a_small_file_that_unpacks_to_a_very_large_one_is_not_opened() -> None:
    bomb = changed(book(ROW), "docProps/app.xml", (b"<Application>", b"<Application>" + b" " * MOST_UNPACKED))
    assert (len(bomb) < 200_000, refused("x", bomb)) == (True, ("table_too_large", 422, "file"))


def test_a_part_that_lies_about_its_size_is_not_opened() -> None:
    bomb = bytearray(changed(book(ROW), "docProps/app.xml", (b"<Application>", b"<Application>" + b" " * MOST_UNPACKED)))
    with zipfile.ZipFile(io.BytesIO(bytes(bomb))) as packed:
        size = packed.getinfo("docProps/app.xml").file_size.to_bytes(4, "little")
    small = bytes(bomb).replace(size, (100).to_bytes(4, "little"))
    assert small != bytes(bomb)
    assert refused("x", small)[1:] == (422, "file")


def test_a_sheet_that_says_it_is_endless_ends_only_the_process_that_opens_it() -> None:
    made = changed(book(ROW), "xl/worksheets/sheet1.xml", (b'r="2"', b'r="1048576"'), (b'r="F2"', b'r="XFD1048576"'))
    assert refused("x", made) == ("table_too_large", 422, "file")


def test_a_third_who_reads_at_once_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = Child("lingqu.base.unpacking", at_once=0, seconds=20, wait=0.01)
    monkeypatch.setattr(read, "_opener", busy)
    assert refused("x", book(ROW))[:2] == ("busy", 503)


def test_a_sheet_of_many_parts_is_one_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of every length, empty ones between and behind, fractions and days come out the same in parts of two rows as in one."""
    lines: list[dict[str, Cell | Text]] = [
        {"code": "a", "share": Decimal("0.5"), "day": date(2026, 2, 28)}, {}, {"copies": 7}, {}, {},
        {"code": "b", "amount": Decimal("1.25")}, {"code": "c"}, {}, {},
    ]  # fmt: skip
    made = book(*lines)
    whole = read_table("x", made, most_rows=100, most_columns=10)[0].rows
    assert len(whole) == 8
    for cells in (1, 12, 18, 10_000):
        monkeypatch.setattr(unpacking, "_CELLS", cells)
        found: list[list[object]] = []
        for part in unpacking.opened(unpacking.Wanted(made, 100, 10)):
            if isinstance(part, unpacking.RowsFound):
                found += [list(row) for row in part.rows]
        assert [len(row) for row in found] == [len(row) for row in whole]
        assert [row[0] if row else None for row in found] == [row[0] if row else None for row in whole]
    for most_rows, trouble in ((8, None), (7, "rows")):
        parts = list(unpacking.opened(unpacking.Wanted(made, most_rows, 10)))
        assert [part.trouble for part in parts if isinstance(part, unpacking.Stopped)] == ([trouble] if trouble else [])


def test_thousands_of_rows_arrive_in_order_and_whole() -> None:
    lines: list[dict[str, Cell | Text]] = [
        {"code": f"{number:05}", "amount": Decimal(number) + Decimal("0.25"), "copies": number} for number in range(9_000)
    ]
    made = book(*lines)
    rows = read_table("x", made, most_rows=9_001, most_columns=10)[0].rows[1:]
    assert [(row[0], row[1], row[2]) for row in rows] == [
        (f"{number:05}", Decimal(number) + Decimal("0.25"), number) for number in range(9_000)
    ]
    assert refused("x", made, most_rows=9_000) == ("table_too_large", 422, "file")
