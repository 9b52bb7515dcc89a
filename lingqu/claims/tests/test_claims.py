"""Claims for price cuts: who may, what is refused, how they are decided, and that each is credited once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from lingqu.approvals.models import Approval
from lingqu.base.refusal import Refusal
from lingqu.claims.actions import ask_claim, revise_claim, withdraw_claim
from lingqu.claims.models import PriceClaim
from lingqu.claims.rules import AskedLine, NewClaim
from lingqu.claims.tests.things import PHOTO, answered, claim, cut, shipped_before
from lingqu.credit.models import BatchCredit
from lingqu.documents.queries import attachments_of
from lingqu.ledger.models import Posting
from lingqu.ledger.queries import standings
from lingqu.notices.models import Notice
from lingqu.orders.actions import NewReturn, take_back_goods
from lingqu.orders.models import Order
from lingqu.orders.states import ReturnReason
from tests.checks import must_agree
from tests.world import World

BOOKS = ("claims", "credits", "waiting", "exposure", "running", "two_sided", "own_requests", "routes", "signed")


def used(world: World, buyer: str = "agent") -> Decimal:
    """What a partner owes by the ledger, yuan."""
    account = world.lines[buyer].account_id
    return standings([account])[account].used


def fallen(world: World, *, shipped: int = 100) -> None:
    """The first title fell from 96 to 80 today, and the agent was shipped copies of it ten days ago."""
    shipped_before(world, {0: shipped})
    cut(world, 0, "80")


def test_a_claim_names_its_cut_its_copies_and_its_yuan(world: World) -> None:
    fallen(world)
    made = claim(world, {0: 40}, files=(PHOTO,))
    (line,) = made.lines.all()
    (source,) = line.sources.all()
    assert (made.number[:8], made.state, made.copies, made.amount) == ("JB-2026-", "asked", 40, Decimal("416.00"))
    assert (line.old_price, line.price.amount, line.stock, line.shipped, line.copies) == (Decimal(96), Decimal(80), 40, 100, 40)
    assert (source.copies, source.drop, source.discount_bp) == (40, Decimal(16), 6500)
    assert len(attachments_of("price_claim", [made.pk])[made.pk]) == 1
    told = Notice.objects.get(person=world.people["representative"], key=f"price_claim:{made.pk}:asked")
    assert told.title_en == f"agent公司 claims for price cuts: {made.number}"


def test_agreed_to_it_is_credited_once_and_its_partner_is_told(world: World) -> None:
    fallen(world)
    before = used(world)
    made = answered(world, claim(world, {0: 40}))
    assert made.credit
    assert (made.state, made.credit.amount, made.credit.unapplied, made.credit.cause) == (
        "credited", Decimal("416.00"), Decimal("416.00"), "price_cut",
    )  # fmt: skip
    assert before - used(world) == Decimal("416.00")
    assert Posting.objects.filter(document_kind="batch_credit", document_id=made.credit.pk).count() == 1
    told = Notice.objects.filter(person=world.people["agent_owner"], title_en=f"Price claim {made.number}: credited")
    assert [one.body_en for one in told] == ["416.00 yuan credited, for batches to come."]
    must_agree(*BOOKS)


def test_above_the_amount_the_deputy_and_finance_sign_too(world: World) -> None:
    fallen(world, shipped=600)
    made = claim(world, {0: 600})
    assert made.amount == Decimal("6240.00")
    for signer, state in (("manager", "asked"), ("deputy", "asked"), ("finance", "credited")):
        made = answered(world, made, by=signer)
        assert made.state == state


def test_the_same_key_is_the_same_claim(world: World) -> None:
    fallen(world)
    assert claim(world, {0: 40}, key="once").pk == claim(world, {0: 40}, key="once").pk
    assert PriceClaim.objects.count() == 1


@pytest.mark.parametrize(
    ("place", "stock", "field", "words"),
    [
        (1, 5, "lines.1.title", "its list price never fell."),
        (2, 5, "lines.1.title", "no copies that were shipped at the old price in the 60 days"),
    ],
)
def test_what_is_not_made_good_is_refused_at_its_row_with_its_clause(
    world: World, place: int, stock: int, field: str, words: str
) -> None:  # fmt: skip
    fallen(world)
    cut(world, 2, "16")
    with pytest.raises(Refusal) as refused:
        claim(world, {place: stock})
    assert (refused.value.field, refused.value.clause) == (field, "M-17.1")
    assert words in refused.value.text.en
    assert PriceClaim.objects.count() == 0


def test_the_last_day_is_in_time_and_the_next_is_not(world: World) -> None:
    fallen(world)
    world.at += timedelta(days=30)
    assert claim(world, {0: 1}).copies == 1
    world.at += timedelta(days=1)
    with pytest.raises(Refusal) as refused:
        claim(world, {0: 2})
    assert "claims had to come by" in refused.value.text.en


def test_copies_are_claimed_once(world: World) -> None:
    fallen(world)
    claim(world, {0: 40})
    with pytest.raises(Refusal) as refused:
        claim(world, {0: 40})
    assert refused.value.field == "lines.1.copies"
    assert claim(world, {0: 70}).copies == 30
    assert claim(world, {0: 1_000}).copies == 30


@pytest.mark.parametrize("verb", ["refuse", "withdraw"])
def test_what_is_refused_or_taken_back_may_be_claimed_anew(world: World, verb: str) -> None:
    fallen(world)
    made = claim(world, {0: 40})
    if verb == "refuse":
        assert answered(world, made, "refuse").state == "refused"
    else:
        assert withdraw_claim(made.pk, by=world.who("agent_clerk"), at=world.at).state == "withdrawn"
        assert Approval.objects.get(pk=made.approval_id or 0).state == "void"
    assert claim(world, {0: 40}).copies == 40
    assert BatchCredit.objects.count() == 0


def test_sent_back_it_is_changed_and_decided_anew(world: World) -> None:
    fallen(world)
    made = answered(world, claim(world, {0: 40}), "send_back")
    assert (made.state, made.ended_because) == ("sent_back", "请附库存清单")
    lines = (AskedLine(world.products[0].pk, 30),)
    with pytest.raises(Refusal):
        revise_claim(made.pk, lines, "", regulation=world.regulation, by=world.who("agent_clerk"), at=world.at)
    made = revise_claim(made.pk, lines, "重新盘点", (PHOTO,), regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    assert (made.state, made.copies, made.amount) == ("asked", 30, Decimal("312.00"))
    facts = {label: value for _, label, _, value in Approval.objects.get(pk=made.approval_id or 0).facts}
    assert (facts["Evidence of the stock"], facts["To be credited"]) == ("1 files", "312.00 yuan")
    assert answered(world, made).state == "credited"
    must_agree(*BOOKS)


def test_copies_that_came_back_meanwhile_are_not_credited(world: World) -> None:
    fallen(world)
    made = claim(world, {0: 40})
    order = Order.objects.get()
    by, regulation = world.who("warehouse"), world.regulation
    take_back_goods(order.pk, NewReturn({1: 70}, ReturnReason.OTHER), regulation=regulation, by=by, at=world.at)
    with pytest.raises(Refusal) as refused:
        answered(world, made)
    assert refused.value.code == "came_back"
    assert "30 of 40 are left" in refused.value.text.en
    assert BatchCredit.objects.filter(cause="price_cut").count() == 0


@pytest.mark.parametrize("who", ["other_agent_owner", "retailer_owner", "warehouse", "finance"])
def test_others_claim_nothing_for_a_partner(world: World, who: str) -> None:
    fallen(world)
    with pytest.raises(Refusal) as refused:
        claim(world, {0: 40}, by=who)
    assert refused.value.status == 403


def test_the_seller_enters_it_for_one_that_telephoned(world: World) -> None:
    fallen(world)
    made = claim(world, {0: 40}, by="representative")
    assert (made.asked_by_id, made.buyer_id) == (world.people["representative"].pk, world.firms["agent"].pk)
    assert answered(world, made).state == "credited"


def test_firms_that_do_not_trade_are_none_of_its_business(world: World) -> None:
    fallen(world)
    new = NewClaim("k", world.hq.pk, world.firms["retailer"].pk, (AskedLine(world.products[0].pk, 1),))
    with pytest.raises(Refusal) as refused:
        ask_claim(new, regulation=world.regulation, by=world.who("representative"), at=world.at)
    assert refused.value.status == 404


def test_an_agents_owner_credits_its_retailer_at_once_and_decides_what_others_ask(world: World) -> None:
    shipped_before(world, {0: 20}, buyer="retailer")
    cut(world, 0, "80")
    # 75 % is what the retailer of grade C pays: 5 × 16 × 75 % = 60.00
    at_once = claim(world, {0: 5}, by="agent_owner", buyer="retailer")
    assert (at_once.state, at_once.amount, at_once.approval_id) == ("credited", Decimal("60.00"), None)
    asked = claim(world, {0: 10}, by="retailer_owner", buyer="retailer")
    assert (asked.state, asked.copies) == ("asked", 5)
    assert answered(world, asked, by="agent_owner").state == "credited"
    must_agree(*BOOKS)


def test_two_lines_that_mean_one_cut_are_refused_at_the_second(world: World) -> None:
    fallen(world)
    title = world.products[0].pk
    new = NewClaim("twice", world.hq.pk, world.firms["agent"].pk, (AskedLine(title, 40), AskedLine(title, 40, world.at.date())))
    with pytest.raises(Refusal) as refused:
        ask_claim(new, regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    assert (refused.value.code, refused.value.field) == ("nothing_made_good", "lines.2.title")
