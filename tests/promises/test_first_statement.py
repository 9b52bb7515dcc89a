"""The first statement of a partner, and its row on the credit desk: what was taken over stands there, to the cent, with its old days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from lingqu.credit.models import CreditLine
from lingqu.desk.queries.credit_desk import AGES, desk_rows, open_documents
from lingqu.ledger.queries import balance
from lingqu.opening.states import OpeningKind
from lingqu.opening.tests.test_going_live import Written, take
from lingqu.settlement.queries import statement_of
from tests.world import World

OLD: list[list[Written]] = [
    ["agent", "旧-001", "2026-02-01", "2026-02-03", 9000, "4,000.50", "2026-05-04"],
    ["agent", "旧-002", "2026-08-01", "2026-08-03", 8000, 8000, "2026-11-01"],
    ["agent", "旧-003", "2026-11-10", "2026-11-12", 500, 500, None],
    ["agent", "旧-004", "2026-11-12", None, 20, 20, None],
]
MONEY: list[list[Written]] = [["agent", "P-1", "2026-11-01", "1,250.25", None], ["agent", "P-2", "2026-10-01", "0.25", None]]


def line_of(world: World) -> CreditLine:
    return CreditLine.objects.select_related("seller", "buyer").get(pk=world.lines["agent"].pk)


def test_the_statement_of_the_first_month_equals_the_control_totals(world: World) -> None:
    today, first = world.at.date(), world.at.date().replace(day=1)
    owed = Decimal(take(world, OpeningKind.BATCHES, OLD).totals["amount"])
    waiting = Decimal(take(world, OpeningKind.UNAPPLIED, MONEY).totals["amount"])
    content = statement_of(line_of(world), first, today)
    assert (owed, waiting) == (Decimal("12520.50"), Decimal("1250.50"))
    assert (content.opening, content.closing, content.unapplied) == (0, owed - waiting, waiting)
    assert sum(line.debit for line in content.lines) == owed
    assert sum(line.credit for line in content.lines) == waiting
    assert {line.on for line in content.lines} == {today}
    assert {one.request: (one.remaining, one.opened_on) for one in content.batches} == {
        "旧-001": (Decimal("4000.50"), date(2026, 2, 1)), "旧-002": (Decimal(8000), date(2026, 8, 1)),
        "旧-003": (Decimal(500), date(2026, 11, 10)), "旧-004": (Decimal(20), date(2026, 11, 12)),
    }  # fmt: skip


def test_the_next_month_opens_with_what_was_taken_over_and_days_before_show_nothing(world: World) -> None:
    booked = world.at.date()
    owed = Decimal(take(world, OpeningKind.BATCHES, OLD).totals["amount"])
    waiting = Decimal(take(world, OpeningKind.UNAPPLIED, MONEY).totals["amount"])
    before = statement_of(line_of(world), date(2026, 10, 1), booked - timedelta(days=1))
    assert (before.opening, before.closing, before.lines, before.batches, before.unapplied) == (0, 0, (), (), 0)
    world.at += timedelta(days=10)
    world.pay("agent", "4000.50")
    after = statement_of(line_of(world), date(2026, 12, 1), world.at.date())
    assert (after.opening, after.closing) == (owed - waiting, owed - waiting - Decimal("4000.50"))
    assert after.closing == balance(line_of(world).account_id, on=world.at.date()).amount


def test_the_credit_desk_ages_them_by_their_old_due_days(world: World) -> None:
    take(world, OpeningKind.BATCHES, OLD)
    today = world.at.date()
    (row,) = [one for one in desk_rows(world.hq.pk, on=today, past=False, tolerance_days=0) if one.code == "agent"]
    aged = dict(zip(AGES, row.ages, strict=True))
    assert aged == {"not_due": Decimal(520), "d30": Decimal(8000), "d60": 0, "d90": 0, "d180": 0, "over": Decimal("4000.50")}
    assert (row.owed, row.overdue) == (Decimal("12520.50"), Decimal("12000.50"))
    found = open_documents(world.hq.pk, on=today, past=False, tolerance_days=0, age="over")
    assert [(one.request, one.opened_on, one.due_on) for one in found] == [("旧-001", date(2026, 2, 1), date(2026, 5, 4))]


def test_the_desk_of_a_day_before_shows_nothing_of_them(world: World) -> None:
    booked = world.at.date()
    take(world, OpeningKind.BATCHES, OLD)
    owed = []
    for day in (booked - timedelta(days=1), booked, booked + timedelta(days=1)):
        (row,) = [one for one in desk_rows(world.hq.pk, on=day, past=True, tolerance_days=0) if one.code == "agent"]
        owed.append((row.owed, row.used))
    assert owed == [(0, 0), (Decimal("12520.50"), Decimal("12520.50")), (Decimal("12520.50"), Decimal("12520.50"))]
