"""What was entered late stands in one statement, in whatever order they are issued (M-16.3.3.1)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lingqu.base.refusal import Refusal
from lingqu.credit.actions import NewReceipt, enter_receipt
from lingqu.credit.models import CreditLine
from lingqu.settlement.actions import issue_month, issue_statement
from lingqu.settlement.models import Statement
from lingqu.settlement.queries import statement_of
from lingqu.settlement.rules import StatementContent, read_canonical
from tests.promises.test_statements import Purse
from tests.world import World

pytestmark = pytest.mark.django_db

NOVEMBER, DECEMBER, JANUARY, FEBRUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)


def receive(world: World, day: date, amount: str, *, at: datetime) -> None:
    """Money of the agent, entered at a moment for a day."""
    world.at = at
    new = NewReceipt(world.lines["agent"].pk, f"late-{at:%m%d}-{day}", Decimal(amount), day)
    enter_receipt(new, regulation=world.regulation, by=world.who("finance"), at=at)


def issue(world: World, month: date, *, at: datetime) -> StatementContent:
    """Issue the agent's statement of a month."""
    world.at = at
    made = issue_statement(world.lines["agent"].pk, month, regulation=world.regulation, by=world.who("finance"), at=at)
    return read_canonical(made.content)


def times_told(shown: list[StatementContent], amount: str) -> int:
    return sum(line.credit == Decimal(amount) for one in shown for line in one.lines)


def test_after_a_gap_what_an_older_statement_has_told_is_not_told_again(world: World) -> None:
    Purse(world).open("1000.00")
    receive(world, date(2026, 11, 30), "50.00", at=datetime(2027, 1, 5, 2, tzinfo=UTC))
    november = issue(world, NOVEMBER, at=datetime(2027, 1, 10, 2, tzinfo=UTC))
    receive(world, date(2026, 11, 29), "7.00", at=datetime(2027, 1, 20, 2, tzinfo=UTC))
    receive(world, date(2026, 12, 30), "30.00", at=datetime(2027, 1, 20, 2, tzinfo=UTC))
    january = issue(world, JANUARY, at=datetime(2027, 2, 10, 2, tzinfo=UTC))
    shown = [november, january]
    assert [times_told(shown, amount) for amount in ("50.00", "7.00", "30.00")] == [1, 1, 1]
    assert (november.closing, january.opening, january.closing) == (Decimal("950.00"), Decimal("950.00"), Decimal("913.00"))
    assert [(line.late, line.credit) for line in january.lines] == [(True, Decimal("7.00")), (True, Decimal("30.00"))]


def test_a_month_before_one_that_was_issued_is_not_issued_any_more(world: World) -> None:
    Purse(world).open("1000.00")
    november = issue(world, NOVEMBER, at=datetime(2026, 12, 2, 2, tzinfo=UTC))
    receive(world, date(2026, 11, 30), "50.00", at=datetime(2027, 1, 5, 2, tzinfo=UTC))
    january = issue(world, JANUARY, at=datetime(2027, 2, 2, 2, tzinfo=UTC))
    with pytest.raises(Refusal) as refused:
        issue(world, DECEMBER, at=datetime(2027, 2, 3, 2, tzinfo=UTC))
    assert refused.value.code == "later_issued"
    assert times_told([november, january], "50.00") == 1
    assert Statement.objects.count() == 2
    left = issue_month(DECEMBER, seller=world.hq.pk, regulation=world.regulation, by=world.who("finance"), at=world.at)
    assert (left.numbers, [text.zh[:7] for text in left.left.values()]) == ((), ["2027-01"])


def test_negative_control_without_the_older_statement_it_would_be_told_twice(world: World) -> None:
    Purse(world).open("1000.00")
    receive(world, date(2026, 11, 30), "50.00", at=datetime(2027, 1, 5, 2, tzinfo=UTC))
    november = issue(world, NOVEMBER, at=datetime(2027, 1, 10, 2, tzinfo=UTC))
    Statement.objects.all()._raw_delete("default")
    line = CreditLine.objects.select_related("seller", "buyer").get(pk=world.lines["agent"].pk)
    unknowing = statement_of(line, JANUARY, date(2027, 1, 31))
    assert times_told([november, unknowing], "50.00") == 2
