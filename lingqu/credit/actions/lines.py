"""Open a credit line, change its grade at once, and lower its limit at once."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, bad_input, forbidden
from lingqu.base.text import Text
from lingqu.credit.access import GRADE_POSTS, LOWERING_POSTS, may_change_grade, may_lower_limit
from lingqu.credit.actions.changing import GradeSet, clear_way, end_temporary, locked_line, write_grade
from lingqu.credit.actions.terms_written import drop_terms, void_terms
from lingqu.credit.actions.told import tell_result
from lingqu.credit.models import CreditLine, CreditProposal, GradeChange
from lingqu.credit.queries import basis_of
from lingqu.credit.rules import GRADE_CHAIN, check_lowering, grade_terms, is_lowering
from lingqu.credit.states import ProposalKind, ProposalState
from lingqu.documents.actions import take_numbers
from lingqu.ledger.actions import lock_accounts, open_account, set_limit
from lingqu.organisation.models import Firm
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind, PostCode
from lingqu.policy.rules import Regulation

YUAN = "CNY"


@transaction.atomic
def open_line(
    seller: Firm, buyer: Firm, *, grade: str, regulation: Regulation, reason: str, by: Acting, at: datetime
) -> CreditLine:  # fmt: skip
    """Open the credit line of a buyer at a seller with the limits of its grade (M-19.5) and return it.

    Refuses an unknown grade and a person who may not grade.
    """
    terms = grade_terms(grade, regulation.parameters, branch=seller.kind != FirmKind.HQ.value)
    if not may_change_grade(by, seller.pk):
        raise _not_yours()
    account = open_account("credit", holder=seller.pk, party=buyer.pk, unit=YUAN, limit=terms.limit, count_limit=terms.max_open_batches)
    line = CreditLine.objects.create(
        seller=seller, buyer=buyer, grade=grade, account_id=account,
        sales_id=open_account("sales", holder=seller.pk, unit=YUAN),
        cash_id=open_account("cash", holder=seller.pk, unit=YUAN),
        write_offs_id=open_account("write_off", holder=seller.pk, unit=YUAN),
    )  # fmt: skip
    write_grade(line, GradeSet("", grade, reason, terms, by.person, by.for_whom(GRADE_POSTS, seller.pk)), regulation=regulation, at=at)
    return line


@transaction.atomic
def change_grade(line_id: int, *, grade: str, reason: str, regulation: Regulation, by: Acting, at: datetime) -> GradeChange:
    """Set the grade of a line, at once, and return the document. Nothing that was accepted is recalled (A9).

    Where the regulation has a procedure for it, the director may only set a grade that allows no more than now (M-19.6); an agent's owner,
    who has no committee, may set any: its terms are those of the table within the bounds of a branch (M-15.1), and terms of its own that
    the retailer had are over. A proposal that is on its way for the line becomes void. Refuses an unknown grade, an empty reason, the
    grade that it has already, and a person who may not grade.
    """
    void_terms(line_id, because=_CHANGED_AT_ONCE, by=by.person, at=at)
    clear_way(line_id, because=_CHANGED_AT_ONCE, by=by.person, at=at)
    line = locked_line(line_id)
    if not may_change_grade(by, line.seller_id):
        raise _not_yours()
    terms = grade_terms(grade, regulation.parameters, branch=line.seller.kind != FirmKind.HQ.value)
    if not reason.strip():
        raise bad_input("reason", Text("请写明理由。", "Give the reason."))
    if grade == line.grade:
        raise bad_input("grade", Text(f"已经是 {grade} 级。", f"The grade is {grade} already."))
    present = lock_accounts([line.account_id])[line.account_id].limit
    chain = regulation.chains.get(GRADE_CHAIN)
    before = regulation.parameters.grades.get(line.grade)
    if chain and not by.holds(PostCode.OWNER, line.seller_id) and not is_lowering(basis_of(line), present, before, terms):
        raise Refusal(
            "needs_procedure",
            Text(
                "只有降低等级可以立即决定，其余须按流程申请。", "Only a lower grade can be set at once; propose any other by the procedure."
            ),
            clause=chain.clause,
            field="grade",
        )
    end_temporary(line, because=_CHANGED_AT_ONCE, by=by.person, at=at)
    drop_terms(line, by=by.person, at=at)
    changed = GradeSet(line.grade, grade, reason.strip()[:200], terms, by.person, by.for_whom(GRADE_POSTS, line.seller_id))
    return write_grade(line, changed, regulation=regulation, at=at, told=True)


@transaction.atomic
def lower_limit(line_id: int, *, limit: Decimal | None, reason: str, regulation: Regulation, by: Acting, at: datetime) -> CreditProposal:
    """Lower the limit of a line, at once, and return the document: always possible, also below what is used (M-19.6).

    What was accepted stays; only new requests are judged by the new limit. A proposal that is on its way for the line becomes void. A
    temporary raise ends on its day all the same. Refuses whoever is neither finance head, director nor owner, and what is no lowering.
    """
    void_terms(line_id, because=_CHANGED_AT_ONCE, by=by.person, at=at)
    clear_way(line_id, because=_CHANGED_AT_ONCE, by=by.person, at=at)
    line = locked_line(line_id)
    if not may_lower_limit(by, line.seller_id):
        raise forbidden(Text("额度由财务主管或主任降低。", "Limits are lowered by the finance head or the director."))
    standing = lock_accounts([line.account_id])[line.account_id]
    lowered, why = check_lowering(limit, reason, standing.limit)
    day = china_day(at)
    (number,) = take_numbers("XY", day.year)
    absent = by.for_whom(LOWERING_POSTS, line.seller_id)
    document = CreditProposal.objects.create(
        line=line, number=number, kind=ProposalKind.LIMIT.value, state=ProposalState.APPLIED.value, grade_before=line.grade,
        limit_before=standing.limit, grade_after=line.grade, limit_after=lowered, reason=why, regulation=regulation.reference,
        asked_by_id=by.person, asked_for_id=absent, asked_at=at, applied_at=at,
    )  # fmt: skip
    after, before = {"limit": str(lowered), "reason": why}, {"limit": str(standing.limit)}
    record([Deed("lower_limit", "credit_line", line.pk, after, before, regulation.reference, absent)], by=by.person, at=at)
    tell_result(document, on=day, at=at)
    set_limit(
        line.account_id, limit=lowered, count_limit=standing.count_limit, document=("credit_proposal", document.pk), on=day, at=at
    )  # fmt: skip
    return document


_CHANGED_AT_ONCE = Text("等级或额度已被直接调整", "the grade or the limit was changed at once")


def _not_yours() -> Exception:
    return forbidden(Text("信用等级由主任决定。", "Credit grades are the director's to decide."))
