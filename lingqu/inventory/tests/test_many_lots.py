"""A title with many lots and moves: the page goes on to all of them, and the workbook has them all."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from lingqu.documents.queries import Ask
from lingqu.inventory import sheets
from lingqu.inventory.actions import take_goods_in
from lingqu.inventory.models import Warehouse
from lingqu.inventory.rules import Label
from tests.pages import SitDown, counted
from tests.world import World

LOT = re.compile(r'<td class="wide">(P-\d{3})')
MOVE = re.compile(r'data-label="批号">(P-\d{3})<')
NEXT = re.compile(r'href="(\?[^"]*)" rel="next"')
MANY = 60
NAMES = [f"P-{place:03}" for place in range(MANY)]


@pytest.fixture
def page(world: World) -> str:
    """60 lots of the first title besides its opening, and the address of its page."""
    warehouse, product = Warehouse.objects.get(firm=world.hq), world.products[0]
    for place, name in enumerate(NAMES):
        on = world.at.date() - timedelta(days=MANY - place)
        take_goods_in(warehouse, {product: 1}, received_on=on, by=None, at=world.at, label=Label(name))
    return f"/stock/titles/{product.code}/"


def test_lots_and_moves_go_on_each_by_itself(world: World, at_desk: SitDown, page: str) -> None:
    browser = at_desk("warehouse")

    def walk(which: int) -> list[str]:
        seen, address = [], ""
        while True:
            shown = browser.get(page + address).content.decode().split('id="moves-title"')[which]
            seen += (LOT, MOVE)[which].findall(shown)
            if not NEXT.findall(shown):
                return seen
            (address,) = (one.replace("&amp;", "&") for one in NEXT.findall(shown))

    assert sorted(walk(0)) == NAMES
    assert walk(1) == NAMES[::-1]


def test_strange_places_break_nothing(world: World, at_desk: SitDown, page: str) -> None:
    for query in ("?after=x", "?before=-1", "?after=999999999", "?before=1", "?after=%00"):
        assert at_desk("warehouse").get(page + query).status_code == 200, query


def test_the_workbook_has_all_of_them(world: World, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "A_PAGE", 50)
    ask = Ask(who=world.who("warehouse"), given={"code": world.products[0].code}, on=world.at.date(), at=world.at)
    assert sorted(str(row["number"]) for row in sheets.LOTS_OUT.rows(ask) if str(row["number"]).startswith("P-")) == NAMES
    (moves,) = sheets.LOTS_OUT.beside(ask).sheets
    assert [row["lot"] for row in moves.rows][:MANY] == NAMES[::-1]


def test_a_page_of_fifty_takes_as_many_statements_as_one_of_one(world: World, at_desk: SitDown, page: str) -> None:
    browser = at_desk("warehouse")
    other = f"/stock/titles/{world.products[1].code}/"
    browser.get(other)
    with counted() as one:
        browser.get(other)
    with counted() as fifty:
        browser.get(page)
    assert len(one) == len(fifty)
