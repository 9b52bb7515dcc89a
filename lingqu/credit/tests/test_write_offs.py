"""What is left of a batch is given up by the one who may, up to the amount that they may; a disputed batch is not overdue."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from lingqu.approvals.models import ApprovalStep
from lingqu.base.refusal import Refusal
from lingqu.credit.actions import dispute_batch, end_dispute, propose_write_off, revise_write_off, void_paid_write_off, withdraw_write_off
from lingqu.credit.models import Batch, WriteOff
from lingqu.credit.queries import hold_in_force, open_batches, paid_write_offs, standing_of, total_overdue
from lingqu.credit.tests.purse import Purse
from lingqu.ledger.models import Posting
from lingqu.notices.models import Notice
from tests.world import World


@pytest.fixture
def purse(world: World) -> Purse:
    return Purse(world)


def route(document: WriteOff) -> dict[str, str]:
    """The steps of the write-off's approval and where each stands."""
    return dict(ApprovalStep.objects.filter(approval=document.approval_id).order_by("position").values_list("key", "state"))


def test_finance_gives_up_a_little_at_once(purse: Purse) -> None:
    purse.open("100.00")
    purse.receive("98.50")
    done = purse.write_off(1, "1.00")
    assert (done.state, done.number[:3], done.approval_id) == ("applied", "HX-", None)
    assert (purse.state(), purse.used) == ({1: ("0.50", False)}, "0.50")
    assert Posting.objects.get(document_kind="write_off", document_id=done.pk).amount == Decimal("1.00")


def test_not_in_small_pieces(purse: Purse) -> None:
    purse.open("100.00")
    purse.write_off(1, "0.60")
    assert purse.write_off(1, "0.41").state == "proposed"


def test_the_small_difference_of_a_receipt_counts_as_given_up(purse: Purse) -> None:
    purse.open("100.00")
    purse.receive("99.50")
    purse.grow(1, "5.00")
    assert purse.write_off(1, "0.50").state == "applied"
    assert purse.write_off(1, "0.01").state == "proposed"


def test_more_goes_by_the_procedure_and_frees_the_place_when_it_is_signed(purse: Purse) -> None:
    world = purse.world
    outcome = world.submit("agent", {0: 100})
    assert outcome.order
    world.accept(outcome)
    world.pay("agent", "6000.00")
    asked = purse.write_off(1, "240.00", by="representative", reason="运输破损，不再追讨")
    assert (asked.state, route(asked), purse.used) == ("proposed", {"finance": "open"}, "240.00")
    assert asked.approval_id
    world.sign(asked.approval_id, "finance")
    asked.refresh_from_db()
    assert (asked.state, purse.state(), purse.used, purse.standing.open_count) == ("applied", {1: ("0.00", True)}, "0.00", 0)


def test_a_large_one_needs_the_director_too(purse: Purse) -> None:
    purse.open("1000.00")
    asked = purse.write_off(1, "500.01", by="manager")
    assert asked.approval_id
    purse.world.sign(asked.approval_id, "finance")
    assert (route(asked), purse.used) == ({"finance": "approved", "director": "open"}, "1000.00")
    purse.world.sign(asked.approval_id, "director")
    assert (purse.state(), purse.used) == ({1: ("499.99", False)}, "499.99")


def test_what_finance_proposes_the_director_signs_whatever_the_amount(purse: Purse) -> None:
    purse.open("1000.00")
    asked = purse.write_off(1, "5.00")
    assert asked.approval_id
    assert route(asked) == {"finance": "passed_over", "director": "open"}
    purse.world.sign(asked.approval_id, "director")
    assert purse.used == "995.00"


def test_the_owner_of_an_agent_gives_up_its_own_money(world: World) -> None:
    purse = Purse(world, "retailer")
    purse.open("100.00")
    done = purse.write_off(1, "40.00", by="agent_owner")
    assert (done.state, purse.used) == ("applied", "60.00")


def test_less_is_left_when_it_is_signed(purse: Purse) -> None:
    purse.open("100.00")
    asked = purse.write_off(1, "40.00", by="representative")
    purse.receive("70.00")
    assert asked.approval_id
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        purse.world.sign(asked.approval_id, "finance")
    assert (refusal.value.code, purse.used) == ("more_than_left", "30.00")
    purse.world.sign(asked.approval_id, "finance", "send_back", "已付款")
    world = purse.world
    revise_write_off(asked.pk, Decimal("30.00"), "尾款", regulation=world.regulation, by=world.who("representative"), at=world.at)
    world.sign(asked.approval_id, "finance")
    assert (purse.state(), purse.used) == ({1: ("0.00", True)}, "0.00")


def test_it_can_be_refused_and_taken_back_and_nothing_is_posted(purse: Purse) -> None:
    purse.open("100.00")
    world = purse.world
    first = purse.write_off(1, "40.00", by="representative")
    assert first.approval_id
    world.sign(first.approval_id, "finance", "refuse", "应当追讨")
    second = purse.write_off(1, "40.00", by="representative")
    withdraw_write_off(second.pk, reason="", by=world.who("representative"), at=world.at)
    assert list(WriteOff.objects.order_by("id").values_list("state", flat=True)) == ["refused", "withdrawn"]
    assert (purse.used, Posting.objects.filter(document_kind="write_off").count()) == ("100.00", 0)


@pytest.mark.parametrize(
    ("amount", "reason", "by", "code", "field"),
    [
        ("100.01", "尾差", "finance", "more_than_left", "amount"),
        ("0", "尾差", "finance", "bad_input", "amount"),
        ("0.001", "尾差", "finance", "bad_input", "amount"),
        ("1.00", " ", "finance", "bad_input", "reason"),
        ("1.00", "x" * 201, "finance", "bad_input", "reason"),
        ("1.00", "尾差", "warehouse", "forbidden", ""),
        ("1.00", "尾差", "agent_owner", "forbidden", ""),
        ("1.00", "尾差", "other_agent_owner", "forbidden", ""),
    ],
)
def test_what_cannot_be_is_refused(purse: Purse, amount: str, reason: str, by: str, code: str, field: str) -> None:
    purse.open("100.00")
    with pytest.raises(Refusal) as refusal:
        purse.write_off(1, amount, reason=reason, by=by)
    assert (refusal.value.code, refusal.value.field, purse.used) == (code, field, "100.00")


def test_one_is_on_its_way_at_a_time_and_a_settled_batch_has_nothing_left(purse: Purse) -> None:
    purse.open("100.00")
    purse.write_off(1, "40.00", by="representative")
    with pytest.raises(Refusal) as second:
        purse.write_off(1, "1.00")
    assert second.value.code == "write_off_open"
    purse.open("50.00")
    purse.receive("50.00", b2="50.00")
    with pytest.raises(Refusal) as settled:
        purse.write_off(2, "0.01")
    assert settled.value.code == "nothing_left"
    with pytest.raises(Refusal) as unknown:
        propose_write_off(0, Decimal(1), "x", regulation=purse.world.regulation, by=purse.world.who("finance"), at=purse.world.at)
    assert unknown.value.status == 404


def overdue(purse: Purse, days: int = 40) -> Batch:
    """One batch of 100.00, past its due day by so many days."""
    purse.open("100.00")
    batch = purse.batch(1)
    batch.triggered_due_on = purse.world.at.date() - timedelta(days=days)
    batch.save()
    return batch


def dispute(purse: Purse, until: date | None, *, text: str = "数量不符", by: str = "finance") -> Batch:
    world = purse.world
    return dispute_batch(purse.batch(1).pk, until=until, text=text, regulation=world.regulation, by=world.who(by), at=world.at)


def test_a_disputed_batch_is_not_overdue_but_owed(purse: Purse) -> None:
    overdue(purse)
    world, today = purse.world, purse.world.at.date()
    world.pay("agent", "1.00")
    assert hold_in_force(purse.line.pk, on=today) is not None
    dispute(purse, today + timedelta(days=5))
    assert hold_in_force(purse.line.pk, on=today) is None
    standing = standing_of(purse.line, on=today)
    assert (standing.overdue, standing.used, standing.open_count) == (Decimal(0), Decimal("99.00"), 1)
    late = today + timedelta(days=6)
    assert total_overdue(open_batches(purse.line.pk), on=late) == Decimal("99.00")
    assert world.submit("agent", {0: 1}).state == "held"
    end_dispute(purse.batch(1).pk, regulation=world.regulation, by=world.who("finance"), at=world.at)
    assert hold_in_force(purse.line.pk, on=today) is not None
    assert world.submit("agent", {0: 1}).state in {"review", "refused"}


def test_a_dispute_lasts_so_many_days_at_most_however_often_it_is_put_off(purse: Purse) -> None:
    overdue(purse)
    first = purse.world.at.date()
    most = purse.world.regulation.parameters.dispute_days
    dispute(purse, first + timedelta(days=most))
    purse.world.at += timedelta(days=most - 1)
    for day in (first + timedelta(days=most + 1), first, None):
        with pytest.raises(Refusal) as refusal:
            dispute(purse, day)
        assert (refusal.value.code, refusal.value.field) == ("bad_input", "until")
    assert dispute(purse, first + timedelta(days=most)).disputed_on == first


@pytest.mark.parametrize(
    ("text", "by", "code"), [("", "finance", "bad_input"), ("x" * 201, "finance", "bad_input"), ("x", "manager", "forbidden")]
)
def test_a_dispute_that_cannot_be(purse: Purse, text: str, by: str, code: str) -> None:
    overdue(purse)
    with pytest.raises(Refusal) as refusal:
        dispute(purse, purse.world.at.date(), text=text, by=by)
    assert refusal.value.code == code


def test_what_is_settled_or_not_disputed_has_nothing_to_end(purse: Purse) -> None:
    overdue(purse)
    world = purse.world
    with pytest.raises(Refusal) as none:
        end_dispute(purse.batch(1).pk, regulation=world.regulation, by=world.who("finance"), at=world.at)
    assert none.value.code == "no_dispute"
    purse.receive("100.00")
    with pytest.raises(Refusal) as settled:
        dispute(purse, world.at.date())
    assert settled.value.code == "settled"


def test_one_on_its_way_whose_batch_was_paid_becomes_void_and_its_asker_hears_it(purse: Purse) -> None:
    world = purse.world
    purse.open("100.00")
    asked = purse.write_off(1, "60.00", by="representative", reason="不再追讨")
    purse.receive("50.00")
    assert (paid_write_offs(), void_paid_write_off(asked.pk, at=world.at), WriteOff.objects.get().state) == ([], False, "proposed")
    purse.receive("50.00")
    assert paid_write_offs() == [asked.pk]
    assert [void_paid_write_off(asked.pk, at=world.at) for _ in range(2)] == [True, False]
    asked.refresh_from_db()
    assert asked.approval
    assert (asked.state, asked.ended_because != "", asked.approval.state, purse.used) == ("void", True, "void", "0.00")
    told = Notice.objects.filter(person=world.people["representative"], key=f"write_off:{asked.pk}:void")
    assert [one.link for one in told] == [f"/credit/write-offs/{asked.number}/"]
    assert paid_write_offs() == []
