"""Every parameter changes a result: it is changed in a draft, published by the procedure, and the result afterwards is another.

A parameter without a row in `PROOFS` would be a number that nobody obeys; the pages say *not yet* of those that no version obeys.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from lingqu.base.decision import Outcome
from lingqu.base.refusal import Refusal
from lingqu.credit.actions import NewReceipt, change_grade, dispute_batch, enter_receipt, review_line
from lingqu.credit.models import Batch, SupplyHold
from lingqu.duties.models import Duty
from lingqu.ledger.actions import set_limit
from lingqu.ledger.queries import standings
from lingqu.orders.actions import Received, accept_order, receive_delivery, ship_order
from lingqu.orders.models import Order, StoredDecision
from lingqu.orders.rules import LineCount
from lingqu.organisation.actions import open_firm
from lingqu.organisation.states import FirmKind
from lingqu.policy.rules import Parameters, SetParameter
from lingqu.settlement.actions import issue_statement
from lingqu.settlement.rules import month_due
from tests.promises import test_parameters_of_partners as of_partners
from tests.promises.parameters import Result, answer_until, submitted, table, under_both
from tests.regulation import issued
from tests.world import START, World

THURSDAY = timedelta(days=3)
"""After the Monday on which the stories begin."""


def accepted(world: World) -> Batch:
    order = submitted(world)
    accept_order(order.pk, ship_on=world.at.date(), regulation=world.regulation, by=world.who("representative"), at=world.at)
    return Batch.objects.get(document_id=order.pk)


def answer_until_of_thursday(world: World) -> date:
    world.at += THURSDAY
    return answer_until(world)


def settled_with_rest(world: World) -> date | None:
    """Pay all but half a yuan."""
    batch = accepted(world)
    new = NewReceipt(world.lines["agent"].pk, "half-a-yuan", batch.value - Decimal("0.50"), world.at.date(), "", "", {})
    enter_receipt(new, regulation=world.regulation, by=world.who("finance"), at=world.at)
    batch.refresh_from_db()
    return batch.settled_on


def limits_of_grade_c(world: World) -> tuple[Decimal, int | None]:
    line = world.lines["agent"]
    change_grade(line.pk, grade="C", reason="test", regulation=world.regulation, by=world.who("director"), at=world.at)
    standing = standings([line.account_id])[line.account_id]
    return standing.limit, standing.count_limit


def price_outcome(world: World) -> tuple[Decimal, str]:
    order = submitted(world)
    return order.net, law_of(order, "price")


def law_of(order: Order, name: str) -> str:
    decision = msgspec.json.decode(StoredDecision.objects.get(order=order).decision)
    return str(next(law["outcome"] for law in decision["laws"] if law["law"] == name))


def deepest_firm(world: World) -> str:
    try:
        open_firm(
            "customer", code="deepest", kind=FirmKind.CUSTOMER, parent=world.firms["retailer"], since=START,
            levels=world.regulation.parameters.channel_levels, at=world.at, by=None,
        )  # fmt: skip
    except Refusal as refusal:
        return refusal.code
    return "opened"


def due_after_third(world: World) -> list[date | None]:
    line = world.lines["agent"]
    for _ in range(2):
        accepted(world)
    set_limit(line.account_id, limit=Decimal(300_000), count_limit=9, document=("test", 1), on=world.at.date(), at=world.at)
    accepted(world)
    return [batch.triggered_due_on for batch in Batch.objects.filter(line=line).order_by("number")]


def backstop(world: World) -> date | None:
    batch = accepted(world)
    assert batch.document_id
    ship_order(batch.document_id, regulation=world.regulation, by=world.who("warehouse"), at=world.at)
    batch.refresh_from_db()
    return batch.backstop_due_on


def overdue_law(world: World) -> str:
    batch = accepted(world)
    Batch.objects.filter(pk=batch.pk).update(triggered_due_on=world.at.date() - timedelta(days=3))
    return law_of(submitted(world), "overdue")


def state_at_submission(world: World) -> str:
    return Order.objects.get(pk=submitted(world).pk).state


def test_contract_mode(world: World) -> None:
    assert under_both(state_at_submission, contract_mode="each") == ("held", "papers")


def test_channel_levels(world: World) -> None:
    assert under_both(deepest_firm, channel_levels=3) == ("opened", "too_deep")


def test_answer_days(world: World) -> None:
    before, after = under_both(answer_until, answer_days=3)
    assert after - before == timedelta(days=1)


def test_answer_mode(world: World) -> None:
    """Three days from a Thursday end on Sunday, which moves to Monday; three working days end on Tuesday."""
    issued(world, SetParameter("answer_days", 3))
    before, after = under_both(answer_until_of_thursday, answer_mode="working")
    assert after - before == timedelta(days=1)


def test_batch_tolerance(world: World) -> None:
    assert under_both(settled_with_rest, batch_tolerance="0.49") == (world.at.date(), None)


def last_day_of_dispute(world: World) -> str:
    """What comes of a dispute up to the ninth day from now: its last day, or the field that is wrong."""
    batch = accepted(world)
    until = world.at.date() + timedelta(days=9)
    try:
        disputed = dispute_batch(
            batch.pk, until=until, text="数量不符", regulation=world.regulation, by=world.who("finance"), at=world.at
        )  # fmt: skip
    except Refusal as refusal:
        return refusal.field
    return str(disputed.disputed_until)


def test_dispute_days(world: World) -> None:
    assert under_both(last_day_of_dispute, dispute_days=8) == ("2026-12-02", "until")


def test_write_off_limit(world: World) -> None:
    assert under_both(settled_with_rest, write_off_limit="0.49") == (world.at.date(), None)


@pytest.mark.parametrize(
    ("column", "value", "limits"),
    [("limit", "1.00", (Decimal(1), 1)), ("max_open_batches", 2, (Decimal(50_000), 2))],
)
def test_grade_limits(world: World, column: str, value: Any, limits: tuple[Decimal, int]) -> None:
    assert under_both(limits_of_grade_c, grades=table("grades", ("C", column), value)) == ((Decimal(50_000), 1), limits)


def test_grade_term(world: World) -> None:
    due = date(2026, 11, 26)
    assert under_both(due_after_third, grades=table("grades", ("A", "due_after_batches"), 1)) == ([due, None, None], [due, due, None])


def test_trigger_grace(world: World) -> None:
    before, after = under_both(due_after_third, trigger_grace_days=5)
    assert (before[0], after[0]) == (date(2026, 11, 26), date(2026, 11, 30))


def test_grade_backstop(world: World) -> None:
    assert under_both(backstop, grades=table("grades", ("A", "backstop_days"), 7)) == (date(2027, 2, 21), date(2026, 11, 30))


def test_overdue_tolerance_days(world: World) -> None:
    assert under_both(overdue_law, overdue_tolerance_days=3) == (Outcome.FAILED, Outcome.PASSED)


def test_overdue_tolerance_amount(world: World) -> None:
    assert under_both(overdue_law, overdue_tolerance_amount="1000.00") == (Outcome.FAILED, Outcome.PASSED)


def hold_level(world: World) -> str:
    batch = accepted(world)
    Batch.objects.filter(pk=batch.pk).update(triggered_due_on=world.at.date() - timedelta(days=12))
    review_line(batch.line_id, regulation=world.regulation, at=world.at)
    found = SupplyHold.objects.filter(line_id=batch.line_id).first()
    return found.level if found else "none"


def ladder(world: World) -> list[str]:
    batch = accepted(world)
    Batch.objects.filter(pk=batch.pk).update(triggered_due_on=world.at.date() - timedelta(days=15))
    review_line(batch.line_id, regulation=world.regulation, at=world.at)
    return list(Duty.objects.filter(firm=world.firms["agent"]).values_list("rule", flat=True))


@pytest.mark.parametrize(
    ("step", "days", "result", "both"), [("hold", 13, hold_level, ("delay", "none")), ("visit", 16, ladder, (["collection_visit"], []))]
)
def test_collection_steps(world: World, step: str, days: int, result: Result, both: tuple[Any, Any]) -> None:
    assert under_both(result, collection_steps=table("collection_steps", (step, "days"), days)) == both


def test_stop_supply_days(world: World) -> None:
    assert under_both(hold_level, stop_supply_days=12) == ("delay", "stop")


@pytest.mark.parametrize(
    ("column", "value", "outcome"),
    [("rule_bp", 6_400, (Decimal("614.40"), "passed")), ("floor_bp", 6_600, (Decimal("624.00"), "failed"))],
)
def test_discounts(world: World, column: str, value: int, outcome: tuple[Decimal, str]) -> None:
    changed = table("discounts", ("agent", "A", column), value)
    assert under_both(price_outcome, discounts=changed) == ((Decimal("624.00"), "passed"), outcome)


def state_when_submitted(world: World) -> str:
    return submitted(world).state


def test_auto_accept(world: World) -> None:
    assert under_both(state_when_submitted, auto_accept=True) == ("held", "accepted")


def shipped_after_five_days(world: World) -> str:
    """What comes of shipping five days after acceptance, when the partner's papers have run out meanwhile."""
    batch = accepted(world)
    assert batch.document_id
    world.partners["agent"].certified_until = world.at.date()
    world.partners["agent"].save()
    world.at += timedelta(days=5)
    try:
        ship_order(batch.document_id, regulation=world.regulation, by=world.who("warehouse"), at=world.at)
    except Refusal as refusal:
        return refusal.code
    return "shipped"


def test_approval_recheck_days(world: World) -> None:
    assert under_both(shipped_after_five_days, approval_recheck_days=4) == ("shipped", "recheck_failed")


def month_of_job(world: World) -> date | None:
    """Which month the job states on the sixth of December."""
    return month_due(date(2026, 12, 6), world.regulation.parameters.statement_day)


def test_statement_day(world: World) -> None:
    assert under_both(month_of_job, statement_day=7) == (date(2026, 11, 1), None)


def reply_until(world: World) -> date:
    accepted(world)
    world.at += timedelta(days=14)
    november, finance = date(2026, 11, 1), world.who("finance")
    return issue_statement(world.lines["agent"].pk, november, regulation=world.regulation, by=finance, at=world.at).reply_until


def test_statement_reply_days(world: World) -> None:
    before, after = under_both(reply_until, statement_reply_days=12)
    assert after - before == timedelta(days=2)


def reported_after_eight_days(world: World) -> str:
    """What becomes of differences that are reported on the eighth day after shipping."""
    delivery = ship_order(accepted(world).document_id or 0, regulation=world.regulation, by=world.who("warehouse"), at=world.at)
    world.at += timedelta(days=8)
    try:
        counted = Received({1: LineCount(9)})
        receive_delivery(delivery.pk, counted, regulation=world.regulation, by=world.who("agent_clerk"), at=world.at)
    except Refusal as refusal:
        return refusal.code
    return "reported"


def test_receipt_difference_days(world: World) -> None:
    assert under_both(reported_after_eight_days, receipt_difference_days=8) == ("too_late", "reported")


PROOFS = {
    "price_protection_days": of_partners.test_price_protection_days,
    "price_claim_days": of_partners.test_price_claim_days,
    "price_protection_share": of_partners.test_price_protection_share,
    "branch_most_limit": of_partners.test_branch_most_limit,
    "branch_most_batches": of_partners.test_branch_most_batches,
    "branch_most_days": of_partners.test_branch_most_days,
    "branch_lowest_discount": of_partners.test_branch_lowest_discount,
    "branch_answer_days": of_partners.test_branch_answer_days,
    "branch_stamped_contract": of_partners.test_branch_stamped_contract,
    "visits_per_year": of_partners.test_visits_per_year,
    "return_share": of_partners.test_return_share,
    "return_age_months": of_partners.test_return_age,
    "auto_accept": test_auto_accept,
    "approval_recheck_days": test_approval_recheck_days,
    "channel_levels": test_channel_levels,
    "answer_days": test_answer_days,
    "answer_mode": test_answer_mode,
    "grades": test_grade_limits,
    "batch_tolerance": test_batch_tolerance,
    "dispute_days": test_dispute_days,
    "write_off_limit": test_write_off_limit,
    "trigger_grace_days": test_trigger_grace,
    "overdue_tolerance_days": test_overdue_tolerance_days,
    "overdue_tolerance_amount": test_overdue_tolerance_amount,
    "discounts": test_discounts,
    "contract_mode": test_contract_mode,
    "collection_steps": test_collection_steps,
    "stop_supply_days": test_stop_supply_days,
    "statement_day": test_statement_day,
    "statement_reply_days": test_statement_reply_days,
    "receipt_difference_days": test_receipt_difference_days,
}


def test_no_parameter_is_forgotten_here() -> None:
    assert set(PROOFS) == set(Parameters.__struct_fields__)


def test_negative_control_a_parameter_that_nobody_obeys_changes_nothing(world: World) -> None:
    """The same proof with a declared parameter: nothing follows from it, which is why it reads *not yet*."""
    key, value = next((key, value) for key, value in world.regulation.declared.items() if type(value) is int)
    note = world.regulation.notes[key]
    other = value + 1 if note.most is None or value < note.most else value - 1
    before, after = under_both(answer_until, **{key: other})
    assert before == after
