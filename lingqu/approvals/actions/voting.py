"""A committee votes on a step: members cast votes, the head closes the meeting with its minutes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lingqu.approvals.access import is_own, may_lead_vote, place_to_vote, voted_elsewhere
from lingqu.approvals.actions.asking import end, locked_approval, tell
from lingqu.approvals.actions.deciding import keep_answer, open_step, pass_step
from lingqu.approvals.actions.routing import close_step, tell_asker, told_terms
from lingqu.approvals.models import Approval, ApprovalStep
from lingqu.approvals.rules import Committee, VoteCount, count_votes, vote_passes
from lingqu.approvals.states import ApprovalVerb, Ballot, StepKind, StepState
from lingqu.audit.actions import Deed, record
from lingqu.base.refusal import Refusal, bad_input, forbidden
from lingqu.base.text import Text, in_one_line
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode

MOST_MINUTES = 10_000


@transaction.atomic
def cast_vote(approval_id: int, step_id: int, *, ballot: Ballot, remark: str, by: Acting, at: datetime) -> VoteCount:
    """Cast a member's vote on the open step and return how the vote stands; a vote may be changed until the meeting is closed.

    One person casts one vote: who stands in for a member, for two one after the other, or is a member too, does not vote twice. Refuses
    the asker and people who are no members.
    """
    approval = locked_approval(approval_id)
    step = _voted_step(approval, step_id)
    if is_own(by, approval):
        raise Refusal("own_request", Text("不能表决自己的申请。", "Nobody votes on their own request."), status=403)
    place = place_to_vote(step, approval, by)
    if place is None:
        raise forbidden(Text("您不是本次会议的成员。", "You are no member of this meeting."))
    if voted_elsewhere(step, place, by):
        raise Refusal("answered", Text("您已在本次会议投过一票，一人一票。", "You have cast a vote here already; one person, one vote."))
    if place.answer and place.answered_by_id not in (None, by.person):
        raise Refusal("answered", Text("该成员的票已由他人投出。", "This member's vote has been cast by somebody else."))
    before = place.answer
    keep_answer(place, ballot.value, remark, by=by.person, at=at)
    absent = place.person_id if place.person_id != by.person else None
    deed = Deed(
        "vote", "approval", approval.pk, {"step": step.key, "ballot": ballot.value}, {"ballot": before}, approval.regulation, absent
    )
    record([deed], by=by.person, at=at)
    return standing_of(step, committee_of(approval, step))


@transaction.atomic
def close_vote(approval_id: int, step_id: int, *, minutes: str, by: Acting, at: datetime) -> Approval:
    """Close the meeting with its minutes: with a quorum and a majority the step passes, without a majority the document is refused.

    Only the committee's head may (or who stands in for them), even where the head is the asker: closing counts votes and decides nothing.
    Refuses a meeting without quorum, which can pass nothing and goes on, and missing minutes.
    """
    approval = locked_approval(approval_id)
    step = _voted_step(approval, step_id)
    committee = committee_of(approval, step)
    if not may_lead_vote(by, committee.head, approval.firm_id):
        raise forbidden(Text("会议由其主持人结束。", "A meeting is closed by its head."))
    if not minutes.strip():
        raise bad_input("minutes", Text("请填写会议纪要。", "Write the minutes of the meeting."))
    count = standing_of(step, committee)
    if not count.has_quorum:
        raise Refusal(
            "no_quorum",
            Text(
                f"未达法定人数：{count.members} 人中须有 {count.needed} 人表决，现有 {count.taken_part} 人。会议继续，纪要未保存。",
                f"There is no quorum: {count.needed} of {count.members} members must vote, {count.taken_part} did. The meeting goes on.",
            ),
            clause=committee.clause,
        )
    step.minutes = minutes.strip()[:MOST_MINUTES]
    passed = vote_passes(committee, count)
    after = {"step": step.key, "yes": count.yes, "no": count.no, "abstain": count.abstain, "passed": passed}
    absent = by.for_whom((PostCode(committee.head),), approval.firm_id)
    record([Deed("close_vote", "approval", approval.pk, after, {}, approval.regulation, absent)], by=by.person, at=at)
    if passed:
        pass_step(approval, step, by=by.person, at=at)
    else:
        _fail(approval, step, count, by=by.person, at=at)
    return approval


def _fail(approval: Approval, step: ApprovalStep, count: VoteCount, *, by: int, at: datetime) -> None:
    close_step(step, StepState.REFUSED, at=at)
    because = Text(
        f"会议未通过：同意 {count.yes}，反对 {count.no}，弃权 {count.abstain}",
        f"not passed by the meeting: {count.yes} yes, {count.no} no, {count.abstain} abstained",
    )
    end(approval, ApprovalVerb.REFUSE, because=in_one_line(because), at=at)
    tell_asker(approval, at=at)
    tell(approval, by, at)


def _voted_step(approval: Approval, step_id: int) -> ApprovalStep:
    step = open_step(approval, step_id)
    if step.kind != StepKind.VOTE.value:
        raise Refusal("no_vote", Text("此步不是表决步骤。", "This step is not a vote."))
    return step


def committee_of(approval: Approval, step: ApprovalStep) -> Committee:
    """Return the committee that votes on the step, as it stood when the approval was asked."""
    terms = told_terms(approval)
    return terms.committees[terms.step(step.key).who.committee]


def standing_of(step: ApprovalStep, committee: Committee) -> VoteCount:
    """Return how the vote on a step stands now."""
    return count_votes(committee, [place.answer for place in step.signers.all() if place.active])
