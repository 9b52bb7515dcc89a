"""A receipt is taken back: what it paid is owed again, to the cent, whatever the limit says."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from lingqu.base.refusal import Refusal
from lingqu.credit.models import Application, Batch, CreditLine, Receipt
from lingqu.credit.states import ReceiptState
from lingqu.credit.tests.purse import Purse
from lingqu.ledger.actions import post
from lingqu.ledger.models import Posting
from lingqu.ledger.rules import Entry
from lingqu.ledger.states import Phase
from tests.world import World


@pytest.fixture
def purse(world: World) -> Purse:
    return Purse(world)


def test_what_the_receipt_paid_is_owed_again_with_its_small_difference(purse: Purse) -> None:
    purse.open("6240.00")
    purse.open("9984.00")
    receipt = purse.receive("10000.00", b2="9983.50")
    assert purse.state() == {1: ("6223.50", False), 2: ("0.00", True)}
    purse.reverse(receipt)
    assert purse.state() == {1: ("6240.00", False), 2: ("9984.00", False)}
    assert (purse.used, purse.standing.open_count, purse.waits) == ("16224.00", 2, "0.00")
    assert purse.rows(receipt) == [
        (1, "16.50", "oldest_first"), (2, "9983.50", "detail"), (2, "0.50", "write_off"),
        (1, "-16.50", "oldest_first"), (2, "-9983.50", "detail"), (2, "-0.50", "write_off"),
    ]  # fmt: skip


def test_the_receipt_says_who_took_it_back_when_and_why(purse: Purse) -> None:
    purse.open("100.00")
    receipt = purse.receive("100.00")
    again = purse.reverse(receipt, reason="  印鉴不符，银行退回  ")
    assert (again.state, again.reverse_reason, again.reversed_on) == ("reversed", "印鉴不符，银行退回", purse.world.at.date())
    assert again.reversed_by_id == purse.world.people["finance"].pk


def test_a_small_difference_of_another_receipt_goes_with_the_batch(purse: Purse) -> None:
    purse.open("100.00")
    first = purse.receive("50.00")
    second = purse.receive("49.50")
    assert purse.state() == {1: ("0.00", True)}
    purse.reverse(first)
    assert purse.state() == {1: ("50.50", False)}
    purse.reverse(second)
    assert (purse.state(), purse.used) == ({1: ("100.00", False)}, "100.00")


def test_money_that_still_waits_goes_first(purse: Purse) -> None:
    over = purse.receive("760.00")
    assert (purse.waits, purse.used) == ("760.00", "-760.00")
    purse.reverse(over)
    assert (purse.waits, purse.used) == ("0.00", "0.00")


def test_what_was_left_over_and_used_later_is_taken_off_the_newest_first(purse: Purse) -> None:
    over = purse.receive("300.00")
    purse.open("100.00")
    purse.open("250.00")
    assert purse.state() == {1: ("0.00", True), 2: ("50.00", False)}
    more = purse.receive("50.00")
    assert purse.state() == {1: ("0.00", True), 2: ("0.00", True)}
    purse.reverse(over)
    assert purse.state() == {1: ("100.00", False), 2: ("200.00", False)}
    assert (purse.used, purse.standing.open_count) == ("300.00", 2)
    purse.reverse(more)
    assert (purse.used, purse.state()) == ("350.00", {1: ("100.00", False), 2: ("250.00", False)})


def test_only_as_much_is_taken_off_later_batches_as_is_missing(purse: Purse) -> None:
    first = purse.receive("100.00")
    purse.receive("100.00")
    purse.open("150.00")
    assert (purse.waits, purse.state()) == ("50.00", {1: ("0.00", True)})
    purse.reverse(first)
    assert (purse.waits, purse.state(), purse.used) == ("0.00", {1: ("50.00", False)}, "50.00")


def test_money_that_waits_pays_what_is_owed_again(purse: Purse) -> None:
    purse.open("100.00")
    receipt = purse.receive("100.00")
    purse.credit(1, "30.00")
    assert (purse.waits, purse.used) == ("30.00", "-30.00")
    purse.reverse(receipt)
    assert (purse.waits, purse.used, purse.state()) == ("0.00", "70.00", {1: ("70.00", False)})


def test_money_that_waited_before_pays_first_and_is_not_taken_back_with_the_next_receipt(purse: Purse) -> None:
    purse.open("100.00")
    purse.receive("100.00")
    purse.open("80.00")
    purse.credit(1, "30.00")
    later = purse.receive("20.00")
    assert (purse.waits, purse.state()) == ("0.00", {1: ("0.00", True), 2: ("30.00", False)})
    assert purse.rows(later) == [(2, "20.00", "oldest_first")]
    purse.reverse(later)
    assert (purse.used, purse.state()) == ("50.00", {1: ("0.00", True), 2: ("50.00", False)})


def test_it_passes_every_limit_and_nothing_new_passes_after_it(purse: Purse) -> None:
    world = purse.world
    world.accept(world.submit("agent", {0: 100}))
    receipt = purse.receive("6240.00")
    purse.limit("1.00", 0)
    purse.reverse(receipt)
    standing = purse.standing
    assert (standing.used, standing.open_count, standing.limit, standing.count_limit) == (Decimal("6240.00"), 1, Decimal("1.00"), 0)
    assert world.submit("agent", {0: 1}).state in {"review", "refused"}


def test_a_prepaid_batch_takes_its_place_once_its_money_is_gone(purse: Purse) -> None:
    paid = purse.receive("500.00")
    purse.open("400.00", prepaid=True)
    assert (purse.standing.open_count, purse.batch(1).counted, purse.state()) == (0, 0, {1: ("0.00", True)})
    purse.limit("0.00", 0)
    purse.reverse(paid)
    assert (purse.standing.open_count, purse.batch(1).counted, purse.used) == (1, 1, "400.00")
    purse.receive("400.00")
    assert (purse.standing.open_count, purse.used, purse.waits) == (0, "0.00", "0.00")


def test_a_batch_prepaid_before_its_place_was_kept_stays_uncounted(purse: Purse) -> None:
    paid = purse.receive("500.00")
    line, day, at = purse.line, purse.world.at.date(), purse.world.at
    hold = Entry(line.account_id, line.sales_id, Decimal("400.00"), ("order", 1), "prepaid", Phase.HOLD)
    (held,) = post([hold], on=day, at=at)
    settle = Entry(line.account_id, line.sales_id, Decimal("400.00"), ("order", 1), "accepted", Phase.SETTLE, 0, held)
    post([settle], on=day, at=at)
    batch = Batch.objects.create(
        line=line, number=1, request="JH-1", document_id=1, opened_on=day, value=Decimal("400.00"), applied=Decimal("400.00"), counted=0,
        settled_on=day,
    )  # fmt: skip
    Application.objects.create(batch=batch, amount=Decimal("400.00"), kind="prepaid", on=day)
    CreditLine.objects.filter(pk=line.pk).update(unapplied=Decimal("100.00"), last_batch=1)
    purse.reverse(paid)
    assert (purse.state(), purse.used, purse.batch(1).counted, purse.standing.open_count) == ({1: ("400.00", False)}, "400.00", 0, 0)


def test_a_receipt_is_reversed_once(purse: Purse) -> None:
    purse.open("100.00")
    receipt = purse.receive("100.00")
    purse.reverse(receipt)
    with pytest.raises(Refusal) as refusal:
        purse.reverse(receipt)
    assert (refusal.value.code, purse.used) == ("wrong_state", "100.00")


@pytest.mark.parametrize("who", ["representative", "manager", "agent_owner", "director", "warehouse"])
def test_only_finance_reverses(purse: Purse, who: str) -> None:
    receipt = purse.receive("100.00")
    with pytest.raises(Refusal) as refusal:
        purse.reverse(receipt, by=who)
    assert (refusal.value.code, refusal.value.status) == ("forbidden", 403)
    assert Receipt.objects.get(pk=receipt.pk).state == ReceiptState.ENTERED.value


@pytest.mark.parametrize(
    ("reason", "days", "field"), [("", 0, "reason"), ("  ", 0, "reason"), ("x" * 201, 0, "reason"), ("退票", 1, "on"), ("退票", -1, "on")]
)
def test_what_is_wrong_is_said_at_its_field(purse: Purse, reason: str, days: int, field: str) -> None:
    receipt = purse.receive("100.00")
    with pytest.raises(Refusal) as refusal:
        purse.reverse(receipt, reason=reason, on=purse.world.at.date() + timedelta(days=days))
    assert (refusal.value.code, refusal.value.field) == ("bad_input", field)


def test_a_receipt_that_is_not_there_is_not_found(purse: Purse) -> None:
    with pytest.raises(Refusal) as refusal:
        purse.reverse(Receipt(pk=0))
    assert refusal.value.status == 404


def test_nothing_is_deleted_or_changed_each_undoing_names_what_it_undoes(purse: Purse) -> None:
    purse.open("100.00")
    receipt = purse.receive("99.50")
    before = set(Posting.objects.values_list("id", "amount", "phase"))
    applied = set(Application.objects.values_list("id", "amount"))
    purse.reverse(receipt)
    assert before <= set(Posting.objects.values_list("id", "amount", "phase"))
    assert applied <= set(Application.objects.values_list("id", "amount"))
    backs = Application.objects.filter(amount__lt=0)
    assert {(back.reverses_id, -back.amount) for back in backs} == applied
    assert Posting.objects.filter(phase="reverse", document_kind="receipt", document_id=receipt.pk).count() == 3
