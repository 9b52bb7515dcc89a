"""The answer clock rings: a reminder before the end, the manager at the end, the director a working day later, each once (M-16.3.1)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from lingqu.audit.queries import facts_of
from lingqu.base.calendar import CHINA, OFFICIAL
from lingqu.notices.models import Notice
from lingqu.orders.actions import (
    Outcome,
    clock,
    decide_again,
    decline_order,
    remind_of_answers,
    tell_late_answers,
    withdraw_order,
)
from lingqu.orders.models import Order
from lingqu.orders.queries import answered_in_time
from lingqu.orders.rules import told_again_up_to
from lingqu.organisation.actions import delegate
from lingqu.organisation.states import PostCode
from tests.world import World

pytestmark = pytest.mark.django_db
YEAR = (date(2026, 1, 1), date(2027, 1, 1))


def at(text: str) -> datetime:
    """A moment in China, such as 2026-11-25 20:00."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


def told(link: str = "") -> set[tuple[str, str]]:
    """Who was told what, by the start of the title in Chinese."""
    found = Notice.objects.filter(kind="order")
    return set((found.filter(link=link) if link else found).values_list("person__name", "title_zh"))


def ring(world: World) -> tuple[int, int]:
    return remind_of_answers(at=world.at), tell_late_answers(calendar=OFFICIAL, at=world.at)


def order_of(outcome: Outcome) -> Order:
    return Order.objects.get(number=outcome.number)


@pytest.mark.parametrize(
    ("moment", "up_to"),
    [
        ("2026-11-26 00:00", "2026-11-25 00:00"),  # due Tuesday 24:00: Wednesday has passed whole
        ("2026-11-26 23:59", "2026-11-25 00:00"),
        ("2026-11-30 00:00", "2026-11-27 00:00"),  # Monday morning: the last whole working day was Friday
        ("2026-10-08 00:00", "2026-09-30 00:00"),  # after the national holiday
        ("2026-10-11 00:00", "2026-10-10 00:00"),  # a Saturday that was worked
    ],
)
def test_the_second_telling_waits_for_a_whole_working_day(moment: str, up_to: str) -> None:
    assert told_again_up_to(at(moment), OFFICIAL) == at(up_to)


def test_who_owes_the_answer_is_reminded_four_hours_before_its_end(world: World) -> None:
    first, second = world.submit("agent", {0: 10}), world.submit("other_agent", {0: 10})
    world.at = at("2026-11-25 19:59")
    assert ring(world) == (0, 0)
    world.at = at("2026-11-25 20:00")
    assert ring(world) == (2, 0)
    assert told() == {("representative", "2 份申请今日 24:00 到答复时限")}
    assert Notice.objects.get().body_zh.startswith(f"{first.number}、{second.number}。")
    world.at = at("2026-11-25 20:10")
    ring(world)
    assert Notice.objects.filter(kind="order").count() == 1


def test_what_was_answered_reminds_nobody(world: World) -> None:
    world.accept(world.submit("agent", {0: 10}))
    taken_back = world.submit("agent", {0: 10})
    assert taken_back.order
    withdraw_order(taken_back.order, by=world.who("agent_owner"), at=world.at)
    world.at = at("2026-11-25 21:00")
    assert ring(world) == (0, 0)
    world.at = at("2026-12-01 21:00")
    assert ring(world) == (0, 0)


def test_a_late_answer_is_told_to_the_manager_and_then_to_the_director_once_each(world: World) -> None:
    order = order_of(world.submit("agent", {0: 10}))
    world.at = at("2026-11-26 00:00")
    assert world.expire() == 1
    assert ring(world) == (0, 1)
    world.at = at("2026-11-26 23:50")
    assert ring(world) == (0, 0)
    world.at = at("2026-11-27 00:00")
    assert ring(world) == (0, 1)
    assert ring(world) == (0, 0)
    assert told(f"/orders/{order.number}/") == {("manager", "1 份申请逾时未答复"), ("director", "1 份申请逾时未答复")}
    order.refresh_from_db()
    assert (order.late, order.escalated_at, order.escalated_again_at) == (True, at("2026-11-26 00:00"), at("2026-11-27 00:00"))
    assert [fact.after["told"] for fact in facts_of("order", order.pk) if fact.verb == "tell_late"] == ["manager", "director"]


def test_a_request_that_failed_stays_and_is_late_too(world: World) -> None:
    order = order_of(world.submit("agent", {1: 4000}))
    assert order.state == "review"
    world.at = at("2026-11-26 08:00")
    assert (world.expire(), ring(world)) == (0, (0, 1))
    order.refresh_from_db()
    assert (order.state, order.late) == ("review", True)


def test_a_request_that_waits_for_its_contract_has_no_clock(world: World) -> None:
    world.partners["agent"].contract_until = date(2026, 10, 31)
    world.partners["agent"].save()
    assert order_of(world.submit("agent", {0: 10})).state == "papers"
    for moment in ("2026-11-25 21:00", "2026-11-26 08:00", "2026-12-10 08:00"):
        world.at = at(moment)
        assert ring(world) == (0, 0)


def test_whoever_stands_in_is_told_as_well(world: World) -> None:
    world.submit("agent", {0: 10})
    manager, day = world.people["manager"], date(2026, 11, 26)
    delegate(manager, stand_in=world.people["deputy"], post=PostCode.MANAGER, first=day, last=day, reason="出差", at=world.at, by=manager)
    world.at = at("2026-11-26 00:00")
    ring(world)
    assert {name for name, _ in told()} == {"manager", "deputy"}


def test_an_agent_who_keeps_its_retailer_waiting_is_told_as_owner(world: World) -> None:
    world.submit("retailer", {0: 1})
    world.at = at("2026-11-25 20:00")
    ring(world)
    world.at = at("2026-11-26 00:00")
    ring(world)
    assert told() == {("agent_owner", "1 份申请今日 24:00 到答复时限"), ("agent_owner", "1 份申请逾时未答复")}


def test_decided_anew_it_can_be_late_anew(world: World) -> None:
    order = order_of(world.submit("agent", {0: 10}))
    world.at = at("2026-11-26 00:00")
    world.expire()
    ring(world)
    decide_again(order.pk, regulation=world.regulation, by=world.who("representative"), at=world.at)
    world.at = at("2026-11-30 23:59")
    assert ring(world)[1] == 0
    world.at = at("2026-12-01 00:00")
    world.expire()
    assert ring(world)[1] == 1


def test_the_share_answered_in_time(world: World) -> None:
    assert answered_in_time(world.hq.pk, since=YEAR[0], until=YEAR[1]) is None
    world.accept(world.submit("agent", {0: 10}))
    late, declined = world.submit("agent", {1: 4000}), world.submit("other_agent", {0: 10})
    assert late.order
    assert declined.order
    decline_order(declined.order, reason="缺货", by=world.who("representative"), at=world.at)
    assert answered_in_time(world.hq.pk, since=YEAR[0], until=YEAR[1]) == Decimal("100.0")
    # An answer after the end is late even when no job ran in between.
    world.at = at("2026-11-26 00:01")
    decline_order(late.order, reason="超额", by=world.who("representative"), at=world.at)
    assert answered_in_time(world.hq.pk, since=YEAR[0], until=YEAR[1]) == Decimal("66.7")
    assert answered_in_time(world.hq.pk, since=date(2026, 11, 24), until=YEAR[1]) is None


def test_negative_control_without_the_note_it_would_be_told_again_and_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.submit("agent", {0: 10})
    monkeypatch.setattr(clock, "_TOLD", "SELECT %s::timestamptz, %s::bigint[]")
    world.at = at("2026-11-26 00:00")
    assert ring(world)[1] == 1
    world.at += timedelta(minutes=10)
    assert ring(world)[1] == 1
