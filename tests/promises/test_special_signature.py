"""The special signature: exactly these laws, exactly this request, by the procedure, and not by who asked for it or entered it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from lingqu.approvals.models import Approval, ApprovalStep
from lingqu.base.refusal import Refusal
from lingqu.catalogue.models import Product
from lingqu.credit.models import Waiver
from lingqu.ledger.actions import set_limit
from lingqu.ledger.models import Posting
from lingqu.notices.models import Notice
from lingqu.orders.actions import (
    Asked,
    AskedLine,
    Outcome,
    ask_payment,
    ask_signature,
    decide_again,
    decline_order,
    revise_signature,
    submit_orders,
    waive_order,
    withdraw_order,
    withdraw_signature,
)
from lingqu.orders.actions.amend import amend_order
from lingqu.orders.models import Order, SignatureRequest, StoredDecision
from lingqu.orders.states import OrderState
from tests.world import World

OVER = {0: 4_807, 2: 3, 3: 421}
"""300,000.01 at 65 %: one cent over the limit of grade A."""

SIGNERS = ("manager", "finance", "director")
RETAILER_OVER = {0: 1_000}
"""Far over what the agent gives its retailer, of grade C."""


def ask(world: World, order: int | None, by: str = "representative", reason: str = "急需") -> SignatureRequest:
    assert order
    asked = ask_signature(order, reason, regulation=world.regulation, by=world.who(by), at=world.at)
    assert asked
    return asked


def sign(world: World, asked: SignatureRequest, *signers: str) -> OrderState:
    assert asked.approval_id
    for who in signers or SIGNERS:
        world.sign(asked.approval_id, who)
    return state(asked.order_id)


def state(order: int | None) -> OrderState:
    assert order
    return OrderState(Order.objects.get(pk=order).state)


def stand(asked: SignatureRequest) -> str:
    asked.refresh_from_db()
    return asked.state


def failed(order: int | None) -> str:
    assert order
    newest = StoredDecision.objects.filter(order_id=order).order_by("-id").first()
    assert newest
    return newest.failed


def lower(world: World, limit: int, count_limit: int = 2) -> None:
    account = world.lines["agent"].account_id
    set_limit(account, limit=Decimal(limit), count_limit=count_limit, document=("test", 1), on=world.at.date(), at=world.at)


def test_it_covers_exactly_what_is_over(world: World) -> None:
    order = world.submit("agent", OVER).order
    assert sign(world, ask(world, order)) is OrderState.HELD
    waiver = Waiver.objects.get()
    assert (waiver.laws, waiver.amount, waiver.batches, waiver.reason) == ("credit", Decimal("0.01"), 0, "急需")
    posted = Posting.objects.get(phase="waiver")
    assert (posted.amount, posted.document_id, posted.destination_id) == (Decimal("0.01"), order, world.lines["agent"].account_id)


def test_those_who_decide_see_the_numbers_of_what_failed_and_how_the_partner_pays(world: World) -> None:
    asked = ask(world, world.submit("agent", OVER).order)
    assert asked.approval
    facts = {label: value for label, _, value, _ in asked.approval.facts}
    assert facts["信用金额"] == "已用 0.00 + 预留 0.00 + 本单 300,000.01 − 额度 300,000.00 = 超 0.01 元"
    assert facts["近 12 个月付款"] == "没有结清过的批次"
    assert (asked.approval.chain_key, asked.approval.amount, asked.amount) == ("special_signature", Decimal("0.01"), Decimal("0.01"))


def test_nothing_is_let_through_before_the_last_signature(world: World) -> None:
    order = world.submit("agent", OVER).order
    asked = ask(world, order)
    assert sign(world, asked, "manager", "finance") is OrderState.REVIEW
    assert (Waiver.objects.count(), stand(asked)) == (0, "asked")


@pytest.mark.parametrize("by", ["director", "finance", "warehouse", "agent_owner", "other_agent_owner"])
def test_only_the_representative_and_the_manager_ask(world: World, by: str) -> None:
    order = world.submit("agent", OVER).order
    assert order
    with pytest.raises(Refusal) as refusal:
        ask_signature(order, "急需", regulation=world.regulation, by=world.who(by), at=world.at)
    assert (refusal.value.code, SignatureRequest.objects.count()) == ("forbidden", 0)


def test_at_headquarters_nobody_signs_around_the_procedure(world: World) -> None:
    order = world.submit("agent", OVER).order
    assert order
    with pytest.raises(Refusal) as refusal:
        waive_order(order, reason="急需", regulation=world.regulation, by=world.who("director"), at=world.at)
    assert (refusal.value.code, refusal.value.clause, Waiver.objects.count()) == ("needs_procedure", "M-16.3.3.1", 0)


def test_an_agents_owner_signs_directly_for_their_retailer(world: World) -> None:
    order = world.submit("retailer", RETAILER_OVER).order
    assert order
    waive_order(order, reason="开学", regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    assert state(order) is OrderState.HELD
    assert Waiver.objects.get().signed_by == world.people["agent_owner"]


def test_an_agent_has_no_procedure_to_ask_by(world: World) -> None:
    order = world.submit("retailer", RETAILER_OVER).order
    assert order
    with pytest.raises(Refusal) as refusal:
        ask_signature(order, "开学", regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    assert refusal.value.code in ("no_procedure", "forbidden")
    assert SignatureRequest.objects.count() == 0


def test_nobody_signs_for_what_they_asked_or_entered(world: World) -> None:
    entered = world.submit("agent", OVER, by="manager").order
    asked = ask(world, entered)
    assert asked.approval
    assert asked.approval.askers == {world.people["representative"].pk, world.people["manager"].pk}
    assert world.step_of(asked.approval.pk).key == "finance"


def test_a_law_that_nobody_may_waive_is_not_asked_for(world: World) -> None:
    order = world.submit("agent", OVER).order
    partner = world.partners["agent"]
    partner.certified_until = world.at.date() - timedelta(days=1)
    partner.save()
    assert order
    assert ask_signature(order, "急需", regulation=world.regulation, by=world.who("manager"), at=world.at) is None
    assert (state(order), SignatureRequest.objects.count()) == (OrderState.REFUSED, 0)


def test_a_request_that_passes_meanwhile_is_simply_held(world: World) -> None:
    order = world.submit("agent", OVER).order
    lower(world, 400_000)
    assert order
    assert ask_signature(order, "急需", regulation=world.regulation, by=world.who("manager"), at=world.at) is None
    assert (state(order), SignatureRequest.objects.count(), Waiver.objects.count()) == (OrderState.HELD, 0, 0)


@pytest.mark.parametrize("reason", ["", "   ", "长" * 401])
def test_a_signature_needs_a_reason_that_fits(world: World, reason: str) -> None:
    order = world.submit("agent", OVER).order
    assert order
    with pytest.raises(Refusal) as refusal:
        ask_signature(order, reason, regulation=world.regulation, by=world.who("manager"), at=world.at)
    assert (refusal.value.code, refusal.value.field) == ("bad_input", "reason")


def test_one_is_on_its_way_at_a_time(world: World) -> None:
    order = world.submit("agent", OVER).order
    ask(world, order)
    with pytest.raises(Refusal) as refusal:
        ask(world, order, by="manager")
    assert refusal.value.code == "signature_open"


def test_it_is_sent_back_and_asked_again_with_the_numbers_of_today(world: World) -> None:
    order = world.submit("agent", OVER).order
    asked = ask(world, order)
    assert asked.approval_id
    world.sign(asked.approval_id, "manager", "send_back", "写明何时付款")
    assert stand(asked) == "sent_back"
    lower(world, 299_999)
    revise_signature(asked.pk, "月底前付清", regulation=world.regulation, by=world.who("representative"), at=world.at)
    asked.refresh_from_db()
    assert (asked.state, asked.amount, asked.reason) == ("asked", Decimal("1.01"), "月底前付清")
    assert sign(world, asked) is OrderState.HELD
    assert Waiver.objects.get().amount == Decimal("1.01")


def test_when_it_passes_before_it_is_asked_again_it_is_void(world: World) -> None:
    order = world.submit("agent", OVER).order
    asked = ask(world, order)
    assert asked.approval_id
    world.sign(asked.approval_id, "manager", "send_back", "先催款")
    lower(world, 400_000)
    revise_signature(asked.pk, "再报", regulation=world.regulation, by=world.who("representative"), at=world.at)
    assert (stand(asked), state(order), Approval.objects.get(pk=asked.approval_id).state) == ("void", OrderState.HELD, "void")


def test_only_its_asker_takes_it_back(world: World) -> None:
    asked = ask(world, world.submit("agent", OVER).order)
    with pytest.raises(Refusal):
        withdraw_signature(asked.pk, reason="", by=world.who("manager"), at=world.at)
    withdraw_signature(asked.pk, reason="客户已付", by=world.who("representative"), at=world.at)
    assert (stand(asked), state(asked.order_id)) == ("withdrawn", OrderState.REVIEW)


def test_refused_it_lets_nothing_through_and_the_partner_is_told_without_the_reason(world: World) -> None:
    asked = ask(world, world.submit("agent", OVER).order)
    assert asked.approval_id
    world.sign(asked.approval_id, "manager", "refuse", "内部原因")
    assert (stand(asked), state(asked.order_id), Waiver.objects.count()) == ("refused", OrderState.REVIEW, 0)
    told = Notice.objects.filter(person=world.people["agent_owner"], title_zh__contains="未获特批").get()
    assert "内部原因" not in told.title_zh + told.body_zh


@pytest.mark.parametrize("verb", ["decline", "withdraw", "amend", "pass"])
def test_it_is_void_when_the_request_ends_changes_or_passes(world: World, verb: str) -> None:
    order = world.submit("agent", OVER).order
    asked = ask(world, order)
    assert order
    if verb == "decline":
        decline_order(order, reason="改日再报", by=world.who("manager"), at=world.at)
    elif verb == "withdraw":
        withdraw_order(order, by=world.who("agent_owner"), at=world.at)
    elif verb == "amend":
        more = [AskedLine(product.pk, copies) for product, copies in zip(world.products, (4_807, 1, 3, 421), strict=True)]
        amend_order(order, more, regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    else:
        lower(world, 400_000)
        decide_again(order, regulation=world.regulation, by=world.who("representative"), at=world.at)
    assert stand(asked) == "void"
    assert asked.approval_id
    assert Approval.objects.get(pk=asked.approval_id).state == "void"
    with pytest.raises(ApprovalStep.DoesNotExist):
        world.step_of(asked.approval_id)


def test_signed_but_something_else_fails_meanwhile(world: World) -> None:
    order = world.submit("agent", OVER).order
    asked = ask(world, order)
    partner = world.partners["agent"]
    partner.licence_until = world.at.date() - timedelta(days=1)
    partner.save()
    assert sign(world, asked) is OrderState.REFUSED
    assert (stand(asked), failed(order)) == ("signed", "certificate")
    told = Notice.objects.get(person=world.people["agent_owner"], key=f"signature:{asked.pk}:signed")
    assert told.title_zh.endswith("已特批，但资格证书现不通过")
    partner.licence_until = world.at.date() + timedelta(days=400)
    partner.save()
    assert order
    decide_again(order, regulation=world.regulation, by=world.who("representative"), at=world.at)
    assert (state(order), Waiver.objects.count()) == (OrderState.HELD, 1)


def test_what_grew_after_it_was_asked_is_not_let_through(world: World) -> None:
    order = world.submit("agent", OVER).order
    asked = ask(world, order)
    lower(world, 299_999)
    assert sign(world, asked) is OrderState.REVIEW
    assert failed(order) == "credit"
    assert [waiver.amount for waiver in Waiver.objects.all()] == [Decimal("0.01")]


def test_when_more_is_missing_later_a_second_signature_adds_to_the_first(world: World) -> None:
    order = world.submit("agent", OVER).order
    assert order
    sign(world, ask(world, order))
    world.at += timedelta(days=5)
    assert world.expire() == 1
    lower(world, 200_000)
    decide_again(order, regulation=world.regulation, by=world.who("representative"), at=world.at)
    assert state(order) is OrderState.REVIEW
    assert sign(world, ask(world, order)) is OrderState.HELD
    assert [waiver.amount for waiver in Waiver.objects.order_by("id")] == [Decimal("0.01"), Decimal("100000.00")]


def test_an_expired_signature_lets_nothing_through(world: World) -> None:
    order = world.submit("agent", OVER).order
    assert order
    sign(world, ask(world, order))
    world.at += timedelta(days=31)
    world.expire()
    decide_again(order, regulation=world.regulation, by=world.who("representative"), at=world.at)
    assert state(order) is OrderState.REVIEW


def offered(world: World, bp: int) -> Outcome:
    title = Product.objects.get(pk=world.products[0].pk)
    lines = (AskedLine(title.pk, 100, bp),)
    world.sent += 1
    asked = Asked(f"key-{world.sent}", world.hq.pk, world.firms["agent"].pk, lines)
    (outcome,) = submit_orders([asked], regulation=world.regulation, by=world.who("manager"), at=world.at)
    return outcome


def test_a_price_below_the_floor_goes_by_the_procedure_of_prices_and_covers_no_more_yuan(world: World) -> None:
    order = offered(world, 6_000).order
    assert order
    floor = world.regulation.discount("agent", "A")
    assert floor
    below = Decimal(9_600) * (floor.floor_bp - 6_000) / 10_000
    asked = ask(world, order)
    assert asked.approval
    assert (asked.approval.chain_key, asked.amount) == ("special_price", below)
    # The manager offered it: the way for so few yuan is theirs alone, so those above decide.
    assert asked.approval_id
    assert world.step_of(asked.approval_id).key == "deputy"
    while Approval.objects.get(pk=asked.approval_id).state == "open":
        world.sign(asked.approval_id, world.step_of(asked.approval_id).key)
    assert (state(order), Waiver.objects.get().below_floor) == (OrderState.HELD, below)
    cheaper = [AskedLine(world.products[0].pk, 100, 5_000)]
    amend_order(order, cheaper, regulation=world.regulation, by=world.who("manager"), at=world.at)
    assert (state(order), failed(order)) == (OrderState.REVIEW, "price")


def test_the_partner_is_asked_to_pay_with_the_numbers_of_the_decision(world: World) -> None:
    for _ in range(2):
        world.accept(world.submit("agent", {0: 10}))
    order = world.submit("agent", {0: 10}).order
    assert order
    friday = world.at.date() + timedelta(days=4)
    ask_payment(order, pay_by=friday, regulation=world.regulation, by=world.who("representative"), at=world.at)
    told = Notice.objects.get(person=world.people["agent_owner"], key__contains=":collect:")
    assert told.title_zh.endswith("待付款：结清第 1 批 624.00 元")
    with pytest.raises(Refusal) as refusal:
        ask_payment(order, pay_by=world.at.date() - timedelta(days=1), regulation=world.regulation, by=world.who("manager"), at=world.at)
    assert refusal.value.field == "pay_by"
    with pytest.raises(Refusal) as refusal:
        ask_payment(order, pay_by=friday, regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    assert refusal.value.code == "forbidden"


def test_goods_kept_back_long_after_acceptance_leave_by_a_special_signature(world: World) -> None:
    first = world.submit("agent", {0: 1_000})
    world.accept(first)
    assert first.order
    world.at += timedelta(days=world.regulation.parameters.approval_recheck_days + 1)
    lower(world, 1_000)
    with pytest.raises(Refusal) as refusal:
        world.ship(first)
    assert refusal.value.code == "recheck_failed"
    asked = ask(world, first.order)
    assert (asked.laws, asked.amount) == ("credit", Decimal("61400.00"))
    assert sign(world, asked) is OrderState.ACCEPTED
    world.ship(first)
    assert state(first.order) is OrderState.SHIPPED


def test_nothing_is_asked_for_an_accepted_request_that_passes(world: World) -> None:
    first = world.submit("agent", {0: 1_000})
    world.accept(first)
    assert first.order
    with pytest.raises(Refusal) as refusal:
        ask_signature(first.order, "急需", regulation=world.regulation, by=world.who("manager"), at=world.at)
    assert (refusal.value.code, SignatureRequest.objects.count()) == ("passes_now", 0)
