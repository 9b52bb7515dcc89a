"""Goods of a batch come back that was written off: what nobody paid never becomes the partner's money."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lingqu.base.database import run
from lingqu.credit.models import Application, Receipt, WriteOff
from lingqu.credit.queries import given_up_at_once
from lingqu.credit.tests.purse import Purse
from lingqu.ledger.models import Posting
from tests.checks import must_agree
from tests.pages import SitDown, spoken
from tests.world import World

BOOKS = (
    "running", "reversals", "two_sided", "exposure", "open_batches", "applications", "receipts", "reversed", "undone", "waiting",
    "credits", "write_offs",
)  # fmt: skip


@pytest.fixture
def purse(world: World) -> Purse:
    return Purse(world)


def given_up(purse: Purse, paid: str, written_off: str) -> WriteOff:
    """A batch of 100.00 of which so much was paid, and so much was then written off by the procedure."""
    purse.open("100.00")
    if Decimal(paid):
        purse.receive(paid)
    asked = purse.write_off(1, written_off, by="representative")
    assert asked.approval_id
    purse.world.sign(asked.approval_id, "finance")
    asked.refresh_from_db()
    assert asked.state == "applied"
    return asked


def test_of_a_batch_that_was_written_off_whole_nothing_is_paid_out(purse: Purse) -> None:
    asked = given_up(purse, "0", "100.00")
    credit = purse.credit(1, "100.00")
    assert (credit.lowered, credit.unapplied, purse.waits, purse.used) == (Decimal("100.00"), Decimal("0.00"), "0.00", "0.00")
    assert (purse.state(), purse.standing.open_count) == ({1: ("0.00", True)}, 0)
    assert list(Application.objects.order_by("id").values_list("kind", "write_off", "credit", "amount")) == [
        ("write_off", asked.pk, None, Decimal("100.00")), ("write_off", asked.pk, None, Decimal("-100.00")),
        ("credit", None, credit.pk, Decimal("100.00")),
    ]  # fmt: skip
    back = Posting.objects.get(phase="reverse", reason="write_off")
    was = Posting.objects.get(document_kind="write_off", document_id=asked.pk)
    assert (back.resolves_id, back.amount, back.source_id, back.destination_id) == (was.pk, was.amount, was.destination_id, was.source_id)
    must_agree(*BOOKS)


def test_first_what_is_owed_then_what_was_given_up_and_only_what_was_paid_waits(purse: Purse) -> None:
    given_up(purse, "50.00", "30.00")
    told = []
    for amount in ("15.00", "15.00", "30.00", "40.00"):
        credit = purse.credit(1, amount)
        told.append((str(credit.lowered), str(credit.unapplied), purse.waits, purse.used, purse.state()[1]))
        must_agree(*BOOKS)
    # 15 of 20 owed; 5 owed and 10 of 30 given up; 20 given up and 10 of 50 paid; 40 paid.
    assert told == [
        ("0.00", "0.00", "0.00", "5.00", ("5.00", False)),
        ("10.00", "0.00", "0.00", "0.00", ("0.00", True)),
        ("20.00", "10.00", "10.00", "-10.00", ("0.00", True)),
        ("0.00", "40.00", "50.00", "-50.00", ("0.00", True)),
    ]


def test_a_small_difference_is_no_more_paid_than_a_large_one(purse: Purse) -> None:
    purse.open("100.00")
    purse.receive("99.20")
    credit = purse.credit(1, "100.00")
    assert (credit.lowered, purse.waits, purse.used) == (Decimal("0.80"), "99.20", "-99.20")
    must_agree(*BOOKS)


def test_the_receipt_bounces_after_goods_of_a_given_up_batch_came_back(purse: Purse) -> None:
    given_up(purse, "0", "10.00")
    receipt = purse.receive("89.50")
    assert purse.state() == {1: ("0.00", True)}
    purse.credit(1, "60.00")
    assert (purse.waits, purse.used) == ("49.50", "-49.50")
    purse.reverse(receipt)
    # 100.00 − 60.00 credited are owed, and nothing is given up any more.
    assert (purse.waits, purse.used, purse.state()) == ("0.00", "40.00", {1: ("40.00", False)})
    must_agree(*BOOKS)


def test_small_differences_of_one_batch_are_taken_back_each_by_its_own_posting(purse: Purse) -> None:
    purse.open("100.00")
    first = purse.receive("99.70")
    purse.grow(1, "5.00")
    purse.receive("4.50")
    purse.reverse(first)
    assert (purse.used, purse.state()) == ("100.50", {1: ("100.50", False)})
    backs = Posting.objects.filter(phase="reverse", reason="write_off").order_by("resolves_id")
    assert [(one.amount, one.resolves.amount) for one in backs if one.resolves] == [(Decimal("0.30"),) * 2, (Decimal("0.50"),) * 2]
    must_agree(*BOOKS)


def test_what_a_credit_took_off_a_free_write_off_may_be_given_up_again_and_no_more(purse: Purse) -> None:
    purse.open("100.00")
    purse.receive("98.50")
    assert purse.write_off(1, "1.00").state == "applied"
    purse.credit(1, "1.20")
    # 0.50 were owed, 0.70 of what was given up are not any more.
    assert given_up_at_once(purse.batch(1).pk) == Decimal("0.30")
    purse.grow(1, "2.00")
    assert purse.write_off(1, "0.71").state == "proposed"


def test_the_pages_say_what_was_lowered(purse: Purse, at_desk: SitDown) -> None:
    asked = given_up(purse, "50.00", "30.00")
    purse.credit(1, "40.00")
    for language, on_batch, on_paper in (
        ("zh", "其中冲减已核销 20.00", "其后由贷项冲减 − 20.00"),
        ("en", "20.00 in place of what was written off", "Lowered by credits since − 20.00"),
    ):
        browser = at_desk("finance", language=language)
        assert on_batch in spoken(browser.get(f"/credit/batches/{purse.batch(1).pk}/").content.decode())
        paper = browser.get(f"/credit/write-offs/{asked.number}/").content.decode()
        assert (on_paper in spoken(paper), "notice-amber" in paper) == (True, False)


DAMAGE = {
    "a write-off that was paid out": "UPDATE credit_batchcredit SET lowered = 0",
    "a credit that says it lowered more": "UPDATE credit_batchcredit SET lowered = lowered + 1",
    "a write-off lowered on its batch alone": "UPDATE credit_application SET amount = amount - 1 WHERE reverses_id IS NOT NULL",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_verify_finds_books_in_which_it_is_otherwise(purse: Purse, damage: str) -> None:
    given_up(purse, "50.00", "30.00")
    purse.credit(1, "40.00")
    run(DAMAGE[damage])
    with pytest.raises(AssertionError):
        must_agree("credits", "write_offs")


def test_verify_finds_money_that_was_never_paid(purse: Purse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lingqu.credit.actions.credits.standing_write_offs", lambda _batch: [])
    given_up(purse, "50.00", "30.00")
    purse.credit(1, "40.00")
    assert (purse.waits, Receipt.objects.get().amount) == ("20.00", Decimal("50.00"))
    with pytest.raises(AssertionError):
        must_agree("credits")
