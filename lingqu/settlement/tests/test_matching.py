"""Whose money a bank line is: each sign by itself, together, against each other; certain only when nothing speaks against it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from lingqu.credit.rules import OpenBatch
from lingqu.settlement.rules import (
    KnownPayer,
    Level,
    Matcher,
    Movement,
    Owing,
    Paid,
    ReadLine,
    Sign,
    check_balances,
    core_name,
    fingerprints,
    is_cut,
    plain_name,
)

DAY = date(2026, 11, 23)
SPRING, COAST, HILL = 1, 2, 3


def batch(place: int, number: int, remaining: str, *, request: str = "") -> OpenBatch:
    return OpenBatch(place, number, request or f"JH-2026-{place:04}", DAY, Decimal(remaining))


OWING = (
    Owing(SPRING, "JN01", "济南泉城标准图集有限公司", "泉城", (batch(1, 1, "6240.00"), batch(2, 2, "9984.00"), batch(3, 3, "300.10"))),
    Owing(COAST, "QD02", "青岛（海滨）图书有限责任公司", "海滨", (batch(21, 7, "38600.00"),), Decimal("38600.00")),
    Owing(HILL, "YT03", "烟台山图书股份有限公司", "烟台山"),
)
KNOWN = (
    KnownPayer(SPRING, "37001616608050123456", "张三", 3),
    KnownPayer(COAST, "6228480012345678901", "李四", 1),
    KnownPayer(HILL, "6228480012345678901", "李四", 1),
)
SPRING_NAME = "济南泉城标准图集有限公司"


def found(
    amount: str, payer: str = "", account: str = "", remark: str = "", *, doubled: bool = False
) -> tuple[Level, list[tuple[int, set[Sign]]]]:
    match = Matcher(OWING, KNOWN).match(Paid(Decimal(amount), payer, account, remark, doubled))
    return match.level, [(one.line, {reason.sign for reason in one.reasons}) for one in match.candidates]


def test_name_and_amount_of_a_batch_are_certain() -> None:
    assert found("6240.00", SPRING_NAME) == (Level.CERTAIN, [(SPRING, {Sign.NAME, Sign.BATCH})])
    assert found("9984.00", SPRING_NAME) == (Level.CERTAIN, [(SPRING, {Sign.NAME, Sign.BATCH})])


def test_the_oldest_batches_together_and_all_that_is_overdue_are_amounts_too() -> None:
    assert found("16224.00", SPRING_NAME) == (Level.CERTAIN, [(SPRING, {Sign.NAME, Sign.OLDEST})])
    assert found("16524.10", SPRING_NAME)[1] == [(SPRING, {Sign.NAME, Sign.OLDEST})]
    assert found("38600.00", "青岛海滨图书有限公司") == (Level.CERTAIN, [(COAST, {Sign.NAME, Sign.BATCH, Sign.OVERDUE})])


@pytest.mark.parametrize(
    "name",
    [
        "济南泉城标准图集有限公司", "济南泉城标准图集有限责任公司", " 济南泉城标准图集 有限公司 ", "济南（泉城）标准图集有限公司",
        "济南(泉城)标准图集有限公司", "济南泉城标准图集有限公司　",
    ],
)  # fmt: skip
def test_a_name_is_the_same_however_the_bank_writes_it(name: str) -> None:
    assert found("6240.00", name)[0] is Level.CERTAIN


@pytest.mark.parametrize("name", ["济南泉城标准图集股份有限公司", "济南泉城标准图集", "济南泉城标准图集有限", "泉城"])
def test_a_name_that_is_only_like_it_is_never_certain(name: str) -> None:
    level, candidates = found("6240.00", name)
    assert level is Level.LIKELY
    assert candidates == [(SPRING, {Sign.LIKE, Sign.BATCH})]


def test_an_account_that_paid_before_for_one_partner_is_strong_for_two_it_is_not() -> None:
    signs = {Sign.ACCOUNT, Sign.ALIAS, Sign.BATCH}
    assert found("6240.00", "张三", "37001616608050123456") == (Level.CERTAIN, [(SPRING, signs)])
    level, candidates = found("500.00", "李四", "6228480012345678901")
    assert level is Level.POSSIBLE
    assert dict(candidates) == {COAST: {Sign.ALIAS}, HILL: {Sign.ALIAS}}


def test_the_account_and_the_name_agree_without_an_amount() -> None:
    assert found("100.00", SPRING_NAME, "37001616608050123456")[0] is Level.CERTAIN
    assert found("100.00", SPRING_NAME)[0] is Level.LIKELY


@pytest.mark.parametrize(
    "remark", ["JH-2026-0002", "货款JH20260002", "jh 2026 0002 货款", "ＪＨ－２０２６－０００２", "付JH-2026-0002，谢谢"]
)
def test_a_request_named_in_the_remark_takes_the_money(remark: str) -> None:
    match = Matcher(OWING, KNOWN).match(Paid(Decimal("9984.00"), "某人", "", remark))
    assert (match.level, match.candidates[0].line, match.candidates[0].detail) == (Level.CERTAIN, SPRING, {2: Decimal("9984.00")})


def test_several_requests_take_the_money_in_their_order_and_never_more_than_is_owed() -> None:
    match = Matcher(OWING, KNOWN).match(Paid(Decimal("10000.00"), SPRING_NAME, "", "JH-2026-0002、JH-2026-0001"))
    assert match.candidates[0].detail == {1: Decimal("6240.00"), 2: Decimal("3760.00")}
    match = Matcher(OWING, KNOWN).match(Paid(Decimal("7000.00"), SPRING_NAME, "", "JH-2026-0001"))
    assert match.candidates[0].detail == {1: Decimal("6240.00")}


@pytest.mark.parametrize("remark", ["JH-2026-00021", "XJH-2026-0002", "JH-2026-0009", "JN010", "AJN01"])
def test_a_longer_number_is_not_the_number(remark: str) -> None:
    assert found("55.00", "某人", "", remark) == (Level.UNKNOWN, [])


@pytest.mark.parametrize("remark", ["JN01 货款", "客户jn01", "货款（JN01）"])
def test_a_partner_code_as_a_word_is_a_sign(remark: str) -> None:
    assert found("6240.00", "某人", "", remark) == (Level.CERTAIN, [(SPRING, {Sign.CODE, Sign.BATCH})])


def test_an_amount_alone_is_never_certain() -> None:
    assert found("6240.00", "某人") == (Level.POSSIBLE, [(SPRING, {Sign.BATCH})])
    assert found("6240.01", "某人") == (Level.UNKNOWN, [])


def test_signs_to_two_partners_are_never_certain() -> None:
    level, candidates = found("38600.00", SPRING_NAME, "", "代付 QD02")
    assert level is Level.POSSIBLE
    assert {line for line, _ in candidates} == {SPRING, COAST}
    assert found("6240.00", SPRING_NAME, "", "JH-2026-0021")[0] is Level.POSSIBLE


def test_who_has_paid_for_another_partner_too_is_not_certain() -> None:
    known = (*KNOWN, KnownPayer(COAST, "", SPRING_NAME))
    match = Matcher(OWING, known).match(Paid(Decimal("6240.00"), SPRING_NAME))
    assert (match.level, match.candidates[0].line) == (Level.LIKELY, SPRING)


@pytest.mark.parametrize("remark", ["履约保证金", "借款", "存款利息", "退款", "冲正", "投标费"])
def test_a_remark_about_something_else_is_not_certain(remark: str) -> None:
    assert found("6240.00", SPRING_NAME, "", remark)[0] is Level.LIKELY


def test_more_than_is_owed_and_a_line_that_may_be_doubled_are_not_certain() -> None:
    assert found("99999.00", SPRING_NAME, "37001616608050123456")[0] is Level.LIKELY
    assert found("6240.00", SPRING_NAME, doubled=True)[0] is Level.LIKELY
    assert found("6240.00", SPRING_NAME)[0] is Level.CERTAIN


def test_two_partners_of_one_name_are_not_told_apart_by_it() -> None:
    twins = (OWING[0], msgspec.structs.replace(OWING[0], line=9, code="JN09", batches=()))
    match = Matcher(twins, ()).match(Paid(Decimal("6240.00"), SPRING_NAME))
    assert (match.level, [one.line for one in match.candidates]) == (Level.POSSIBLE, [SPRING, 9])


def test_nothing_points_anywhere_for_an_empty_line() -> None:
    assert found("0.01") == (Level.UNKNOWN, [])


def test_names_are_made_plain() -> None:
    assert plain_name("青岛（海滨）图书有限责任公司") == plain_name("青岛海滨图书有限公司")
    assert core_name("青岛（海滨）图书有限责任公司") == "青岛海滨图书"
    assert core_name("公司") == "公司"
    assert not is_cut("", "甲")
    assert not is_cut("济南", "济南泉城标准图集有限公司")
    assert not is_cut("济南泉城标准图集", "济南泉城标准图集")
    assert is_cut("济南泉城标准图集有限公司", "济南泉城标准图集")


LINE = ReadLine(5, DAY, Decimal("10.00"), Decimal("110.00"), "甲", "1", "", "货款", "")


def line(**changes: object) -> ReadLine:
    return msgspec.structs.replace(LINE, **changes)


def test_the_same_movement_has_the_same_fingerprint_in_another_file() -> None:
    assert fingerprints([line()]) == fingerprints([line(row=77, payer_bank="别的写法")])
    assert fingerprints([line(serial="2026112300001")]) == fingerprints([line(serial="2026112300001", payer="写法不同", balance=None)])


@pytest.mark.parametrize(
    "change",
    [
        {"amount": Decimal("10.01")}, {"amount": Decimal("-10.00")}, {"on": date(2026, 11, 22)}, {"balance": Decimal("120.00")},
        {"payer": "乙"}, {"payer_account": "2"}, {"remark": "运费"}, {"serial": "7"},
    ],
)  # fmt: skip
def test_whatever_differs_makes_another_movement(change: dict[str, object]) -> None:
    assert fingerprints([line()]) != fingerprints([line(**change)])


def test_alike_movements_are_told_apart_by_their_place_among_each_other() -> None:
    first, second, other = fingerprints([line(), line(row=6), line(remark="别的")])
    assert first != second
    assert fingerprints([line(remark="别的"), line()])[1] == first
    assert fingerprints([line(), line(), line()])[:2] == [first, second]
    assert other not in {first, second}


def test_a_short_serial_number_does_not_tell_movements_apart_from_those_of_another_day_by_itself() -> None:
    assert fingerprints([line(serial="0001")]) != fingerprints([line(serial="0001", payer="乙")])
    assert fingerprints([line(serial="00010001")]) == fingerprints([line(serial="00010001", payer="乙")])


def test_a_balance_that_is_not_told_is_bridged() -> None:
    rows = [("5", "105"), ("-1", None), ("2", "106"), ("4", None)]
    moved = [Movement(row, Decimal(amount), None if left is None else Decimal(left)) for row, (amount, left) in enumerate(rows)]
    check = check_balances(moved)
    assert (check.newest_first, check.compared, check.breaks, check.opening, check.closing) == (
        False, 1, (), Decimal(100), Decimal(110),
    )  # fmt: skip
    assert check_balances(moved[::-1]).newest_first
    assert check_balances([Movement(1, Decimal(5), None)]).opening is None


def test_who_owes_nothing_is_not_certain_and_an_amount_with_tax_is() -> None:
    match = Matcher(OWING, (KnownPayer(HILL, "1", "烟台山图书股份有限公司"),)).match(Paid(Decimal("5.00"), "烟台山图书股份有限公司", "1"))
    assert (match.level, match.hindrance and match.hindrance.en) == (Level.LIKELY, "this partner owes nothing now")
    assert found("6240.00", SPRING_NAME, "", "含税货款")[0] is Level.CERTAIN
