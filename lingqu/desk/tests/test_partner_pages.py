"""The list of partners and the page of one: figures from the ledger, search, filters, and who may look."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from lingqu.credit.actions import open_line
from lingqu.credit.queries import exposure_of
from lingqu.desk.present.money import movement_row
from lingqu.desk.queries import PartnerFilter, list_partners, movements_page
from lingqu.desk.queries.movements import Movement
from lingqu.ledger.models import Running
from lingqu.ledger.states import Phase
from lingqu.organisation.actions import open_firm
from lingqu.organisation.states import FirmKind
from lingqu.partners.actions import Terms, take_on_partner
from lingqu.partners.rules import Papers
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import START, World

TABS = ("overview", "requests", "money", "receipts", "grades")


def take_on_more(world: World, many: int) -> None:
    """More agents of the publisher, each with a line and an open batch."""
    director = world.who("director")
    for place in range(many):
        firm = open_firm(
            f"合肥徽石{place}号", code=f"more-{place}", kind=FirmKind.AGENT, parent=world.hq, since=START, levels=4, at=world.at, by=None
        )  # fmt: skip
        papers, terms = Papers(date(2027, 8, 31), date(2027, 8, 31), date(2027, 8, 31)), Terms("SQ-1", "DL-1", "E-1", ("34",), "340104")
        world.partners[firm.code] = take_on_partner(firm, seller=world.hq, papers=papers, terms=terms, by=None, at=world.at)
        line = open_line(world.hq, firm, grade="B", regulation=world.regulation, reason="首次评级", by=director, at=world.at)
        world.firms[firm.code], world.lines[firm.code] = firm, line
        world.accept(world.submit(firm.code, {0: 1}, by="manager"))


def test_a_write_off_is_opened_by_the_seller_s_people_only() -> None:
    at, one = datetime(2026, 11, 20, 1, 0, tzinfo=UTC), Decimal(1)
    moved = Movement(1, Phase.DIRECT, "write_off", at.date(), at, one, 0, -one, one, one, one, "HX-2026-0001", "write_off", None)
    urls = [(row["number"], row["url"]) for row in (movement_row(moved, sells=True), movement_row(moved, sells=False))]
    assert urls == [("HX-2026-0001", "/credit/write-offs/HX-2026-0001/"), ("HX-2026-0001", "")]


def test_the_list_shows_the_partners_of_the_firm_and_of_nobody_else(world: World, at_desk: SitDown) -> None:
    page = at_desk("finance").get("/partners/").content.decode()
    assert [name for name in world.firms if f"/partners/{name}/" in page] == ["agent", "other_agent", "cash_agent"]
    page = at_desk("agent_owner").get("/partners/").content.decode()
    assert [firm.name for firm in world.firms.values() if f'class="partner-name" href="/partners/{firm.code}/"' in page] == ["retailer公司"]
    assert at_desk("retailer_owner").get("/partners/").status_code == 404
    assert Client().get("/partners/").status_code == 302


def test_the_figures_of_a_row_are_the_ledger_s(world: World) -> None:
    world.accept(world.submit("agent", {0: 100}))
    world.submit("agent", {0: 10})
    (row,) = list_partners(world.hq.pk, PartnerFilter(words="agent", grade="A"), on=world.at.date(), tolerance_days=0).rows
    running = Running.objects.get(account_id=world.lines["agent"].account_id)
    assert (row.limit, row.used, row.held) == (running.limit, running.used, running.held)
    assert (row.used, row.held, row.free) == (Decimal("6240.00"), Decimal("624.00"), Decimal("293136.00"))
    assert (row.open_count, row.held_count, row.most_open) == (1, 1, 2)
    assert row.representative == "representative"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("徽石", ["more-0"]),
        ("huishi", ["more-0"]),
        ("hui shi", ["more-0"]),
        ("hfhs", ["more-0"]),
        ("MORE-0", ["more-0"]),
        ("合肥 0号", ["more-0"]),
        ("%", []),
        ("_", ["other_agent", "cash_agent"]),
        ("nobody", []),
    ],
)
def test_a_partner_is_found_by_name_pinyin_initials_and_code(world: World, words: str, found: list[str]) -> None:
    take_on_more(world, 1)
    listed = list_partners(world.hq.pk, PartnerFilter(words=words), on=world.at.date(), tolerance_days=0)
    assert sorted(row.code for row in listed.rows) == sorted(found)


def test_filters_narrow_and_the_totals_follow(world: World, at_desk: SitDown) -> None:
    late = world.submit("other_agent", {0: 100})
    world.accept(late)
    world.ship(late)
    world.at += timedelta(days=61)
    browser = at_desk("manager")
    page = browser.get("/partners/?state=overdue").content.decode()
    assert "other_agent公司" in page
    assert "/partners/agent/" not in page
    assert "逾期 1 天" in page
    assert "6,240.00" in spoken(page)
    assert "没有符合条件的客户" in browser.get("/partners/?q=nobody").content.decode()
    assert "/partners/cash_agent/" in browser.get("/partners/?grade=D").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "representative=1e400",
        "representative=９",
        "representative=99999999999999999999",
        "grade=%27",
        "sort=nothing",
        "state=x",
        "q=%25%5C_",
    ],
)
def test_a_strange_address_is_no_error(world: World, at_desk: SitDown, query: str) -> None:
    assert at_desk("manager").get(f"/partners/?{query}").status_code == 200


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_keeps_to_one_language(world: World, at_desk: SitDown, language: str) -> None:
    world.accept(world.submit("agent", {0: 1}))
    page = at_desk("manager", language=language).get("/partners/").content.decode()
    assert of_the_other_language(page, language, world, "representative") == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("name", ["director", "agent_owner"])
def test_every_tab_keeps_to_one_language(world: World, at_desk: SitDown, name: str, tab: str, language: str) -> None:
    shipped = world.submit("agent", {0: 40})
    world.accept(shipped)
    world.ship(shipped)
    world.pay("agent", "3000.00")
    world.submit("agent", {0: 1}, by="manager")
    page = at_desk(name, language=language).get(f"/partners/agent/?tab={tab}")
    assert page.status_code == 200
    assert of_the_other_language(page.content.decode(), language, world) == []


def test_who_sees_the_page_of_a_partner(world: World, at_desk: SitDown) -> None:
    seen = {
        name: at_desk(name).get("/partners/agent/").status_code
        for name in ("director", "finance", "warehouse", "agent_owner", "agent_clerk", "other_agent_owner", "retailer_owner")
    }
    assert seen == {
        "director": 200, "finance": 200, "warehouse": 200, "agent_owner": 200, "agent_clerk": 200, "other_agent_owner": 404,
        "retailer_owner": 404,
    }  # fmt: skip
    assert at_desk("manager").get("/partners/retailer/").status_code == 404
    assert at_desk("agent_owner").get("/partners/retailer/").status_code == 200
    for code in ("nobody", "HQ", "%00"):
        assert at_desk("manager").get(f"/partners/{code}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "verbs"),
    [
        ("director", ["grade"]),
        ("manager", ["order"]),
        ("representative", ["order"]),
        ("finance", ["receipt"]),
        ("warehouse", []),
        ("agent_owner", ["own_order"]),
        ("agent_clerk", ["own_order"]),
    ],
)
def test_the_page_offers_just_the_verbs_that_are_theirs(world: World, at_desk: SitDown, name: str, verbs: list[str]) -> None:
    page = at_desk(name).get("/partners/agent/").content.decode()
    line = world.lines["agent"].pk
    offered = {
        "grade": 'href="/partners/agent/grade"',
        "receipt": f'href="/receipts/new?line={line}"',
        "order": 'href="/orders/new?buyer=agent"',
        "own_order": 'href="/orders/new"',
    }
    assert [verb for verb, link in offered.items() if link in page] == verbs


def test_the_bar_its_why_and_the_batches_add_up(world: World, at_desk: SitDown) -> None:
    first = world.submit("agent", {2: 4000})
    world.accept(first)
    world.ship(first)
    world.accept(world.submit("agent", {2: 1000}))
    world.pay("agent", "2000.00")
    page = spoken(at_desk("agent_owner").get("/partners/agent/").content.decode())
    assert exposure_of(world.lines["agent"]).total == Decimal("63000.00")
    assert "13,000.00 已受理未发货 + 50,000.00 已发货未付 − 0.00 预收未核销 = 63,000.00 已用" in page
    assert "可用 = 额度 − 已用 − 预留：300,000.00 − 63,000.00 − 0.00 = 237,000.00" in page
    assert "批次 2 / 2 未结" in page


def test_the_movements_end_at_what_the_ledger_says(world: World, at_desk: SitDown) -> None:
    world.accept(world.submit("agent", {0: 100}))
    world.pay("agent", "6240.00")
    world.accept(world.submit("agent", {0: 7}))
    world.submit("agent", {0: 3})
    account = world.lines["agent"].account_id
    running = Running.objects.get(account_id=account)
    newest = movements_page(account).rows[0]
    assert (newest.used_after, newest.held_after) == (running.used, running.held)
    page = spoken(at_desk("finance").get("/partners/agent/?tab=money").content.decode())
    for words in ("申请预占额度", "受理，预占转为占用", "收到回款", "批次结清，释放批次"):
        assert words in page


def test_a_long_list_of_movements_is_read_page_by_page(world: World, at_desk: SitDown) -> None:
    for _ in range(20):
        world.accept(world.submit("agent", {0: 1}))
        world.pay("agent", "62.40")
    account = world.lines["agent"].account_id
    first = movements_page(account)
    assert len(first.rows) == 50
    assert first.older
    second = movements_page(account, upto=first.older)
    assert len(second.rows) == 30
    assert second.newer == first.rows[0].id
    assert second.rows[0].used_after == first.rows[-1].used_after - first.rows[-1].used
    assert second.rows[-1].used_after == second.rows[-1].used
    browser = at_desk("finance")
    assert f"upto={first.older}" in browser.get("/partners/agent/?tab=money").content.decode()
    for strange in ("0", "-1", "x", "１", "9" * 30):
        assert browser.get(f"/partners/agent/?tab=money&upto={strange}").status_code == 200


def test_a_partner_without_a_credit_line_has_a_page_too(world: World, at_desk: SitDown) -> None:
    firm = open_firm("新店", code="new", kind=FirmKind.AGENT, parent=world.hq, since=START, levels=4, at=world.at, by=None)
    take_on_partner(firm, seller=world.hq, papers=Papers(None, None, None), terms=Terms("", "", "", (), "37"), by=None, at=world.at)
    browser = at_desk("director")
    for tab in TABS:
        assert browser.get(f"/partners/new/?tab={tab}").status_code == 200
    page = spoken(browser.get("/partners/new/").content.decode())
    assert "未评级" in page
    assert "还没有信用档案" in page
    assert "证照不齐" in spoken(browser.get("/partners/").content.decode())


@pytest.mark.parametrize("path", ["/partners/", *(f"/partners/agent/?tab={tab}" for tab in TABS)])
def test_thirty_rows_take_as_many_statements_as_one(world: World, at_desk: SitDown, path: str) -> None:
    def fill(many: int) -> None:
        for _ in range(many):
            world.accept(world.submit("agent", {0: 1}))
            world.pay("agent", "62.40")

    browser = at_desk("director")
    fill(1)
    browser.get(path)
    with counted() as one:
        assert browser.get(path).status_code == 200
    fill(29)
    if path == "/partners/":
        take_on_more(world, 29)
    with counted() as thirty:
        assert browser.get(path).status_code == 200
    assert len(thirty) == len(one)
