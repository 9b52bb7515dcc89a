"""Back-orders live for weeks: what comes in is kept for the request that was accepted first, and nobody overtakes it (M-16.3.2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lingqu.audit.models import Fact
from lingqu.notices.models import Notice
from lingqu.orders.actions import reserve_for_back_orders
from lingqu.orders.tests.delivery_steps import come_in, lines_of, on_hand
from lingqu.orders.tests.path_steps import cancel, must_agree, ship, take_back
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def short(world: World) -> World:
    """The world with 100 copies of the third title left."""
    order = world.accept(world.submit("other_agent", {2: 9_900})).pk
    ship(world, order)
    assert on_hand(world, 2) == (100, 0)
    return world


def accepted(world: World, buyer: str, copies: int) -> int:
    world.at += timedelta(minutes=1)
    return world.accept(world.submit(buyer, {2: copies})).pk


def test_what_comes_in_is_kept_for_the_oldest_request_first(short: World) -> None:
    first, second = accepted(short, "agent", 160), accepted(short, "agent", 50)
    assert (lines_of(first), lines_of(second)) == ([(160, 100, 0, 0)], [(50, 0, 0, 0)])
    short.at += timedelta(days=20)
    come_in(short, {2: 40})
    assert (lines_of(first), lines_of(second)) == ([(160, 140, 0, 0)], [(50, 0, 0, 0)])
    come_in(short, {2: 45})
    assert (lines_of(first), lines_of(second)) == ([(160, 160, 0, 0)], [(50, 25, 0, 0)])
    assert on_hand(short, 2) == (185, 185)
    must_agree(short)


def test_a_new_request_does_not_overtake_an_accepted_back_order(short: World) -> None:
    first = accepted(short, "agent", 160)
    come_in(short, {2: 60})
    later = accepted(short, "agent", 30)
    assert (lines_of(first), lines_of(later)) == ([(160, 160, 0, 0)], [(30, 0, 0, 0)])


def test_a_request_that_nobody_accepted_yet_gets_nothing_before_one_that_was(short: World) -> None:
    held = short.submit("agent", {2: 130})
    assert held.order
    waiting = accepted(short, "agent", 20)
    come_in(short, {2: 25})
    assert (lines_of(held.order), lines_of(waiting)) == ([(130, 100, 0, 0)], [(20, 20, 0, 0)])
    assert on_hand(short, 2) == (125, 120)


def test_the_warehouse_is_told_once_a_paper_and_each_request_keeps_the_fact(short: World) -> None:
    first = accepted(short, "agent", 160)
    come_in(short, {2: 60})
    told = Notice.objects.filter(person=short.people["warehouse"], title_zh__startswith="欠货到了")
    assert [notice.title_zh for notice in told] == ["欠货到了 60 册"]
    assert Fact.objects.get(subject="order", subject_id=first, verb="reserve").after["copies"] == 60


def test_copies_that_come_free_otherwise_are_kept_by_the_job(short: World) -> None:
    other = accepted(short, "agent", 90)
    waiting = accepted(short, "agent", 40)
    cancel(short, other)
    assert lines_of(waiting) == [(40, 10, 0, 0)]
    product = short.products[2].pk
    assert reserve_for_back_orders(short.hq.pk, [product], at=short.at) == 30
    assert reserve_for_back_orders(short.hq.pk, [product], at=short.at) == 0
    assert lines_of(waiting) == [(40, 40, 0, 0)]
    ship(short, waiting)
    take_back(short, waiting, {1: 5})
    assert on_hand(short, 2) == (65, 0)
    must_agree(short)


def test_goods_for_which_nobody_waits_stay_free(short: World) -> None:
    come_in(short, {2: 60, 1: 5})
    assert on_hand(short, 2) == (160, 0)


def test_negative_control_the_newest_first_is_noticed(short: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from lingqu.orders.actions import back_orders

    monkeypatch.setattr(back_orders, "_OLDEST", back_orders._OLDEST.replace("o.accepted_at, o.id", "o.id DESC"))
    with pytest.raises(AssertionError):
        test_what_comes_in_is_kept_for_the_oldest_request_first(short)
