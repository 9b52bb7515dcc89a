"""Holds come by themselves when money is overdue, and go when it is paid (M-19.3)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from lingqu.audit.models import Fact
from lingqu.credit.actions import (
    NewHoldChange,
    open_case,
    revise_hold_request,
    tighten_hold,
    void_idle_approval,
    withdraw_hold_request,
)
from lingqu.credit.models import Batch, SupplyHold
from lingqu.credit.queries import hold_in_force, idle_requests
from lingqu.credit.states import HoldRequestKind
from lingqu.credit.tests.hold_stories import ask, by_hand, code_of, grant, later, overdue, owe, review
from lingqu.documents.queries import attachments_of
from lingqu.duties.models import Duty
from lingqu.notices.models import Notice
from tests.world import World

pytestmark = pytest.mark.django_db


def test_goods_are_held_back_from_the_first_overdue_day_and_leave_again_when_it_is_paid(world: World) -> None:
    batch = owe(world)
    assert batch.backstop_due_on is not None
    later(world, batch.backstop_due_on)
    assert not SupplyHold.objects.exists()
    later(world, batch.backstop_due_on + timedelta(days=1))
    hold = SupplyHold.objects.get()
    assert (hold.level, hold.cause, hold.state, hold.amount) == ("delay", "overdue", "in_force", batch.value)
    assert (hold.owner, hold.oldest_due_on) == (world.people["finance"], batch.backstop_due_on)
    assert hold.deadline == batch.backstop_due_on + timedelta(days=15)
    assert hold_in_force(world.lines["other_agent"].pk, on=world.at.date()) == hold
    world.pay("other_agent", str(batch.value - Decimal("1.01")))
    review(world)
    hold.refresh_from_db()
    assert (hold.state, hold.amount) == ("in_force", Decimal("1.01"))
    world.pay("other_agent", "1.01")
    review(world)
    hold.refresh_from_db()
    assert (hold.state, hold.released_by, hold.released_at) == ("released", None, world.at)
    assert hold_in_force(world.lines["other_agent"].pk, on=world.at.date()) is None


def test_a_second_look_changes_and_tells_nothing(world: World) -> None:
    overdue(world)
    before = (Notice.objects.count(), Fact.objects.count(), Duty.objects.count(), list(SupplyHold.objects.values()))
    review(world)
    assert (Notice.objects.count(), Fact.objects.count(), Duty.objects.count(), list(SupplyHold.objects.values())) == before


def test_everybody_is_told_once_and_the_partner_reads_what_to_pay(world: World) -> None:
    overdue(world)
    told = Notice.objects.filter(kind="hold", key__endswith=":staff").values_list("person__name", flat=True)
    assert sorted(told) == ["director", "finance", "representative", "warehouse"]
    partner = Notice.objects.get(kind="hold", key__endswith=":partner")
    assert partner.person == world.people["other_agent_owner"]
    assert "6,240.00" in partner.body_zh
    assert "6,240.00" in partner.body_en


def test_a_hold_put_off_lets_goods_leave_up_to_its_last_day_and_not_on_the_next(world: World) -> None:
    hold = overdue(world)
    request = ask(world, hold, days=2)
    grant(world, request)
    hold.refresh_from_db()
    request.refresh_from_db()
    last = world.at.date() + timedelta(days=2)
    assert (hold.state, hold.deferred_until, request.state) == ("deferred", last, "applied")
    line = world.lines["other_agent"].pk
    assert hold_in_force(line, on=last) is None
    assert hold_in_force(line, on=last + timedelta(days=1)) == hold
    later(world, last)
    hold.refresh_from_db()
    assert hold.state == "deferred"
    later(world, last + timedelta(days=1))
    hold.refresh_from_db()
    assert (hold.state, hold.deferred_until) == ("in_force", None)


def test_a_hold_released_early_stays_so_until_something_new_is_overdue(world: World) -> None:
    first = owe(world)
    assert first.backstop_due_on is not None
    world.at += timedelta(days=5)
    owe(world)
    later(world, first.backstop_due_on + timedelta(days=1))
    hold = SupplyHold.objects.get()
    grant(world, ask(world, hold, "release"))
    review(world)
    later(world, world.at.date() + timedelta(days=4))
    assert SupplyHold.objects.get().state == "released"
    later(world, world.at.date() + timedelta(days=1))
    again = SupplyHold.objects.exclude(pk=hold.pk).get()
    assert (again.level, again.amount) == ("delay", Decimal("12480.00"))


def test_money_that_comes_while_it_is_decided_releases_the_hold_and_voids_what_was_asked(world: World) -> None:
    hold = overdue(world)
    request = ask(world, hold)
    world.pay("other_agent", "6240.00")
    review(world)
    request.refresh_from_db()
    assert request.state == "void"
    assert code_of(lambda: grant(world, request)) == "hold_gone"
    assert idle_requests() == [request.pk]
    assert void_idle_approval(request.pk, at=world.at) == 1
    assert idle_requests() == []


def test_a_hold_that_was_tightened_meanwhile_is_not_put_off_by_what_was_signed_before(world: World) -> None:
    hold = overdue(world)
    request = ask(world, hold)
    tighten_hold(hold.pk, "承诺未兑现", by=world.who("finance"), at=world.at)
    assert code_of(lambda: grant(world, request)) == "hold_changed"


@pytest.mark.parametrize(("days", "code"), [(-1, "bad_input"), (61, "bad_input"), (60, "")])
def test_it_is_put_off_for_sixty_days_at_most(world: World, days: int, code: str) -> None:
    hold = overdue(world)
    if code:
        assert code_of(lambda: ask(world, hold, days=days)) == code
    else:
        assert ask(world, hold, days=days).state == "proposed"


def test_only_those_who_answer_for_the_partner_ask_and_only_once(world: World) -> None:
    hold = overdue(world)
    assert code_of(lambda: ask(world, hold, by="warehouse")) == "forbidden"
    assert code_of(lambda: ask(world, hold, by="other_agent_owner")) == "forbidden"
    assert code_of(lambda: ask(world, hold, reason=" ")) == "bad_input"
    ask(world, hold)
    assert code_of(lambda: ask(world, hold)) == "request_open"


def test_what_was_sent_back_is_revised_and_what_was_asked_may_be_taken_back(world: World) -> None:
    hold = overdue(world)
    request = ask(world, hold)
    assert request.approval_id
    world.sign(request.approval_id, "finance", "send_back", "请缩短")
    new = NewHoldChange(HoldRequestKind.DEFER, "只延一天", world.at.date() + timedelta(days=1))
    request = revise_hold_request(request.pk, new, regulation=world.regulation, by=world.who("representative"), at=world.at)
    assert (request.state, request.until) == ("proposed", world.at.date() + timedelta(days=1))
    withdraw_hold_request(request.pk, reason="已付款", by=world.who("representative"), at=world.at)
    request.refresh_from_db()
    assert (request.state, request.ended_because) == ("withdrawn", "已付款")


def test_finance_holds_back_a_partner_that_may_no_longer_pay_with_evidence(world: World) -> None:
    assert code_of(lambda: by_hand(world, who="representative")) == "forbidden"
    assert code_of(lambda: by_hand(world, files=())) == "bad_input"
    hold = by_hand(world)
    assert (hold.cause, hold.level, hold.set_by) == ("solvency", "stop", world.people["finance"])
    assert [file.name for file in attachments_of("supply_hold", [hold.pk])[hold.pk]] == ["查询.png"]
    assert code_of(lambda: by_hand(world)) == "hold_already"
    review(world)
    assert hold_in_force(hold.line_id, on=world.at.date()) == hold


def test_the_director_opens_a_case_once(world: World) -> None:
    hold = overdue(world)
    assert code_of(lambda: open_case(hold.pk, "拒不回款", by=world.who("finance"), at=world.at)) == "forbidden"
    case = open_case(hold.pk, "拒不回款", by=world.who("director"), at=world.at)
    assert (case.case_opened_by, case.case_reason) == (world.people["director"], "拒不回款")
    assert code_of(lambda: open_case(hold.pk, "再立", by=world.who("director"), at=world.at)) == "case_already"


def test_the_owner_of_an_agent_decides_alone_about_its_own_customers(world: World) -> None:
    asked = world.submit("retailer", {0: 10})
    world.accept(asked, by="agent_owner")
    batch = Batch.objects.get(document_id=asked.order)
    later(world, world.at.date() + timedelta(days=10))
    Batch.objects.filter(pk=batch.pk).update(triggered_due_on=world.at.date() - timedelta(days=1))
    review(world, "retailer")
    hold = SupplyHold.objects.get(line=world.lines["retailer"])
    assert hold.owner == world.people["agent_owner"]
    request = ask(world, hold, "release", by="agent_owner")
    hold.refresh_from_db()
    assert (request.state, request.approval, hold.state, hold.released_by) == ("applied", None, "released", world.people["agent_owner"])


def test_disputed_batches_do_not_hold_anything_back_until_their_day_has_passed(world: World) -> None:
    batch = owe(world)
    assert batch.backstop_due_on is not None
    until = batch.backstop_due_on + timedelta(days=5)
    Batch.objects.filter(pk=batch.pk).update(disputed_until=until)
    later(world, until)
    assert not SupplyHold.objects.exists()
    later(world, until + timedelta(days=1))
    assert SupplyHold.objects.get().amount == batch.value
