"""Groups of lines that share a limit: propose one, a higher limit, joining and leaving; lower a limit at once (M-19.5, A8).

Rows are locked in one order: approval, credit line, group, ledger.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from lingqu.approvals.actions import (
    NewApproval,
    Resubmission,
    request_approval,
    resubmit_approval,
    void_approvals,
    withdraw_approval,
)
from lingqu.approvals.rules import Chain
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.money import ZERO, total
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text, in_one_line
from lingqu.credit.access import LOWERING_POSTS, may_lower_limit
from lingqu.credit.actions.group_moved import SUBJECT, end_group_proposal, print_of
from lingqu.credit.actions.group_told import facts_of_group, link_to_group, tell_limit, title_of_group
from lingqu.credit.models import CreditGroup, CreditLine, GroupProposal
from lingqu.credit.queries import group_asker, group_limit, group_on_its_way, name_is_taken
from lingqu.credit.rules import LIMIT_CHAIN, NewGroupChange, check_group_change, check_lowering, measured_by
from lingqu.credit.states import PROPOSALS, GroupProposalKind, ProposalState, ProposalVerb
from lingqu.documents.actions import take_numbers
from lingqu.ledger.actions import lock_accounts, set_limit
from lingqu.ledger.queries import standings
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation

SERIES = "JT"
WITH_LINE = (GroupProposalKind.JOIN, GroupProposalKind.LEAVE)


@transaction.atomic
def propose_group_change(
    seller: int, new: NewGroupChange, *, regulation: Regulation, by: Acting, at: datetime
) -> GroupProposal:  # fmt: skip
    """Propose a group, a higher limit of one, or that a line joins or leaves, and send it through `limit_change`; return the document.

    Also that a group is closed. The seller's manager and finance head may; a partner's representative for its own line. Refuses a name that
    is taken, a line that is in a group already or in another one, a line where none joins or leaves, a second proposal on its way for group
    or line, and a regulation without the procedure.
    """
    day = china_day(at)
    line = CreditLine.objects.select_for_update(of=("self",)).select_related("buyer").filter(pk=new.line or 0, seller_id=seller).first()
    group = CreditGroup.objects.filter(pk=new.group or 0, seller_id=seller).first()
    if (new.line is not None and line is None) or (new.group is not None and group is None):
        raise not_found()
    asker = group_asker(seller, line, by=by, on=day)
    if asker is None:
        raise _not_yours()
    chain = _chain(regulation)
    before = group_limit(group)
    new = check_group_change(new, before)
    if (line is not None and new.kind not in WITH_LINE) or (group is not None and new.kind is GroupProposalKind.OPEN):
        raise not_found()
    _must_fit(seller, new, group, line)
    (number,) = take_numbers(SERIES, day.year)
    after = before if new.limit is None else new.limit
    proposal = GroupProposal(
        seller_id=seller, number=number, kind=new.kind.value, group=group, name=new.name, line=line, limit_before=before,
        limit_after=after, reason=new.reason, state=ProposalState.PROPOSED.value, regulation=regulation.reference,
        asked_by_id=asker.person, asked_for_id=asker.absent, asked_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError as second:
        raise _one_already("") from second
    amount = measured_by(new.kind, before=before, after=after, own=_own_limits(line, group, new.kind))
    asked = NewApproval(
        SUBJECT, proposal.pk, title_of_group(proposal), link_to_group(proposal), seller, print_of(proposal),
        about=line.buyer_id if line else None, amount=amount, facts=facts_of_group(proposal, amount, chain), reason=new.reason,
        asked_for=asker.absent,
    )  # fmt: skip
    proposal.approval = request_approval(
        asked, chain=chain, committees=regulation.committees, regulation=regulation.reference, by=by, at=at
    )  # fmt: skip
    proposal.save(update_fields=["approval"])
    content: dict[str, object] = {"kind": proposal.kind, "group": new.group, "line": new.line, "name": new.name, "limit": str(after)}
    record([Deed("propose", SUBJECT, proposal.pk, content, {}, regulation.reference, asker.absent)], by=by.person, at=at)
    return proposal


@transaction.atomic
def revise_group_proposal(
    proposal_id: int, *, limit: Decimal | None, name: str, reason: str, regulation: Regulation, by: Acting, at: datetime
) -> GroupProposal:  # fmt: skip
    """Change limit, name or reason of a proposal that was sent back, and submit it again: the route begins anew.

    Kind, group and partner stay. What it is based on is read anew. Only the asker may; refuses a limit, name or reason that cannot be.
    """
    proposal = GroupProposal.objects.select_related("group", "line__buyer").filter(pk=proposal_id).first()
    if proposal is None or proposal.approval_id is None:
        raise not_found()
    PROPOSALS.next(ProposalState(proposal.state), ProposalVerb.REVISE)
    kind, before, named = GroupProposalKind(proposal.kind), group_limit(proposal.group), proposal.name
    asked = NewGroupChange(kind, reason, proposal.group_id, proposal.line_id, name, limit)
    new = check_group_change(asked, before)
    if kind is GroupProposalKind.OPEN and new.name != named and name_is_taken(proposal.seller_id, new.name):
        raise _taken(new.name)
    after = before if new.limit is None else new.limit
    proposal.limit_before, proposal.limit_after, proposal.name, proposal.reason = before, after, new.name, new.reason
    amount = measured_by(kind, before=before, after=after, own=_own_limits(proposal.line, proposal.group, kind))
    again = Resubmission(
        print_of(proposal), title=title_of_group(proposal), amount=amount, facts=facts_of_group(proposal, amount, _chain(regulation)),
        reason=new.reason,
    )  # fmt: skip
    resubmit_approval(proposal.approval_id, again, by=by, at=at)
    proposal.save(update_fields=["limit_before", "limit_after", "name", "reason"])
    proposal.refresh_from_db()
    deed = Deed("edit", SUBJECT, proposal.pk, {"name": new.name, "limit": str(after)}, {}, regulation.reference, proposal.asked_for_id)
    record([deed], by=by.person, at=at)
    return proposal


@transaction.atomic
def withdraw_group_proposal(proposal_id: int, *, reason: str, by: Acting, at: datetime) -> GroupProposal:
    """Take a proposal back that is not decided yet, also one that was sent back. Only the asker may."""
    proposal = GroupProposal.objects.filter(pk=proposal_id).first()
    if proposal is None or proposal.approval_id is None:
        raise not_found()
    PROPOSALS.next(ProposalState(proposal.state), ProposalVerb.WITHDRAW)
    withdraw_approval(proposal.approval_id, reason=reason, by=by, at=at)
    proposal.refresh_from_db()
    return proposal


@transaction.atomic
def lower_group_limit(
    group_id: int, *, limit: Decimal | None, reason: str, regulation: Regulation, by: Acting, at: datetime
) -> GroupProposal:  # fmt: skip
    """Lower the limit of a group, at once, and return the document: always possible, also below what is used (M-19.6).

    What was accepted stays; only new requests are judged by it. What is on its way for the group becomes void. Refuses whoever is
    neither finance head, director nor owner, and what is no lowering.
    """
    found = CreditGroup.objects.filter(pk=group_id).first()
    if found is None:
        raise not_found()
    if not may_lower_limit(by, found.seller_id):
        raise forbidden(Text("额度由财务主管或主任降低。", "Limits are lowered by the finance head or the director."))
    _clear_way(found, by=by, at=at)
    group = CreditGroup.objects.select_for_update().get(pk=group_id)
    if group_on_its_way(group=group.pk, line=None):
        raise Refusal("proposal_came", Text("刚有人提交了集团额度申请，请刷新后再办。", "Somebody has just proposed a change; reload."))
    standing = lock_accounts([group.account_id])[group.account_id]
    lowered, why = check_lowering(limit, reason, standing.limit)
    day = china_day(at)
    (number,) = take_numbers(SERIES, day.year)
    absent = by.for_whom(LOWERING_POSTS, group.seller_id)
    document = GroupProposal.objects.create(
        seller_id=group.seller_id, number=number, kind=GroupProposalKind.LIMIT.value, group=group, limit_before=standing.limit,
        limit_after=lowered, reason=why, state=ProposalState.APPLIED.value, regulation=regulation.reference, asked_by_id=by.person,
        asked_for_id=absent, asked_at=at, ended_at=at,
    )  # fmt: skip
    after, before = {"limit": str(lowered), "reason": why}, {"limit": str(standing.limit)}
    tell_limit(group, standing.limit, lowered, document, at=at)
    record([Deed("lower_limit", "credit_group", group.pk, after, before, regulation.reference, absent)], by=by.person, at=at)
    set_limit(group.account_id, limit=lowered, count_limit=None, document=(SUBJECT, document.pk), on=day, at=at)
    return document


def _clear_way(group: CreditGroup, *, by: Acting, at: datetime) -> None:
    """Void what is on its way for a group that is about to be changed at once. Before the group is locked: approvals come first."""
    running = group_on_its_way(group=group.pk, line=None)
    if running is None:
        return
    void_approvals(SUBJECT, running.pk, reason=_CHANGED_AT_ONCE, by=by.person, at=at)
    end_group_proposal(running.pk, ProposalVerb.LAPSE, because=in_one_line(_CHANGED_AT_ONCE), by=by.person, at=at)


def _must_fit(seller: int, new: NewGroupChange, group: CreditGroup | None, line: CreditLine | None) -> None:
    running = group_on_its_way(group=new.group, line=new.line)
    if running:
        raise _one_already(running.number)
    if new.kind is GroupProposalKind.OPEN:
        if name_is_taken(seller, new.name):
            raise _taken(new.name)
        return
    if group is not None and group.closed_at:
        raise bad_input("group", Text("该集团额度已关闭。", "That group is closed."))
    if group is None:
        raise bad_input("group", Text("请选择集团额度。", "Choose the group."))
    if new.kind is GroupProposalKind.JOIN and line is not None and line.group_id is not None:
        raise bad_input(
            "line", Text("该客户已属于一个集团额度，请先退出。", "That partner belongs to a group already; it must leave that one first.")
        )
    if new.kind is GroupProposalKind.LEAVE and line is not None and line.group_id != group.pk:
        raise bad_input("line", Text("该客户不属于这个集团额度。", "That partner does not belong to this group."))


def _taken(name: str) -> Refusal:
    return bad_input("name", Text(f"已有名为“{name}”的集团额度。", f"There is a group named “{name}” already."))


def _own_limits(line: CreditLine | None, group: CreditGroup | None, kind: GroupProposalKind) -> Decimal:
    """Return the own limit of the line, or of all members of a group that is to be closed."""
    if kind is GroupProposalKind.CLOSE and group is not None:
        accounts = list(CreditLine.objects.filter(group=group).values_list("account_id", flat=True))
        return total(one.limit for one in standings(accounts).values())
    return standings([line.account_id])[line.account_id].limit if line else ZERO


def _chain(regulation: Regulation) -> Chain:
    chain = regulation.chains.get(LIMIT_CHAIN)
    if chain is None:
        raise Refusal(
            "no_procedure",
            Text("现行制度没有额度调整的审批流程。", "The regulation in force has no procedure for limits."),
            status=422,
        )
    return chain


def _one_already(number: str) -> Refusal:
    return Refusal(
        "proposal_open",
        Text(
            f"已有集团额度申请 {number} 在审批中，请先等它办结或撤回。",
            f"Proposal {number} is on its way; wait for its end, or withdraw it.",
        ),
    )


def _not_yours() -> Refusal:
    return forbidden(
        Text(
            "集团额度由营销主管或财务主管提出；客户的并入和退出也可由其区域销售员提出。",
            "Groups are proposed by the marketing manager or the finance head; joining and leaving by the partner's representative, too.",
        )
    )


_CHANGED_AT_ONCE = Text("集团额度已被直接降低", "the group's limit was lowered at once")
