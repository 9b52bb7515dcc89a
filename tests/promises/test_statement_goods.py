"""Goods on a statement: what left for the batches that are owed, once, and what of it nobody has received yet."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module

from lingqu.base.database import run
from lingqu.credit.models import BatchCredit
from lingqu.orders.actions import NewReturn, take_back_goods
from lingqu.orders.models import Delivery
from lingqu.orders.rules import LineCount
from lingqu.orders.states import ReturnReason
from lingqu.orders.tests.delivery_steps import answer, count, receive
from lingqu.orders.tests.path_steps import ship
from lingqu.settlement.queries import statement_of
from lingqu.settlement.rules import SentLine, goods_at
from tests.pages import SitDown, spoken
from tests.promises.test_statements import NOVEMBER, line_of
from tests.world import World

DIFFERENCES = import_module("lingqu.credit.migrations.0009_credits_of_differences").DIFFERENCES


def test_goods_that_left_stand_with_copies_and_yuan_delivery_by_delivery(world: World) -> None:
    asked = world.submit("agent", {0: 100})
    world.accept(asked)
    unsent = statement_of(line_of(world), NOVEMBER, world.at.date())
    world.at += timedelta(days=1)
    world.ship(asked)
    sent = statement_of(line_of(world), NOVEMBER, world.at.date())
    assert ([one.sent for one in unsent.batches], unsent.on_the_way) == ([0], ())
    assert [(one.sent, one.sent_net) for one in sent.batches] == [(100, Decimal("6240.00"))]
    assert [(one.copies, one.net, one.on) for one in sent.on_the_way] == [(100, Decimal("6240.00"), world.at.date())]
    assert statement_of(line_of(world), NOVEMBER, world.at.date() - timedelta(days=1)).on_the_way == ()


def test_a_line_that_left_in_parts_is_worth_its_net_as_a_whole() -> None:
    days = (date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3))
    parts = [SentLine("JH-1", f"FH-{day.day}", "", day, 1, 1, 3, Decimal("10.00")) for day in days]
    assert [one.net for one in goods_at(parts, days[2])] == [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")]
    assert [one.delivery for one in goods_at(parts, days[1])] == ["FH-1", "FH-2"]


def test_what_is_sent_again_leaves_its_delivery_and_counts_once(world: World) -> None:
    """100 copies leave, 40 are missing and sent again the day after: 100 have left, and the later delivery alone is on the way."""
    asked = world.submit("agent", {0: 100})
    order, first_day = world.accept(asked), world.at.date()
    ship(world, order.pk)
    delivery = Delivery.objects.get()
    report = receive(world, delivery, {1: LineCount(60)})
    unanswered = statement_of(line_of(world), NOVEMBER, first_day)
    world.at += timedelta(days=1)
    answer(world, count(world, report, 40), "send_again")
    answered = statement_of(line_of(world), NOVEMBER, world.at.date())
    ship(world, order.pk)
    again = statement_of(line_of(world), NOVEMBER, world.at.date())
    whole, part = (100, Decimal("6240.00")), (60, Decimal("3744.00"))
    assert [[(one.sent, one.sent_net) for one in found.batches] for found in (unanswered, answered, again)] == [[whole], [part], [whole]]
    assert [one.on_the_way for one in (unanswered, answered)] == [(), ()]
    assert [(one.delivery != delivery.number, one.copies, one.net) for one in again.on_the_way] == [(True, 40, Decimal("2496.00"))]
    then = statement_of(line_of(world), NOVEMBER, first_day)
    assert [(one.sent, one.sent_net) for one in then.batches] == [whole]


def test_a_delivery_is_on_the_way_until_it_is_confirmed_and_counts_as_sent_ever_after(world: World) -> None:
    ship(world, world.accept(world.submit("agent", {0: 100})).pk)
    sent_on = world.at.date()
    world.at += timedelta(days=1)
    receive(world, Delivery.objects.get())
    before, after = (statement_of(line_of(world), NOVEMBER, day) for day in (sent_on, world.at.date()))
    assert [(one.copies, one.on) for one in before.on_the_way] == [(100, sent_on)]
    assert statement_of(line_of(world), NOVEMBER, world.at.date(), known=sent_on).on_the_way == before.on_the_way
    assert (after.on_the_way, [one.sent for one in after.batches]) == ((), [100])


def test_all_of_a_delivery_sent_again_leaves_nothing_of_it_on_paper() -> None:
    first, again = date(2026, 1, 1), date(2026, 1, 2)
    sent = [SentLine("JH-1", "PS-1", "", day, 1, copies, 3, Decimal("10.00")) for day, copies in ((first, 3), (again, -3))]
    sent.append(SentLine("JH-1", "PS-2", "", again, 1, 3, 3, Decimal("10.00")))
    assert [(one.delivery, one.copies, one.net) for one in goods_at(sent, again)] == [("PS-2", 3, Decimal("10.00"))]
    assert [(one.delivery, one.copies) for one in goods_at(sent, first)] == [("PS-1", 3)]


def test_a_credit_for_what_arrived_other_than_sent_does_not_read_as_goods_sent_back(world: World, at_desk: SitDown) -> None:
    report = receive(world, ship(world, world.accept(world.submit("agent", {0: 10})).pk), {1: LineCount(7)})
    answer(world, count(world, report, 0), "credit")
    browser = at_desk("agent_owner")
    assert "贷项 到货差异" in spoken(browser.get("/partners/agent/statement?month=2026-11").content.decode())
    assert "贷项，货款冲减：到货差异" in spoken(browser.get("/partners/agent/?tab=money").content.decode())
    credit = BatchCredit.objects.get()
    back = take_back_goods(
        report.delivery.order_id, NewReturn({1: 2}, ReturnReason.OTHER), regulation=world.regulation, by=world.who("warehouse"), at=world.at
    )
    assert (credit.cause, back.credit and back.credit.cause) == ("difference", "returned")
    BatchCredit.objects.update(cause="returned")
    run(DIFFERENCES)
    assert dict(BatchCredit.objects.values_list("pk", "cause")) == {credit.pk: "difference", back.credit_id: "returned"}
