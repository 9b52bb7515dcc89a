"""Requests of retailers at their agent: who answers, what may be signed, without clock and stock of ours, and what papers say."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from lingqu.base.refusal import Refusal
from lingqu.credit.models import Batch
from lingqu.ledger.models import Posting
from lingqu.orders.actions import AskedLine, decline_order, expire_order, submit_orders, waive_order
from lingqu.orders.models import Order
from lingqu.orders.present.printed import contract_of
from lingqu.orders.queries import late_requests
from lingqu.orders.queries.papers import paper_of
from lingqu.orders.states import Source
from lingqu.organisation.actions import enter_person, give_post
from lingqu.organisation.states import PostCode
from lingqu.policy.rules import SetParameter
from tests.pages import SitDown, spoken
from tests.promises.test_terms import give, stored
from tests.regulation import issued
from tests.world import START, World


def sign(world: World, order: int, by: str = "agent_owner") -> Order:
    return waive_order(order, reason="老客户", regulation=world.regulation, by=world.who(by), at=world.at)


def test_the_owner_signs_up_to_the_bounds_and_no_cent_further(world: World) -> None:
    """Grade C has 50,000.00. 4,166 copies at 96.00 and 75 % are 299,952.00: inside 300,000.00; one copy more is 300,024.00."""
    inside, outside = world.submit("retailer", {0: 4_166}), world.submit("retailer", {0: 4_167})
    assert [stored(one).net for one in (inside, outside)] == [Decimal("299952.00"), Decimal("300024.00")]
    with pytest.raises(Refusal) as refused:
        sign(world, outside.order or 0)
    assert (refused.value.code, refused.value.clause, refused.value.status) == ("out_of_bounds", "M-15.1", 422)
    assert sign(world, inside.order or 0).state == "held"


def test_the_owner_signs_for_a_second_batch_and_for_no_third(world: World) -> None:
    first, second = world.submit("retailer", {0: 1}), world.submit("retailer", {0: 1})
    world.accept(first, by="agent_clerk")
    assert sign(world, second.order or 0).state == "held"
    world.accept(second, by="agent_clerk")
    third = world.submit("retailer", {0: 1})
    with pytest.raises(Refusal) as refused:
        sign(world, third.order or 0)
    assert refused.value.clause == "M-15.1"


def offered(world: World, discount_bp: int) -> int:
    """A request that the agent's second owner entered for the retailer who telephoned, at a price that was offered."""
    if "second_owner" not in world.people:
        firm = world.firms["agent"]
        world.people["second_owner"] = enter_person("second_owner", firm=firm, at=world.at, by=None)
        give_post(world.people["second_owner"], PostCode.OWNER, firm=firm, since=START, at=world.at, by=None)
    asked = msgspec.structs.replace(
        world.ask("retailer", {0: 1}, source=Source.TELEPHONE), lines=(AskedLine(world.products[0].pk, 1, discount_bp),)
    )  # fmt: skip
    (outcome,) = submit_orders([asked], regulation=world.regulation, by=world.who("second_owner"), at=world.at)
    assert outcome.order
    return outcome.order


def test_a_price_below_what_agents_may_sell_at_is_not_the_owners_to_sign(world: World) -> None:
    """Grade C pays 75 % and needs a signature below 72 %; an agent may sell down to 70 %."""
    assert sign(world, offered(world, 7_000)).state == "held"
    below = offered(world, 6_999)
    with pytest.raises(Refusal) as refused:
        sign(world, below)
    assert refused.value.clause == "M-17.1"


@pytest.mark.parametrize("by", ["agent_clerk", "representative", "director", "other_agent_owner", "retailer_owner"])
def test_nobody_else_signs_in_a_branch(world: World, by: str) -> None:
    outcome = world.submit("retailer", {0: 1_000})
    with pytest.raises(Refusal) as refused:
        sign(world, outcome.order or 0, by)
    assert refused.value.status == 403


def test_a_clerk_answers_and_ships_and_changes_nothing_that_was_accepted(world: World, at_desk: SitDown) -> None:
    declined = world.submit("retailer", {0: 1})
    assert declined.order
    decline_order(declined.order, reason="缺货", by=world.who("agent_clerk"), at=world.at)
    accepted = world.submit("retailer", {0: 2})
    clerk = at_desk("agent_clerk")
    assert clerk.post(f"/desk/{accepted.number}/accept", {"ship_on": "2026-11-24"}).status_code == 302
    assert clerk.post(f"/orders/{accepted.number}/ship", {}).status_code == 302
    order = stored(accepted)
    assert order.state == "shipped"
    assert not Posting.objects.filter(document_kind="order", document_id=order.pk, unit="PCS").exists()
    assert [clerk.get(f"/orders/{accepted.number}/{verb}").status_code for verb in ("cancel", "close", "change")] == [403, 403, 403]


def test_the_queue_stands_on_the_homes_of_owner_and_clerk_and_on_no_other(world: World, at_desk: SitDown) -> None:
    outcome = world.submit("retailer", {0: 1})
    there = {name: outcome.number in at_desk(name).get("/").content.decode() for name in (
        "agent_owner", "agent_clerk", "retailer_clerk", "other_agent_owner", "manager", "representative", "director", "finance",
    )}  # fmt: skip
    assert [name for name, seen in there.items() if seen] == ["agent_owner", "agent_clerk", "retailer_clerk"]


def test_without_a_clock_what_is_held_stays_until_it_is_answered(world: World, at_desk: SitDown) -> None:
    issued(world, SetParameter("branch_answer_days", 0))
    outcome = world.submit("retailer", {0: 10})
    order = stored(outcome)
    assert (order.state, order.answer_until, order.received_at) == ("held", None, world.at)
    world.at += timedelta(days=30)
    assert (late_requests(at=world.at), expire_order(order.pk, at=world.at)) == ([], False)
    for name in ("agent_owner", "agent_clerk", "retailer_clerk"):
        assert "不计时" in spoken(at_desk(name).get("/").content.decode()) or "不计时" in spoken(
            at_desk(name).get(f"/orders/{order.number}/").content.decode()
        )
    assert world.accept(outcome, by="agent_clerk").state == "accepted"
    held = stored(world.submit("agent", {0: 1}))
    assert held.answer_until is not None


def test_a_batch_of_own_terms_is_due_after_as_many_as_may_be_open(world: World) -> None:
    """Grade C makes a batch due with the next one; with two open batches given, it is the one after that."""
    give(world)
    for _ in range(2):
        world.accept(world.submit("retailer", {0: 1}), by="agent_clerk")
    assert list(Batch.objects.order_by("number").values_list("triggered_due_on", flat=True)) == [None, None]


def test_the_contract_states_the_terms_that_the_agent_gave(world: World) -> None:
    give(world)
    order = stored(world.submit("retailer", {0: 1}))
    terms = paper_of(order).terms
    assert terms
    assert (terms.limit, terms.max_open_batches, terms.due_after_batches, terms.backstop_days) == (Decimal("80000.00"), 2, 2, 45)
    assert "发货后 45 日" in str(contract_of(paper_of(order)))
