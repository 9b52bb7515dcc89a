"""Reversals: each names what it takes back, wholly or in part, never more than there was, and no limit holds it up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from lingqu.ledger.models import Posting
from lingqu.ledger.queries import balance
from lingqu.ledger.rules import Entry
from lingqu.ledger.states import Phase
from lingqu.ledger.tests.till import Till
from tests.databases import as_owner
from tests.world import World


@pytest.fixture
def till(world: World) -> Till:
    return Till(world)


@pytest.fixture
def bounced(till: Till) -> int:
    """Money that came in and set the line free, after which the line was used up again."""
    till.post(till.out("100.00", count=2))
    (receipt,) = till.post(till.back("60.00", count=1))
    till.post(till.out("60.00", count=1))
    return receipt


def test_money_that_bounced_is_owed_again_whatever_the_limit_says(till: Till, bounced: int) -> None:
    till.post(till.taken_back("60.00", bounced, count=1))
    line = till.standing()
    assert (line.used, line.open_count, line.free) == (Decimal("160.00"), 3, Decimal("-60.00"))


def test_nothing_else_passes_the_limit_beside_it(till: Till, bounced: int) -> None:
    assert till.refused(till.taken_back("60.00", bounced), till.out("0.01")) == "limit_exceeded"
    assert till.refused(till.taken_back("60.00", bounced), till.out("0.01", phase=Phase.HOLD)) == "limit_exceeded"
    assert till.refused(till.taken_back("0.00", bounced, count=1), till.out("0.00", count=1)) == "limit_exceeded"


def test_what_lowers_passes_beside_it(till: Till, bounced: int) -> None:
    till.post(till.taken_back("60.00", bounced), till.back("1.00"))
    assert till.standing().used == Decimal("159.00")


def test_only_a_reversal_passes(till: Till, bounced: int) -> None:
    assert till.refused(till.out("60.00")) == "limit_exceeded"


def test_what_was_used_is_free_again_when_it_is_taken_back(till: Till) -> None:
    (sent,) = till.post(till.out("100.00", count=1))
    till.post(till.undone("100.00", sent, count=1))
    assert (till.standing().free, till.standing().open_count) == (Decimal("100.00"), 0)
    till.post(till.out("100.00", count=2))


def test_what_is_freed_by_a_reversal_can_be_used_in_the_same_call(till: Till) -> None:
    (sent,) = till.post(till.out("100.00", count=2))
    till.post(till.undone("100.00", sent, count=2), till.out("100.00", count=2))
    assert till.refused(till.undone("0.01", sent), till.out("0.01")) == "reversed_already"


def test_a_settled_hold_is_taken_back(till: Till) -> None:
    (hold,) = till.post(till.out("60.00", phase=Phase.HOLD, count=1))
    (settled,) = till.post(till.out("60.00", phase=Phase.SETTLE, count=1, resolves=hold))
    till.post(till.undone("60.00", settled, count=1))
    line = till.standing()
    assert (line.used, line.held, line.open_count, line.held_count) == (0, 0, 0, 0)
    assert till.refused(till.out("60.00", phase=Phase.SETTLE, count=1, resolves=hold)) == "hold_gone"


def test_it_is_taken_back_in_parts_up_to_what_there_was(till: Till, bounced: int) -> None:
    till.post(till.taken_back("20.00", bounced))
    till.post(till.taken_back("15.00", bounced), till.taken_back("15.00", bounced, count=1))
    assert till.refused(till.taken_back("10.01", bounced)) == "reversed_already"
    till.post(till.taken_back("10.00", bounced))
    assert till.standing().used == Decimal("160.00")


def test_it_is_taken_back_once(till: Till, bounced: int) -> None:
    till.post(till.taken_back("60.00", bounced, count=1))
    assert till.refused(till.taken_back("60.00", bounced, count=1)) == "reversed_already"
    assert till.refused(till.taken_back("0.01", bounced)) == "reversed_already"


def test_one_call_takes_back_no_more_either(till: Till, bounced: int) -> None:
    assert till.refused(till.taken_back("30.00", bounced), till.taken_back("30.01", bounced)) == "reversed_already"


def test_no_more_batches_are_taken_back_than_there_were(till: Till, bounced: int) -> None:
    assert till.refused(till.taken_back("60.00", bounced, count=2)) == "reversed_already"
    till.post(till.taken_back("1.00", bounced, count=1))
    assert till.refused(till.taken_back("1.00", bounced, count=1)) == "reversed_already"


def test_fewer_than_none_are_not_taken_back(till: Till, bounced: int) -> None:
    assert till.refused(till.taken_back("1.00", bounced, count=-1)) == "reversed_already"


def test_it_goes_between_the_same_two_the_other_way_round(till: Till, bounced: int) -> None:
    third = Till(till.world, kind="third")
    document = ("test", 4)
    same_way = Entry(till.other, till.line, Decimal(1), document, "test", Phase.REVERSE, 0, bounced)
    elsewhere = Entry(till.line, third.other, Decimal(1), document, "test", Phase.REVERSE, 0, bounced)
    from_elsewhere = Entry(third.line, till.other, Decimal(1), document, "test", Phase.REVERSE, 0, bounced)
    assert [till.refused(entry) for entry in (same_way, elsewhere, from_elsewhere)] == ["reversed_already"] * 3


def test_holds_releases_waivers_and_reversals_are_not_taken_back(till: Till, bounced: int) -> None:
    (back,) = till.post(till.taken_back("60.00", bounced))
    assert till.refused(till.undone("60.00", back)) == "reversed_already"
    till.limit(till.line, "1000.00", 9)
    (hold,) = till.post(till.out("5.00", phase=Phase.HOLD))
    assert till.refused(till.undone("5.00", hold)) == "reversed_already"
    (release,) = till.post(till.out("5.00", phase=Phase.RELEASE, resolves=hold))
    assert till.refused(till.undone("5.00", release)) == "reversed_already"
    waiver = till.waiver(till.line, "5.00", document=7)
    (waived,) = till.post(waiver)
    undone = Entry(waiver.destination, waiver.source, Decimal(5), ("test", 7), "undone", Phase.REVERSE, 0, waived)
    assert till.refused(undone) == "reversed_already"


def test_it_names_what_it_takes_back(till: Till, bounced: int) -> None:
    assert till.refused(Entry(till.line, till.other, Decimal(1), ("test", 4), "test", Phase.REVERSE)) == "reversed_already"
    assert till.refused(till.taken_back("1.00", bounced + 1_000)) == "reversed_already"
    assert till.refused(till.out("1.00", resolves=bounced)) == "hold_gone"


def test_a_refused_reversal_leaves_nothing(till: Till, bounced: int) -> None:
    assert till.refused(till.back("5.00"), till.taken_back("60.01", bounced)) == "reversed_already"
    assert till.standing().used == Decimal("100.00")
    assert not Posting.objects.filter(phase="reverse").exists()


def test_money_paid_ahead_no_longer_covers_when_it_was_taken_back(till: Till) -> None:
    (receipt,) = till.post(till.back("10.00"))
    prepaid = till.out("10.00", phase=Phase.HOLD, reason="prepaid")
    assert till.refused(till.taken_back("0.01", receipt), prepaid) == "limit_exceeded"
    till.post(prepaid)


def test_the_balance_of_a_day_knows_it(till: Till, bounced: int) -> None:
    till.post(till.taken_back("25.00", bounced, count=1))
    day = balance(till.line, on=till.world.at.date())
    assert (day.amount, day.count) == (till.standing().used, till.standing().open_count) == (Decimal("125.00"), 3)


def test_negative_control_without_the_check_more_is_taken_back_than_there_was(race_database: str) -> None:
    from tests.world import build_world

    with as_owner(race_database) as owner:
        (source,) = owner.execute("SELECT pg_get_functiondef('ledger_post'::regproc)").fetchone()
        assert source.count("IF 'reverse' = ANY(phases)") == 1
        owner.execute(source.replace("IF 'reverse' = ANY(phases)", "IF false"))
    world = build_world()
    with transaction.atomic():
        till = Till(world)
        (receipt,) = till.post(till.back("1.00"))
        till.post(till.taken_back("500.00", receipt))
        assert till.standing().used == Decimal("499.00")


def test_a_reversal_without_what_it_takes_back_cannot_be_written_even_by_the_owner(race_database: str) -> None:
    with as_owner(race_database) as owner, pytest.raises(Exception, match="posting_resolves"):
        owner.execute(
            "INSERT INTO ledger_posting (source_id, destination_id, amount, count, unit, phase, document_kind, document_id, reason,"
            " \"on\", at) VALUES (1, 2, 1, 0, 'CNY', 'reverse', 'test', 1, 'test', now(), now())"
        )


def test_the_application_cannot_write_a_reversal_past_the_function(till: Till, bounced: int) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_posting SET phase = 'reverse' WHERE id = %s", (bounced,))
