"""A proposal walks its procedure, and the limit on the ledger follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest

from lingqu.approvals.actions import withdraw_approval
from lingqu.approvals.models import Approval, ApprovalStep
from lingqu.audit.models import Fact
from lingqu.base.refusal import Refusal
from lingqu.credit.actions import change_grade, lower_limit, propose_credit_change, revise_proposal, withdraw_proposal
from lingqu.credit.models import CreditProposal
from lingqu.credit.rules import NewProposal
from lingqu.credit.states import PROPOSALS, ProposalKind, ProposalState
from lingqu.credit.tests.stories import Walk, days_later, limit_of, propose
from lingqu.ledger.models import LimitChange
from lingqu.notices.models import Notice
from lingqu.organisation.actions import delegate, give_post
from lingqu.organisation.states import PostCode
from tests.world import START, World


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as told:
        do()
    return told.value.code


def lower(world: World, limit: str, *, by: str = "finance", buyer: str = "agent") -> CreditProposal:
    return lower_limit(
        world.lines[buyer].pk, limit=Decimal(limit), reason="回款放慢", regulation=world.regulation, by=world.who(by), at=world.at
    )


def lend(world: World, absent: str, stand_in: str, post: PostCode) -> None:
    first = world.at.date()
    delegate(
        world.people[absent], stand_in=world.people[stand_in], post=post, first=first, last=first + timedelta(days=9), reason="出差",
        at=world.at, by=world.people[absent],
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------------------ the route


def test_a_raise_goes_to_manager_finance_and_director(world: World) -> None:
    walk = propose(world)
    assert walk.route() == {"manager": "open", "finance": "waiting", "director": "waiting"}
    walk.say("manager", "finance")
    assert (walk.state, limit_of(world)) == ("proposed", Decimal("300000.00"))
    walk.say("director")
    assert (walk.state, limit_of(world)) == ("applied", Decimal("360000.00"))


def test_many_small_raises_need_the_signatures_of_a_large_one(world: World) -> None:
    for limit in ("310000.00", "320000.00"):
        walk = propose(world, limit=limit)
        assert list(walk.route()) == ["manager", "finance"]
        walk.say("manager", "finance")
    assert list(propose(world, limit="320000.01").route()) == ["manager", "finance", "director"]


def test_back_to_the_table_is_measured_from_where_the_line_stands(world: World) -> None:
    lower(world, "100000.00")
    assert list(propose(world, limit="300000.00").route()) == ["manager", "finance", "director"]


@pytest.mark.parametrize(
    ("limit", "steps"),
    [
        ("300000.01", ["manager", "finance"]),
        ("319999.99", ["manager", "finance"]),
        ("320000.00", ["manager", "finance"]),
        ("320000.01", ["manager", "finance", "director"]),
        ("299999.99", ["manager", "finance"]),
    ],
)
def test_the_raise_chooses_the_route_at_the_cent(world: World, limit: str, steps: list[str]) -> None:
    walk = propose(world, limit)
    assert list(walk.route()) == steps
    walk.say(*steps)
    assert (walk.state, limit_of(world)) == ("applied", Decimal(limit))


def test_a_small_raise_ends_with_finance(world: World) -> None:
    walk = propose(world, "320000.00")
    walk.say("manager")
    assert limit_of(world) == Decimal("300000.00")
    walk.say("finance")
    assert (walk.state, limit_of(world)) == ("applied", Decimal("320000.00"))


def test_the_facts_stand_before_the_signers(world: World) -> None:
    world.accept(world.submit("agent", {0: 100}))
    walk = propose(world)
    approval = Approval.objects.get(pk=walk.approval)
    facts = {row[0]: row[2] for row in approval.facts}
    assert (approval.amount, approval.about_id, approval.link) == (
        Decimal("60000.00"), world.firms["agent"].pk, f"/credit/proposals/{walk.proposal.number}/",
    )  # fmt: skip
    assert facts == {
        "客户": "agent公司", "现行等级": "A", "现行额度": "300,000.00 元", "拟定等级": "A", "拟定额度": "360,000.00 元",
        "超出等级额度": "60,000.00 元",
        "已用": "6,240.00 元", "预留": "0.00 元", "未结批次": "1 / 2 批", "现有逾期": "0.00 元", "近 12 个月付款": "结清 0 批，无逾期",
        "条款": "M-19.5",
    }  # fmt: skip


def test_the_grade_is_changed_by_the_committee(world: World) -> None:
    walk = propose(world, grade="A", buyer="other_agent")
    walk.say("finance")
    walk.meet("director", "deputy", "manager", "researcher")
    state, change = walk.state, walk.proposal.grade_change
    assert change
    assert (state, change.before, change.after, change.approval_id) == ("applied", "B", "A", walk.approval)
    assert limit_of(world, "other_agent") == Decimal("300000.00")


# ------------------------------------------------------------------------------------------------------------------ who may


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("representative", True), ("manager", True), ("finance", True), ("director", False), ("deputy", False), ("warehouse", False),
        ("researcher", False), ("agent_owner", False), ("agent_clerk", False), ("other_agent_owner", False), ("retailer_owner", False),
    ],
)  # fmt: skip
def test_who_may_propose(world: World, who: str, may: bool) -> None:
    facts = Fact.objects.count()
    if may:
        assert propose(world, by=who).state == "proposed"
    else:
        assert refused(lambda: propose(world, by=who)) == "forbidden"
        assert (Fact.objects.count(), CreditProposal.objects.count()) == (facts, 0)


def test_a_representative_of_others_may_not(world: World) -> None:
    give_post(world.people["researcher"], PostCode.REPRESENTATIVE, firm=world.hq, since=START, at=world.at, by=None)
    assert refused(lambda: propose(world, by="researcher")) == "forbidden"


def test_a_stand_in_proposes_for_the_representative_and_neither_decides(world: World) -> None:
    lend(world, "representative", "deputy", PostCode.REPRESENTATIVE)
    walk = propose(world, by="deputy")
    people = (walk.proposal.asked_by_id, walk.proposal.asked_for_id)
    assert people == (world.people["deputy"].pk, world.people["representative"].pk)
    lend(world, "manager", "deputy", PostCode.MANAGER)
    assert refused(lambda: walk.say("deputy")) == "own_request"


def test_the_asker_never_signs(world: World) -> None:
    walk = propose(world, by="manager")
    assert walk.route() == {"manager": "passed_over", "finance": "open", "director": "waiting"}
    assert refused(lambda: walk.say("manager")) == "own_request"


def test_the_asker_does_not_sign_as_stand_in_of_the_director(world: World) -> None:
    walk = propose(world, by="finance")
    walk.say("manager")
    lend(world, "director", "finance", PostCode.DIRECTOR)
    assert refused(lambda: walk.say("finance")) == "own_request"
    assert limit_of(world) == Decimal("300000.00")


def test_finance_is_absent_and_the_stand_in_signs(world: World) -> None:
    lend(world, "finance", "deputy", PostCode.FINANCE)
    walk = propose(world, "320000.00")
    walk.say("manager", "deputy")
    assert limit_of(world) == Decimal("320000.00")


# ------------------------------------------------------------------------------------------------------------------ what cannot be


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewProposal(ProposalKind.LIMIT, "旺季", Decimal("300000.00")), "limit"),
        (NewProposal(ProposalKind.LIMIT, "旺季", Decimal("-1.00")), "limit"),
        (NewProposal(ProposalKind.LIMIT, "旺季", Decimal("NaN")), "limit"),
        (NewProposal(ProposalKind.LIMIT, "旺季", Decimal("1.005")), "limit"),
        (NewProposal(ProposalKind.LIMIT, "旺季", Decimal("1e12")), "limit"),
        (NewProposal(ProposalKind.LIMIT, "旺季"), "limit"),
        (NewProposal(ProposalKind.LIMIT, "  ", Decimal("360000.00")), "reason"),
        (NewProposal(ProposalKind.LIMIT, "长" * 201, Decimal("360000.00")), "reason"),
        (NewProposal(ProposalKind.TEMPORARY, "旺季", Decimal("360000.00")), "until"),
        (NewProposal(ProposalKind.TEMPORARY, "旺季", Decimal("360000.00"), until=date(2026, 11, 22)), "until"),
        (NewProposal(ProposalKind.TEMPORARY, "旺季", Decimal("360000.00"), until=date(2027, 11, 25)), "until"),
        (NewProposal(ProposalKind.TEMPORARY, "旺季", Decimal("200000.00"), until=date(2026, 12, 31)), "limit"),
        (NewProposal(ProposalKind.GRADE, "评审", grade="A"), "grade"),
        (NewProposal(ProposalKind.GRADE, "评审", grade="E"), "grade"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(world: World, new: NewProposal, field: str) -> None:
    with pytest.raises(Refusal) as told:
        propose_credit_change(
            world.lines["agent"].pk, new, regulation=world.regulation, by=world.who("representative"), at=world.at
        )  # fmt: skip
    assert (told.value.code, told.value.field, CreditProposal.objects.count()) == ("bad_input", field, 0)


def test_a_partner_that_pays_first_has_no_limit_to_raise(world: World) -> None:
    assert refused(lambda: propose(world, "10000.00", buyer="cash_agent")) == "bad_input"


def test_a_second_proposal_waits_for_the_first(world: World) -> None:
    walk = propose(world)
    assert refused(lambda: propose(world, "310000.00", by="manager")) == "proposal_open"
    withdraw_proposal(walk.proposal.pk, reason="", by=world.who("representative"), at=world.at)
    assert propose(world, "310000.00", by="manager").state == "proposed"


def test_a_regulation_without_the_procedure_changes_no_limit(world: World) -> None:
    bare = msgspec.structs.replace(world.regulation, chains={})
    new = NewProposal(ProposalKind.LIMIT, "旺季", Decimal("360000.00"))
    line = world.lines["agent"].pk
    code = refused(lambda: propose_credit_change(line, new, regulation=bare, by=world.who("manager"), at=world.at))
    assert code == "no_procedure"


# ------------------------------------------------------------------------------------------------------------------ the verbs

Verb = Callable[[Walk], object]


def revise(walk: Walk, limit: str = "350000.00", *, by: str = "representative") -> CreditProposal:
    new = NewProposal(ProposalKind.LIMIT, "改小一些", Decimal(limit))
    world = walk.world
    return revise_proposal(walk.proposal.pk, new, regulation=world.regulation, by=world.who(by), at=world.at)


def withdraw(walk: Walk, *, by: str = "representative") -> CreditProposal:
    return withdraw_proposal(walk.proposal.pk, reason="不需要了", by=walk.world.who(by), at=walk.world.at)


def apply_all(walk: Walk) -> None:
    for step in list(walk.route()):
        walk.say(step)


VERBS: dict[str, Verb] = {
    "apply": apply_all,
    "refuse": lambda walk: walk.say("manager", verb="refuse"),
    "send_back": lambda walk: walk.say("manager", verb="send_back"),
    "revise": revise,
    "withdraw": withdraw,
}
WAYS: dict[ProposalState, list[str]] = {
    ProposalState.PROPOSED: [],
    ProposalState.SENT_BACK: ["send_back"],
    ProposalState.APPLIED: ["apply"],
    ProposalState.REFUSED: ["refuse"],
    ProposalState.WITHDRAWN: ["withdraw"],
    ProposalState.VOID: ["void"],
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", WAYS)
def test_a_verb_leads_where_the_table_says_and_nowhere_else(world: World, state: ProposalState, verb: str) -> None:
    walk = propose(world)
    for before in WAYS[state]:
        if before == "void":
            lower(world, "250000.00")
        else:
            VERBS[before](walk)
    limit = limit_of(world)
    assert walk.state == state
    after = PROPOSALS.moves.get((state, next(one for one in PROPOSALS.words if one == verb)))  # type: ignore[arg-type]
    if after:
        VERBS[verb](walk)
        assert walk.state == after
    else:
        with pytest.raises((Refusal, ApprovalStep.DoesNotExist)):
            VERBS[verb](walk)
        assert (walk.state, limit_of(world)) == (state, limit)


def test_sent_back_it_is_revised_and_begins_anew(world: World) -> None:
    walk = propose(world)
    walk.say("manager")
    walk.say("finance", verb="send_back", reason="太多")
    revise(walk, "315000.00")
    walk.proposal.refresh_from_db()
    assert (walk.route(), walk.proposal.limit_after) == ({"manager": "open", "finance": "waiting"}, Decimal("315000.00"))
    walk.say("manager", "finance")
    assert limit_of(world) == Decimal("315000.00")


@pytest.mark.parametrize("who", ["manager", "finance", "director", "agent_owner"])
def test_only_the_asker_revises_and_withdraws(world: World, who: str) -> None:
    walk = propose(world)
    assert refused(lambda: withdraw(walk, by=who)) == "forbidden"
    walk.say("manager", verb="send_back")
    assert refused(lambda: revise(walk, by=who)) == "forbidden"


def test_withdrawn_where_it_is_approved_it_is_withdrawn_here(world: World) -> None:
    walk = propose(world)
    withdraw_approval(walk.approval, reason="", by=world.who("representative"), at=world.at)
    assert walk.state == "withdrawn"


# ------------------------------------------------------------------------------------------------------------------ meanwhile


def test_a_limit_that_is_lowered_meanwhile_voids_the_proposal(world: World) -> None:
    walk = propose(world)
    walk.say("manager", "finance")
    lower(world, "250000.00")
    approval = Approval.objects.get(pk=walk.approval)
    assert (walk.state, approval.state, limit_of(world)) == ("void", "void", Decimal("250000.00"))
    assert approval.ended_because == "等级或额度已被直接调整 / the grade or the limit was changed at once"


def test_a_grade_that_is_lowered_meanwhile_voids_the_proposal(world: World) -> None:
    walk = propose(world)
    line = world.lines["agent"].pk
    change_grade(line, grade="C", reason="经营异常", regulation=world.regulation, by=world.who("director"), at=world.at)
    assert (walk.state, limit_of(world)) == ("void", Decimal("50000.00"))


def test_a_refused_lowering_voids_nothing(world: World) -> None:
    walk = propose(world)
    assert refused(lambda: lower(world, "300000.00")) == "bad_input"
    assert refused(lambda: lower(world, "250000.00", by="manager")) == "forbidden"
    assert walk.state == "proposed"


def test_what_does_not_fit_the_line_any_more_is_not_put_into_force(world: World) -> None:
    walk = propose(world, "320000.00")
    walk.say("manager")
    CreditProposal.objects.filter(pk=walk.proposal.pk).update(limit_before=Decimal("100000.00"))
    assert refused(lambda: walk.say("finance")) == "line_changed"
    assert (walk.state, walk.route()["finance"], limit_of(world)) == ("proposed", "open", Decimal("300000.00"))


def test_another_content_than_was_sent_is_not_put_into_force(world: World) -> None:
    walk = propose(world, "320000.00")
    walk.say("manager")
    CreditProposal.objects.filter(pk=walk.proposal.pk).update(limit_after=Decimal("900000.00"))
    assert refused(lambda: walk.say("finance")) == "content_changed"
    assert limit_of(world) == Decimal("300000.00")


# ------------------------------------------------------------------------------------------------------------------ what is told


def test_the_partner_s_owner_hears_the_result_and_nobody_else_of_the_partner(world: World) -> None:
    walk = propose(world)
    owner, clerk = world.people["agent_owner"].pk, world.people["agent_clerk"].pk
    assert Notice.objects.filter(person_id__in=(owner, clerk)).count() == 0
    apply_all(walk)
    (told,) = Notice.objects.filter(person_id__in=(owner, clerk))
    assert (told.person_id, told.title_zh) == (owner, "已生效：您的信用额度由 300,000.00 元改为 360,000.00 元")


def test_the_partner_does_not_hear_why_it_was_refused(world: World) -> None:
    walk = propose(world)
    walk.say("manager", verb="refuse", reason="内部理由")
    (told,) = Notice.objects.filter(person=world.people["agent_owner"])
    assert told.title_zh == "信用调整未获同意"
    assert "内部理由" not in told.title_zh + told.body_zh


def test_the_limit_change_names_the_proposal(world: World) -> None:
    walk = propose(world)
    apply_all(walk)
    newest = LimitChange.objects.filter(account_id=world.lines["agent"].account_id).latest("id")
    assert (newest.document_kind, newest.document_id, newest.limit, newest.count_limit) == (
        "credit_proposal", walk.proposal.pk, Decimal("360000.00"), 2,
    )  # fmt: skip


def test_days_pass_and_a_temporary_raise_approved_too_late_goes_back(world: World) -> None:
    walk = propose(world, "320000.00", until=world.at.date())
    walk.say("manager")
    days_later(world, 1)
    assert refused(lambda: walk.say("finance")) == "too_late"
    walk.say("finance", verb="send_back", reason="期限已过")
    assert (walk.state, limit_of(world)) == ("sent_back", Decimal("300000.00"))
