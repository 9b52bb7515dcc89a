"""Going live: workbooks are read cell by cell, signed by two people, and taken over whole, once and only once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import xlsxwriter
from django.db import transaction
from python_calamine import CalamineWorkbook

from lingqu.base.refusal import Refusal
from lingqu.credit.models import Batch, CreditLine, Receipt
from lingqu.credit.queries import standing_of
from lingqu.documents.rules import NewFile
from lingqu.inventory.models import Lot
from lingqu.ledger.actions import post
from lingqu.ledger.models import Posting
from lingqu.ledger.rules import Entry
from lingqu.opening.actions import book_file, prepare_file, sign_file, withdraw_file
from lingqu.opening.models import OpeningFile, OpeningRow
from lingqu.opening.queries import reading_of, totals_now
from lingqu.opening.rules import COLUMNS
from lingqu.opening.sheets import marked_of
from lingqu.opening.states import OpeningKind
from lingqu.orders.states import OrderState
from lingqu.organisation.models import Firm, PostHolding
from lingqu.partners.models import Partner
from tests.world import World

DAY = date(2026, 11, 20)
Written = str | int | float | None


def book(kind: OpeningKind, rows: Sequence[Sequence[Written]], *, above: int = 0) -> NewFile:
    made = BytesIO()
    workbook = xlsxwriter.Workbook(made)
    page = workbook.add_worksheet()
    page.write_row(above, 0, [column.title.zh for column in COLUMNS[kind]])
    for place, row in enumerate(rows, above + 1):
        page.write_row(place, 0, row)
    workbook.close()
    return NewFile("期初.xlsx", made.getvalue())


def prepare(world: World, kind: OpeningKind, rows: Sequence[Sequence[Written]]) -> OpeningFile:
    return prepare_file(kind, book(kind, rows), on=DAY, by=world.who("finance"), at=world.at)


def take(world: World, kind: OpeningKind, rows: Sequence[Sequence[Written]]) -> OpeningFile:
    file = prepare(world, kind, rows)
    assert [(one.row, one.text.zh) for one in reading_of(file).errors] == []
    sign_file(file.number, by=world.who("finance"), at=world.at)
    return book_file(file.number, regulation=world.regulation, by=world.who("director"), at=world.at)


BATCHES: list[list[Written]] = [
    ["agent", "旧-001", "2026-08-01", "2026-08-03", 9000, 4000.5, "2026-12-31"],
    ["agent", "旧-002", "2026/9/1", "2026年9月2日", "８，０００．００", "8,000.00", None],
    ["agent", "旧-003", "20261001", None, 100, 100, "2026-12-01"],
    ["合计", None, None, None, None, 12100.5],
]
PARTNER: list[Written] = [
    "0101", "新华书店公司", "3701", "SQ-1", "2027-12-31", "DL-1", "2027-12-31", "E-1", "2027-12-31", "37、3201", "370112", "济南市",
    "representative", "2020-01-01",
]  # fmt: skip


def test_batches_over_the_limit_are_taken_over_and_the_ledger_shows_what_was_let_through(world: World) -> None:
    file = take(world, OpeningKind.BATCHES, BATCHES)
    assert (file.state, file.rows_count, file.totals) == ("booked", 3, {"rows": "3", "amount": "12100.50"})
    assert totals_now(file) == file.totals
    batches = Batch.objects.filter(line=world.lines["agent"]).order_by("number")
    assert [(one.request, one.value, one.document_id) for one in batches] == [
        ("旧-001", Decimal("4000.50"), None), ("旧-002", Decimal("8000.00"), None), ("旧-003", Decimal("100.00"), None),
    ]  # fmt: skip
    assert batches[0].backstop_due_on == date(2026, 12, 31)
    standing = standing_of(world.lines["agent"], on=world.at.date())
    assert (standing.used, standing.open_count, standing.max_open) == (Decimal("12100.50"), 3, 2)
    waiver = Posting.objects.get(phase="waiver")
    assert (waiver.amount, waiver.count, waiver.document_kind, waiver.document_id) == (0, 1, "batch", batches[2].pk)


def test_yuan_over_the_limit_are_let_through_by_exactly_what_is_over(world: World) -> None:
    limit = standing_of(world.lines["agent"], on=world.at.date()).limit
    take(world, OpeningKind.BATCHES, [["agent", "旧-9", "2026-08-01", None, "9,000,000.00", "9,000,000.00", "2026-12-31"]])
    waiver = Posting.objects.get(phase="waiver")
    assert (waiver.amount, waiver.count) == (Decimal(9_000_000) - limit, 0)
    assert standing_of(world.lines["agent"], on=world.at.date()).used == Decimal(9_000_000)


def test_the_waiver_lets_nothing_else_through_not_even_for_its_own_batch(world: World) -> None:
    take(world, OpeningKind.BATCHES, BATCHES)
    waiver, line = Posting.objects.get(phase="waiver"), world.lines["agent"]
    world.pay("agent", "4000.50")
    assert standing_of(line, on=world.at.date()).open_count == 2
    more = Entry(
        source=line.account_id, destination=line.sales_id, amount=Decimal(1), count=1, document=("batch", waiver.document_id),
        reason="raised",
    )  # fmt: skip
    with pytest.raises(Refusal) as refused, transaction.atomic():
        post([more], on=world.at.date(), at=world.at + timedelta(minutes=1))
    assert refused.value.code == "limit_exceeded"
    assert world.submit("agent", {0: 1}).state is OrderState.REVIEW


def test_the_same_file_is_one_file_and_the_same_row_in_another_is_pointed_at(world: World) -> None:
    content = book(OpeningKind.BATCHES, BATCHES)
    first = prepare_file(OpeningKind.BATCHES, content, on=DAY, by=world.who("finance"), at=world.at)
    assert prepare_file(OpeningKind.BATCHES, content, on=DAY, by=world.who("manager"), at=world.at).pk == first.pk
    sign_file(first.number, by=world.who("finance"), at=world.at)
    book_file(first.number, regulation=world.regulation, by=world.who("director"), at=world.at)
    with pytest.raises(Refusal, match="Taken over"):
        book_file(first.number, regulation=world.regulation, by=world.who("director"), at=world.at)
    again = prepare(world, OpeningKind.BATCHES, BATCHES[:1])
    assert [(one.row, one.text.zh) for one in reading_of(again).errors] == [(2, f"已入账：{first.number} / 2。")]
    with pytest.raises(Refusal) as refused:
        sign_file(again.number, by=world.who("finance"), at=world.at)
    assert refused.value.code == "has_errors"
    assert OpeningRow.objects.count() == Batch.objects.count() == 3


def test_the_first_person_is_never_the_second_and_only_posts_that_may(world: World) -> None:
    for name in ("representative", "warehouse", "agent_owner"):
        with pytest.raises(Refusal) as refused:
            prepare_file(OpeningKind.BATCHES, book(OpeningKind.BATCHES, BATCHES), on=DAY, by=world.who(name), at=world.at)
        assert refused.value.code == "forbidden"
    file = prepare(world, OpeningKind.BATCHES, BATCHES)
    with pytest.raises(Refusal) as refused:
        sign_file(file.number, by=world.who("director"), at=world.at)
    assert refused.value.code == "forbidden"
    for name in ("finance", "manager"):
        with pytest.raises(Refusal) as refused:
            book_file(file.number, regulation=world.regulation, by=world.who(name), at=world.at)
        assert refused.value.code == "forbidden"
    with pytest.raises(Refusal) as refused:
        book_file(file.number, regulation=world.regulation, by=world.who("director"), at=world.at)
    assert refused.value.code == "wrong_state"
    assert not Batch.objects.exists()


def test_dirty_cells_are_pointed_at_by_row_and_column(world: World) -> None:
    rows: list[list[Written]] = [
        ["agnet", "旧-1", "2026-08-01", None, 100, 100, None],
        ["agent", 17, "2026-08-01", None, 100, 100, None],
        ["agent", "旧-3", "去年秋天", None, 100, 100, None],
        ["agent", "旧-4", "2026-11-21", None, 100, 100, None],
        ["agent", "旧-5", "2026-08-01", "2026-07-01", 100, 200, None],
        ["agent", "旧-6", "2026-08-01", None, 100, "12.345", None],
        ["agent", "旧-7", "2026-08-01", None, 100, 100, None],
        ["agent", "旧-7", "2026-08-01", None, 100, 100, None],
        [None, "旧-8", "2026-08-01", None, 100, 0, None],
        ["合计", None, None, None, None, 999],
    ]
    reading = reading_of(prepare(world, OpeningKind.BATCHES, rows))
    found = [(one.row, one.column) for one in reading.errors]
    assert found == [(2, 1), (3, 2), (4, 3), (5, 3), (6, 6), (6, 4), (7, 6), (9, 0), (10, 1), (10, 6), (11, 6)]
    assert reading.errors[0].text.zh == "客户编号：客户“agnet”还没有信用等级，请先入账信用等级。"
    (sheet,) = [CalamineWorkbook.from_filelike(BytesIO(marked_of(reading))).get_sheet_by_index(0).to_python()]
    assert sheet[0][-1] == "原因"
    assert sheet[1][-1] == "客户编号：客户“agnet”还没有信用等级，请先入账信用等级。"
    assert sheet[7][-1] == ""


def test_a_file_without_the_heads_says_which_are_missing(world: World) -> None:
    file = prepare_file(OpeningKind.STOCK, book(OpeningKind.GRADES, []), on=DAY, by=world.who("finance"), at=world.at)
    (trouble,) = reading_of(file).errors
    assert "品种编号" in trouble.text.zh


def test_a_company_goes_live_kind_after_kind(world: World) -> None:
    take(world, OpeningKind.PARTNERS, [PARTNER])
    partner = Partner.objects.get(firm__code="0101")
    assert (partner.areas, partner.certificate, partner.seller_id) == (["37", "3201"], "SQ-1", world.hq.pk)
    take(
        world, OpeningKind.PEOPLE, [["0101", "王一", "13800000000", "负责人", "2020-01-01"], ["101", "王一", None, "下单员", "2020-01-01"]]
    )
    assert PostHolding.objects.filter(firm__code="0101", person__name="王一").count() == 2
    take(world, OpeningKind.GRADES, [["0101", "B", "上年按期回款"]])
    line = CreditLine.objects.get(buyer__code="0101")
    take(world, OpeningKind.UNAPPLIED, [["0101", "P-1", "2026-11-01", "1,250.00", "新华书店公司"]])
    receipt = Receipt.objects.get(line=line)
    assert (receipt.opening, receipt.unapplied) == (True, Decimal("1250.00"))
    assert standing_of(line, on=world.at.date()).used == Decimal("-1250.00")
    take(world, OpeningKind.STOCK, [["QH26-100", "2026-03-01", "2026年3月第1次", 500], ["QH26-101", "2026-03-01", "2026年3月第1次", 20]])
    assert Posting.objects.filter(document_kind="goods_in", on=date(2026, 3, 1)).count() == 2
    lots = Lot.objects.filter(received_on=date(2026, 3, 1)).order_by("-came")
    assert list(lots.values_list("number", "came", "remaining")) == [("2026年3月第1次", 500, 500), ("2026年3月第1次", 20, 20)]


def test_what_was_withdrawn_may_come_again_and_what_was_taken_over_cannot_be_withdrawn(world: World) -> None:
    file = prepare(world, OpeningKind.BATCHES, BATCHES)
    with pytest.raises(Refusal):
        withdraw_file(file.number, " ", by=world.who("finance"), at=world.at)
    withdraw_file(file.number, "金额有误", by=world.who("finance"), at=world.at)
    again = take(world, OpeningKind.BATCHES, BATCHES)
    assert again.pk != file.pk
    with pytest.raises(Refusal) as refused:
        withdraw_file(again.number, "后悔", by=world.who("director"), at=world.at)
    assert refused.value.code == "wrong_state"


def test_one_bad_row_takes_nothing_over(world: World) -> None:
    file = prepare(world, OpeningKind.PARTNERS, [PARTNER, [*PARTNER[:1], "另一家", *PARTNER[2:]]])
    with pytest.raises(Refusal):
        sign_file(file.number, by=world.who("finance"), at=world.at)
    assert not Firm.objects.filter(code="0101").exists()
