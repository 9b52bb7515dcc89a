"""What each list takes out: what its page shows to the same person with the same filters, and nobody else's (P15)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

import lingqu
from lingqu.base.sheets import read_table
from lingqu.config.wiring import LISTS_OUT
from lingqu.credit.models import Batch
from lingqu.inventory.actions import enter_counted, start_count
from lingqu.inventory.models import StockCount, StockItem
from lingqu.inventory.rules import Counted
from lingqu.orders.models import Delivery
from lingqu.policy.queries import regulation_in_force
from tests.pages import SitDown, counted, spoken
from tests.promises.test_no_formula_leaves import formulas
from tests.world import World

HOSTILE = '=HYPERLINK("http://x.example","y")'
TEMPLATES = Path(lingqu.__file__).parent


def rows_of(answer: Any, place: int = 0) -> list[list[Any]]:
    return read_table("x.xlsx", answer.content, most_rows=5_000, most_columns=60)[place].rows


def by_head(answer: Any, place: int = 0) -> list[dict[str, Any]]:
    head, *rows = rows_of(answer, place)
    return [dict(zip(head, [*row, *[None] * len(head)], strict=False)) for row in rows]


def sent_off(world: World, buyer: str = "agent", copies: int = 3, place: int = 0) -> Delivery:
    outcome = world.submit(buyer, {place: copies})
    world.accept(outcome)
    world.ship(outcome)
    return Delivery.objects.latest("id")


def begun(world: World, *items: StockItem, note: str = "") -> StockCount:
    return start_count(items[0].warehouse, [one.pk for one in items], note=note, by=world.who("warehouse"), at=world.at)


def test_every_registered_list_has_its_button_on_a_page() -> None:
    written = "".join(page.read_text() for page in TEMPLATES.rglob("templates/**/*.html"))
    found = set(re.findall(r'excel\.html" with key="(\w+)"', written)) | set(re.findall(r"export_new\"? [\"'](\w+)[\"']", written))
    assert [made.key for made in LISTS_OUT if made.key not in found] == []
    assert len({made.key for made in LISTS_OUT}) == len(LISTS_OUT)


def test_deliveries_go_out_to_both_sides_and_the_freight_to_the_seller(world: World, at_desk: SitDown) -> None:
    mine, others = sent_off(world), sent_off(world, "other_agent", 2)
    Delivery.objects.filter(pk=mine.pk).update(freight="12.50", carrier=HOSTILE)
    answer = at_desk("director").get("/exports/new/deliveries")
    found = by_head(answer)
    assert [(row["发货单"], row["册数"], row["件数"]) for row in found] == [(others.number, 2, 1), (mine.number, 3, 1), ("合计", 5, 2)]
    assert (found[1]["运费（元）"], found[1]["承运人"], formulas(answer.content)) == (12.5, HOSTILE, 0)
    own = by_head(at_desk("agent_owner").get("/exports/new/deliveries"))
    assert [(row["发货单"], row["运费（元）"]) for row in own[:-1]] == [(mine.number, None)]
    assert by_head(at_desk("director").get("/exports/new/deliveries", {"group": "received"})) == []
    assert [row["发货单"] for row in by_head(at_desk("director").get("/exports/new/deliveries", {"q": mine.number}))] == [
        mine.number,
        "合计",
    ]


def test_what_is_to_be_shipped_and_what_waits_goes_out(world: World, at_desk: SitDown) -> None:
    outcome = world.submit("agent", {0: 4})
    order = world.accept(outcome)
    answer = at_desk("warehouse").get("/exports/new/to_ship")
    assert [(row["进货申请"], row["未发（册）"], row["可发（册）"]) for row in by_head(answer)] == [(order.number, 4, 4), ("合计", 4, 4)]
    assert rows_of(answer, 1)[0][:2] == ["进货申请", "买方"]


def test_the_batches_behind_a_figure_go_out_with_their_sum(world: World, at_desk: SitDown) -> None:
    sent_off(world)
    sent_off(world, "other_agent", 2)
    page = spoken(at_desk("finance").get("/credit/open-batches?partner=agent").content.decode())
    found = by_head(at_desk("finance").get("/exports/new/batches?partner=agent"))
    batch = Batch.objects.get(line__buyer=world.firms["agent"])
    owed = found[0]["尚欠（元）"]
    assert [(row["客户编号"], row["批次"], row["尚欠（元）"]) for row in found] == [("agent", batch.number, owed), ("合计", None, owed)]
    assert f"{owed:,.2f}" in page
    assert len(by_head(at_desk("finance").get("/exports/new/batches"))) == 3


def test_counts_go_out_with_what_they_found(world: World, at_desk: SitDown) -> None:
    first, second = StockItem.objects.order_by("id")[:2]
    made = begun(world, first, second, note=HOSTILE)
    book = -int(first.account.running.used)
    enter_counted(made.pk, {first.pk: Counted(book - 3, "")}, by=world.who("warehouse"), at=world.at)
    answer = at_desk("warehouse").get("/exports/new/stock_counts")
    row = by_head(answer)[0]
    assert (row["编号"], row["品种"], row["已盘品种"], row["有差异品种"], row["盘亏（册）"], row["备注"]) == (
        made.number,
        2,
        1,
        1,
        3,
        HOSTILE,
    )
    assert formulas(answer.content) == 0


def test_the_lots_of_a_title_go_out_with_how_they_moved(world: World, at_desk: SitDown) -> None:
    sent_off(world)
    answer = at_desk("warehouse").get("/exports/new/lots?code=QH26-100")
    lots, moves = by_head(answer), by_head(answer, 1)
    assert (lots[0]["入库（册）"] - lots[0]["余（册）"], abs(moves[0]["册数"])) == (3, 3)
    assert at_desk("warehouse").get("/exports/new/lots?code=nothing").status_code == 404
    assert at_desk("agent_owner").get("/exports/new/lots?code=QH26-100").status_code == 404


def test_the_parameters_go_out_one_value_a_row(world: World, at_desk: SitDown) -> None:
    text = regulation_in_force(on=world.at.date())
    found = by_head(at_desk("director").get(f"/exports/new/parameters?pack={text.pack}"))
    assert {row["代号"] for row in found} == set(text.notes)
    share = next(row for row in found if row["代号"] == "overdue_tolerance_days")
    assert (share["值"], share["条款"]) == (str(text.parameters.overdue_tolerance_days), text.notes["overdue_tolerance_days"].clause)
    table = [row for row in found if row["适用于"]]
    assert table
    assert all(row["项"] and row["值"] for row in table)
    gaps = by_head(at_desk("director").get(f"/exports/new/gaps?pack={text.pack}"))
    assert {row["编号"] for row in gaps} == set(text.gaps)


def test_the_decisions_of_a_law_go_out_and_a_partner_gets_its_own(world: World, at_desk: SitDown) -> None:
    mine, others = world.submit("agent", {0: 5}), world.submit("other_agent", {1: 3})
    version = f"v{regulation_in_force(on=world.at.date()).number}"
    asked = {"pack": "publisher", "key": version, "kind": "law", "name": "price"}
    found = by_head(at_desk("director").get("/exports/new/evidence", asked))
    page = at_desk("director").get(f"/regulation/publisher/{version}/evidence/law/price").content.decode()
    assert [any(number in row["单据"] for row in found) for number in (mine.number, others.number)] == [True, True]
    assert all(row["单据"] in page for row in found)
    own = by_head(at_desk("agent_owner").get("/exports/new/evidence", asked))
    assert not any(others.number in row["单据"] for row in own)
    for wrong in ({"name": "nothing"}, {"kind": ""}, {"key": "v99"}, {"pack": "\x00"}):
        assert at_desk("director").get("/exports/new/evidence", asked | wrong).status_code == 404


@pytest.mark.parametrize(
    ("query", "status"), [("", 404), ("pack=nothing", 404), ("pack=publisher&version=99", 404), ("pack=%00", 404), ("pack=publisher", 200)]
)
def test_parameters_of_what_does_not_exist_are_not_there(world: World, at_desk: SitDown, query: str, status: int) -> None:
    assert at_desk("director").get(f"/exports/new/parameters?{query}").status_code == status


def test_people_outside_get_no_notes_about_competitors(world: World, at_desk: SitDown) -> None:
    books = [at_desk(name).get("/exports/new/parameters?pack=publisher").content for name in ("agent_owner", "researcher")]
    outside, inside = (read_table("x.xlsx", book, most_rows=5_000, most_columns=60) for book in books)
    assert ([sheet.name for sheet in outside], [sheet.name for sheet in inside][1]) == ([outside[0].name], "竞争者对照")


@pytest.mark.parametrize(
    ("key", "name", "status"),
    [
        ("batches", "agent_clerk", 403), ("batches", "retailer_owner", 404), ("credit_desk", "warehouse", 403),
        ("signatures", "warehouse", 403), ("bank", "representative", 403), ("bank_files", "representative", 403),
        ("statements", "representative", 403), ("to_ship", "retailer_owner", 404), ("stock_counts", "agent_owner", 404),
        ("credit_groups", "agent_owner", 404),
    ],
)  # fmt: skip
def test_whom_the_page_refuses_the_list_refuses(world: World, at_desk: SitDown, key: str, name: str, status: int) -> None:
    (made,) = [one for one in LISTS_OUT if one.key == key]
    browser = at_desk(name)
    assert [browser.get(address).status_code for address in (reverse(made.route), f"/exports/new/{key}")] == [status, status]


def test_thirty_deliveries_cost_what_one_costs(world: World, at_desk: SitDown) -> None:
    one = sent_off(world)
    browser = at_desk("director")
    sent = []
    found: list[dict[str, Any]] = []
    for many in (0, 29):
        Delivery.objects.bulk_create(
            Delivery(order=one.order, number=f"PS-2026-9{place:03}", shipped_at=one.shipped_at, shipped_by=one.shipped_by)
            for place in range(many)
        )
        with counted() as statements:
            found = by_head(browser.get("/exports/new/deliveries"))
        sent.append(len(statements))
    assert (len(found), sent[0]) == (31, sent[1])


@pytest.mark.parametrize(("key", "name"), [("to_ship", "warehouse"), ("batches", "finance"), ("credit_desk", "finance")])
def test_more_rows_cost_no_more_statements(world: World, at_desk: SitDown, key: str, name: str) -> None:
    browser = at_desk(name)
    sent = []
    for buyers in (("agent",), ("agent", "other_agent")):
        for buyer in buyers:
            if key == "to_ship":
                world.accept(world.submit(buyer, {0: 1}))
            else:
                sent_off(world, buyer, 1)
        with counted() as statements:
            assert browser.get(f"/exports/new/{key}?view=all").status_code == 200
        sent.append(len(statements))
    assert sent[0] == sent[1]


def test_more_counts_cost_no_more_statements(world: World, at_desk: SitDown) -> None:
    browser = at_desk("warehouse")
    (item,) = StockItem.objects.order_by("id")[:1]
    sent = []
    found: list[dict[str, Any]] = []
    for many in (1, 29):
        for _ in range(many):
            StockCount.objects.update(state="withdrawn")
            begun(world, item)
        with counted() as statements:
            found = by_head(browser.get("/exports/new/stock_counts"))
        sent.append(len(statements))
    assert (len(found), sent[0]) == (31, sent[1])
