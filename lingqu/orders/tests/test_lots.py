"""Lots leave first in, first out, go back where they left last, and always add up to the stock in the books (M-16.5)."""

from __future__ import annotations

from datetime import date

import pytest

from lingqu.base.refusal import Refusal
from lingqu.inventory.actions import put_back_in_lots, take_goods_in
from lingqu.inventory.models import Lot, LotMove, Warehouse
from lingqu.inventory.rules import Label
from lingqu.orders.models import Delivery
from lingqu.orders.tests.path_steps import ship, take_back
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(world: World) -> Warehouse:
    return Warehouse.objects.get(firm=world.hq)


def lots_of(world: World, place: int) -> list[tuple[str, int]]:
    found = Lot.objects.filter(item__product=world.products[place]).order_by("received_on", "number")
    return [(lot.number, lot.remaining) for lot in found]


def test_goods_that_come_in_are_a_lot(world: World, shelf: Warehouse) -> None:
    before = lots_of(world, 0)
    label = Label("印2026-2", "第2版", date(2027, 12, 31))
    paper = take_goods_in(shelf, {world.products[0]: 30}, received_on=date(2027, 1, 5), by=None, at=world.at, label=label)
    lot = Lot.objects.get(number="印2026-2")
    assert (lot.edition, lot.ends_on, lot.came, lot.remaining) == ("第2版", date(2027, 12, 31), 30, 30)
    assert lots_of(world, 0) == [*before, ("印2026-2", 30)]
    assert list(lot.moves.values_list("kind", "copies", "document_kind", "document_id")) == [("in", 30, "goods_in", paper.pk)]


def test_the_same_lot_of_the_same_day_grows(world: World, shelf: Warehouse) -> None:
    for copies in (10, 15):
        take_goods_in(shelf, {world.products[0]: copies}, received_on=date(2027, 1, 5), by=None, at=world.at, label=Label("印-7"))
    assert Lot.objects.filter(number="印-7").values_list("came", "remaining").get() == (25, 25)


def test_what_came_first_leaves_first_and_goes_back_where_it_left_last(world: World, shelf: Warehouse) -> None:
    first = lots_of(world, 0)[0][0]
    take_goods_in(shelf, {world.products[0]: 50}, received_on=date(2027, 1, 5), by=None, at=world.at, label=Label("印-2"))
    Lot.objects.filter(number=first, item__product=world.products[0]).update(remaining=4)
    order = world.accept(world.submit("agent", {0: 10})).pk
    ship(world, order, {1: 7})
    assert lots_of(world, 0) == [(first, 0), ("印-2", 47)]
    ship(world, order, {1: 3})
    assert lots_of(world, 0) == [(first, 0), ("印-2", 44)]
    take_back(world, order, {1: 5})
    assert lots_of(world, 0) == [(first, 0), ("印-2", 49)]
    take_back(world, order, {1: 5})
    assert lots_of(world, 0) == [(first, 4), ("印-2", 50)]
    assert sum(LotMove.objects.filter(lot__number="印-2").values_list("copies", flat=True)) == 50


def test_nothing_leaves_when_the_lots_have_less_than_the_books(world: World) -> None:
    Lot.objects.filter(item__product=world.products[0]).update(remaining=3)
    order = world.accept(world.submit("agent", {0: 10})).pk
    with pytest.raises(Refusal) as refusal:
        ship(world, order, {1: 10})
    assert refusal.value.code == "lots_short"
    assert (lots_of(world, 0)[0][1], Delivery.objects.count()) == (3, 0)


def test_what_no_lot_is_known_to_have_left_is_a_lot_of_the_day(world: World, shelf: Warehouse) -> None:
    item = shelf.items.get(product=world.products[0])
    put_back_in_lots({item.pk: 2}, left_by=[], on=date(2027, 1, 5), document=("goods_return", 1, "TH-1"), at=world.at)
    assert lots_of(world, 0)[-1] == ("TH-1", 2)
