"""Answer a report with guidance, or ask back (M-15.3): nothing is merely filed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import forbidden
from lingqu.base.text import Text
from lingqu.organisation.queries import Acting, Asker
from lingqu.partners.queries import representatives_of
from lingqu.reports.access import answers_as
from lingqu.reports.actions.telling import SUBJECT, locked_report, tell_partner
from lingqu.reports.models import PartnerReport
from lingqu.reports.rules import needed_words
from lingqu.reports.states import REPORTS, ReportState, ReportVerb


@transaction.atomic
def answer_report(report_id: int, guidance: str, *, by: Acting, at: datetime) -> PartnerReport:
    """Answer a report with guidance and return it; the partner is told, and changes it no more.

    The partner's representatives may, the manager, and at an agent its owner. Refuses no words (`guidance`) and more than 2,000 letters.
    """
    report, asker = _above(report_id, by, at)
    before = report.state
    report.state = REPORTS.next(ReportState(before), ReportVerb.ANSWER).value
    report.guidance, report.answered_by_id, report.answered_at = needed_words("guidance", guidance), by.person, at
    report.save(update_fields=["state", "guidance", "answered_by", "answered_at"])
    after = {"state": report.state, "because": report.guidance}
    record([Deed(ReportVerb.ANSWER.value, SUBJECT, report.pk, after, {"state": before}, on_behalf_of=asker.absent)], by=by.person, at=at)
    tell_partner(report, ReportVerb.ANSWER.value, report.guidance, by=by.person, at=at)
    return report


@transaction.atomic
def ask_back(report_id: int, question: str, *, by: Acting, at: datetime) -> PartnerReport:
    """Ask the partner to complete a report and return it; who may answer it may. Refuses no words (`question`), more than 2,000 letters."""
    report, asker = _above(report_id, by, at)
    before = report.state
    report.state = REPORTS.next(ReportState(before), ReportVerb.ASK_BACK).value
    report.question = needed_words("question", question)
    report.save(update_fields=["state", "question"])
    after = {"state": report.state, "because": report.question}
    record([Deed(ReportVerb.ASK_BACK.value, SUBJECT, report.pk, after, {"state": before}, on_behalf_of=asker.absent)], by=by.person, at=at)
    tell_partner(report, ReportVerb.ASK_BACK.value, report.question, by=by.person, at=at)
    return report


def _above(report_id: int, by: Acting, at: datetime) -> tuple[PartnerReport, Asker]:
    """Return a report locked and as whom the person answers it; refuses (403) who does not answer this partner."""
    report = locked_report(report_id, by)
    asker = answers_as(by, report.seller_id, representatives_of(report.partner_id, report.seller_id, china_day(at)))
    if asker is None:
        words = Text("报告由该客户的区域销售员或负责人答复。", "Reports are answered by the partner's representative or the heads.")
        raise forbidden(words)
    return report, asker
