"""Lowering is always possible; a temporary raise ends on its day; nothing of it goes round the procedure."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from lingqu.base.refusal import Refusal
from lingqu.credit.actions import change_grade, end_temporary_limit, follow_table, lower_limit
from lingqu.credit.models import CreditProposal
from lingqu.credit.queries import basis_of, over_temporary
from lingqu.credit.tests.stories import Walk, days_later, limit_of, propose
from lingqu.credit.tests.test_following import with_limit
from lingqu.ledger.queries import standings
from lingqu.notices.models import Notice
from tests.world import World


def lower(world: World, limit: str, *, by: str = "finance", buyer: str = "agent") -> CreditProposal:
    return lower_limit(
        world.lines[buyer].pk, limit=Decimal(limit), reason="回款放慢", regulation=world.regulation, by=world.who(by), at=world.at
    )


def approved(world: World, limit: str, days: int = 30) -> Walk:
    """A temporary raise that is in force."""
    walk = propose(world, limit, until=world.at.date() + timedelta(days=days))
    walk.say(*walk.route())
    return walk


def end_all(world: World) -> int:
    """What the job does every hour."""
    return sum(end_temporary_limit(one, at=world.at) for one in over_temporary(on=world.at.date()))


def regrade(world: World, grade: str, *, by: str = "director", buyer: str = "agent") -> str:
    """Change a grade at once; the code of the refusal, or nothing."""
    try:
        change_grade(
            world.lines[buyer].pk, grade=grade, reason="评审", regulation=world.regulation, by=world.who(by), at=world.at
        )  # fmt: skip
    except Refusal as refusal:
        return refusal.code
    return ""


# ------------------------------------------------------------------------------------------------------------------ limits


@pytest.mark.parametrize("who", ["finance", "director"])
def test_a_limit_is_lowered_at_once(world: World, who: str) -> None:
    document = lower(world, "120000.00", by=who)
    assert (document.state, document.approval_id, limit_of(world)) == ("applied", None, Decimal("120000.00"))


@pytest.mark.parametrize("who", ["manager", "representative", "deputy", "agent_owner", "other_agent_owner", "retailer_owner"])
def test_others_lower_nothing(world: World, who: str) -> None:
    with pytest.raises(Refusal) as told:
        lower(world, "120000.00", by=who)
    assert (told.value.code, limit_of(world), CreditProposal.objects.count()) == ("forbidden", Decimal("300000.00"), 0)


def test_an_agent_s_owner_lowers_the_limit_of_its_retailer(world: World) -> None:
    lower(world, "10000.00", by="agent_owner", buyer="retailer")
    assert limit_of(world, "retailer") == Decimal("10000.00")


@pytest.mark.parametrize("limit", ["300000.00", "300000.01", "-0.01", "1.005"])
def test_at_once_it_is_only_lowered(world: World, limit: str) -> None:
    with pytest.raises(Refusal) as told:
        lower(world, limit)
    assert (told.value.code, told.value.field, limit_of(world)) == ("bad_input", "limit", Decimal("300000.00"))


def test_below_what_is_used_only_new_requests_are_stopped(world: World) -> None:
    accepted = world.submit("agent", {0: 100})
    order = world.accept(accepted)
    held = world.submit("agent", {2: 10})
    lower(world, "0.00")
    world.ship(accepted)
    assert world.accept(held).state == "accepted"
    world.pay("agent", "6240.00")
    order.refresh_from_db()
    assert order.state == "shipped"
    stopped = world.submit("agent", {2: 10})
    assert stopped.state == "review"


# ------------------------------------------------------------------------------------------------------------------ grades


@pytest.mark.parametrize(("grade", "code"), [("B", ""), ("C", ""), ("D", "")])
def test_the_director_lowers_a_grade_at_once(world: World, grade: str, code: str) -> None:
    assert regrade(world, grade) == code


@pytest.mark.parametrize("grade", ["A"])
def test_a_better_grade_goes_by_the_procedure(world: World, grade: str) -> None:
    assert regrade(world, grade, buyer="other_agent") == "needs_procedure"
    assert limit_of(world, "other_agent") == Decimal("200000.00")


def test_a_worse_grade_that_would_raise_a_lowered_limit_goes_by_the_procedure(world: World) -> None:
    lower(world, "100000.00")
    assert (regrade(world, "B"), limit_of(world)) == ("needs_procedure", Decimal("100000.00"))
    assert regrade(world, "C") == ""


def test_an_agent_s_owner_has_no_committee_and_sets_any_grade(world: World) -> None:
    assert regrade(world, "A", by="agent_owner", buyer="retailer") == ""
    assert limit_of(world, "retailer") == Decimal("300000.00")


# ------------------------------------------------------------------------------------------------------------------ for a time


def test_a_temporary_raise_ends_the_day_after_its_last_and_once(world: World) -> None:
    walk = approved(world, "360000.00", days=3)
    assert limit_of(world) == Decimal("360000.00")
    days_later(world, 3)
    assert (end_all(world), limit_of(world)) == (0, Decimal("360000.00"))
    days_later(world, 1)
    assert (end_all(world), limit_of(world), walk.state) == (1, Decimal("300000.00"), "ended")
    assert end_all(world) == 0
    assert end_temporary_limit(walk.proposal.pk, at=world.at) is False


def test_its_end_is_told_to_owner_and_representative(world: World) -> None:
    walk = approved(world, "360000.00", days=1)
    days_later(world, 2)
    end_all(world)
    told = Notice.objects.filter(key=f"credit:{walk.proposal.pk}:ended").values_list("person_id", flat=True)
    assert set(told) == {world.people["agent_owner"].pk, world.people["representative"].pk}


def test_a_limit_lowered_meanwhile_stays_lower(world: World) -> None:
    approved(world, "360000.00", days=1)
    lower(world, "100000.00")
    days_later(world, 2)
    assert (end_all(world), limit_of(world)) == (1, Decimal("100000.00"))


def test_a_temporary_raise_that_was_lowered_is_not_for_good(world: World) -> None:
    approved(world, "900000.00", days=1)
    lower(world, "899999.00")
    days_later(world, 2)
    assert (end_all(world), limit_of(world)) == (1, Decimal("300000.00"))


def test_a_raise_for_good_counts_from_the_limit_without_the_temporary_one(world: World) -> None:
    temporary = approved(world, "360000.00")
    walk = propose(world, "370000.00", by="manager")
    assert list(walk.route()) == ["manager", "finance", "director"]
    walk.say("finance", "director")
    assert (temporary.state, limit_of(world)) == ("ended", Decimal("370000.00"))
    days_later(world, 60)
    assert (end_all(world), limit_of(world)) == (0, Decimal("370000.00"))


def test_a_proposal_outlives_the_end_of_a_temporary_raise(world: World) -> None:
    approved(world, "360000.00", days=1)
    walk = propose(world, "310000.00")
    days_later(world, 2)
    assert end_all(world) == 1
    walk.say("manager", "finance")
    assert (walk.state, limit_of(world)) == ("applied", Decimal("310000.00"))


def test_only_one_temporary_raise_at_a_time(world: World) -> None:
    approved(world, "360000.00")
    with pytest.raises(Refusal) as told:
        propose(world, "380000.00", until=world.at.date() + timedelta(days=5))
    assert (told.value.code, told.value.field) == ("bad_input", "kind")


def test_after_a_temporary_raise_the_line_follows_the_table_of_grades_again(world: World) -> None:
    approved(world, "360000.00", days=1)
    changed = with_limit(world, "A", "330000.00")
    assert (follow_table(regulation=changed, at=world.at).lines, limit_of(world)) == (0, Decimal("360000.00"))
    days_later(world, 2)
    end_all(world)
    assert (follow_table(regulation=changed, at=world.at).lines, limit_of(world)) == (1, Decimal("330000.00"))


def test_the_number_of_batches_stays(world: World) -> None:
    walk = approved(world, "360000.00")
    line = walk.proposal.line
    assert (standings([line.account_id])[line.account_id].count_limit, basis_of(line).limit) == (2, Decimal("300000.00"))
