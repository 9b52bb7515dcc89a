"""The stock page of a title names the paper of every move, and links it to those who may open it."""

from __future__ import annotations

from typing import Any

import pytest

from lingqu.inventory.actions import enter_counted, send_count, start_count, take_goods_in
from lingqu.inventory.models import GoodsIn, StockItem, Warehouse
from lingqu.inventory.queries import documents_of, moves_of
from lingqu.inventory.rules import Counted
from lingqu.orders.actions import Received, answer_difference, count_difference, receive_delivery
from lingqu.orders.models import Delivery, GoodsReturn
from lingqu.orders.rules import Answered, LineCount
from lingqu.orders.states import DifferenceAnswer
from lingqu.orders.tests.path_steps import ship, take_back
from tests.pages import SitDown, counted, spoken
from tests.world import World

pytestmark = pytest.mark.django_db


def lived_through(world: World) -> tuple[StockItem, list[tuple[str, str]]]:
    """Goods of a title came in, left, came back, were found again and counted; return it and the papers with their pages, newest first."""
    shelf, at = Warehouse.objects.get(firm=world.hq), world.at
    item = StockItem.objects.get(warehouse=shelf, product=world.products[0])
    paper = take_goods_in(shelf, {world.products[0]: 30}, received_on=at.date(), by=world.people["warehouse"], at=at)
    order = world.accept(world.submit("agent", {0: 10}))
    ship(world, order.pk, {1: 10})
    back = take_back(world, order.pk, {1: 2})
    delivery = Delivery.objects.get()
    clerk, keeper = world.who("agent_owner"), world.who("warehouse")
    known: dict[str, Any] = {"regulation": world.regulation, "at": at}
    report = receive_delivery(delivery.pk, Received({1: LineCount(9)}), by=clerk, **known)
    assert report
    count_difference(report.number, [1], by=keeper, at=at)
    answer_difference(report.number, [Answered(DifferenceAnswer.SEND_AGAIN)], by=world.who("representative"), **known)
    count = start_count(shelf, [item.pk], by=keeper, at=at)
    books = -int(StockItem.objects.select_related("account__running").get(pk=item.pk).account.running.used)
    enter_counted(count.pk, {item.pk: Counted(books - 1, "破损")}, by=keeper, at=at)
    count = send_count(count.pk, by=keeper, **known)
    world.sign(count.approval_id or 0, "manager")
    return item, [
        (count.number, f"/stock/counts/{count.number}/"),
        (report.number, f"/deliveries/{delivery.number}/"),
        (back.number, f"/orders/{order.number}/"),
        (delivery.number, f"/deliveries/{delivery.number}/"),
        (paper.number, f"/stock/in/{paper.number}/"),
    ]


def test_every_move_names_its_paper_and_the_page_opens(world: World, at_desk: SitDown) -> None:
    item, papers = lived_through(world)
    moves = moves_of(item.pk)
    named = documents_of(moves, world.who("warehouse"))
    told = [named[(move.document_kind, move.document_id)] for move in moves]
    opening = GoodsIn.objects.earliest("pk")
    assert [(one.number, one.url) for one in told] == [*papers, (opening.number, f"/stock/in/{opening.number}/")]
    browser = at_desk("warehouse")
    page = browser.get(f"/stock/titles/{item.product.code}/").content.decode()
    for number, url in papers:
        assert f'href="{url}">{number}</a>' in page
        assert browser.get(url).status_code == 200
    assert "单据" in spoken(page)


def test_a_stranger_is_told_no_number(world: World) -> None:
    item, _ = lived_through(world)
    assert documents_of(moves_of(item.pk), world.who("retailer_owner")) == {}


def test_many_moves_take_as_many_statements_as_few(world: World, at_desk: SitDown) -> None:
    browser, code = at_desk("warehouse"), world.products[0].code
    ship(world, world.accept(world.submit("agent", {0: 2})).pk, {1: 2})
    with counted() as few:
        browser.get(f"/stock/titles/{code}/")
    for _ in range(2):
        ship(world, world.accept(world.submit("other_agent", {0: 1})).pk, {1: 1})
    with counted() as many:
        browser.get(f"/stock/titles/{code}/")
    assert (len(many), GoodsReturn.objects.count()) == (len(few), 0)
