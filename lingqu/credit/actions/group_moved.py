"""What becomes of a proposal for a group: approved, it is in force in the same moment."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.models import Approval
from lingqu.approvals.states import ApprovalState
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.money import ZERO, total
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.credit.actions.group_told import tell_limit, tell_member
from lingqu.credit.actions.proposed import finish, follow_answer, move
from lingqu.credit.models import CreditGroup, CreditLine, GroupProposal
from lingqu.credit.rules import NewGroupChange, group_print
from lingqu.credit.states import ON_ITS_WAY, GroupProposalKind, ProposalVerb
from lingqu.ledger.actions import join_group, leave_group, lock_accounts, open_account, set_limit
from lingqu.ledger.rules import Standing
from lingqu.ledger.states import GROUP_KIND

SUBJECT = "group_proposal"
_WITH_LIMIT = (GroupProposalKind.OPEN.value, GroupProposalKind.LIMIT.value)


def print_of(proposal: GroupProposal) -> str:
    """Return the hash of what a stored proposal proposes."""
    limit = proposal.limit_after if proposal.kind in _WITH_LIMIT or proposal.kind == GroupProposalKind.CLOSE.value else None
    new = NewGroupChange(GroupProposalKind(proposal.kind), "", proposal.group_id, proposal.line_id, proposal.name, limit)
    return group_print(new, seller=proposal.seller_id, before=proposal.limit_before)


def on_group_moved(event: ApprovalMoved) -> None:
    """Let a proposal for a group follow its approval: approved, it is put into force in the same transaction.

    Refuses, so that the approval stays open, what cannot be put into force any more: the limit changed meanwhile, the line is in a group
    or no more in this one, an own limit that would count alone was raised, or what a line owes does not fit the group that it would join.
    Events of other documents are none of its business.
    """
    must_be_atomic()
    if event.subject_kind != SUBJECT:
        return
    if event.state is ApprovalState.APPROVED:
        _apply(GroupProposal.objects.get(pk=event.subject_id), event)
        return
    proposal = GroupProposal.objects.get(pk=event.subject_id)
    if proposal.state in ON_ITS_WAY:
        follow_answer(proposal, event, subject=SUBJECT)


def end_group_proposal(proposal_id: int, verb: ProposalVerb, *, because: str, by: int | None, at: datetime) -> None:
    """Bring a proposal that is on its way to an end, with its reason, and record it; one that has ended stays as it is."""
    proposal = GroupProposal.objects.filter(pk=proposal_id, state__in=ON_ITS_WAY).first()
    if proposal is not None:
        finish(proposal, verb, subject=SUBJECT, because=because, by=by, at=at)


def _apply(proposal: GroupProposal, event: ApprovalMoved) -> None:
    day, at = china_day(event.at), event.at
    if proposal.kind == GroupProposalKind.CLOSE.value:
        _close(proposal, event)
        return
    line = CreditLine.objects.select_for_update().get(pk=proposal.line_id) if proposal.line_id else None
    group = CreditGroup.objects.select_for_update().get(pk=proposal.group_id) if proposal.group_id else None
    _must_be_as_sent(proposal, event)
    if group is not None and group.closed_at:
        raise _changed()
    if group is None:
        group = _open(proposal, at)
        proposal.group = group
        proposal.save(update_fields=["group"])
    proposal.ended_at = at
    move(proposal, ProposalVerb.APPLY, subject=SUBJECT, because="", by=event.by, at=at)
    kind = GroupProposalKind(proposal.kind)
    if line is None:
        stands = lock_accounts([group.account_id])[group.account_id]
        if kind is GroupProposalKind.LIMIT and stands.limit != proposal.limit_before:
            raise _changed()
        tell_limit(group, proposal.limit_before, proposal.limit_after, proposal, at=at)
        set_limit(group.account_id, limit=proposal.limit_after, count_limit=None, document=(SUBJECT, proposal.pk), on=day, at=at)
        return
    locked = lock_accounts([line.account_id, group.account_id])
    joins = kind is GroupProposalKind.JOIN
    if line.group_id != (None if joins else group.pk) or (not joins and locked[line.account_id].limit > _route_of(event)):
        raise _changed()
    line.group = group if joins else None
    line.save(update_fields=["group"])
    tell_member(line, group, proposal, at=at)
    if joins:
        _must_have_room(locked[group.account_id], locked[line.account_id])
        join_group(line.account_id, group.account_id, on=day, at=at)
    else:
        leave_group(line.account_id, on=day, at=at)


def _must_be_as_sent(proposal: GroupProposal, event: ApprovalMoved) -> None:
    if Approval.objects.values_list("fingerprint", flat=True).get(pk=event.approval) != print_of(proposal):
        raise Refusal("content_changed", Text("申请内容与送审时不同。", "The proposal is not what was sent for approval."))


def _route_of(event: ApprovalMoved) -> Decimal:
    """Return the yuan by which the route was chosen: own limits that are higher by now would have needed a longer one."""
    return Approval.objects.values_list("amount", flat=True).get(pk=event.approval) or ZERO


def _close(proposal: GroupProposal, event: ApprovalMoved) -> None:
    """Let all members go, set the limit to nothing, and close the group. What they owe stays theirs, under their own limits."""
    day, at = china_day(event.at), event.at
    if proposal.group_id is None:
        raise _changed()
    members = list(CreditLine.objects.select_for_update().filter(group_id=proposal.group_id).order_by("id"))
    group = CreditGroup.objects.select_for_update().get(pk=proposal.group_id)
    _must_be_as_sent(proposal, event)
    if group.closed_at:
        raise _changed()
    locked = lock_accounts([*(line.account_id for line in members), group.account_id])
    own = total(locked[line.account_id].limit for line in members)
    if own > _route_of(event) or locked[group.account_id].limit != proposal.limit_before:
        raise _changed()
    group.closed_at = proposal.ended_at = at
    group.save(update_fields=["closed_at"])
    move(proposal, ProposalVerb.APPLY, subject=SUBJECT, because="", by=event.by, at=at)
    for line in members:
        line.group = None
        tell_member(line, group, proposal, at=at)
    CreditLine.objects.bulk_update(members, ["group"])
    for line in members:
        leave_group(line.account_id, on=day, at=at)
    set_limit(group.account_id, limit=ZERO, count_limit=None, document=(SUBJECT, proposal.pk), on=day, at=at)


def _open(proposal: GroupProposal, at: datetime) -> CreditGroup:
    """Open the group under the number of its proposal."""
    account = open_account(GROUP_KIND, holder=proposal.seller_id, item=proposal.pk, unit="CNY", limit=proposal.limit_after)
    try:
        with transaction.atomic():
            return CreditGroup.objects.create(
                seller_id=proposal.seller_id, number=proposal.number, name=proposal.name, account_id=account, opened_at=at
            )  # fmt: skip
    except IntegrityError as taken:
        raise Refusal(
            "name_taken",
            Text("同名的集团额度已经设立，请退回申请人。", "A group of this name was opened meanwhile; send it back."),
        ) from taken


def _must_have_room(group: Standing, line: Standing) -> None:
    brought = line.used + line.held
    over = group.used + group.held + brought - group.limit
    if brought > 0 and over > 0:
        raise Refusal(
            "group_full",
            Text(
                f"并入后集团超出额度 {over:,.2f} 元，请先回款或调高集团额度。",
                f"The group would pass its limit by {over:,.2f} yuan; collect money or raise its limit first.",
            ),
        )


def _changed() -> Refusal:
    return Refusal(
        "group_changed",
        Text("提出之后集团额度或成员已变动，请退回申请人重新提出。", "The group changed since this was proposed; send it back."),
    )
