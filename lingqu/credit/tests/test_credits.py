"""Part of a batch is not owed, a batch grows, and money that waits is applied by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from importlib import import_module

import pytest

from lingqu.base.database import run
from lingqu.base.refusal import Refusal
from lingqu.credit.actions import credit_batch
from lingqu.credit.models import Application, Batch, BatchCredit
from lingqu.credit.queries import on_time_payment, payment_record
from lingqu.credit.states import CreditCause
from lingqu.credit.tests.purse import Purse
from tests.world import World

TRIGGERED = import_module("lingqu.credit.migrations.0003_holds_credits_groups").TRIGGERED


@pytest.fixture
def purse(world: World) -> Purse:
    return Purse(world)


def test_a_credit_lowers_what_is_owed_and_frees_the_place_of_a_covered_batch(purse: Purse) -> None:
    purse.open("100.00")
    purse.open("50.00")
    part = purse.credit(1, "40.00")
    assert (part.number[:3], part.unapplied, purse.state()[1], purse.used) == ("DX-", Decimal("0.00"), ("60.00", False), "110.00")
    purse.credit(1, "60.00", CreditCause.CANCELLED)
    assert (purse.state(), purse.used, purse.standing.open_count) == ({1: ("0.00", True), 2: ("50.00", False)}, "50.00", 1)
    assert list(Application.objects.order_by("id").values_list("kind", "credit__number", "amount")) == [
        ("credit", credit.number, credit.amount) for credit in BatchCredit.objects.order_by("id")
    ]


def test_what_was_paid_already_waits_for_another_batch(purse: Purse) -> None:
    purse.open("100.00")
    purse.receive("80.00")
    credit = purse.credit(1, "30.00")
    assert (credit.unapplied, purse.waits, purse.used, purse.state()) == (Decimal("10.00"), "10.00", "-10.00", {1: ("0.00", True)})
    purse.open("25.00")
    assert (purse.waits, purse.state()[2], purse.used) == ("0.00", ("15.00", False), "15.00")


def test_a_rest_within_the_tolerance_stays_owed_after_a_credit(purse: Purse) -> None:
    purse.open("100.00")
    purse.credit(1, "99.50")
    assert purse.state() == {1: ("0.50", False)}


def test_no_more_is_credited_in_all_than_the_batch_was_worth(purse: Purse) -> None:
    purse.open("100.00")
    purse.receive("100.00")
    purse.credit(1, "60.00")
    with pytest.raises(Refusal) as refusal:
        purse.credit(1, "40.01")
    assert (refusal.value.code, refusal.value.field) == ("credit_too_much", "amount")
    purse.credit(1, "40.00")
    assert (purse.waits, purse.used) == ("100.00", "-100.00")


@pytest.mark.parametrize("amount", ["0", "-1.00", "0.001", "NaN", "Infinity", "99999999999.991"])
def test_a_credit_is_of_something_to_the_cent(purse: Purse, amount: str) -> None:
    purse.open("100.00")
    with pytest.raises(Refusal) as refusal:
        purse.credit(1, amount)
    assert (refusal.value.code, refusal.value.field) == ("bad_input", "amount")


def test_a_request_without_a_batch_has_nothing_to_credit(purse: Purse) -> None:
    world = purse.world
    with pytest.raises(Refusal) as refusal:
        credit_batch(
            1, Decimal(1), cause=CreditCause.CLOSED, reason="x", regulation=world.regulation, by=world.who("finance"), at=world.at
        )  # fmt: skip
    assert refusal.value.status == 404


def test_a_batch_that_grows_is_posted_under_the_limit(purse: Purse) -> None:
    purse.open("100.00")
    purse.limit("150.00", 2)
    purse.grow(1, "50.00")
    assert (purse.used, purse.state()) == ("150.00", {1: ("150.00", False)})
    with pytest.raises(Refusal) as refusal:
        purse.grow(1, "0.01")
    assert refusal.value.code == "limit_exceeded"


def test_a_settled_batch_that_grows_takes_its_place_again_if_there_is_one(purse: Purse) -> None:
    purse.open("100.00")
    purse.receive("100.00")
    purse.open("10.00")
    purse.limit("1000.00", 1)
    with pytest.raises(Refusal) as refusal:
        purse.grow(1, "5.00")
    assert refusal.value.code == "limit_exceeded"


def test_it_takes_its_place_again_and_frees_it_when_it_is_paid(purse: Purse) -> None:
    purse.open("100.00")
    purse.receive("100.00")
    purse.grow(1, "5.00")
    assert (purse.standing.open_count, purse.state()) == (1, {1: ("5.00", False)})
    purse.receive("5.00")
    assert (purse.standing.open_count, purse.state()) == (0, {1: ("0.00", True)})


def test_money_that_waits_covers_a_batch_that_grows_without_taking_a_place(purse: Purse) -> None:
    purse.receive("100.00")
    purse.open("60.00", prepaid=True)
    purse.limit("0.00", 0)
    purse.grow(1, "40.00")
    assert (purse.waits, purse.used, purse.standing.open_count, purse.state()) == ("0.00", "0.00", 0, {1: ("0.00", True)})


def test_money_that_waits_goes_where_finance_says(purse: Purse) -> None:
    purse.open("100.00")
    purse.receive("100.00")
    purse.open("40.00")
    purse.open("20.00")
    purse.credit(1, "30.00")
    purse.use(b3="19.20", b2="10.80")
    assert (purse.waits, purse.used) == ("0.00", "29.20")
    assert purse.state() == {1: ("0.00", True), 2: ("29.20", False), 3: ("0.00", True)}
    assert list(Application.objects.filter(receipt=None, credit=None).order_by("id").values_list("kind", flat=True)) == [
        "detail", "detail", "write_off",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("detail", "code", "by"),
    [
        ({"b2": "30.01"}, "bad_input", "finance"),
        ({"b2": "0.00"}, "bad_input", "finance"),
        ({}, "bad_input", "finance"),
        ({"b2": "-1.00"}, "bad_input", "finance"),
        ({"b2": "0.001"}, "bad_input", "finance"),
        ({"b1": "1.00"}, "bad_input", "finance"),
        ({"b2": "1.00"}, "forbidden", "representative"),
        ({"b2": "1.00"}, "forbidden", "agent_owner"),
    ],
)
def test_what_does_not_fit_is_refused(purse: Purse, detail: dict[str, str], code: str, by: str) -> None:
    purse.open("100.00")
    purse.receive("100.00")
    purse.open("40.00")
    purse.credit(1, "30.00")
    with pytest.raises(Refusal) as refusal:
        purse.use(by=by, **detail)
    assert (refusal.value.code, purse.waits) == (code, "30.00")


def test_a_batch_that_was_credited_whole_was_never_paid(purse: Purse) -> None:
    purse.open("100.00")
    purse.open("50.00")
    purse.credit(1, "100.00", CreditCause.CANCELLED)
    purse.receive("50.00")
    today = purse.world.at.date()
    assert payment_record(purse.line.pk, on=today).settled == 1
    assert on_time_payment(purse.line.buyer_id, since=today, until=today + timedelta(days=1)) == Decimal("100.0")


def test_what_triggered_a_due_day_is_filled_in_for_batches_from_before_it_was_kept(purse: Purse) -> None:
    for net in ("10.00", "10.00", "10.00"):
        purse.open(net)
    kept = purse.batch(1)
    assert kept.triggered_on == purse.world.at.date()
    Batch.objects.filter(line=purse.line).update(triggered_on=None)
    run(TRIGGERED)
    assert (purse.batch(1).triggered_on, purse.batch(2).triggered_on) == (kept.triggered_on, None)
    Batch.objects.filter(line=purse.line).update(opened_on=purse.world.at.date() - timedelta(days=90), triggered_on=None)
    run(TRIGGERED)
    assert purse.batch(1).triggered_on == kept.triggered_due_on
