"""What an agent gives its retailers: at once by the owner, by asking for a clerk, never beyond the bounds of the regulation."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from lingqu.approvals.models import Approval
from lingqu.base.refusal import Refusal
from lingqu.credit.actions import change_grade, follow_table, give_terms, lower_limit, withdraw_terms
from lingqu.credit.models import Batch, CreditLine, GradeChange, RetailerTerms
from lingqu.credit.queries import lines_off_the_table
from lingqu.credit.rules import NewTerms
from lingqu.ledger.queries import standings
from lingqu.notices.models import Notice
from lingqu.orders.actions import Outcome, ship_order
from lingqu.orders.models import Order
from lingqu.orders.states import OrderState
from lingqu.policy.rules import Regulation, SetParameter
from tests.regulation import issued
from tests.world import World

USUAL = NewTerms("C", Decimal("80000.00"), 2, 45, 7_300, "开春备货")


def stored(outcome: Outcome) -> Order:
    """The request of an outcome as it stands."""
    assert outcome.order
    return Order.objects.get(pk=outcome.order)


def give(world: World, by: str = "agent_owner", **changed: object) -> RetailerTerms:
    new = msgspec.structs.replace(USUAL, **changed)
    (made,) = give_terms([(world.lines["retailer"].pk, new)], regulation=world.regulation, by=world.who(by), at=world.at)
    return made


def line_of(world: World) -> CreditLine:
    return CreditLine.objects.get(pk=world.lines["retailer"].pk)


def limits(world: World) -> tuple[Decimal, int | None]:
    account = world.lines["retailer"].account_id
    standing = standings([account])[account]
    return standing.limit, standing.count_limit


def code_of(world: World, by: str = "agent_owner", **changed: object) -> tuple[str, int, str]:
    with pytest.raises(Refusal) as refused:
        give(world, by, **changed)
    return refused.value.code, refused.value.status, refused.value.field


def test_the_owner_sets_terms_at_once_and_the_retailer_is_told(world: World) -> None:
    made = give(world)
    assert (made.state, made.approval, made.number[:7]) == ("applied", None, "GT-2026")
    line = line_of(world)
    assert (line.grade, line.own_days, line.own_discount_bp, limits(world)) == ("C", 45, 7_300, (Decimal("80000.00"), 2))
    told = Notice.objects.get(person=world.people["retailer_owner"])
    assert told.title_en == "Your terms have changed"
    assert "80,000.00" in told.body_en
    assert "开春备货" not in told.body_zh
    # 10 copies at 96.00 are 960.00; 73 % of it is 700.80.
    assert stored(world.submit("retailer", {0: 10})).net == Decimal("700.80")


def test_another_grade_is_a_grade_change_of_its_own(world: World) -> None:
    give(world, grade="B")
    newest = GradeChange.objects.filter(line=world.lines["retailer"]).latest("id")
    assert (newest.before, newest.after, newest.reason) == ("C", "B", "开春备货")
    assert limits(world) == (Decimal("80000.00"), 2)


def test_newer_terms_end_the_older_ones(world: World) -> None:
    older, newer = give(world), give(world, days=60)
    older.refresh_from_db()
    assert (older.state, newer.state, older.ended_because) == ("ended", "applied", "新的供货条件已生效 / newer terms are in force")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("director", "not_found"), ("finance", "not_found"), ("manager", "not_found"),
        ("other_agent_owner", "not_found"), ("retailer_owner", "not_found"), ("retailer_clerk", "not_found"),
    ],
)  # fmt: skip
def test_only_the_agents_own_people_give_terms(world: World, name: str, code: str) -> None:
    assert code_of(world, name)[0] == code
    assert RetailerTerms.objects.count() == 0


def test_headquarters_cannot_give_terms_to_its_own_partners(world: World) -> None:
    for name in ("director", "finance", "agent_owner"):
        with pytest.raises(Refusal) as refused:
            give_terms([(world.lines["agent"].pk, USUAL)], regulation=world.regulation, by=world.who(name), at=world.at)
        assert refused.value.status in (403, 404)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"limit": Decimal("300000.01")}, "limit"), ({"batches": 3}, "batches"), ({"days": 91}, "days"), ({"days": 0}, "days"),
        ({"discount_bp": 6_999}, "discount"), ({"discount_bp": 10_001}, "discount"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("by", ["agent_owner", "agent_clerk"])
def test_beyond_the_bounds_nobody_gives_anything(world: World, by: str, changed: dict[str, Any], field: str) -> None:
    assert code_of(world, by, **changed) == ("out_of_bounds", 422, field)
    assert (RetailerTerms.objects.count(), limits(world)) == (0, (Decimal("50000.00"), 1))


@pytest.mark.parametrize("changed", [{"limit": Decimal("300000.00")}, {"batches": 0}, {"days": 90}, {"days": 1}, {"discount_bp": 7_000},
                                     {"discount_bp": 10_000}, {"discount_bp": None}])  # fmt: skip
def test_exactly_at_the_bounds_is_inside(world: World, changed: dict[str, Any]) -> None:
    assert give(world, **changed).state == "applied"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"grade": "E"}, "grade"), ({"reason": " "}, "reason"), ({"limit": Decimal("1.001")}, "limit"), ({"limit": Decimal(-1)}, "limit"),
        ({"grade": "D"}, "limit"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(world: World, changed: dict[str, Any], field: str) -> None:
    assert code_of(world, **changed) == ("bad_input", 422, field)


def test_terms_that_hold_already_are_no_change(world: World) -> None:
    give(world)
    assert code_of(world)[0] == "same_terms"


def test_a_clerk_asks_and_the_owner_decides(world: World) -> None:
    asked = give(world, "agent_clerk")
    assert (asked.state, limits(world)) == ("proposed", (Decimal("50000.00"), 1))
    assert code_of(world, "agent_clerk", days=60)[0] == "proposal_open"
    world.sign(asked.approval_id or 0, "agent_owner", "refuse", "再看一季")
    asked.refresh_from_db()
    assert (asked.state, asked.ended_because, limits(world)) == ("refused", "再看一季", (Decimal("50000.00"), 1))
    again = give(world, "agent_clerk")
    world.sign(again.approval_id or 0, "agent_owner")
    assert limits(world) == (Decimal("80000.00"), 2)


def test_what_was_sent_back_is_asked_again_under_its_number(world: World) -> None:
    asked = give(world, "agent_clerk")
    world.sign(asked.approval_id or 0, "agent_owner", "send_back", "账期太长")
    again = give(world, "agent_clerk", days=30)
    assert (again.pk, again.number, again.state, again.days) == (asked.pk, asked.number, "proposed", 30)
    world.sign(again.approval_id or 0, "agent_owner")
    assert line_of(world).own_days == 30


def test_only_the_asker_takes_it_back(world: World) -> None:
    asked = give(world, "agent_clerk")
    for name, code in (("agent_owner", "forbidden"), ("other_agent_clerk", "not_found"), ("director", "not_found")):
        with pytest.raises(Refusal) as refused:
            withdraw_terms(asked.number, reason="", by=world.who(name), at=world.at)
        assert refused.value.code == code
    withdraw_terms(asked.number, reason="不提了", by=world.who("agent_clerk"), at=world.at)
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_what_changes_at_once_voids_what_is_on_its_way(world: World) -> None:
    asked = give(world, "agent_clerk")
    lower_limit(world.lines["retailer"].pk, limit=Decimal(1000), reason="停", regulation=world.regulation, by=world.who("agent_owner"),
                at=world.at)  # fmt: skip
    asked.refresh_from_db()
    assert (asked.state, Approval.objects.get(pk=asked.approval_id or 0).state) == ("void", "void")


def test_a_grade_set_at_once_brings_the_tables_back_within_the_bounds(world: World) -> None:
    """Grade A is 300,000.00 by the table: where an agent gives 250,000.00 at most, that is what its retailer gets."""
    issued(world, SetParameter("branch_most_limit", "250000.00"))
    made = give(world)
    change_grade(
        world.lines["retailer"].pk, grade="A", reason="大客户", regulation=world.regulation, by=world.who("agent_owner"), at=world.at
    )
    made.refresh_from_db()
    line = line_of(world)
    assert (made.state, line.grade, line.own_days, line.own_discount_bp) == ("ended", "A", None, None)
    assert limits(world) == (Decimal("250000.00"), 2)
    assert lines_off_the_table(world.regulation) == []


def narrower(world: World, **changed: object) -> Regulation:
    parameters = msgspec.structs.replace(world.regulation.parameters, **changed)
    return msgspec.structs.replace(world.regulation, parameters=parameters, number=world.regulation.number + 1)


def test_narrower_bounds_bring_limits_down_and_recall_nothing(world: World) -> None:
    give(world)
    held = world.submit("retailer", {0: 1_000})  # 96,000.00 × 0.73 = 70,080.00
    assert held.state is OrderState.HELD
    regulation = narrower(world, branch_most_limit=Decimal("60000.00"), branch_most_batches=1)
    assert follow_table(regulation=regulation, at=world.at).lines == 1
    assert limits(world) == (Decimal("60000.00"), 1)
    assert (follow_table(regulation=regulation, at=world.at).lines, lines_off_the_table(regulation)) == (0, [])
    assert stored(held).state == "held"


def test_a_wider_table_does_not_lift_own_terms(world: World) -> None:
    give(world)
    grades = world.regulation.parameters.grades
    wider = grades | {"C": msgspec.structs.replace(grades["C"], limit=Decimal("90000.00"))}
    follow_table(regulation=narrower(world, grades=wider), at=world.at)
    assert limits(world) == (Decimal("80000.00"), 2)


def test_terms_count_from_the_next_shipping_on_and_stay_within_todays_bounds(world: World) -> None:
    give(world)
    issued(world, SetParameter("branch_most_days", 40), SetParameter("branch_lowest_discount", 7_400))
    outcome = world.submit("retailer", {0: 100})
    order = stored(outcome)
    assert order.net == Decimal("7104.00")  # 74 %, the lowest now, of 9,600.00
    world.accept(outcome, by="agent_clerk")
    ship_order(order.pk, regulation=world.regulation, by=world.who("agent_clerk"), at=world.at)
    assert Batch.objects.get(document_id=order.pk).backstop_due_on == date(2026, 11, 23) + timedelta(days=40)


def test_many_are_given_or_none(world: World) -> None:
    line = world.lines["retailer"].pk
    for wanted, code in (([], "bad_input"), ([(line, USUAL)] * 2, "bad_input"), ([(line, USUAL), (world.lines["agent"].pk, USUAL)],
                                                                                  "not_found")):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            give_terms(wanted, regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
        assert refused.value.code == code
    assert RetailerTerms.objects.count() == 0
