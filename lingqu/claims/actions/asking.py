"""Claim for price cuts, claim again after it was sent back, take a claim back (M-17.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lingqu.approvals.actions import NewApproval, Resubmission, request_approval, resubmit_approval, void_approvals
from lingqu.approvals.rules import Chain
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, forbidden, not_found
from lingqu.base.text import Text
from lingqu.claims.access import CLAIMING_POSTS, credits_at_once, is_asker, may_claim, may_withdraw
from lingqu.claims.actions.crediting import credit_claim, route_facts, title_of
from lingqu.claims.actions.writing import (
    SERIES,
    SUBJECT,
    judged_for,
    line_of,
    link_to,
    lock_approval,
    locked_claim,
    print_of,
    tell_asked,
    tell_moved,
    write_lines,
)
from lingqu.claims.models import PriceClaim
from lingqu.claims.rules import BRANCH_CHAIN, CHAIN, AskedLine, NewClaim, check_new
from lingqu.claims.states import CLAIMS, ClaimState, ClaimVerb
from lingqu.documents.actions import attach, take_numbers
from lingqu.documents.rules import NewFile
from lingqu.orders.access import BUYING_POSTS
from lingqu.organisation.models import Firm
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind
from lingqu.policy.rules import Regulation

EVIDENCE = "evidence"
LONGEST_BECAUSE = 400
TAKEN_BACK = Text("价格保护申请已撤回", "the claim was taken back")


@transaction.atomic
def ask_claim(new: NewClaim, files: Sequence[NewFile] = (), *, regulation: Regulation, by: Acting, at: datetime) -> PriceClaim:
    """Claim the difference on copies in stock after a price cut and return the document (series JB); the same key is the same claim.

    The product finds the cut, the copies shipped in the window and the price paid for them; they are this claim's until it ends. It goes
    through the chain `price_claim`; what the owner of an agent enters for a retailer is credited at once, and what others enter there
    goes to the owner. Refuses a person who may not claim, firms that are no partners, what `check_new` does, and, at its row, a line of
    which nothing is made good: no cut, too late, nothing shipped in the window, claimed already.
    """
    checked = check_new(new)
    if not may_claim(by, new.seller, new.buyer):
        raise forbidden(Text("价格保护由客户申请，或由供货方代为登记。", "Partners claim for price cuts, or the seller for them."))
    if not Firm.objects.filter(pk=new.buyer, parent_id=new.seller).exists():
        raise not_found()
    # All claims of a partner wait for each other here: the key finds the first of two clicks, and no copy is claimed twice.
    line_of(new.seller, new.buyer)
    known = PriceClaim.objects.filter(asked_by_id=by.person, key=new.key).first()
    if known:
        return known
    lines = judged_for(new.seller, new.buyer, checked.lines, regulation=regulation, at=at)
    day = china_day(at)
    (number,) = take_numbers(SERIES, day.year)
    absent = by.for_whom(CLAIMING_POSTS, by.firm)
    claim = PriceClaim(
        number=number, key=new.key, seller_id=new.seller, buyer_id=new.buyer, note=checked.note, state=ClaimState.ASKED.value,
        asked_by_id=by.person, asked_for_id=absent, asked_at=at,
    )  # fmt: skip
    write_lines(claim, lines, regulation)
    if files:
        attach(SUBJECT, claim.pk, EVIDENCE, files, by=by, at=at, on_behalf_of=absent)
    after = {"number": number, "copies": claim.copies, "amount": str(claim.amount)}
    record([Deed("ask", SUBJECT, claim.pk, after, {}, regulation.reference, absent)], by=by.person, at=at)
    if credits_at_once(by, claim.seller_id):
        return _at_once(claim, regulation=regulation, by=by, at=at)
    _send(claim, regulation=regulation, by=by, at=at)
    tell_asked(claim, by=by.person, at=at)
    return claim


@transaction.atomic
def revise_claim(
    claim_id: int, lines: Sequence[AskedLine], note: str, files: Sequence[NewFile] = (), *, regulation: Regulation, by: Acting, at: datetime
) -> PriceClaim:  # fmt: skip
    """Change a claim that was sent back and submit it again; the lines are judged anew. Only the asker may; refuses as `ask_claim`."""
    lock_approval(claim_id)
    claim = locked_claim(claim_id)
    if not is_asker(by, claim.asked_by_id, claim.asked_for_id):
        raise forbidden(Text("只有申请人可以修改。", "Only the one who asked may change it."))
    CLAIMS.next(ClaimState(claim.state), ClaimVerb.REVISE)
    new = NewClaim(claim.key, claim.seller_id, claim.buyer_id, tuple(lines), note)
    checked = check_new(new)
    judged = judged_for(claim.seller_id, claim.buyer_id, checked.lines, regulation=regulation, at=at, claim=claim.pk)
    before = {"copies": claim.copies, "amount": str(claim.amount)}
    claim.note = checked.note
    write_lines(claim, judged, regulation)
    if files:
        attach(SUBJECT, claim.pk, EVIDENCE, files, by=by, at=at, on_behalf_of=claim.asked_for_id)
    after = {"copies": claim.copies, "amount": str(claim.amount)}
    record([Deed("edit", SUBJECT, claim.pk, after, before, regulation.reference, claim.asked_for_id)], by=by.person, at=at)
    chain = _chain(claim, regulation)
    again = Resubmission(
        print_of(claim), title=title_of(claim), amount=claim.amount, facts=route_facts(claim, chain.clause), reason=checked.note
    )  # fmt: skip
    resubmit_approval(claim.approval_id or 0, again, by=by, at=at)
    claim.refresh_from_db()
    return claim


@transaction.atomic
def withdraw_claim(claim_id: int, *, reason: str = "", by: Acting, at: datetime) -> PriceClaim:
    """Take a claim back that is not decided, and return it; its copies may be claimed anew. The partner may, and who entered it."""
    lock_approval(claim_id)
    claim = locked_claim(claim_id)
    if by.firm not in (claim.seller_id, claim.buyer_id):
        raise not_found()
    if not may_withdraw(by, claim.buyer_id, claim.asked_by_id):
        raise forbidden(Text("只有客户或申请人可以撤回。", "Only the partner or who asked may take it back."))
    before = claim.state
    claim.state = CLAIMS.next(ClaimState(before), ClaimVerb.WITHDRAW).value
    claim.ended_because = reason.strip()[:LONGEST_BECAUSE]
    void_approvals(SUBJECT, claim.pk, reason=TAKEN_BACK, by=by.person, at=at)
    claim.save(update_fields=["state", "ended_because"])
    after = {"state": claim.state, "because": claim.ended_because}
    absent = by.for_whom(BUYING_POSTS, claim.buyer_id)
    record([Deed(ClaimVerb.WITHDRAW.value, SUBJECT, claim.pk, after, {"state": before}, claim.regulation, absent)], by=by.person, at=at)
    return claim


def _at_once(claim: PriceClaim, *, regulation: Regulation, by: Acting, at: datetime) -> PriceClaim:
    before = claim.state
    claim.state = CLAIMS.next(ClaimState(before), ClaimVerb.CREDIT).value
    after = {"state": claim.state, "amount": str(claim.amount)}
    record([Deed(ClaimVerb.CREDIT.value, SUBJECT, claim.pk, after, {"state": before}, regulation.reference)], by=by.person, at=at)
    tell_moved(claim, by=by.person, at=at)
    credit_claim(claim, regulation=regulation, by=by, at=at)
    claim.save()
    return claim


def _send(claim: PriceClaim, *, regulation: Regulation, by: Acting, at: datetime) -> None:
    chain = _chain(claim, regulation)
    asked = NewApproval(
        SUBJECT, claim.pk, title_of(claim), link_to(claim), claim.seller_id, print_of(claim), about=claim.buyer_id, amount=claim.amount,
        facts=route_facts(claim, chain.clause), reason=claim.note, asked_for=claim.asked_for_id,
    )  # fmt: skip
    claim.approval = request_approval(asked, chain=chain, committees=regulation.committees, regulation=regulation.reference, by=by, at=at)
    claim.save(update_fields=["approval"])


def _chain(claim: PriceClaim, regulation: Regulation) -> Chain:
    found = regulation.chains.get(CHAIN if claim.seller.kind == FirmKind.HQ.value else BRANCH_CHAIN)
    if found is None:
        told = Text("现行制度没有价格保护的审批流程。", "The regulation in force has no procedure for price protection.")
        raise Refusal("no_procedure", told, status=422)
    return found
