"""Set what retailers get at their agent, ask the agent's owner for it, ask again, and take it back (M-15.1).

Rows are locked in one order: approvals, credit lines by id, ledger. However many lines change, the limits are set last.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lingqu.approvals.actions import NewApproval, Resubmission, request_approval, resubmit_approval, withdraw_approval
from lingqu.approvals.rules import Chain
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.access import TERMS_POSTS, may_ask_terms, may_set_terms
from lingqu.credit.actions.changing import clear_way
from lingqu.credit.actions.terms_told import facts_of, link_to, title_of
from lingqu.credit.actions.terms_written import SUBJECT, apply_terms, content_of, draft_of, new_of, void_terms
from lingqu.credit.models import CreditLine, RetailerTerms
from lingqu.credit.rules import TERMS_CHAIN, NewTerms, bound_clauses, check_terms, terms_print
from lingqu.credit.states import ON_ITS_WAY, TERMS, ProposalState, ProposalVerb
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation

MOST_AT_ONCE = 200
CHANGED_AT_ONCE = Text("供货条件已由负责人直接设定", "the owner set other terms at once")


@transaction.atomic
def give_terms(
    wanted: Sequence[tuple[int, NewTerms]], *, regulation: Regulation, by: Acting, at: datetime
) -> list[RetailerTerms]:  # fmt: skip
    """Give retailers (credit line ids) their terms and return the documents in their order; all or none, 1 to 200 (M-15.1, M-17.1).

    What the agent's owner gives is in force at once; what was on its way for the line is void. What a clerk gives waits for the owner, by
    the procedure of the regulation; a proposal of theirs that was sent back is asked again. Accepted requests are not touched.
    Refuses lines of other sellers (404), others than owner and clerk of the agent, what lies outside the bounds of the regulation (with
    its clause), terms that hold already, and a second proposal while one is on its way.
    """
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        raise bad_input("rows", Text(f"一次 1 至 {MOST_AT_ONCE} 家零售商。", f"Give 1 to {MOST_AT_ONCE} retailers at once."))
    ids = [line for line, _ in wanted]
    if len(set(ids)) < len(ids):
        raise bad_input("rows", Text("同一零售商只能出现一次。", "Each retailer may be named once only."))
    lines = {line.pk: line for line in CreditLine.objects.filter(pk__in=ids).select_related("buyer", "seller").order_by("pk")}
    for line in ids:
        if line not in lines or not may_see_branch(lines[line], by):
            raise not_found()
    if not all(may_ask_terms(by, line.seller_id) for line in lines.values()):
        raise _not_yours()
    clauses = bound_clauses(regulation)
    checked = [(lines[line], check_terms(new, regulation.parameters, clauses)) for line, new in wanted]
    if all(may_set_terms(by, line.seller_id) for line in lines.values()):
        return _set(checked, regulation=regulation, by=by, at=at)
    return [_ask(line, new, regulation=regulation, by=by, at=at) for line, new in checked]


def may_see_branch(line: CreditLine, by: Acting) -> bool:
    """Return whether the line is one of the person's own firm's customers."""
    return line.seller_id == by.firm


def _set(
    checked: list[tuple[CreditLine, NewTerms]], *, regulation: Regulation, by: Acting, at: datetime
) -> list[RetailerTerms]:  # fmt: skip
    for line, _ in checked:
        void_terms(line.pk, because=CHANGED_AT_ONCE, by=by.person, at=at)
        clear_way(line.pk, because=CHANGED_AT_ONCE, by=by.person, at=at)
    ids = [line.pk for line, _ in checked]
    locked = {line.pk: line for line in CreditLine.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")}
    absent = by.for_whom(TERMS_POSTS, by.firm)
    made = []
    for line, new in checked:
        if RetailerTerms.objects.filter(line_id=line.pk, state__in=ON_ITS_WAY).exists():
            raise Refusal("proposal_came", Text("下单员刚提交了供货条件，请刷新后再办。", "A clerk has just asked for terms; reload."))
        document = draft_of(locked[line.pk], new, regulation=regulation, by=by, absent=absent, at=at)
        document.save(force_insert=True)
        made.append(document)
    apply_terms(made, locked, regulation=regulation, by=by.person, absent=absent, at=at)
    return made


def _ask(line: CreditLine, new: NewTerms, *, regulation: Regulation, by: Acting, at: datetime) -> RetailerTerms:
    known = RetailerTerms.objects.filter(line_id=line.pk, state__in=ON_ITS_WAY).select_related("line__buyer").first()
    if known and known.state == ProposalState.SENT_BACK.value and by.person in (known.asked_by_id, known.asked_for_id):
        return _ask_again(known, new, regulation=regulation, by=by, at=at)
    if known:
        raise _one_already(known.number)
    chain = _chain(regulation)
    line = CreditLine.objects.select_for_update(of=("self",)).select_related("buyer", "seller").get(pk=line.pk)
    came = RetailerTerms.objects.filter(line_id=line.pk, state__in=ON_ITS_WAY).first()
    if came:
        raise _one_already(came.number)
    absent = by.for_whom(TERMS_POSTS, line.seller_id)
    document = draft_of(line, new, regulation=regulation, by=by, absent=absent, at=at)
    document.save(force_insert=True)
    asked = NewApproval(
        SUBJECT, document.pk, title_of(document), link_to(document), line.seller_id, terms_print(line.pk, new), about=line.buyer_id,
        amount=new.limit, facts=facts_of(document, chain.clause, regulation=regulation, on=china_day(at)), reason=new.reason,
        asked_for=absent,
    )  # fmt: skip
    document.approval = request_approval(
        asked, chain=chain, committees=regulation.committees, regulation=regulation.reference, by=by, at=at
    )  # fmt: skip
    document.save(update_fields=["approval"])
    record([Deed("propose", SUBJECT, document.pk, content_of(document), {}, regulation.reference, absent)], by=by.person, at=at)
    return document


def _ask_again(document: RetailerTerms, new: NewTerms, *, regulation: Regulation, by: Acting, at: datetime) -> RetailerTerms:
    TERMS.next(ProposalState(document.state), ProposalVerb.REVISE)
    before = content_of(document)
    fresh = draft_of(document.line, new, regulation=regulation, by=by, absent=document.asked_for_id, at=at, number=document.number)
    for field in new_of(fresh):
        setattr(document, field, getattr(fresh, field))
    document.save()
    facts = facts_of(document, _chain(regulation).clause, regulation=regulation, on=china_day(at))
    again = Resubmission(
        terms_print(document.line_id, new), title=title_of(document), amount=new.limit, facts=facts, reason=new.reason
    )  # fmt: skip
    resubmit_approval(document.approval_id or 0, again, by=by, at=at)
    document.refresh_from_db()
    deed = Deed("edit", SUBJECT, document.pk, content_of(document), before, regulation.reference, document.asked_for_id)
    record([deed], by=by.person, at=at)
    return document


@transaction.atomic
def withdraw_terms(number: str, *, reason: str, by: Acting, at: datetime) -> RetailerTerms:
    """Take proposed terms back that are not decided yet. Only the asker may."""
    document = RetailerTerms.objects.filter(number=number, line__seller_id=by.firm).first() if "\x00" not in number else None
    if document is None:
        raise not_found()
    TERMS.next(ProposalState(document.state), ProposalVerb.WITHDRAW)
    withdraw_approval(document.approval_id or 0, reason=reason, by=by, at=at)
    document.refresh_from_db()
    return document


def _chain(regulation: Regulation) -> Chain:
    chain = regulation.chains.get(TERMS_CHAIN)
    if chain is None:
        told = Text("现行制度没有供货条件的流程，请由负责人直接设定。", "The regulation has no procedure for it; the owner sets it.")
        raise Refusal("no_procedure", told, status=422)
    return chain


def _one_already(number: str) -> Refusal:
    told = Text(f"已有供货条件申请 {number} 尚未办结，请先等它办结或撤回。", f"{number} is on its way; wait for its end, or withdraw it.")
    return Refusal("proposal_open", told)


def _not_yours() -> Refusal:
    return forbidden(Text("供货条件由代理商的负责人设定，下单员提出。", "Terms are set by the agent's owner and proposed by its clerks."))
