"""Bank files in nine layouts are read as the movements they were made from; what is hostile or half is told, and nothing is guessed."""

from __future__ import annotations

import random
import time
from datetime import date, timedelta
from decimal import Decimal

import pytest

from lingqu.base.refusal import Refusal
from lingqu.settlement.forms import read_bank_file
from lingqu.settlement.rules import Field, FileRead
from lingqu.settlement.tests.banks import (
    CUT,
    LAYOUTS,
    NEWEST_FIRST,
    OPENING,
    Moved,
    balances,
    formula_text,
    marker_and_amount,
    one_signed_column,
    serials,
    tabs_behind_cells,
    text_file,
    totals,
    workbook,
)

TODAY = date(2026, 11, 23)
NAMES = ("济南泉城标准图集有限公司", "青岛（海滨）图书有限责任公司", "Shandong Books Ltd.", "张三", "㐂龙龥图书", "")


def made_up(many: int, *, seed: int = 7) -> list[Moved]:
    """Movements as they come: most in, some out, repeated days and amounts, rare characters, remarks with commas and quotes."""
    chance = random.Random(seed)
    day = date(2026, 11, 1)
    found = []
    for _ in range(many):
        day = min(day + timedelta(days=chance.choice((0, 0, 0, 1))), TODAY)
        amount = Decimal(chance.choice((624000, 1300000, chance.randrange(1, 99_999_999)))) / 100
        remark = chance.choice(("", "JH-2026-0001 第1批", '图集款,"十一月"', "往来款；含运费"))
        out = chance.random() < 0.25
        account = chance.choice(("37001616608050123456", "6228480012345678901", "160202340902456"))
        found.append(Moved(day, (-amount if out else amount).quantize(Decimal("0.01")), chance.choice(NAMES), account, remark=remark))
    return found


def read(content: bytes, *, name: str = "流水.csv", today: date = TODAY, **more: object) -> FileRead:
    return read_bank_file(name, content, today=today, **more)  # type: ignore[arg-type]


def plain(value: str) -> str:
    return " ".join(value.split())


@pytest.mark.parametrize("many", [1, 2, 37, 400])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_read_is_what_was_written(layout: str, many: int) -> None:
    moved = serials(made_up(many, seed=many))
    found = read(LAYOUTS[layout](moved))
    expected = list(zip(moved, balances(moved), strict=True))
    if layout in NEWEST_FIRST:
        expected.reverse()
    assert found.problems == ()
    assert found.doubts == ()
    assert [(one.on, one.amount, one.balance) for one in found.lines] == [(one.on, one.amount, left) for one, left in expected]
    assert [one.payer for one in found.lines] == [one.payer for one, _ in expected]
    assert [plain(one.remark) for one in found.lines] == [plain(f"{one.summary} {one.remark}") for one, _ in expected]
    if layout not in CUT:
        assert [one.payer_account for one in found.lines] == [one.account for one, _ in expected]
    assert [one.serial for one in found.lines] == [one.serial for one, _ in expected]
    out, came = totals(moved)
    assert (found.money_out, found.money_in) == (out, came)
    (check,) = found.balances
    assert (check.opening, check.closing, check.compared) == (OPENING, balances(moved)[-1], many - 1)
    assert check.newest_first is (layout in NEWEST_FIRST and many > 1)


def test_without_serial_numbers_the_same_is_read() -> None:
    moved = made_up(50)
    found = read(LAYOUTS["one_signed_column"](moved))
    assert [(one.on, one.amount, one.serial) for one in found.lines] == [(one.on, one.amount, "") for one in moved]


def test_numbers_that_excel_cut_are_no_numbers_to_go_by() -> None:
    moved = [Moved(TODAY, Decimal(5), "甲", "6228480012345678901"), Moved(TODAY, Decimal(6), "甲", "160202340902456")]
    found = read(LAYOUTS["accounts_made_numbers"](moved))
    assert [one.payer_account for one in found.lines] == ["", "160202340902456"]
    assert "Excel" in found.remarks[0].zh
    assert ": 2." in found.remarks[0].en


def test_scientific_text_is_no_account_either() -> None:
    content = text_file([["日期", "收入", "对方户名", "对方账号"], ["2026-11-02", "5.00", "甲", "6.22848E+18"]])
    assert read(content).lines[0].payer_account == ""


def test_our_own_account_is_found_above_the_head_or_in_its_column() -> None:
    moved = serials(made_up(3))
    assert read(tabs_behind_cells(moved)).own_account == "1602023409024567890"
    assert read(marker_and_amount(moved)).own_account == "6228480012345678901"
    assert read(LAYOUTS["two_columns_newest_first"](moved)).own_account == "37001616608050123456"
    assert read(one_signed_column(moved)).own_account == ""


def changed(content: bytes, old: str, new: str) -> bytes:
    words = content.decode("gb18030")
    assert old in words
    return words.replace(old, new, 1).encode("gb18030")


def test_a_row_that_is_missing_breaks_the_balance_and_the_totals() -> None:
    moved = serials(made_up(20))
    lines = tabs_behind_cells(moved).decode("gb18030").split("\r\n")
    gone = moved[9]
    found = read("\r\n".join(line for line in lines if gone.serial not in line).encode("gb18030"))
    (check,) = found.balances
    (broken,) = check.breaks
    assert broken.found - broken.expected == gone.amount
    assert (broken.row, broken.found) == (15, balances(moved)[10])
    assert len(found.doubts) == 2
    assert "第 15 行余额应为" in found.doubts[0].zh
    assert "合计" in found.doubts[1].zh


def test_one_figure_that_was_changed_is_found_in_both_orders_of_time() -> None:
    moved = serials(made_up(20))
    for layout in LAYOUTS:
        forged = [*moved[:7], Moved(moved[7].on, moved[7].amount + 1, "甲", moved[7].account, serial=moved[7].serial), *moved[8:]]
        truth = balances(moved)
        content = LAYOUTS[layout](forged)
        found = read(content)
        assert found.doubts == ()
        assert found.balances[0].closing == truth[-1] + 1


def test_two_of_our_accounts_in_one_file_are_checked_each_by_itself() -> None:
    head = ["账号", "交易日期", "贷方发生额", "借方发生额", "余额", "对方户名"]
    rows = [
        head, ["111111111", "2026-11-02", "5.00", "", "105.00", "甲"], ["222222222", "2026-11-02", "7.00", "", "1,007.00", "乙"],
        ["111111111", "2026-11-03", "", "1.00", "104.00", "丙"], ["222222222", "2026-11-03", "1.00", "", "1,009.00", "丁"],
    ]  # fmt: skip
    found = read(text_file(rows))
    assert [(check.opening, check.closing, len(check.breaks)) for check in found.balances] == [
        (Decimal("100.00"), Decimal("104.00"), 0), (Decimal("1000.00"), Decimal("1009.00"), 1),
    ]  # fmt: skip
    assert found.own_account == ""


HEAD = ["交易日期", "支出", "收入", "余额", "对方户名", "摘要"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["2026-02-30", "", "5.00", "", "甲", ""], "“2026-02-30”不是日期"),
        (["", "", "5.00", "", "甲", ""], "不是日期"),
        (["2026-11-24", "", "5.00", "", "甲", ""], "晚于今天"),
        (["2026-11-02", "", "5.005", "", "甲", ""], "“5.005”不是到分的金额"),
        (["2026-11-02", "", "五元", "", "甲", ""], "“五元”不是到分的金额"),
        (["2026-11-02", "", "NaN", "", "甲", ""], "“NaN”不是到分的金额"),
        (["2026-11-02", "", "1e5", "", "甲", ""], "不是到分的金额"),
        (["2026-11-02", "", "999999999999999", "", "甲", ""], "不是到分的金额"),
        (["2026-11-02", "5.00", "5.00", "", "甲", ""], "两列都有金额"),
        (["2026-11-02", "", "5.00", "x", "甲", ""], "余额“x”不是金额"),
    ],
)
def test_a_row_that_is_not_understood_is_told_with_its_number(row: list[str], said: str) -> None:
    found = read(text_file([["标题"], HEAD, ["2026-11-01", "", "1.00", "", "甲", ""], row]))
    (problem,) = found.problems
    assert (problem.row, said in problem.text.zh, problem.text.zh.startswith("第 4 行")) == (4, True, True)
    assert len(found.lines) == 1


def test_an_unknown_marker_is_told() -> None:
    content = text_file([["日期", "借贷标志", "金额", "对方户名"], ["2026-11-01", "转", "5.00", "甲"]])
    assert "不是借或贷" in read(content).problems[0].text.zh


def test_many_problems_are_counted_and_fifty_told() -> None:
    found = read(text_file([HEAD, *([["x", "", "5.00", "", "甲", ""]] * 60)]))
    assert (len(found.problems), found.more_problems) == (50, 10)


def test_rows_without_an_amount_are_told_and_left_out() -> None:
    found = read(text_file([HEAD, ["2026-11-01", "", "1.00", "1.00", "甲", ""], ["2026-11-01", "0.00", "0.00", "1.00", "", "结息"]]))
    assert len(found.lines) == 1
    assert found.remarks[0].zh == "没有金额、已略过的行：3。"


def test_a_reversal_in_red_is_money_the_other_way() -> None:
    rows = [HEAD, ["2026-11-01", "", "-5.00", "95.00", "甲", "冲正"], ["2026-11-02", "(3.00)", "", "98.00", "甲", ""]]
    rows += [["2026-11-02", "4.00", "", "94.00", "甲", ""]]
    found = read(text_file(rows))
    assert [one.amount for one in found.lines] == [Decimal("-5.00"), Decimal("3.00"), Decimal("-4.00")]
    assert found.doubts == ()


def test_amounts_without_sign_and_marker_are_said_to_be_taken_as_money_in() -> None:
    content = text_file([["日期", "金额", "对方户名"], ["2026-11-01", "5.00", "甲"]])
    assert "全部当作收入" in read(content).remarks[0].zh


def test_the_columns_that_a_person_chose_come_first() -> None:
    content = text_file([["日期", "金额", "到账金额", "对方户名", "联系人"], ["2026-11-01", "5.00", "4.00", "甲", "乙"]])
    found = read(content, chosen={Field.DAY: [0], Field.AMOUNT: [2], Field.PAYER: [4]})
    assert [(one.amount, one.payer) for one in found.lines] == [(Decimal("4.00"), "乙")]
    for wrong, field in (
        ({Field.AMOUNT: [1]}, "day"),
        ({Field.DAY: [0]}, "amount"),
        ({Field.DAY: [0], Field.AMOUNT: [0]}, "amount"),
        ({Field.DAY: [0], Field.AMOUNT: [9]}, "amount"),
        ({Field.DAY: [0], Field.AMOUNT: [1], Field.MONEY_IN: [2]}, "amount"),
    ):
        with pytest.raises(Refusal) as refused:
            read(content, chosen=wrong)
        assert refused.value.field == field


def test_a_saved_profile_is_used_where_its_headings_stand() -> None:
    content = text_file([["日期", "金额", "到账金额", "对方户名"], ["2026-11-01", "5.00", "4.00", "甲"]])
    mapping = {"day": ["日期"], "amount": ["到账金额"], "payer": ["对方户名"]}
    assert read(content, mappings=[{"day": ["没有"]}, mapping]).lines[0].amount == Decimal("4.00")
    assert read(content, mappings=[{"day": ["没有"]}]).lines[0].amount == Decimal("5.00")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unreadable_table"),
        (b"\x00\x01\x02", "unreadable_table"),
        (b"PK\x03\x04 no workbook", "unreadable_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "unreadable_table"),
        ("你好".encode(), "no_header"),
        (text_file([["日期", "备注", "对方户名"], ["2026-11-01", "x", "y"]]), "no_header"),
        (text_file([HEAD]), "no_movements"),
        (text_file([HEAD, ["合计", "", "0.00"]]), "no_movements"),
        (b"a" * (10 * 1024 * 1024 + 1), "table_too_large"),
        (text_file([HEAD, *([["2026-11-01", "", "1.00"]] * 10_200)]), "table_too_large"),
        (text_file([["x"] * 80]), "table_too_large"),
    ],
    ids=["empty", "binary", "zip", "compound", "words", "no-amount", "no-rows", "totals-only", "bytes", "rows", "columns"],
)
def test_what_is_no_bank_file_is_refused_at_once(content: bytes, code: str) -> None:
    before = time.monotonic()
    with pytest.raises(Refusal) as refused:
        read(content)
    assert (refused.value.code, refused.value.status, refused.value.field) == (code, 422, "file")
    assert time.monotonic() - before < 10


def test_cells_that_look_dangerous_stay_words() -> None:
    rows = [["交易日期", "收入", "对方户名", "摘要"], ["2026-11-01", "5.00", "=cmd|'/c calc'!A1", "<script>alert(1)</script>" + "长" * 900]]
    (line,) = read(text_file(rows)).lines
    assert line.payer == "=cmd|'/c calc'!A1"
    assert line.remark.startswith("<script>")
    assert len(line.remark) == 400


def test_ten_thousand_rows_are_read_within_seconds() -> None:
    moved = serials(made_up(9_990))
    for layout in (formula_text, one_signed_column):
        before = time.monotonic()
        assert len(read(layout(moved)).lines) == 9_990
        assert time.monotonic() - before < 15


def test_of_several_sheets_the_one_with_the_movements_is_read() -> None:
    found = read(workbook([["交易日期", "收入", "对方户名"], [date(2026, 11, 2), Decimal("5.5"), "甲"]], before=[["日期", "说明"]]))
    assert (found.sheet, found.lines[0].amount) == ("明细", Decimal("5.50"))
