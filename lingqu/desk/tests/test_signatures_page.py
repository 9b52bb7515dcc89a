"""The yearly review of special signatures: its sums are those of the signatures, and it says what came of each."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from lingqu.base.sheets import read_table
from lingqu.credit.models import Waiver
from lingqu.desk.present.signatures import review_of, reviews_of
from lingqu.desk.queries.signatures import signed_between
from lingqu.orders.actions import Outcome, ask_signature
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World


def signed(world: World, copies: dict[int, int], buyer: str = "agent") -> Outcome:
    """A request that fails, is asked for, and signed by all three."""
    outcome = world.submit(buyer, copies)
    assert outcome.order
    asked = ask_signature(outcome.order, "旺季备货", regulation=world.regulation, by=world.who("representative"), at=world.at)
    assert asked
    assert asked.approval_id
    for who in ("manager", "finance", "director"):
        world.sign(asked.approval_id, who)
    return outcome


def busy(world: World) -> None:
    """Two signatures for batches, one of them accepted and paid, and one for yuan of another partner."""
    for _ in range(2):
        world.accept(world.submit("agent", {0: 10}))
    world.accept(signed(world, {0: 10}))
    signed(world, {0: 4_000}, "other_agent")
    world.pay("agent", "1872.00")
    for _ in range(2):
        world.accept(world.submit("agent", {0: 10}))
    world.accept(signed(world, {0: 10}))


def test_the_sums_are_those_of_the_signatures(world: World, at_desk: SitDown) -> None:
    busy(world)
    rows = signed_between(world.hq.pk, since=world.at - timedelta(days=300), until=world.at + timedelta(days=60))
    waivers = list(Waiver.objects.all())
    whole = review_of("", "", rows, on=world.at.date())
    assert (whole.count, whole.amount, whole.batches) == (3, sum(one.amount for one in waivers), sum(one.batches for one in waivers))
    partners = reviews_of(rows, lambda row: (row.buyer_name, row.buyer_code), on=world.at.date())
    assert [(one.code, one.count, one.batches, one.paid, one.open, one.unused) for one in partners] == [
        ("agent", 2, 2, 1, 1, 0), ("other_agent", 1, 0, 0, 0, 1),
    ]  # fmt: skip
    assert sum((one.amount for one in partners), Decimal(0)) == whole.amount
    assert all(one.paid + one.late + one.open + one.unused == one.count for one in partners)
    said = spoken(at_desk("director").get("/credit/signatures").content.decode())
    assert "2026 年特批评审" in said
    assert "按期付清" in said


def test_a_batch_that_is_paid_late_stands_as_late(world: World, at_desk: SitDown) -> None:
    for _ in range(2):
        world.accept(world.submit("agent", {0: 10}))
    third = signed(world, {0: 10})
    world.accept(third)
    world.ship(third)
    world.at += timedelta(days=100)
    rows = signed_between(world.hq.pk, since=world.at - timedelta(days=300), until=world.at + timedelta(days=60))
    assert review_of("", "", rows, on=world.at.date()).late == 1
    assert "天" in spoken(at_desk("director").get("/credit/signatures?year=2026").content.decode())


@pytest.mark.parametrize(
    ("name", "status"),
    [("director", 200), ("manager", 200), ("finance", 200), ("representative", 200), ("warehouse", 403), ("agent_clerk", 403)],
)
def test_it_is_the_committees(world: World, at_desk: SitDown, name: str, status: int) -> None:
    for page in ("/credit/signatures", "/exports/new/signatures"):
        assert at_desk(name).get(page).status_code == status


def test_nobody_finds_those_of_another_seller(world: World, at_desk: SitDown) -> None:
    busy(world)
    page = at_desk("agent_owner").get("/credit/signatures").content.decode()
    assert "这一年没有特批" in page
    assert "旺季备货" not in page


@pytest.mark.parametrize("query", ["year=", "year=abc", "year=99999999999", "year=²", "year=1", "partner=%00", "partner=" + "x" * 500])
def test_an_address_that_makes_no_sense_shows_something_sensible(world: World, at_desk: SitDown, query: str) -> None:
    assert at_desk("director").get(f"/credit/signatures?{query}").status_code == 200


def test_the_partners_page_leads_to_its_signatures(world: World, at_desk: SitDown) -> None:
    busy(world)
    browser = at_desk("manager")
    assert "/credit/signatures?partner=agent" in browser.get("/partners/agent/").content.decode()
    page = spoken(browser.get("/credit/signatures?partner=agent").content.decode())
    assert world.firms["agent"].name in page
    assert world.firms["other_agent"].name not in page
    assert "/credit/signatures" not in at_desk("agent_owner").get("/partners/agent/").content.decode()


def test_the_workbook_holds_each_signature_and_the_same_sums(world: World, at_desk: SitDown) -> None:
    busy(world)
    answer = at_desk("finance").get("/exports/new/signatures?year=2026")
    sheets = read_table("review.xlsx", answer.content, most_rows=100, most_columns=30)
    assert [sheet.name for sheet in sheets[:3]] == ["2026 年特批", "按客户", "按签署人"]
    each = sheets[0].rows[1:]
    assert len(each) == 3
    assert {row[0] for row in each} == set(Waiver.objects.values_list("number", flat=True))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_keeps_to_one_language(world: World, at_desk: SitDown, language: str) -> None:
    busy(world)
    page = at_desk("director", language=language).get("/credit/signatures").content.decode()
    assert of_the_other_language(page, language, world, "旺季备货", "Excel") == []


def test_it_takes_as_many_statements_for_one_as_for_many(world: World, at_desk: SitDown) -> None:
    signed(world, {0: 4_000}, "other_agent")
    browser = at_desk("director")
    browser.get("/credit/signatures")
    with counted() as one:
        browser.get("/credit/signatures")
    busy(world)
    with counted() as many:
        browser.get("/credit/signatures")
    assert len(many) == len(one)
