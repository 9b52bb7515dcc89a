"""Goods that come back unasked, on the page of one request: booked within the caps, else a return request is decided first (M-16.3.2)."""

from __future__ import annotations

import pytest

from lingqu.orders.actions import ship_order
from lingqu.orders.models import GoodsReturn
from lingqu.returns.models import ReturnRequest
from lingqu.returns.tests.steps import agree, ask, count, on_hand, shipped
from tests.pages import SitDown
from tests.world import World

pytestmark = pytest.mark.django_db


def send(world: World, at_desk: SitDown, number: str, copies: int, *, by: str = "warehouse") -> tuple[int, str]:
    """The keeper fills in the old page of a request."""
    form = {"copies-1": str(copies), "kind": "slow", "reason": "门口收到", "seen": "0"}
    answer = at_desk(by).post(f"/orders/{number}/return", form)
    return answer.status_code, answer.content.decode()


def test_within_the_share_of_the_year_it_is_booked_at_once(world: World, at_desk: SitDown) -> None:
    order = shipped(world, {0: 100})
    assert send(world, at_desk, order.number, 20)[0] == 302
    assert GoodsReturn.objects.get().lines.get().copies == 20


def test_one_copy_beyond_the_share_is_refused_and_nothing_typed_is_lost(world: World, at_desk: SitDown) -> None:
    order, before = shipped(world, {0: 100}), on_hand(world, 0)
    status, page = send(world, at_desk, order.number, 21)
    assert (status, "超出退货上限（退货比例）" in page, "/returns/new" in page, 'value="21"' in page) == (409, True, True, True)
    assert (GoodsReturn.objects.count(), on_hand(world, 0)) == (0, before)


def test_what_came_back_before_counts_too(world: World, at_desk: SitDown) -> None:
    order = shipped(world, {0: 100})
    request = agree(world, ask(world, {0: 15}))
    count(world, request, {1: 15})
    assert send(world, at_desk, order.number, 6)[0] == 409
    form = {"copies-1": "5", "kind": "slow", "reason": "", "seen": "15"}
    assert at_desk("warehouse").post(f"/orders/{order.number}/return", form).status_code == 302


def test_copies_of_a_return_on_its_way_are_counted_there(world: World, at_desk: SitDown) -> None:
    order = shipped(world, {0: 10})
    ask(world, {0: 9})
    status, page = send(world, at_desk, order.number, 2)
    assert (status, "其中 1 册已列入在办的退货或调货" in page) == (409, True)
    assert (GoodsReturn.objects.count(), ReturnRequest.objects.get().state) == (0, "asked")


def test_an_agents_owner_decides_in_their_own_house(world: World, at_desk: SitDown) -> None:
    order = world.accept(world.submit("retailer", {0: 10}), by="agent_owner")
    ship_order(order.pk, regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    assert send(world, at_desk, order.number, 10, by="agent_owner")[0] == 302
    assert GoodsReturn.objects.get().lines.get().copies == 10
