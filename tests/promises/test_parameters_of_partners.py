"""Parameters of returns, visits, agents' branches and price claims change a result; `test_parameters_matter.py` counts them all."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from lingqu.base.refusal import Refusal
from lingqu.claims.tests.things import claim, cut, shipped_before
from lingqu.credit.actions import give_terms
from lingqu.credit.rules import NewTerms
from lingqu.orders.actions import ship_order
from lingqu.orders.models import Order
from lingqu.orders.states import ReturnReason
from lingqu.partners.models import Partner
from lingqu.returns.actions import ask_return
from lingqu.returns.rules import AskedLine, NewReturnRequest, read_rows
from lingqu.visits.actions import plan_visit
from lingqu.visits.present import this_year
from lingqu.visits.rules import NewVisit
from tests.promises.parameters import answer_until, under_both
from tests.world import World


def return_keeps_the_caps(world: World) -> bool:
    """Whether 15 copies of the hundred that were shipped this year may come back freely."""
    order = world.accept(world.submit("agent", {0: 100}))
    ship_order(order.pk, regulation=world.regulation, by=world.who("warehouse"), at=world.at)
    lines = (AskedLine(world.products[0].pk, 15),)
    new = NewReturnRequest("return", world.hq.pk, world.firms["agent"].pk, ReturnReason.WRONG, lines)
    request = ask_return(new, regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    return [row.passed for row in read_rows(request.caps)][:2] == [True, True]


def test_return_share(world: World) -> None:
    assert under_both(return_keeps_the_caps, return_share=14) == (True, False)


def test_return_age(world: World) -> None:
    assert under_both(return_of_two_months, return_age_months=1) == (True, False)


def return_of_two_months(world: World) -> bool:
    """Whether goods that were shipped two months ago are young enough."""
    order = world.accept(world.submit("agent", {0: 100}))
    ship_order(order.pk, regulation=world.regulation, by=world.who("warehouse"), at=world.at)
    world.at += timedelta(days=62)
    new = NewReturnRequest(
        "return", world.hq.pk, world.firms["agent"].pk, ReturnReason.SLOW, (AskedLine(world.products[0].pk, 1),)
    )  # fmt: skip
    request = ask_return(new, regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    return [row.passed for row in read_rows(request.caps)][1]


def visits_owed(world: World) -> str:
    """How many visits the regulation still asks for, as the page of a first one says."""
    new = NewVisit("visit", world.firms["agent"].pk, world.at.date(), "看库存")
    return this_year(plan_visit(new, by=world.who("representative"), at=world.at)).en


def test_visits_per_year(world: World) -> None:
    table = {"agent": {"visits": 6}, "retailer": {"visits": 1}}
    assert under_both(visits_owed, visits_per_year=table) == ("0 of at least 4, 4 to come", "0 of at least 6, 6 to come")


def terms_given(world: World) -> str:
    """What becomes of terms for a retailer: 150,000.00, two batches, 45 days, 72 %."""
    new = NewTerms("B", Decimal("150000.00"), 2, 45, 7_200, "备货")
    try:
        (made,) = give_terms([(world.lines["retailer"].pk, new)], regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    except Refusal as refusal:
        return f"{refusal.code} {refusal.field} {refusal.clause}"
    return made.state


def test_branch_most_limit(world: World) -> None:
    assert under_both(terms_given, branch_most_limit="149999.99") == ("applied", "out_of_bounds limit M-15.1")


def test_branch_most_batches(world: World) -> None:
    assert under_both(terms_given, branch_most_batches=1) == ("applied", "out_of_bounds batches M-15.1")


def test_branch_most_days(world: World) -> None:
    assert under_both(terms_given, branch_most_days=44) == ("applied", "out_of_bounds days M-15.1")


def test_branch_lowest_discount(world: World) -> None:
    assert under_both(terms_given, branch_lowest_discount=7_201) == ("applied", "out_of_bounds discount M-17.1")


def test_the_answer_time_of_branches_is_not_that_of_headquarters(world: World) -> None:
    assert under_both(answer_until, branch_answer_days=3) == (date(2026, 11, 25), date(2026, 11, 25))


def retailers_answer_until(world: World) -> date | None:
    until = Order.objects.get(pk=world.submit("retailer", {0: 1}).order or 0).answer_until
    return until.date() if until else None


def test_branch_answer_days(world: World) -> None:
    """Two days for an agent to answer its retailer; 0 is no clock at all."""
    assert under_both(retailers_answer_until, branch_answer_days=0) == (date(2026, 11, 25), None)


def retailer_without_agreement(world: World) -> str:
    """A retailer whose agreement of the year is over: its request waits for a stamped contract, or falls."""
    Partner.objects.filter(pk=world.partners["retailer"].pk).update(contract_until=None)
    return str(world.submit("retailer", {0: 1}).state)


def test_branch_stamped_contract(world: World) -> None:
    assert under_both(retailer_without_agreement, branch_stamped_contract=False) == ("papers", "refused")


def claimed_for(world: World, *, shipped: int, waited: int) -> str:
    """What is made good of ten copies at 96.00, shipped some days before it fell to 80.00 and claimed some days after; else why not."""
    shipped_before(world, {0: 10}, days=shipped)
    cut(world, 0, "80")
    world.at += timedelta(days=waited)
    try:
        return str(claim(world, {0: 10}).amount)
    except Refusal as refusal:
        return refusal.field


def test_price_protection_days(world: World) -> None:
    assert under_both(lambda one: claimed_for(one, shipped=10, waited=0), price_protection_days=9) == ("104.00", "lines.1.title")


def test_price_claim_days(world: World) -> None:
    assert under_both(lambda one: claimed_for(one, shipped=10, waited=20), price_claim_days=19) == ("104.00", "lines.1.title")


def test_price_protection_share(world: World) -> None:
    assert under_both(lambda one: claimed_for(one, shipped=10, waited=0), price_protection_share=50) == ("104.00", "52.00")
