"""The purchase contract of a request: without one nothing is decided; with it the clock begins; with the answer it goes back (M-16.3.1)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction

from lingqu.audit.queries import facts_of
from lingqu.base.calendar import CHINA
from lingqu.base.refusal import Refusal
from lingqu.documents.queries import attachments_of
from lingqu.documents.rules import NewFile
from lingqu.ledger.queries import standings
from lingqu.notices.models import Notice
from lingqu.orders.actions import (
    Countersigned,
    Outcome,
    accept_order,
    decide_again,
    decline_order,
    hand_in_contract,
    submit_with_contract,
    withdraw_order,
)
from lingqu.orders.models import Order, StoredDecision
from lingqu.orders.rules import contract_number
from lingqu.orders.states import OrderState, Shortage
from lingqu.partners.models import Partner
from tests.world import World

pytestmark = pytest.mark.django_db

SCAN = NewFile("合同.pdf", b"%PDF-1.7 stamped")
PHOTO = NewFile("photo.jpg", b"\xff\xd8\xff stamped")
ENDED = date(2026, 10, 31)


def without_agreement(world: World, buyer: str = "agent") -> None:
    """Let the agreement of the year have ended."""
    Partner.objects.filter(pk=world.partners[buyer].pk).update(contract_until=ENDED)


@pytest.fixture
def waiting(world: World) -> Outcome:
    without_agreement(world)
    return world.submit("agent", {0: 10, 1: 5})


def order_of(outcome: Outcome) -> Order:
    return Order.objects.get(number=outcome.number)


def hand_in(world: World, outcome: Outcome, *files: NewFile, by: str = "agent_owner") -> Order:
    assert outcome.order
    return hand_in_contract(outcome.order, files or (SCAN,), regulation=world.regulation, by=world.who(by), at=world.at)


def accept(world: World, outcome: Outcome, *, by: str = "representative", **more: object) -> Order:
    assert outcome.order
    return accept_order(
        outcome.order, ship_on=world.at.date(), regulation=world.regulation, by=world.who(by), at=world.at,
        countersigned=Countersigned(**more),  # type: ignore[arg-type]
    )  # fmt: skip


def refused(do: object) -> str:
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        do()  # type: ignore[operator]
    return refusal.value.code


def held(world: World, buyer: str = "agent") -> object:
    account = world.lines[buyer].account_id
    return standings([account])[account].held


def test_without_an_agreement_a_request_waits_undecided_unheld_and_without_a_clock(world: World, waiting: Outcome) -> None:
    order = order_of(waiting)
    assert (waiting.state, order.state, order.needs_contract) == (OrderState.PAPERS, "papers", True)
    assert (order.received_at, order.answer_until, order.net > 0) == (None, None, True)
    assert (StoredDecision.objects.count(), held(world), set(order.lines.values_list("reserved", flat=True))) == (0, 0, {0})


def test_on_the_last_day_of_the_agreement_it_still_covers(world: World) -> None:
    Partner.objects.filter(pk=world.partners["agent"].pk).update(contract_until=world.at.date())
    assert world.submit("agent", {0: 10}).state is OrderState.HELD
    world.at += timedelta(days=1)
    assert world.submit("agent", {0: 10}).state is OrderState.PAPERS


def test_the_clock_begins_when_both_are_there(world: World, waiting: Outcome) -> None:
    world.at += timedelta(days=3)
    order = hand_in(world, waiting)
    order.refresh_from_db()
    assert (order.state, order.received_at) == ("held", world.at)
    # Thursday, two days, the last a Saturday: Monday 24:00
    assert order.answer_until
    assert order.answer_until.astimezone(CHINA).isoformat()[:16] == "2026-12-01T00:00"
    assert held(world) == order.net
    (decision,) = StoredDecision.objects.filter(order=order)
    assert f'"stamped":"{contract_number(order.number)}"' in decision.decision
    assert [fact.verb for fact in facts_of("order", order.pk)] == ["submit", "attach", "hand_in"]


def test_what_was_handed_in_is_judged_like_any_other(world: World) -> None:
    without_agreement(world)
    over = world.submit("agent", {1: 4000})
    assert hand_in(world, over).state == "review"
    Partner.objects.filter(pk=world.partners["agent"].pk).update(certified_until=ENDED)
    uncertified = world.submit("agent", {0: 10})
    assert hand_in(world, uncertified).state == "refused"


def test_copies_stay_as_stamped_when_stock_went_down_meanwhile(world: World) -> None:
    """The buyer wanted shortages left out; what the contract names is fixed, so what is short comes later."""
    without_agreement(world)
    asked = world.ask("agent", {0: 8000}, shortage=Shortage.DROP)
    outcome = submit_with_contract(asked, (), regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    world.lines["other_agent"].refresh_from_db()
    assert world.submit("other_agent", {0: 3000}).state is OrderState.HELD
    order = hand_in(world, outcome)
    assert (order.copies, order.lines.get().copies) == (8000, 8000)


def test_one_step_does_both(world: World) -> None:
    without_agreement(world)
    done = submit_with_contract(
        world.ask("agent", {0: 10}), (SCAN, PHOTO), regulation=world.regulation, by=world.who("agent_owner"), at=world.at
    )
    order = order_of(done)
    assert (done.state, order.state, order.received_at) == (OrderState.HELD, "held", world.at)
    assert [file.name for file in attachments_of("order", [order.pk])[order.pk]] == ["合同.pdf", "photo.jpg"]


def test_a_hostile_file_submits_nothing(world: World) -> None:
    without_agreement(world)
    for name, content in (("合同.pdf", b"<script>"), ("合同.exe", b"MZ"), ("合同.docx", b"PK"), ("合同.csv", b"a,b"), ("空.pdf", b"")):
        asked = world.ask("agent", {0: 10})
        files = (NewFile(name, content),)
        sent = lambda asked=asked, files=files: submit_with_contract(  # noqa: E731
            asked, files, regulation=world.regulation, by=world.who("agent_owner"), at=world.at
        )
        assert refused(sent) == "bad_input"
    assert Order.objects.count() == 0


def test_sellers_people_take_a_paper_that_came_by_post(world: World, waiting: Outcome) -> None:
    assert hand_in(world, waiting, by="representative").state == "held"
    (file,) = attachments_of("order", [order_of(waiting).pk])[order_of(waiting).pk]
    assert (file.role, file.added_by) == ("contract", world.people["representative"].pk)


@pytest.mark.parametrize("who", ["other_agent_owner", "retailer_owner", "warehouse", "finance", "director"])
def test_others_may_not_hand_it_in(world: World, waiting: Outcome, who: str) -> None:
    assert refused(lambda: hand_in(world, waiting, by=who)) == "forbidden"


def test_a_better_scan_may_follow_until_the_answer_and_changes_nothing_else(world: World, waiting: Outcome) -> None:
    first = hand_in(world, waiting)
    world.at += timedelta(hours=5)
    again = hand_in(world, waiting, PHOTO)
    assert (again.received_at, again.answer_until) == (first.received_at, first.answer_until)
    assert StoredDecision.objects.filter(order=again).count() == 1
    accept(world, waiting, note="顺丰 SF1")
    assert refused(lambda: hand_in(world, waiting, SCAN)) == "contract_final"


def test_a_covered_request_takes_no_contract(world: World) -> None:
    covered = world.submit("agent", {0: 10})
    assert refused(lambda: hand_in(world, covered)) == "contract_not_needed"


def test_acceptance_needs_the_countersigned_contract_or_a_word_how_it_was_sent(world: World, waiting: Outcome) -> None:
    hand_in(world, waiting)
    assert refused(lambda: accept(world, waiting)) == "bad_input"
    assert refused(lambda: accept(world, waiting, note="   ")) == "bad_input"
    assert refused(lambda: accept(world, waiting, files=(NewFile("x.docx", b"PK"),))) == "bad_input"
    assert refused(lambda: accept(world, waiting, note="长" * 201)) == "bad_input"
    order = accept(world, waiting, files=(SCAN,))
    assert order.state == "accepted"
    roles = [file.role for file in attachments_of("order", [order.pk])[order.pk]]
    assert roles == ["contract", "countersigned"]


def test_the_partner_is_told_with_a_link(world: World, waiting: Outcome) -> None:
    hand_in(world, waiting, by="agent_clerk")
    order = accept(world, waiting, note="顺丰 SF123")
    told = Notice.objects.filter(kind="order", link=f"/orders/{order.number}/")
    assert set(told.values_list("person__name", flat=True)) == {"agent_owner"}
    assert "顺丰 SF123" in told.get().body_zh


def test_framework_requests_are_accepted_as_before(world: World) -> None:
    order = world.accept(world.submit("agent", {0: 10}))
    assert (order.state, order.needs_contract, order.countersigned) == ("accepted", False, "")
    assert not Notice.objects.filter(kind="order").exists()


def test_what_waits_may_be_withdrawn_or_declined(world: World, waiting: Outcome) -> None:
    assert waiting.order
    assert withdraw_order(waiting.order, by=world.who("agent_owner"), at=world.at).state == "withdrawn"
    second = world.submit("agent", {0: 1})
    assert second.order
    assert decline_order(second.order, reason="停止合作", by=world.who("representative"), at=world.at).late is False


def test_it_is_not_decided_again_without_its_contract(world: World, waiting: Outcome) -> None:
    assert waiting.order
    again = lambda: decide_again(waiting.order, regulation=world.regulation, by=world.who("agent_owner"), at=world.at)  # noqa: E731
    assert refused(again) == "wrong_state"


def test_decided_again_the_stamped_contract_still_counts(world: World, waiting: Outcome) -> None:
    order = hand_in(world, waiting)
    assert order.answer_until
    world.at = order.answer_until + timedelta(minutes=1)
    assert world.expire() == 1
    again = decide_again(order.pk, regulation=world.regulation, by=world.who("representative"), at=world.at)
    assert (again.state, again.received_at, again.late) == ("held", order.received_at, True)


def test_the_retailers_of_an_agent_stamp_for_the_agent(world: World) -> None:
    without_agreement(world, "retailer")
    outcome = world.submit("retailer", {0: 5})
    assert outcome.state is OrderState.PAPERS
    assert hand_in(world, outcome, by="retailer_clerk").state == "held"
    assert accept(world, outcome, by="agent_owner", note="当面交回").state == "accepted"
