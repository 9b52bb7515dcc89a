"""Groups that share a limit: proposed, decided, joined and left; lowered at once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import transaction

from lingqu.approvals.models import Approval
from lingqu.base.refusal import Refusal
from lingqu.credit.actions import lower_group_limit, propose_group_change, revise_group_proposal, withdraw_group_proposal
from lingqu.credit.models import CreditGroup, CreditLine, GroupProposal
from lingqu.credit.rules import NewGroupChange
from lingqu.credit.states import GroupProposalKind
from lingqu.credit.tests.group_stories import GroupWalk, group_of, propose_group, standing_of_group
from lingqu.credit.tests.test_proposals_at_once import at_once
from lingqu.ledger.actions import set_limit
from lingqu.ledger.queries import standings
from lingqu.notices.models import Notice
from tests.world import World, build_world

OPEN, LIMIT, JOIN, LEAVE, CLOSE = GroupProposalKind


def test_a_group_is_opened_by_the_last_signature_of_its_route(world: World) -> None:
    walk = propose_group(world, NewGroupChange(OPEN, "两家同属一个集团", name="海右集团", limit=Decimal("400000.00")))
    assert walk.route() == ["manager", "finance", "director"]
    walk.say("manager")
    assert not CreditGroup.objects.exists()
    walk.say("director")
    group = CreditGroup.objects.get()
    assert (group.name, group.number, walk.state, walk.proposal.group_id) == ("海右集团", walk.proposal.number, "applied", group.pk)
    assert standing_of_group(group).limit == Decimal("400000.00")


def test_a_small_group_needs_no_director(world: World) -> None:
    walk = propose_group(world, NewGroupChange(OPEN, "小额", name="小集团", limit=Decimal("20000.00")))
    assert walk.route() == ["manager", "finance"]


def test_who_joins_brings_what_it_owes_and_who_leaves_takes_it_along(world: World) -> None:
    group = group_of(world, "30000.00", "agent")
    world.accept(world.submit("agent", {0: 100}))
    propose_group(world, NewGroupChange(JOIN, "同一集团", group.pk, world.lines["other_agent"].pk)).pass_through()
    assert CreditLine.objects.filter(group=group).count() == 2
    assert standing_of_group(group).used == Decimal("6240.00")
    walk = propose_group(world, NewGroupChange(LEAVE, "股权转让", group.pk, world.lines["agent"].pk))
    assert walk.route() == ["manager", "finance", "director"]
    walk.pass_through()
    assert standing_of_group(group).used == Decimal(0)
    assert CreditLine.objects.get(pk=world.lines["agent"].pk).group_id is None


def test_who_does_not_fit_the_group_stays_out_and_the_step_stays_open(world: World) -> None:
    group = group_of(world, "6000.00")
    world.accept(world.submit("agent", {0: 100}))
    walk = propose_group(world, NewGroupChange(JOIN, "同一集团", group.pk, world.lines["agent"].pk))
    with pytest.raises(Refusal) as refused:
        walk.say("manager")
    assert (refused.value.code, "240.00" in refused.value.text.zh) == ("group_full", True)
    assert (walk.state, CreditLine.objects.filter(group=group).exists()) == ("proposed", False)


def test_a_limit_is_raised_by_the_route_and_lowered_at_once(world: World) -> None:
    group = group_of(world, "30000.00", "agent")
    propose_group(world, NewGroupChange(LIMIT, "旺季", group.pk, limit=Decimal("40000.00"))).pass_through()
    assert standing_of_group(group).limit == Decimal("40000.00")
    waiting = propose_group(world, NewGroupChange(LIMIT, "旺季", group.pk, limit=Decimal("50000.00")))
    lower(world, group, "100.00")()
    assert (standing_of_group(group).limit, waiting.state) == (Decimal("100.00"), "void")
    assert str(world.submit("agent", {0: 2}).state) == "review"


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        (NewGroupChange(OPEN, "理由", name="海右集团", limit=Decimal(9)), "bad_input", "name"),
        (NewGroupChange(OPEN, "理由", name=" ", limit=Decimal(9)), "bad_input", "name"),
        (NewGroupChange(OPEN, "理由", name="字" * 81, limit=Decimal(9)), "bad_input", "name"),
        (NewGroupChange(OPEN, "理由", name="新集团", limit=Decimal(0)), "bad_input", "limit"),
        (NewGroupChange(OPEN, "理由", name="新集团", limit=Decimal("0.001")), "bad_input", "limit"),
        (NewGroupChange(OPEN, "理由", name="新集团", limit=Decimal("NaN")), "bad_input", "limit"),
        (NewGroupChange(OPEN, " ", name="新集团", limit=Decimal(9)), "bad_input", "reason"),
        (NewGroupChange(OPEN, "字" * 201, name="新集团", limit=Decimal(9)), "bad_input", "reason"),
        (NewGroupChange(JOIN, "理由"), "bad_input", "line"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(world: World, change: NewGroupChange, code: str, field: str) -> None:
    group_of(world, "30000.00", name="海右集团")
    with pytest.raises(Refusal) as refused:
        propose_group(world, change)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_partner_is_named_only_where_it_joins_or_leaves_and_no_group_where_one_is_opened(world: World) -> None:
    group, line = group_of(world, "30000.00"), world.lines["agent"].pk
    for change in (
        NewGroupChange(LIMIT, "旺季", group.pk, line, limit=Decimal("40000.00")),
        NewGroupChange(OPEN, "理由", None, line, name="新集团", limit=Decimal(9)),
        NewGroupChange(OPEN, "理由", group.pk, name="新集团", limit=Decimal(9)),
    ):
        with pytest.raises(Refusal) as refused:
            propose_group(world, change)
        assert refused.value.code == "not_found"
    assert GroupProposal.objects.filter(state="proposed").count() == 0


def test_a_lower_limit_is_not_proposed_and_a_higher_one_not_set_at_once(world: World) -> None:
    group = group_of(world, "30000.00")
    with pytest.raises(Refusal, match="a lower one is set at once"):
        propose_group(world, NewGroupChange(LIMIT, "理由", group.pk, limit=Decimal("30000.00")))
    with pytest.raises(Refusal, match="At once it can only be lowered"):
        lower(world, group, "30000.00")()


def test_nobody_is_in_two_groups_or_leaves_one_that_it_is_not_in(world: World) -> None:
    first, second = group_of(world, "30000.00", "agent", name="甲"), group_of(world, "30000.00", name="乙")
    line = world.lines["agent"].pk
    for change in (NewGroupChange(JOIN, "理由", second.pk, line), NewGroupChange(LEAVE, "理由", second.pk, line)):
        with pytest.raises(Refusal) as refused:
            propose_group(world, change)
        assert refused.value.field == "line"
    assert CreditLine.objects.get(pk=line).group_id == first.pk


def test_one_proposal_on_its_way_for_a_group_and_it_can_be_taken_back(world: World) -> None:
    group = group_of(world, "30000.00")
    walk = propose_group(world, NewGroupChange(LIMIT, "旺季", group.pk, limit=Decimal("40000.00")))
    with pytest.raises(Refusal) as refused:
        propose_group(world, NewGroupChange(JOIN, "同一集团", group.pk, world.lines["agent"].pk))
    assert refused.value.code == "proposal_open"
    walk.say("manager", verb="send_back")
    assert walk.state == "sent_back"
    with pytest.raises(Refusal):
        withdraw_group_proposal(walk.proposal.pk, reason="", by=world.who("manager"), at=world.at)
    withdraw_group_proposal(walk.proposal.pk, reason="", by=world.who("finance"), at=world.at)
    assert walk.state == "withdrawn"


def revise(world: World, walk: GroupWalk, limit: str, *, name: str = "", reason: str = "改小", by: str = "finance") -> GroupProposal:
    return revise_group_proposal(
        walk.proposal.pk, limit=Decimal(limit), name=name, reason=reason, regulation=world.regulation, by=world.who(by), at=world.at
    )  # fmt: skip


def test_what_was_sent_back_is_revised_and_its_route_begins_anew(world: World) -> None:
    walk = propose_group(world, NewGroupChange(OPEN, "两家同属一个集团", name="海右集团", limit=Decimal("400000.00")))
    with pytest.raises(Refusal):
        revise(world, walk, "20000.00", name="海右")
    walk.say("manager", verb="send_back")
    for wrong in ({"limit": "0"}, {"limit": "9", "name": " "}, {"limit": "9", "name": "海右", "by": "manager"}):
        with pytest.raises(Refusal):
            revise(world, walk, **wrong)  # type: ignore[arg-type]
    assert walk.state == "sent_back"
    revise(world, walk, "20000.00", name="海右")
    assert (walk.state, walk.proposal.limit_after, walk.proposal.name) == ("proposed", Decimal("20000.00"), "海右")
    walk.pass_through()
    group = CreditGroup.objects.get()
    assert (group.name, standing_of_group(group).limit, walk.state) == ("海右", Decimal("20000.00"), "applied")


def test_a_revised_raise_counts_from_the_limit_of_now(world: World) -> None:
    group = group_of(world, "30000.00")
    walk = propose_group(world, NewGroupChange(LIMIT, "旺季", group.pk, limit=Decimal("40000.00")))
    walk.say("manager", verb="send_back")
    with transaction.atomic():
        set_limit(group.account_id, limit=Decimal("35000.00"), count_limit=None, document=("t", 1), on=world.at.date(), at=world.at)
    revise(world, walk, "36000.00")
    walk.pass_through()
    assert (walk.proposal.limit_before, standing_of_group(group).limit) == (Decimal("35000.00"), Decimal("36000.00"))


def test_a_closed_group_lets_all_members_go_and_nothing_is_proposed_for_it(world: World) -> None:
    group = group_of(world, "30000.00", "agent", "other_agent")
    world.accept(world.submit("agent", {0: 100}))
    walk = propose_group(world, NewGroupChange(CLOSE, "集团解散", group.pk))
    assert (walk.route(), str(Approval.objects.get(pk=walk.approval).amount)) == (["manager", "finance", "director"], "500000.00")
    walk.pass_through()
    group.refresh_from_db()
    stands = standing_of_group(group)
    assert (group.closed_at, stands.limit, stands.used, CreditLine.objects.filter(group=group).count()) == (world.at, 0, 0, 0)
    assert standings([world.lines["agent"].account_id])[world.lines["agent"].account_id].used == Decimal("6240.00")
    for change in (NewGroupChange(JOIN, "理由", group.pk, world.lines["agent"].pk), NewGroupChange(CLOSE, "理由", group.pk)):
        with pytest.raises(Refusal, match="That group is closed"):
            propose_group(world, change)


def test_an_own_limit_that_was_raised_meanwhile_stops_the_closing(world: World) -> None:
    group = group_of(world, "30000.00", "agent")
    walk = propose_group(world, NewGroupChange(CLOSE, "集团解散", group.pk))
    with transaction.atomic():
        account, day = world.lines["agent"].account_id, world.at.date()
        set_limit(account, limit=Decimal(900_000), count_limit=2, document=("t", 1), on=day, at=world.at)
    with pytest.raises(Refusal, match="changed since"):
        walk.pass_through()
    group.refresh_from_db()
    assert (group.closed_at, CreditLine.objects.filter(group=group).count()) == (None, 1)


def test_an_own_limit_that_was_raised_meanwhile_stops_the_leaving(world: World) -> None:
    group = group_of(world, "30000.00", "agent")
    walk = propose_group(world, NewGroupChange(LEAVE, "股权转让", group.pk, world.lines["agent"].pk))
    with transaction.atomic():
        account, day = world.lines["agent"].account_id, world.at.date()
        set_limit(account, limit=Decimal(900_000), count_limit=2, document=("t", 1), on=day, at=world.at)
    with pytest.raises(Refusal, match="changed since"):
        walk.pass_through()
    assert CreditLine.objects.filter(group=group).count() == 1


def told(world: World, who: str) -> list[str]:
    found = Notice.objects.filter(person=world.people[who], key__startswith="group:").order_by("id")
    return [notice.title_zh for notice in found]


def test_partners_hear_that_they_joined_of_another_limit_and_that_they_left(world: World) -> None:
    group = group_of(world, "30000.00")
    propose_group(world, NewGroupChange(JOIN, "同一集团", group.pk, world.lines["agent"].pk)).pass_through()
    lower(world, group, "20000.00")()
    propose_group(world, NewGroupChange(LIMIT, "旺季", group.pk, limit=Decimal("25000.00"))).pass_through()
    propose_group(world, NewGroupChange(CLOSE, "集团解散", group.pk)).pass_through()
    heard = [
        "agent公司已并入集团额度“海右集团”", "集团额度“海右集团”由 30,000.00 元改为 20,000.00 元",
        "集团额度“海右集团”由 20,000.00 元改为 25,000.00 元", "agent公司不再属于集团额度“海右集团”",
    ]  # fmt: skip
    assert told(world, "agent_owner") == heard
    assert told(world, "other_agent_owner") == []


def test_refused_it_changes_nothing(world: World) -> None:
    group = group_of(world, "30000.00")
    walk = propose_group(world, NewGroupChange(LIMIT, "旺季", group.pk, limit=Decimal("90000.00")))
    walk.say("manager", verb="refuse")
    assert (walk.state, standing_of_group(group).limit) == ("refused", Decimal("30000.00"))


@pytest.mark.parametrize("name", ["warehouse", "director", "agent_owner", "representative"])
def test_others_do_not_propose_groups(world: World, name: str) -> None:
    with pytest.raises(Refusal) as refused:
        propose_group(world, NewGroupChange(OPEN, "理由", name="新集团", limit=Decimal(9)), by=name)
    assert refused.value.status == 403


def test_a_representative_proposes_that_its_own_partner_joins(world: World) -> None:
    group = group_of(world, "30000.00")
    walk = propose_group(world, NewGroupChange(JOIN, "同一集团", group.pk, world.lines["agent"].pk), by="representative")
    assert walk.route() == ["manager", "finance"]


@pytest.mark.parametrize("name", ["warehouse", "manager", "agent_owner"])
def test_others_do_not_lower(world: World, name: str) -> None:
    with pytest.raises(Refusal) as refused:
        lower(world, group_of(world, "30000.00"), "1.00", by=name)()
    assert refused.value.status == 403


def lower(world: World, group: CreditGroup, limit: str, *, by: str = "director") -> Callable[[], object]:
    who, regulation, at = world.who(by), world.regulation, world.at
    return lambda: lower_group_limit(group.pk, limit=Decimal(limit), reason="逾期", regulation=regulation, by=who, at=at)


def test_a_lowering_and_the_last_signature_at_the_same_moment(race_database: str) -> None:
    world = build_world()
    group = group_of(world, "30000.00")
    walk = propose_group(world, NewGroupChange(LIMIT, "旺季", group.pk, limit=Decimal("90000.00")), by="manager")
    walk.say("finance")
    counted = at_once([walk.signing("director"), lower(world, group, "100.00")])
    assert (counted["done"] >= 1, standing_of_group(group).limit) == (True, Decimal("100.00"))
    assert walk.state == ("applied" if counted["done"] == 2 else "void")


def test_many_propose_for_one_group(race_database: str) -> None:
    world = build_world()
    group = group_of(world, "30000.00")
    change = NewGroupChange(LIMIT, "旺季", group.pk, limit=Decimal(90_000))
    by, regulation, at = world.who("finance"), world.regulation, world.at
    deeds: list[Callable[[], object]] = [lambda: propose_group_change(world.hq.pk, change, regulation=regulation, by=by, at=at)] * 4
    assert at_once(deeds) == {"done": 1, "proposal_open": 3}
    assert GroupProposal.objects.filter(kind="limit").count() == 1


def test_members_and_group_agree_on_the_ledger(world: World) -> None:
    group = group_of(world, "30000.00", "agent", "other_agent")
    for name in ("agent", "other_agent"):
        world.accept(world.submit(name, {0: 10}))
        world.submit(name, {0: 5})
    members = standings([world.lines[name].account_id for name in ("agent", "other_agent")]).values()
    stands = standing_of_group(group)
    assert (stands.used, stands.held) == (sum(one.used for one in members), sum(one.held for one in members))
