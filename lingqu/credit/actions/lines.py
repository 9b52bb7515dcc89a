"""Open a credit line and change its grade."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import bad_input, forbidden
from lingqu.base.text import Text
from lingqu.credit.access import GRADE_POSTS, may_change_grade
from lingqu.credit.models import CreditLine, GradeChange
from lingqu.documents.actions import take_numbers
from lingqu.ledger.actions import lock_accounts, open_account, set_limit
from lingqu.organisation.models import Firm
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Grade, Regulation

YUAN = "CNY"


@transaction.atomic
def open_line(
    seller: Firm, buyer: Firm, *, grade: str, regulation: Regulation, reason: str, by: Acting, at: datetime
) -> CreditLine:  # fmt: skip
    """Open the credit line of a buyer at a seller with the limits of its grade (M-19.5) and return it.

    Refuses an unknown grade and a person who may not grade.
    """
    terms = _terms(grade, regulation)
    if not may_change_grade(by, seller.pk):
        raise _not_yours()
    account = open_account("credit", holder=seller.pk, party=buyer.pk, unit=YUAN, limit=terms.limit, count_limit=terms.max_open_batches)
    line = CreditLine.objects.create(
        seller=seller, buyer=buyer, grade=grade, account_id=account,
        sales_id=open_account("sales", holder=seller.pk, unit=YUAN),
        cash_id=open_account("cash", holder=seller.pk, unit=YUAN),
        write_offs_id=open_account("write_off", holder=seller.pk, unit=YUAN),
    )  # fmt: skip
    _write_change(line, "", grade, terms, regulation, reason, by, at)
    return line


@transaction.atomic
def change_grade(line_id: int, *, grade: str, reason: str, regulation: Regulation, by: Acting, at: datetime) -> GradeChange:
    """Set the grade of a line, at once, and return the document. Nothing that was accepted is recalled (A9).

    Refuses an unknown grade, an empty reason, the grade that it has already, and a person who may not grade.
    """
    line = CreditLine.objects.select_for_update().get(pk=line_id)
    if not may_change_grade(by, line.seller_id):
        raise _not_yours()
    terms = _terms(grade, regulation)
    if not reason.strip():
        raise bad_input("reason", Text("请写明理由。", "Give the reason."))
    if grade == line.grade:
        raise bad_input("grade", Text(f"已经是 {grade} 级。", f"The grade is {grade} already."))
    lock_accounts([line.account_id])
    before, line.grade = line.grade, grade
    line.save(update_fields=["grade"])
    return _write_change(line, before, grade, terms, regulation, reason.strip()[:200], by, at)


def _write_change(
    line: CreditLine, before: str, after: str, terms: Grade, regulation: Regulation, reason: str, by: Acting, at: datetime
) -> GradeChange:
    day = china_day(at)
    (number,) = take_numbers("DJ", day.year)
    change = GradeChange.objects.create(
        line=line, number=number, before=before, after=after, reason=reason, effective_on=day,
        decided_by_id=by.person, decided_at=at, regulation=regulation.reference,
    )  # fmt: skip
    absent = by.for_whom(GRADE_POSTS, line.seller_id)
    deed = Deed("change_grade", "credit_line", line.pk, {"grade": after}, {"grade": before}, regulation.reference, absent)
    record([deed], by=by.person, at=at)
    document = ("grade_change", change.pk)
    set_limit(line.account_id, limit=terms.limit, count_limit=terms.max_open_batches, document=document, on=day, at=at)
    return change


def _terms(grade: str, regulation: Regulation) -> Grade:
    terms = regulation.parameters.grades.get(grade)
    if terms is None:
        known = "、".join(regulation.parameters.grades)
        raise bad_input("grade", Text(f"没有等级“{grade}”，可选：{known}。", f"There is no grade “{grade}”; choose from {known}."))
    return terms


def _not_yours() -> Exception:
    return forbidden(Text("信用等级由主任决定。", "Credit grades are the director's to decide."))
