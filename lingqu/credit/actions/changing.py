"""What every change of a grade or a limit has in common. Private to the verbs.

Rows are locked in one order: approval, credit line, ledger. Whoever changes a line without an approval voids first what is on its way.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from lingqu.approvals.actions import void_approvals
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.refusal import Refusal, not_found
from lingqu.base.text import Text, in_one_line
from lingqu.credit.actions.proposed import finish
from lingqu.credit.actions.told import tell_grade
from lingqu.credit.models import CreditLine, CreditProposal, GradeChange
from lingqu.credit.queries import open_proposal, running_temporary
from lingqu.credit.states import ON_ITS_WAY, ProposalVerb
from lingqu.documents.actions import take_numbers
from lingqu.ledger.actions import set_limit
from lingqu.policy.rules import Grade, Regulation

SUBJECT = "credit_proposal"


class GradeSet(msgspec.Struct, frozen=True):
    """A grade to be set: from which to which, why, what it allows, by whom and for which absent person, and by which approval."""

    before: str
    after: str
    reason: str
    terms: Grade
    person: int | None
    absent: int | None = None
    approval: int | None = None


def clear_way(line_id: int, *, because: Text, by: int, at: datetime) -> None:
    """Void what is on its way for a line that somebody is about to change at once. Before the line is locked: approvals come first."""
    must_be_atomic()
    on_its_way = open_proposal(line_id)
    if on_its_way is None:
        return
    void_approvals(SUBJECT, on_its_way.pk, reason=because, by=by, at=at)
    found = CreditProposal.objects.filter(pk=on_its_way.pk, state__in=ON_ITS_WAY).first()
    if found is not None:
        finish(found, ProposalVerb.LAPSE, subject=SUBJECT, because=in_one_line(because), by=by, at=at)


def locked_line(line_id: int) -> CreditLine:
    """Return the line with its row locked, after its way was cleared; refuses where somebody proposed something in that very moment."""
    line = CreditLine.objects.select_for_update().filter(pk=line_id).first()
    if line is None:
        raise not_found()
    if open_proposal(line_id):
        raise Refusal("proposal_came", Text("刚有人提交了信用调整申请，请刷新后再办。", "Somebody has just proposed a change; reload."))
    return line


def end_temporary(line: CreditLine, *, because: Text, by: int | None, at: datetime) -> None:
    """End a temporary raise of a locked line that a change for good replaces; the caller sets the limit."""
    running = running_temporary(line.pk)
    if running is not None:
        finish(running, ProposalVerb.END, subject=SUBJECT, because=in_one_line(because), by=by, at=at)


def write_grade(line: CreditLine, change: GradeSet, *, regulation: Regulation, at: datetime, told: bool = False) -> GradeChange:
    """Set the grade of a locked line, write its document, and set the limits of the grade on the ledger, last.

    `told`: the partner's owner hears it by this, and by nothing else.
    """
    document = record_grade(line, change, regulation=regulation, at=at)
    terms = change.terms
    if told:
        tell_grade(document, terms, on=china_day(at), at=at)
    set_limit(
        line.account_id, limit=terms.limit, count_limit=terms.max_open_batches, document=("grade_change", document.pk), on=china_day(at),
        at=at,
    )  # fmt: skip
    return document


def record_grade(line: CreditLine, change: GradeSet, *, regulation: Regulation, at: datetime) -> GradeChange:
    """Set the grade of a locked line and write its document; the caller sets the limits."""
    day = china_day(at)
    (number,) = take_numbers("DJ", day.year)
    line.grade = change.after
    line.save(update_fields=["grade"])
    document = GradeChange.objects.create(
        line=line, number=number, before=change.before, after=change.after, reason=change.reason, effective_on=day,
        decided_by_id=change.person, decided_at=at, regulation=regulation.reference, approval_id=change.approval,
    )  # fmt: skip
    deed = Deed(
        "change_grade", "credit_line", line.pk, {"grade": change.after}, {"grade": change.before}, regulation.reference, change.absent
    )
    record([deed], by=change.person, at=at)
    return document
