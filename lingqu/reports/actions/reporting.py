"""Hand a report in, change it until it is answered (M-15.3, M-15.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, bad_input, forbidden
from lingqu.base.text import Text
from lingqu.documents.actions import attach, take_numbers
from lingqu.documents.rules import NewFile
from lingqu.duties.actions import fulfil
from lingqu.organisation.models import Firm
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation
from lingqu.reports.access import REPORTING_POSTS, may_report
from lingqu.reports.actions.telling import SERIES, SUBJECT, locked_report, tell_above
from lingqu.reports.models import PartnerReport, ReportLine
from lingqu.reports.queries import above, disciplines_above, figures_of, periods_asked, report_in
from lingqu.reports.rules import PAPERS, NewReport, ReportPeriod, Told, check_told, sums_of
from lingqu.reports.states import REPORTS, ReportKind, ReportState, ReportVerb

ROLE = "report"


@transaction.atomic
def make_report(new: NewReport, files: Sequence[NewFile] = (), *, regulation: Regulation, by: Acting, at: datetime) -> PartnerReport:
    """Hand in a report of the person's own firm to its seller and return the document (series YB); the same key is the same report.

    What the product knows itself of the time is kept with it. It fulfils the duties of that time that take such a paper, and says by
    how many days it is late. Refuses (403) who does not report, a time that is not to be reported, a second report of a time with the
    number of the first, and what `check_told` does.
    """
    if not may_report(by, by.firm):
        raise forbidden(Text("报告由经销商的负责人或业务员报送。", "Reports are handed in by a partner's owner or clerk."))
    # Two at once of one partner wait for each other here: the key finds the first of two clicks, and a time has one report.
    firm = Firm.objects.select_for_update(of=("self",)).get(pk=by.firm)
    known = PartnerReport.objects.filter(asked_by_id=by.person, key=new.key).first()
    if known:
        return known
    day = china_day(at)
    wanted = _period(new.period, periods_asked(firm, regulation=regulation, on=day))
    seller = above(firm)
    first = report_in(firm.pk, seller, wanted.period)
    if first:
        words = Text(f"这一期已经报过：{first.number}。", f"This time is reported already: {first.number}.")
        raise Refusal("reported_already", words, field="period", clause="M-15.3")
    told = check_told(new.told, wanted.kind)
    (number,) = take_numbers(SERIES, day.year)
    absent = by.for_whom(REPORTING_POSTS, by.firm)
    report = PartnerReport(
        number=number, key=new.key, seller_id=seller, partner=firm, kind=wanted.kind.value, period_start=wanted.period.start,
        period_end=wanted.end, state=ReportState.SUBMITTED.value, due_on=wanted.due_on, late_days=wanted.late_days(day),
        asked_by_id=by.person, asked_for_id=absent, asked_at=at,
    )  # fmt: skip
    _write(report, told, regulation=regulation, at=at)
    if files:
        attach(SUBJECT, report.pk, ROLE, files, by=by, at=at, on_behalf_of=absent)
    after = {"number": number, "period": wanted.code, "late_days": report.late_days} | _sums(report)
    record([Deed("ask", SUBJECT, report.pk, after, {}, regulation.reference, absent)], by=by.person, at=at)
    link, words = f"/partner-reports/{number}/", Text(f"报告 {number}", f"Report {number}")
    for paper in PAPERS[wanted.kind]:
        fulfil(paper, about=firm.pk, on=wanted.period.start, link=link, text=words, by=by, at=at)
    tell_above(report, "ask", by=by.person, at=at)
    return report


@transaction.atomic
def change_report(
    report_id: int, told: Told, files: Sequence[NewFile] = (), *, regulation: Regulation, by: Acting, at: datetime
) -> PartnerReport:  # fmt: skip
    """Say anew what a report says that is not answered, or complete one about which was asked back, and return it.

    The partner's owner or clerk may. What the product knows itself is looked up anew; the day on which it was handed in stays.
    """
    report = locked_report(report_id, by)
    if not may_report(by, report.partner_id):
        raise forbidden(Text("报告由报送的经销商修改。", "The partner that handed a report in changes it."))
    before = report.state
    verb = ReportVerb.COMPLETE if before == ReportState.QUESTIONED.value else ReportVerb.CHANGE
    report.state = REPORTS.next(ReportState(before), verb).value
    checked = check_told(told, ReportKind(report.kind))
    was = _sums(report) | {"state": before}
    _write(report, checked, regulation=regulation, at=at)
    absent = by.for_whom(REPORTING_POSTS, by.firm)
    if files:
        attach(SUBJECT, report.pk, ROLE, files, by=by, at=at, on_behalf_of=absent)
    after = _sums(report) | {"state": report.state}
    record([Deed(verb.value, SUBJECT, report.pk, after, was, regulation.reference, absent)], by=by.person, at=at)
    if verb is ReportVerb.COMPLETE:
        tell_above(report, verb.value, by=by.person, at=at)
    return report


def _period(code: str, asked: Sequence[ReportPeriod]) -> ReportPeriod:
    found = next((one for one in asked if one.code == code), None)
    if found is None:
        words = Text("这一期还不能报，或者已超过一年。", "This time cannot be reported yet, or ended over a year ago.")
        raise bad_input("period", words)
    return found


def _write(report: PartnerReport, told: Told, *, regulation: Regulation, at: datetime) -> None:
    """Keep what was told as the lines and words of a report, with what the product knows; refuses a discipline of another publisher."""
    known = {one.pk for one in disciplines_above(report.partner_id)} | {None}
    for row, line in enumerate(told.lines, 1):
        if line.discipline not in known:
            raise bad_input(f"lines.{row}.discipline", Text("没有这个专业。", "There is no such discipline."))
    sums = sums_of(told.lines)
    report.sold, report.value, report.stock, report.near_expiry = sums.sold, sums.value, sums.stock, sums.near_expiry
    report.promotions, report.market, report.retailers, report.demand = told.promotions, told.market, told.retailers, told.demand
    report.known = msgspec.to_builtins(figures_of(report.partner, report.period, regulation=regulation, on=china_day(at)))
    report.regulation = regulation.reference
    report.save()
    report.lines.all().delete()
    ReportLine.objects.bulk_create(
        ReportLine(
            report=report, line=number, discipline_id=line.discipline, sold=line.sold, value=line.value, stock=line.stock,
            near_expiry=line.near_expiry,
        )
        for number, line in enumerate(told.lines, 1)
    )  # fmt: skip


def _sums(report: PartnerReport) -> dict[str, object]:
    return {"sold": report.sold, "value": str(report.value), "stock": report.stock, "near_expiry": report.near_expiry}
