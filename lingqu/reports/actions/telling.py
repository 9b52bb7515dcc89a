"""Who is told what about a report, and what its actions share."""

from __future__ import annotations

from datetime import datetime

from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.refusal import not_found
from lingqu.base.text import Text, alike
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.organisation.queries import Acting, holders
from lingqu.organisation.states import PostCode
from lingqu.partners.queries import representatives_of
from lingqu.reports.models import PartnerReport
from lingqu.reports.rules import report_words
from lingqu.reports.states import ReportKind

SUBJECT = "partner_report"
SERIES = "YB"
NOTICE = "duty"
MOST_SHOWN = 200


def locked_report(report_id: int, by: Acting) -> PartnerReport:
    """Return a report locked; refuses (404) what is not there, or neither made by the person's firm nor made to it."""
    must_be_atomic()
    found = PartnerReport.objects.select_for_update(of=("self",)).select_related("seller", "partner").filter(pk=report_id).first()
    if found is None or by.firm not in (found.seller_id, found.partner_id):
        raise not_found()
    return found


def words_of(report: PartnerReport) -> Text:
    """Return what people call a report: its time and kind."""
    return report_words(ReportKind(report.kind), report.period)


def tell_above(report: PartnerReport, verb: str, *, by: int, at: datetime) -> None:
    """Tell who answers the partner's reports that one came, or came again: its representatives, else the agent's owner."""
    day, words, name = china_day(at), words_of(report), report.partner.name
    people = set(representatives_of(report.partner_id, report.seller_id, day))
    people = people or {person for person, _ in holders((PostCode.MANAGER.value, PostCode.OWNER.value), report.seller_id, on=day)}
    title = Text(f"{name}报告：{words.zh}", f"{name} reports: {words.en}")
    if verb != "ask":
        title = Text(f"{name}补充了报告：{words.zh}", f"{name} completed its report: {words.en}")
    _tell(f"{SUBJECT}:{report.pk}:{verb}:{at:%Y%m%d%H%M%S}", title, report.market, report, people - {by}, at)


def tell_partner(report: PartnerReport, verb: str, words: str, *, by: int, at: datetime) -> None:
    """Tell who made a report, and the partner's owner, what was answered or asked back."""
    told = words_of(report)
    title = Text(f"报告已答复：{told.zh}", f"Your report is answered: {told.en}")
    if verb == "ask_back":
        title = Text(f"请补充报告：{told.zh}", f"Please complete your report: {told.en}")
    people = {person for person, _ in holders((PostCode.OWNER.value,), report.partner_id, on=china_day(at))}
    _tell(f"{SUBJECT}:{report.pk}:{verb}:{at:%Y%m%d%H%M%S}", title, words, report, (people | {report.asked_by_id}) - {by}, at)


def _tell(key: str, title: Text, words: str, report: PartnerReport, people: set[int], at: datetime) -> None:
    if people:
        notify(Message(key, NOTICE, title, alike(words[:MOST_SHOWN]), f"/partner-reports/{report.number}/"), to=people, at=at)
