"""Pure credit: money applied to batches, the laws, due days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingqu.base.calendar import OFFICIAL
from lingqu.base.decision import Outcome
from lingqu.base.refusal import Refusal
from lingqu.credit.rules import (
    CreditFacts,
    OpenBatch,
    apply_money,
    batches_law,
    credit_law,
    days_overdue,
    due_when_triggered,
    overdue_law,
    triggered_number,
)
from lingqu.policy.rules import Grade, LawSetting

DAY = date(2026, 11, 23)
LAW = LawSetting("M-19.5", "director")
TOLERANCE = Decimal("1.00")


def batch(number: int, rest: str, due: date | None = None) -> OpenBatch:
    return OpenBatch(number * 10, number, f"JH-{number}", DAY, Decimal(rest), due)


def line(used: str = "0", held: str = "0", *, limit: str = "300000", open_count: int = 0, held_count: int = 0, max_open: int = 2,
         batches: tuple[OpenBatch, ...] = ()) -> CreditFacts:  # fmt: skip
    return CreditFacts("A", Decimal(limit), Decimal(used), Decimal(held), max_open, open_count, held_count, batches)


def test_the_oldest_is_paid_first_and_the_rest_stays() -> None:
    money = apply_money([batch(2, "70.00"), batch(1, "30.00")], Decimal("120.00"), tolerance=TOLERANCE)
    assert [(part.batch, part.amount) for part in money.applied] == [(10, Decimal("30.00")), (20, Decimal("70.00"))]
    assert (money.settled, money.unapplied) == ((10, 20), Decimal("20.00"))


def test_the_remittance_detail_wins() -> None:
    money = apply_money([batch(1, "30.00"), batch(2, "70.00")], Decimal("80.00"), tolerance=TOLERANCE, detail={20: Decimal("70.00")})
    assert [(part.batch, part.amount, part.kind.value) for part in money.applied] == [
        (10, Decimal("10.00"), "oldest_first"),
        (20, Decimal("70.00"), "detail"),
    ]
    assert money.settled == (20,)


@pytest.mark.parametrize(
    "detail", [{99: Decimal(1)}, {10: Decimal("30.01")}, {10: Decimal(-1)}, {10: Decimal("30.00"), 20: Decimal("50.01")}]
)
def test_a_detail_that_does_not_fit_is_refused(detail: dict[int, Decimal]) -> None:
    with pytest.raises(Refusal):
        apply_money([batch(1, "30.00"), batch(2, "70.00")], Decimal("80.00"), tolerance=TOLERANCE, detail=detail)


def test_a_small_rest_is_written_off() -> None:
    money = apply_money([batch(1, "30.00")], Decimal("29.00"), tolerance=TOLERANCE)
    assert [(part.amount, part.kind.value) for part in money.applied] == [
        (Decimal("29.00"), "oldest_first"),
        (Decimal("1.00"), "write_off"),
    ]
    assert money.settled == (10,)


def test_a_rest_above_the_tolerance_stays_owed() -> None:
    money = apply_money([batch(1, "30.00")], Decimal("28.99"), tolerance=TOLERANCE)
    assert ([(part.amount, part.kind.value) for part in money.applied], money.settled) == ([(Decimal("28.99"), "oldest_first")], ())


def test_a_batch_that_got_nothing_is_not_written_off() -> None:
    money = apply_money([batch(1, "30.00"), batch(2, "0.50")], Decimal("30.00"), tolerance=TOLERANCE)
    assert money.settled == (10,)


AMOUNTS = st.decimals(min_value="0.01", max_value=10**6, places=2)


@given(st.lists(AMOUNTS, max_size=6), AMOUNTS)
def test_every_cent_is_applied_or_kept(rests: list[Decimal], amount: Decimal) -> None:
    batches = [batch(number, str(rest)) for number, rest in enumerate(rests, 1)]
    money = apply_money(batches, amount, tolerance=TOLERANCE)
    paid = sum((part.amount for part in money.applied if part.kind.value != "write_off"), Decimal(0))
    assert paid + money.unapplied == amount
    for one in batches:
        applied = sum((part.amount for part in money.applied if part.batch == one.batch), Decimal(0))
        assert (applied == one.remaining) == (one.batch in money.settled)
        assert applied <= one.remaining


@pytest.mark.parametrize(("net", "passes"), [("60000.00", True), ("60000.01", False)])
def test_exactly_at_the_limit_passes(net: str, *, passes: bool) -> None:
    law = credit_law(line("240000.00"), Decimal(net), LAW)
    assert (law.outcome is Outcome.PASSED, law.numbers["over"]) == (passes, Decimal(net) - 60_000)


@pytest.mark.parametrize(("held", "passes"), [("240000.00", True), ("240000.01", False)])
def test_what_other_requests_hold_counts_against_the_limit(held: str, *, passes: bool) -> None:
    assert (credit_law(line(held=held), Decimal("60000.00"), LAW).outcome is Outcome.PASSED) is passes


@pytest.mark.parametrize(("open_count", "held_count", "passes"), [(0, 0, True), (1, 0, True), (2, 0, False), (1, 1, False)])
def test_open_and_waiting_batches_count(open_count: int, held_count: int, *, passes: bool) -> None:
    law = batches_law(line("100", open_count=open_count, held_count=held_count), Decimal(1), LAW)
    assert (law.outcome is Outcome.PASSED) == passes


def test_a_request_worth_nothing_takes_no_batch() -> None:
    assert batches_law(line("100", open_count=2), Decimal(0), LAW).outcome is Outcome.PASSED


def test_overdue_counts_from_the_day_after_the_due_day() -> None:
    facts = line(batches=(batch(1, "30.00", DAY),))
    judge = {"tolerance_days": 0, "tolerance_amount": Decimal(0), "setting": LAW}
    assert overdue_law(facts, on=DAY, **judge).outcome is Outcome.PASSED  # type: ignore[arg-type]
    late = overdue_law(facts, on=date(2026, 11, 24), **judge)  # type: ignore[arg-type]
    assert (late.outcome, late.numbers["overdue"], late.numbers["days"]) == (Outcome.FAILED, Decimal("30.00"), 1)


@pytest.mark.parametrize(("tolerance", "passes"), [("30.00", True), ("29.99", False)])
def test_overdue_yuan_up_to_the_tolerance_pass(tolerance: str, *, passes: bool) -> None:
    facts = line(batches=(batch(1, "30.00", DAY),))
    law = overdue_law(facts, on=date(2026, 11, 24), tolerance_days=0, tolerance_amount=Decimal(tolerance), setting=LAW)
    assert (law.outcome is Outcome.PASSED) is passes


@pytest.mark.parametrize(("on", "days"), [(date(2026, 11, 26), 0), (date(2026, 11, 27), 1)])
def test_days_within_the_tolerance_are_not_overdue(on: date, days: int) -> None:
    assert days_overdue(batch(1, "30.00", DAY), on, 3) == days


@pytest.mark.parametrize(("on", "days"), [(date(2026, 11, 30), 0), (date(2026, 12, 1), 8)])
def test_a_disputed_batch_is_left_out_up_to_the_last_day_of_its_dispute(on: date, days: int) -> None:
    disputed = msgspec.structs.replace(batch(1, "30.00", DAY), disputed_until=date(2026, 11, 30))
    assert days_overdue(disputed, on, 0) == days


@pytest.mark.parametrize("hand", [False, True])
def test_a_stop_of_supply_stops_a_request_without_a_cent_overdue(*, hand: bool) -> None:
    facts = msgspec.structs.replace(line(), stopped="TG-2026-0001", stopped_by_hand=hand)
    law = overdue_law(facts, on=DAY, tolerance_days=0, tolerance_amount=Decimal(0), setting=LAW)
    assert (law.outcome, law.numbers["stopped"]) == (Outcome.FAILED, "TG-2026-0001")


@pytest.mark.parametrize(("k", "accepted", "due"), [(2, 3, 1), (1, 2, 1), (0, 4, 4), (2, 2, 0)])
def test_an_acceptance_makes_an_earlier_batch_due(k: int, accepted: int, due: int) -> None:
    assert triggered_number(accepted, Grade(Decimal(0), 2, k, 90)) == due


def test_grace_is_in_working_days() -> None:
    assert due_when_triggered(DAY, 3, OFFICIAL) == date(2026, 11, 26)
