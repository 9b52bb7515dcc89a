"""Posting: limits in money and batches, two-phase holds, all or nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lingqu.ledger.actions import lock_accounts, open_account
from lingqu.ledger.models import Posting
from lingqu.ledger.queries import balance, movements
from lingqu.ledger.rules import Entry
from lingqu.ledger.states import Phase
from lingqu.ledger.tests.till import Till
from tests.world import World


@pytest.fixture
def till(world: World) -> Till:
    return Till(world)


def test_exactly_the_limit_passes(till: Till) -> None:
    till.post(till.out("100.00"))
    assert till.standing().free == 0


def test_one_cent_more_is_refused(till: Till) -> None:
    till.post(till.out("99.99"))
    assert till.refused(till.out("0.02")) == "limit_exceeded"


def test_what_is_held_counts(till: Till) -> None:
    till.post(till.out("60.00", phase=Phase.HOLD))
    assert till.refused(till.out("40.01")) == "limit_exceeded"


def test_a_settled_hold_is_used(till: Till) -> None:
    (hold,) = till.post(till.out("60.00", phase=Phase.HOLD, count=1))
    till.post(till.out("60.00", phase=Phase.SETTLE, count=1, resolves=hold))
    line = till.standing()
    assert (line.used, line.held, line.open_count, line.held_count) == (Decimal("60.00"), Decimal(0), 1, 0)


def test_a_hold_settled_for_less_frees_the_rest(till: Till) -> None:
    (hold,) = till.post(till.out("60.00", phase=Phase.HOLD))
    till.post(till.out("45.00", phase=Phase.SETTLE, resolves=hold))
    assert (till.standing().used, till.standing().held) == (Decimal("45.00"), Decimal(0))


def test_a_released_hold_is_free(till: Till) -> None:
    (hold,) = till.post(till.out("60.00", phase=Phase.HOLD, count=1))
    till.post(till.out("60.00", phase=Phase.RELEASE, count=1, resolves=hold))
    assert till.standing().free == 100


@pytest.mark.parametrize("phase", [Phase.SETTLE, Phase.RELEASE])
def test_a_hold_ends_once(till: Till, phase: Phase) -> None:
    (hold,) = till.post(till.out("60.00", phase=Phase.HOLD))
    till.post(till.out("60.00", phase=phase, resolves=hold))
    assert till.refused(till.out("60.00", phase=phase, resolves=hold)) == "hold_gone"


def test_a_hold_is_not_settled_for_more(till: Till) -> None:
    (hold,) = till.post(till.out("60.00", phase=Phase.HOLD))
    assert till.refused(till.out("60.01", phase=Phase.SETTLE, resolves=hold)) == "hold_gone"


def test_the_third_batch_is_refused(till: Till) -> None:
    till.post(till.out("1.00", count=1), till.out("1.00", count=1, phase=Phase.HOLD))
    assert till.refused(till.out("1.00", count=1)) == "limit_exceeded"
    till.post(till.back("1.00", count=1))
    till.post(till.out("1.00", count=1))


def test_prepaid_without_the_money_is_refused(till: Till) -> None:
    assert till.refused(till.out("1.00", phase=Phase.HOLD, reason="prepaid")) == "limit_exceeded"


def test_prepaid_with_the_money_passes(till: Till) -> None:
    till.post(till.back("1.00"))
    till.post(till.out("1.00", phase=Phase.HOLD, reason="prepaid"))


def test_all_or_nothing(till: Till) -> None:
    assert till.refused(till.out("50.00"), till.out("50.01")) == "limit_exceeded"
    assert not Posting.objects.filter(source_id=till.line).exists()


def test_a_lowered_limit_recalls_nothing_and_lets_only_less_through(till: Till) -> None:
    till.post(till.out("90.00"))
    till.limit(till.line, "10.00", 0)
    assert till.standing().free == -80
    till.post(till.back("5.00"))
    assert till.refused(till.out("0.01")) == "limit_exceeded"


def test_a_waiver_is_good_for_its_document_alone(till: Till) -> None:
    till.post(till.out("100.00"))
    till.post(till.waiver(till.line, "5.00", document=7, count=1))
    assert till.refused(till.out("5.00", document=8)) == "limit_exceeded"
    assert till.refused(till.out("5.00", document=7), till.out("0.01", document=8)) == "limit_exceeded"


def test_a_waived_document_passes_up_to_what_was_waived(till: Till) -> None:
    till.post(till.out("100.00"))
    till.post(till.waiver(till.line, "5.00", document=7, count=1))
    till.post(till.out("5.00", document=7))
    assert till.refused(till.out("0.01", document=7)) == "limit_exceeded"


def test_units_do_not_mix(till: Till) -> None:
    pieces = open_account("test_pieces", holder=till.world.hq.pk, unit="PCS")
    entry = Entry(till.line, pieces, Decimal(1), ("test", 1), "mixed")
    assert till.refused(entry) == "hold_gone"


def test_a_past_day_has_its_balance(till: Till) -> None:
    till.post(till.out("30.00", count=1))
    day = till.world.at.date()
    assert (balance(till.line, on=day).amount, balance(till.line, on=day.replace(day=1)).amount) == (Decimal("30.00"), Decimal(0))
    assert [str(one) for one in movements(till.line)] == [f"{till.line} > {till.other}: 30.00 CNY (direct)"]


def test_locking_gives_the_standing(till: Till) -> None:
    assert lock_accounts([till.line, till.other]) == {till.line: till.standing()}
