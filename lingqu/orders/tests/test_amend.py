"""Changing a request: judged anew before it is accepted; after that less is credited, and more must fit every law."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from lingqu.audit.models import Fact
from lingqu.base.decision import encode
from lingqu.base.refusal import Refusal
from lingqu.credit.models import Batch, BatchCredit
from lingqu.inventory.queries import stock_of
from lingqu.orders.models import Order, OrderLine, StoredDecision
from lingqu.orders.rules import RequestFacts, decide
from lingqu.orders.tests.path_steps import amend, credit, merge, must_agree, order_of, ship, split, take_back
from tests.world import World

NOTHING = Decimal(0)


def reserved(world: World, place: int) -> int:
    (item,) = [item for item in stock_of(world.hq.pk) if item.product_id == world.products[place].pk]
    return int(item.reserved)  # type: ignore[attr-defined]


def refused(world: World, order: int, copies: dict[int, int], **more: object) -> Refusal:
    before = (credit(world), list(OrderLine.objects.values_list("pk", "copies", "reserved", "net")), Fact.objects.count())
    with pytest.raises(Refusal) as refusal:
        amend(world, order, copies, **more)  # type: ignore[arg-type]
    assert before == (credit(world), list(OrderLine.objects.values_list("pk", "copies", "reserved", "net")), Fact.objects.count())
    return refusal.value


@pytest.mark.parametrize("by", ["agent_owner", "agent_clerk", "representative", "manager"])
def test_a_held_request_is_changed_by_either_side_and_held_anew(world: World, by: str) -> None:
    outcome = world.submit("agent", {0: 10, 1: 5})
    assert outcome.order
    order = amend(world, outcome.order, {0: 20, 2: 3}, by=by)
    assert (order.state, order.copies, order.net) == ("held", 23, Decimal("1287.00"))
    assert credit(world) == (NOTHING, Decimal("1287.00"), 0, 1)
    assert (reserved(world, 0), reserved(world, 1), reserved(world, 2)) == (20, 0, 3)
    assert StoredDecision.objects.filter(order=order).count() == 2
    must_agree(world)


def test_a_change_that_fails_releases_what_was_held(world: World) -> None:
    outcome = world.submit("agent", {0: 10})
    assert outcome.order
    order = amend(world, outcome.order, {0: 5000})
    assert (order.state, credit(world)) == ("review", (NOTHING, NOTHING, 0, 0))
    order = amend(world, outcome.order, {0: 10})
    assert (order.state, credit(world)[1]) == ("held", Decimal("624.00"))
    must_agree(world)


def test_a_request_fills_the_limit_with_its_own_hold_put_aside(world: World) -> None:
    outcome = world.submit("agent", {0: 4800})
    assert outcome.order
    assert amend(world, outcome.order, {0: 4807}).state == "held"
    assert credit(world)[1] == Decimal("299956.80")
    must_agree(world)


def test_the_partner_is_not_offered_to_set_prices_and_others_are_strangers(world: World) -> None:
    outcome = world.submit("agent", {0: 10})
    assert outcome.order
    assert refused(world, outcome.order, {0: 10}, by="agent_owner", bp=6300).code == "forbidden"
    for stranger in ("other_agent_owner", "finance", "warehouse", "director", "retailer_owner"):
        assert refused(world, outcome.order, {0: 9}, by=stranger).code == "forbidden"


def test_more_copies_before_acceptance_cost_what_they_cost_today(world: World) -> None:
    outcome = world.submit("agent", {0: 10})
    assert outcome.order
    amend(world, outcome.order, {0: 10}, bp=6300)
    assert amend(world, outcome.order, {0: 9}, by="agent_owner").lines.get().discount_bp == 6300
    assert amend(world, outcome.order, {0: 10}, by="agent_owner").lines.get().discount_bp == 6500


def test_changing_nothing_and_changing_to_nothing_are_refused(world: World) -> None:
    outcome = world.submit("agent", {0: 10})
    assert outcome.order
    assert refused(world, outcome.order, {0: 10}).code == "nothing_changed"
    assert refused(world, outcome.order, {0: 0}).field == "lines"
    assert refused(world, outcome.order, {0: 1_000_001}).field == "lines.1.copies"


@pytest.mark.parametrize("end", ["withdrawn", "shipped", "cancelled", "merged"])
def test_what_has_ended_is_not_changed(world: World, end: str) -> None:
    outcome = world.submit("agent", {0: 10})
    assert outcome.order
    order = order_of(outcome)
    order.state = end
    order.save()
    assert refused(world, outcome.order, {0: 5}).code == "wrong_state"


def test_less_after_acceptance_is_credited_and_frees_stock(world: World) -> None:
    outcome = world.submit("agent", {0: 10, 1: 5})
    world.accept(outcome)
    assert outcome.order
    order = amend(world, outcome.order, {0: 4, 1: 5})
    paper = BatchCredit.objects.get()
    assert (paper.amount, paper.cause, order.net) == (Decimal("374.40"), "amended", Decimal("665.60"))
    assert credit(world) == (Decimal("665.60"), NOTHING, 1, 0)
    assert (reserved(world, 0), reserved(world, 1)) == (4, 5)
    must_agree(world)


def test_more_after_acceptance_raises_the_batch_under_the_limit(world: World) -> None:
    outcome = world.submit("agent", {0: 10})
    world.accept(outcome)
    assert outcome.order
    order = amend(world, outcome.order, {0: 12, 1: 1})
    assert (order.state, order.net, Batch.objects.get().value) == ("accepted", Decimal("832.00"), Decimal("832.00"))
    assert [line.line for line in order.lines.order_by("line")] == [1, 2]
    assert (reserved(world, 0), reserved(world, 1)) == (12, 1)
    must_agree(world)


def test_more_after_acceptance_past_the_limit_names_the_law_and_changes_nothing(world: World) -> None:
    outcome = world.submit("agent", {0: 4800})
    world.accept(outcome)
    assert outcome.order
    assert amend(world, outcome.order, {0: 4807}).state == "accepted"
    refusal = refused(world, outcome.order, {0: 4808})
    assert (refusal.code, "信用金额" in refusal.text.zh, refusal.clause) == ("not_within", True, "M-19.5")
    must_agree(world)


def test_more_after_acceptance_is_refused_while_its_own_batch_is_overdue_but_less_is_not(world: World) -> None:
    outcome = world.submit("agent", {0: 10})
    world.accept(outcome)
    assert outcome.order
    Batch.objects.update(backstop_due_on=world.at.date() - timedelta(days=200))
    refusal = refused(world, outcome.order, {0: 11})
    assert (refusal.code, "逾期" in refusal.text.zh) == ("not_within", True)
    assert amend(world, outcome.order, {0: 9}).copies == 9


def test_a_paid_request_that_grows_takes_a_place_again_or_is_refused(world: World) -> None:
    outcome = world.submit("agent", {0: 10})
    world.accept(outcome)
    assert outcome.order
    world.pay("agent", "624.00")
    for _ in range(2):
        world.accept(world.submit("agent", {0: 1}))
    assert "未结批次" in refused(world, outcome.order, {0: 11}).text.zh
    world.pay("agent", "124.80")
    order = amend(world, outcome.order, {0: 11})
    assert (order_of(outcome).settled_on, Batch.objects.get(document_id=order.pk).settled_on) == (None, None)
    must_agree(world)


def test_no_line_falls_below_what_was_shipped_and_the_last_rest_out_closes_it(world: World) -> None:
    outcome = world.submit("agent", {0: 10})
    world.accept(outcome)
    assert outcome.order
    ship(world, outcome.order, {1: 6})
    assert refused(world, outcome.order, {0: 5}).field == "lines.1.copies"
    assert amend(world, outcome.order, {0: 8}).state == "part_shipped"
    assert amend(world, outcome.order, {0: 6}).state == "shipped"
    assert credit(world)[0] == Decimal("374.40")
    must_agree(world)


def test_a_lower_price_after_acceptance_goes_by_the_price_law_alone(world: World) -> None:
    outcome = world.submit("agent", {0: 10})
    world.accept(outcome)
    assert outcome.order
    Batch.objects.update(backstop_due_on=world.at.date() - timedelta(days=200))
    assert "价格折扣" in refused(world, outcome.order, {0: 10}, bp=3000).text.zh
    assert amend(world, outcome.order, {0: 10}, bp=6300).net == Decimal("604.80")
    assert BatchCredit.objects.get().amount == Decimal("19.20")
    must_agree(world)


def test_the_partner_does_not_change_what_is_accepted(world: World) -> None:
    outcome = world.submit("agent", {0: 10})
    world.accept(outcome)
    assert outcome.order
    assert refused(world, outcome.order, {0: 5}, by="agent_owner").code == "forbidden"


def test_returns_and_reductions_together_never_pass_the_worth_of_the_batch(world: World) -> None:
    outcome = world.submit("agent", {3: 7})
    world.accept(outcome)
    assert outcome.order
    ship(world, outcome.order, {1: 5})
    take_back(world, outcome.order, {1: 2})
    amend(world, outcome.order, {3: 5})
    take_back(world, outcome.order, {1: 3})
    batch = Batch.objects.get()
    assert sum(one.amount for one in BatchCredit.objects.all()) == batch.value
    must_agree(world)


def test_a_changed_decision_is_made_again_letter_for_letter(world: World) -> None:
    outcome = world.submit("agent", {0: 10})
    assert outcome.order
    amend(world, outcome.order, {0: 20})
    world.accept(outcome)
    amend(world, outcome.order, {0: 21, 1: 1})
    stored = list(StoredDecision.objects.order_by("id"))
    again = [encode(decide(msgspec.json.decode(one.facts, type=RequestFacts), world.regulation).decision) for one in stored]
    assert (len(stored), again) == (3, [one.decision for one in stored])


@pytest.mark.parametrize("path", ["amend", "split", "merge"])
def test_a_stamped_contract_is_about_what_was_asked_and_another_content_needs_another(world: World, path: str) -> None:
    first, second = world.submit("agent", {0: 10, 1: 5}).order, world.submit("agent", {0: 1}).order
    assert first
    assert second
    Order.objects.filter(pk=first).update(needs_contract=True, received_at=world.at)
    if path == "amend":
        orders = [amend(world, first, {0: 11})]
    elif path == "split":
        orders = list(split(world, first, {1: 4}))
    else:
        orders = [merge(world, second, first)]
    for order in orders:
        assert (order.state, order.needs_contract, order.received_at, order.answer_until) == ("papers", True, None, None)
    assert credit(world)[1] == (NOTHING if path == "merge" else Decimal("62.40"))
    must_agree(world)


def test_a_request_that_waits_for_its_contract_is_changed_and_goes_on_waiting(world: World) -> None:
    outcome = world.submit("agent", {0: 10})
    assert outcome.order
    Order.objects.filter(pk=outcome.order).update(needs_contract=True, received_at=world.at)
    amend(world, outcome.order, {0: 11})
    decisions = StoredDecision.objects.count()
    assert (amend(world, outcome.order, {0: 12}).state, StoredDecision.objects.count()) == ("papers", decisions)
    must_agree(world)
