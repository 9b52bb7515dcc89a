"""An agent's branch: what headquarters owes and is owed is its own alone, everywhere; and a limit holds whoever changes it meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum

from lingqu.base.refusal import Refusal
from lingqu.credit.actions import give_terms, review_line
from lingqu.credit.models import CreditLine, RetailerTerms
from lingqu.credit.queries import groups_of, open_holds_of
from lingqu.credit.rules import NewTerms
from lingqu.desk.queries import PartnerFilter, due_batches, list_partners, money_figures, unapplied_lines
from lingqu.ledger.models import Running
from lingqu.ledger.queries import standings
from lingqu.operate.verify import run_checks
from lingqu.orders.actions import submit_orders
from lingqu.orders.models import Order
from lingqu.settlement.models import Statement
from tests.pages import SitDown, spoken
from tests.promises.test_two_at_once import at_once
from tests.world import World, build_world

TERMS = NewTerms("B", Decimal("120000.00"), 2, 45, 7_200, "备货")


def given(world: World, new: NewTerms = TERMS, by: str = "agent_owner") -> RetailerTerms:
    (made,) = give_terms([(world.lines["retailer"].pk, new)], regulation=world.regulation, by=world.who(by), at=world.at)
    return made


def told(world: World) -> World:
    """Headquarters and the agent have each accepted a request, and are owed: 6,240.00 and 7,104.00 (96.00 × 100 at 65 and at 74 %)."""
    given(world, NewTerms("C", Decimal("120000.00"), 2, 45, 7_400, "备货"))
    for buyer, by in (("agent", "representative"), ("retailer", "agent_clerk")):
        assert world.accept(world.submit(buyer, {0: 100}), by=by).state == "accepted"
    return world


def taken_by(seller: int) -> Decimal:
    """What stands on the lines of a seller, added up by hand."""
    accounts = CreditLine.objects.filter(seller_id=seller).values("account_id")
    sums = Running.objects.filter(account_id__in=accounts).aggregate(used=Sum("used"), held=Sum("held"))
    return Decimal(sums["used"] or 0) + Decimal(sums["held"] or 0)


FIGURES: dict[str, Callable[[World, int], Decimal]] = {
    "list of partners": lambda world, seller: list_partners(seller, PartnerFilter(), on=world.at.date(), tolerance_days=0).totals.taken,
    "open batches": lambda world, seller: sum((one.remaining for one in due_batches(seller, on=world.at.date())), Decimal(0)),
    "figures of the home": lambda world, seller: money_figures(seller, on=world.at.date(), tolerance_days=0).used,
}


@pytest.mark.parametrize("figure", FIGURES)
def test_the_exposure_of_headquarters_is_the_sum_of_the_lines_that_it_gave(world: World, figure: str) -> None:
    told(world)
    agent = world.firms["agent"].pk
    assert (taken_by(world.hq.pk), taken_by(agent)) == (Decimal("6240.00"), Decimal("7104.00"))
    assert FIGURES[figure](world, world.hq.pk) == Decimal("6240.00")
    assert FIGURES[figure](world, agent) == Decimal("7104.00")


def test_negative_control_a_claim_of_the_agent_that_headquarters_counted_would_be_seen(world: World) -> None:
    """The same comparison, with the retailer's line given to headquarters by a defect: the sums are 13,344.00, not 6,240.00."""
    told(world)
    CreditLine.objects.filter(pk=world.lines["retailer"].pk).update(seller=world.hq)
    assert taken_by(world.hq.pk) == Decimal("13344.00")
    red = {check["key"] for check in run_checks() if check["wrong"]}
    assert "sellers" in red


def test_nothing_else_of_headquarters_knows_the_branch(world: World, at_desk: SitDown) -> None:
    told(world)
    later = world.at + timedelta(days=60)
    review_line(world.lines["retailer"].pk, regulation=world.regulation, at=later)
    hq, agent = world.hq.pk, world.firms["agent"].pk
    assert [one.buyer_code for one in open_holds_of(hq, on=later.date())] == []
    assert [one.buyer_code for one in open_holds_of(agent, on=later.date())] in ([], ["retailer"])
    assert (unapplied_lines(hq), list(groups_of(hq)), Statement.objects.filter(line__seller_id=hq).count()) == ([], [], 0)
    number = Order.objects.get(seller_id=agent).number
    for name in ("director", "manager", "finance", "representative", "warehouse"):
        browser = at_desk(name)
        for path in ("/", "/orders/", "/partners/", "/receipts/", "/credit/holds/", f"/orders/{number}/", "/branch/terms/"):
            page = spoken(browser.get(path).content.decode())
            assert number not in page.replace(f"/orders/{number}/", ""), (name, path)
            assert "7,104.00" not in page, (name, path)
    assert [check["key"] for check in run_checks() if check["wrong"]] == []


def test_terms_and_requests_at_once_never_go_past_the_limit(race_database: str) -> None:
    """Eight requests of 3,600.00 while the owner lowers 60,000.00 to 10,000.00: what was held before stays, nothing passes after."""
    world = build_world()
    line, by, regulation = world.lines["retailer"], world.who("agent_owner"), world.regulation
    given(world, NewTerms("C", Decimal("60000.00"), 2, 45, 7_500, "备货"))
    lower = NewTerms("C", Decimal("10000.00"), 2, 45, 7_500, "收紧")
    asked = [world.ask("retailer", {0: 50}, key=f"race-{number}") for number in range(8)]

    def submit(place: int) -> Callable[[], object]:
        return lambda: submit_orders([asked[place]], regulation=regulation, by=by, at=world.at)

    def tighten() -> object:
        return give_terms([(line.pk, lower)], regulation=regulation, by=by, at=world.at)

    assert at_once([*map(submit, range(8)), tighten]) == {"done": 9}
    standing = standings([line.account_id])[line.account_id]
    held = Order.objects.filter(state="held")
    assert (standing.limit, standing.held) == (Decimal("10000.00"), sum((one.net for one in held), Decimal(0)))
    assert (standing.held_count, held.count() <= 2) == (held.count(), True)
    assert RetailerTerms.objects.filter(state="applied").count() == 1


def test_many_set_terms_at_once_and_one_holds(race_database: str) -> None:
    world = build_world()
    line, by, regulation = world.lines["retailer"].pk, world.who("agent_owner"), world.regulation

    def give(days: int) -> Callable[[], object]:
        new = NewTerms("C", Decimal("60000.00"), 2, days, None, "备货")
        return lambda: give_terms([(line, new)], regulation=regulation, by=by, at=world.at)

    assert at_once([give(days) for days in range(30, 38)]) == {"done": 8}
    (applied,) = RetailerTerms.objects.filter(state="applied")
    assert CreditLine.objects.get(pk=line).own_days == applied.days
    assert [check["key"] for check in run_checks() if check["wrong"]] == []


def test_a_clerk_asks_while_the_owner_sets(race_database: str) -> None:
    world = build_world()
    line, owner, clerk, regulation = world.lines["retailer"].pk, world.who("agent_owner"), world.who("agent_clerk"), world.regulation

    def give(by: object, days: int) -> Callable[[], object]:
        new = NewTerms("C", Decimal("60000.00"), 2, days, None, "备货")
        return lambda: give_terms([(line, new)], regulation=regulation, by=by, at=world.at)  # type: ignore[arg-type]

    outcome = at_once([give(owner, 40), *(give(clerk, days) for days in (41, 42, 43))])
    assert outcome["done"] >= 1
    assert set(outcome) <= {"done", "proposal_open", "proposal_came"}
    states = sorted(RetailerTerms.objects.values_list("state", flat=True))
    assert states.count("applied") <= 1
    assert states.count("proposed") <= 1
    assert [check["key"] for check in run_checks() if check["wrong"]] == []


def test_headquarters_signs_nothing_in_a_branch(world: World) -> None:
    asked = given(world, by="agent_clerk")
    for name in ("director", "manager", "finance", "other_agent_owner", "retailer_owner"):
        with pytest.raises(Refusal):
            world.sign(asked.approval_id or 0, name)
    asked.refresh_from_db()
    assert asked.state == "proposed"
