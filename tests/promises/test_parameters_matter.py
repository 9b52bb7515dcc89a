"""Every parameter changes a result: a parameter without a row here would be a number that nobody obeys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from lingqu.base.decision import Outcome
from lingqu.base.refusal import Refusal
from lingqu.credit.actions import NewReceipt, change_grade, enter_receipt
from lingqu.credit.models import Batch
from lingqu.ledger.actions import set_limit
from lingqu.ledger.queries import standings
from lingqu.orders.actions import accept_order, ship_order, submit_orders
from lingqu.orders.models import Order, StoredDecision
from lingqu.organisation.actions import open_firm
from lingqu.organisation.states import FirmKind
from lingqu.policy.rules import Discount, Grade, Parameters, Regulation
from lingqu.policy.states import DayMode
from tests.world import START, World


def under(world: World, **changed: Any) -> Regulation:
    """The regulation in force with some parameters changed."""
    regulation = world.regulation
    return msgspec.structs.replace(regulation, parameters=msgspec.structs.replace(regulation.parameters, **changed))


def with_grade(world: World, **changed: Any) -> dict[str, Grade]:
    grades = world.regulation.parameters.grades
    return grades | {"A": msgspec.structs.replace(grades["A"], **changed)}


def submitted(world: World, regulation: Regulation) -> Order:
    (outcome,) = submit_orders([world.ask("agent", {0: 10})], regulation=regulation, by=world.who("agent_owner"), at=world.at)
    assert outcome.order
    return Order.objects.get(pk=outcome.order)


def accepted(world: World, regulation: Regulation) -> Batch:
    order = submitted(world, regulation)
    accept_order(order.pk, ship_on=world.at.date(), regulation=regulation, by=world.who("representative"), at=world.at)
    return Batch.objects.get(document_id=order.pk)


def answer_until(world: World, regulation: Regulation) -> object:
    return submitted(world, regulation).answer_until


def settled_with_rest(world: World, rest: str) -> Callable[[Regulation], object]:
    def settled(regulation: Regulation) -> object:
        batch = accepted(world, regulation)
        world.sent += 1
        new = NewReceipt(world.lines["agent"].pk, f"p{world.sent}", batch.value - Decimal(rest), world.at.date(), "", "", {})
        enter_receipt(new, regulation=regulation, by=world.who("finance"), at=world.at)
        batch.refresh_from_db()
        return batch.settled_on

    return settled


def limits_of_grade_a(world: World, regulation: Regulation) -> tuple[Decimal, int | None]:
    line = world.lines["agent"]
    change_grade(line.pk, grade="B", reason="test", regulation=regulation, by=world.who("director"), at=world.at)
    change_grade(line.pk, grade="A", reason="test", regulation=regulation, by=world.who("director"), at=world.at)
    standing = standings([line.account_id])[line.account_id]
    return standing.limit, standing.count_limit


def price_outcome(world: World, regulation: Regulation) -> tuple[Decimal, str]:
    order = submitted(world, regulation)
    decision = msgspec.json.decode(StoredDecision.objects.get(order=order).decision)
    return order.net, next(law["outcome"] for law in decision["laws"] if law["law"] == "price")


def deepest_firm(world: World, regulation: Regulation) -> str:
    try:
        open_firm(
            "customer", code=f"c{world.sent}", kind=FirmKind.CUSTOMER, parent=world.firms["retailer"], since=START,
            levels=regulation.parameters.channel_levels, at=world.at, by=None,
        )  # fmt: skip
    except Refusal as refusal:
        return refusal.code
    return "opened"


def due_after_third(world: World, regulation: Regulation) -> object:
    line = world.lines["agent"]
    for _ in range(2):
        accepted(world, regulation)
    set_limit(line.account_id, limit=Decimal(300_000), count_limit=9, document=("test", 1), on=world.at.date(), at=world.at)
    accepted(world, regulation)
    return [batch.triggered_due_on for batch in Batch.objects.filter(line=line).order_by("number")]


def backstop(world: World, regulation: Regulation) -> object:
    batch = accepted(world, regulation)
    ship_order(batch.document_id, regulation=regulation, by=world.who("warehouse"), at=world.at)
    batch.refresh_from_db()
    return batch.backstop_due_on


def overdue_law_with(world: World, regulation: Regulation) -> str:
    batch = accepted(world, world.regulation)
    Batch.objects.filter(pk=batch.pk).update(triggered_due_on=world.at.date() - timedelta(days=3))
    decision = msgspec.json.decode(StoredDecision.objects.get(order=submitted(world, regulation)).decision)
    return str(next(law["outcome"] for law in decision["laws"] if law["law"] == "overdue"))


def test_channel_levels(world: World) -> None:
    assert (deepest_firm(world, under(world, channel_levels=3)), deepest_firm(world, under(world))) == ("too_deep", "opened")


def test_answer_days(world: World) -> None:
    assert answer_until(world, under(world, answer_days=3)) != answer_until(world, under(world))


def test_answer_mode(world: World) -> None:
    world.at += timedelta(days=3)  # Thursday: four calendar days end on Monday, four working days on Wednesday
    assert answer_until(world, under(world, answer_mode=DayMode.WORKING, answer_days=4)) != answer_until(world, under(world, answer_days=4))


def test_batch_tolerance(world: World) -> None:
    settled = settled_with_rest(world, "0.50")
    assert settled(under(world, batch_tolerance=Decimal("0.49"))) is None


def test_write_off_limit(world: World) -> None:
    settled = settled_with_rest(world, "0.50")
    assert settled(under(world, write_off_limit=Decimal("0.49"))) is None


def test_the_rest_is_written_off_by_default(world: World) -> None:
    assert settled_with_rest(world, "0.50")(under(world)) == world.at.date()


@pytest.mark.parametrize(
    ("changed", "limits"), [({"limit": Decimal(1)}, (Decimal(1), 2)), ({"max_open_batches": 5}, (Decimal(300_000), 5))]
)
def test_grade_limits(world: World, changed: dict[str, Any], limits: tuple[Decimal, int]) -> None:
    assert limits_of_grade_a(world, under(world, grades=with_grade(world, **changed))) == limits


def test_grade_term(world: World) -> None:
    dates = due_after_third(world, under(world, grades=with_grade(world, due_after_batches=1)))
    assert dates == [date(2026, 11, 26), date(2026, 11, 26), None]


def test_trigger_grace(world: World) -> None:
    dates = due_after_third(world, under(world, trigger_grace_days=5))
    assert dates == [date(2026, 11, 30), None, None]


def test_grade_backstop(world: World) -> None:
    assert backstop(world, under(world, grades=with_grade(world, backstop_days=7))) == date(2026, 11, 30)


def test_overdue_tolerance_days(world: World) -> None:
    assert overdue_law_with(world, under(world, overdue_tolerance_days=3)) == Outcome.PASSED


def test_overdue_tolerance_amount(world: World) -> None:
    assert overdue_law_with(world, under(world, overdue_tolerance_amount=Decimal(1_000))) == Outcome.PASSED


def test_overdue_is_stopped_by_default(world: World) -> None:
    assert overdue_law_with(world, under(world)) == Outcome.FAILED


def test_discounts(world: World) -> None:
    table = world.regulation.parameters.discounts
    cheaper = {"agent": table["agent"] | {"A": Discount(rule_bp=5_000, floor_bp=5_500)}}
    assert price_outcome(world, under(world)) == (Decimal("624.00"), "passed")
    assert price_outcome(world, under(world, discounts=cheaper)) == (Decimal("480.00"), "failed")


PROOFS = {
    "channel_levels": test_channel_levels,
    "answer_days": test_answer_days,
    "answer_mode": test_answer_mode,
    "grades": test_grade_limits,
    "batch_tolerance": test_batch_tolerance,
    "write_off_limit": test_write_off_limit,
    "trigger_grace_days": test_trigger_grace,
    "overdue_tolerance_days": test_overdue_tolerance_days,
    "overdue_tolerance_amount": test_overdue_tolerance_amount,
    "discounts": test_discounts,
}


def test_no_parameter_is_forgotten_here() -> None:
    assert set(PROOFS) == set(Parameters.__struct_fields__)
