"""What others judge a partner by, and the evidence of the two accounts of credit."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from lingqu.credit.actions import lower_limit
from lingqu.credit.models import Batch
from lingqu.credit.queries import evidence_of_account, money_received, net_accepted, on_time_payment, payment_record
from tests.world import World

DAY = timedelta(days=1)


def batch(world: World, *, due: date | None = None) -> Batch:
    """An open batch of the agent over 6,240.00 yuan, due on a day."""
    number = world.accept(world.submit("agent", {0: 100})).pk
    Batch.objects.filter(document_id=number).update(backstop_due_on=due)
    return Batch.objects.get(document_id=number)


def test_nothing_to_pay_says_nothing(world: World) -> None:
    today = world.at.date()
    assert on_time_payment(world.firms["agent"].pk, since=today, until=today + DAY) is None


def test_paid_in_time_paid_late_and_not_paid(world: World) -> None:
    today, agent = world.at.date(), world.firms["agent"].pk
    batch(world, due=today)
    world.pay("agent", "6240.00")
    batch(world, due=today - DAY)
    world.pay("agent", "6240.00")
    assert on_time_payment(agent, since=today, until=today + DAY) == Decimal("50.0")
    batch(world, due=today - DAY)
    assert on_time_payment(agent, since=today, until=today + DAY) == Decimal("33.3")


def test_due_on_the_last_day_is_not_late_yet(world: World) -> None:
    today, agent = world.at.date(), world.firms["agent"].pk
    batch(world, due=today)
    assert on_time_payment(agent, since=today, until=today + DAY) is None
    assert on_time_payment(agent, since=today, until=today + 2 * DAY) == Decimal("0.0")


def test_the_day_until_is_not_in_the_period(world: World) -> None:
    today, agent = world.at.date(), world.firms["agent"].pk
    batch(world)
    world.pay("agent", "1000.00")
    assert (net_accepted(agent, since=today, until=today + DAY), net_accepted(agent, since=today - DAY, until=today)) == (6240, 0)
    assert (money_received(agent, since=today, until=today + DAY), money_received(agent, since=today - DAY, until=today)) == (1000, 0)
    assert net_accepted(world.firms["other_agent"].pk, since=today, until=today + DAY) == 0


def test_the_record_that_signers_see(world: World) -> None:
    today = world.at.date()
    batch(world, due=today - 5 * DAY)
    world.pay("agent", "6240.00")
    record = payment_record(world.lines["agent"].pk, on=today)
    assert (record.since, record.settled, record.late, record.longest_late) == (date(2025, 11, 23), 1, 1, 5)


def test_the_evidence_of_credit_lines(world: World) -> None:
    today = world.at.date()
    batch(world)
    lower_limit(
        world.lines["agent"].pk, limit=Decimal("1000.00"), reason="收紧", regulation=world.regulation, by=world.who("finance"), at=world.at
    )
    found = evidence_of_account("credit_line", world.hq.pk, since=today, until=today + DAY, limit=2)
    assert (found.count, found.total, found.failed, len(found.rows)) == (3, Decimal("201000.00"), 1, 2)
    rest = evidence_of_account("credit_line", world.hq.pk, since=today, until=today + DAY, limit=2, after=found.rows[-1].id)
    (last,) = rest.rows
    assert (last.label.zh, last.link, last.failed) == ("agent公司，A级，6,240.00 / 1,000.00 元", "/partners/agent/", True)
    assert evidence_of_account("credit_line", world.hq.pk, since=date(2026, 1, 1), until=date(2026, 1, 5), limit=9).count == 0


def test_the_evidence_of_open_batches(world: World) -> None:
    today = world.at.date()
    batch(world, due=today - DAY)
    found = evidence_of_account("open_batches", world.hq.pk, since=today, until=today + DAY, limit=9)
    assert (found.count, found.total, found.failed) == (1, Decimal("6240.00"), 1)
    assert found.rows[0].label.en.startswith("agent公司, batch 1 (JH-2026-")
    assert evidence_of_account("open_batches", world.firms["agent"].pk, since=today, until=today + DAY, limit=9).count == 0


def test_an_account_that_credit_does_not_keep_has_no_evidence(world: World) -> None:
    today = world.at.date()
    assert evidence_of_account("budget", world.hq.pk, since=today, until=today + DAY, limit=9).count == 0
