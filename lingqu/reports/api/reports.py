"""Reports of partners are listed, read, handed in, changed, asked back about and answered."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Path, Query

from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.documents.api import (
    ApiRequest,
    Key,
    OrderNumber,
    does,
    once,
    page_of,
    place_in_list,
    read_copies,
    read_files,
    read_yuan,
    reads,
    told_by_place,
)
from lingqu.documents.registry import document_by_number, type_called
from lingqu.organisation.states import Scope
from lingqu.policy.queries import regulation_in_force
from lingqu.reports.actions import answer_report, ask_back, change_report, make_report
from lingqu.reports.api.router import router
from lingqu.reports.api.shapes import GuidanceIn, QuestionIn, ReportChangeIn, ReportFilter, ReportIn, ReportOut, ReportPage, WholeReportOut
from lingqu.reports.api.told import report_out, whole_report_out
from lingqu.reports.queries import ReportFeed, discipline_codes, feed_of_reports
from lingqu.reports.rules import NewReport, Told, ToldLine

ONE_MORE = 1


@reads(router, "/partner-reports", name="partner_reports", operation="list_partner_reports", scope=Scope.PARTNERS_READ, out=ReportPage)
def list_reports(request: ApiRequest, asked: Query[ReportFilter]) -> dict[str, Any]:
    """List reports of partners, newest first: those that your firm made and those made to it."""
    wanted = ReportFeed(asked.state.value if asked.state else "", asked.partner or "", asked.updated_since)
    found = feed_of_reports(request.who, wanted, below=place_in_list(request, asked), most=asked.limit + ONE_MORE)
    return page_of(request, asked, found, shape=report_out, place=lambda one: one.pk)


@reads(
    router, "/partner-reports/{number}", name="partner_report", operation="get_partner_report", scope=Scope.PARTNERS_READ,
    out=WholeReportOut,
)  # fmt: skip
def get_report(request: ApiRequest, number: Path[OrderNumber]) -> dict[str, Any]:
    """Read one report with its figures, its words, what the product knew, and the guidance."""
    return whole_report_out(_found(request, number))


@does(router, "/partner-reports", name="partner_reports", operation="make_partner_report", scope=Scope.PARTNERS_WRITE, out=ReportOut)
def make(request: ApiRequest, idempotency_key: Key, sent: ReportIn) -> HttpResponse:
    """Hand in the report of your firm for a month, a half-year or a year.

    What the product knows itself of the time is added; it fulfils the duties that ask for it. One report is taken for a time.
    """

    def do() -> ReportOut:
        new = NewReport(sent.key, sent.period, _told(request, sent))
        with told_by_place({number: number - 1 for number in range(1, len(sent.lines) + 1)}):
            files = read_files(sent.files, field="files")
            made = make_report(new, files, regulation=regulation_in_force(on=request.today), by=request.who, at=request.at)
        return _out(request, made.number)

    return once(request, idempotency_key, do)


@does(
    router, "/partner-reports/{number}/change", name="partner_report_change", operation="change_partner_report",
    scope=Scope.PARTNERS_WRITE, out=ReportOut, status=200,
)  # fmt: skip
def change(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: ReportChangeIn) -> HttpResponse:
    """Say anew what a report says that is not answered, or complete one about which was asked back."""

    def do() -> ReportOut:
        found = _found(request, number)
        with told_by_place({number: number - 1 for number in range(1, len(sent.lines) + 1)}):
            files = read_files(sent.files, field="files")
            told, regulation = _told(request, sent), regulation_in_force(on=request.today)
            change_report(found.pk, told, files, regulation=regulation, by=request.who, at=request.at)
        return _out(request, number)

    return once(request, idempotency_key, do, status=200)


@does(
    router, "/partner-reports/{number}/ask-back", name="partner_report_ask_back", operation="ask_back_partner_report",
    scope=Scope.PARTNERS_WRITE, out=ReportOut, status=200,
)  # fmt: skip
def question(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: QuestionIn) -> HttpResponse:
    """Ask a partner to complete its report."""

    def do() -> ReportOut:
        ask_back(_found(request, number).pk, sent.question, by=request.who, at=request.at)
        return _out(request, number)

    return once(request, idempotency_key, do, status=200)


@does(
    router, "/partner-reports/{number}/answer", name="partner_report_answer", operation="answer_partner_report",
    scope=Scope.PARTNERS_WRITE, out=ReportOut, status=200,
)  # fmt: skip
def answer(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: GuidanceIn) -> HttpResponse:
    """Answer a partner's report with guidance."""

    def do() -> ReportOut:
        answer_report(_found(request, number).pk, sent.guidance, by=request.who, at=request.at)
        return _out(request, number)

    return once(request, idempotency_key, do, status=200)


def _found(request: ApiRequest, number: str) -> Any:  # noqa: ANN401 - a report
    return document_by_number(type_called("partner_report"), number, by=request.who)


def _out(request: ApiRequest, number: str) -> ReportOut:
    return ReportOut.model_validate(report_out(_found(request, number)))


def _told(request: ApiRequest, sent: ReportChangeIn) -> Told:
    """Return what was sent as the action takes it; refuses (422) a discipline that there is not."""
    known = discipline_codes(request.who.firm)
    lines = []
    for place, line in enumerate(sent.lines):
        if line.discipline is not None and line.discipline.upper() not in known:
            told = Text(f"没有专业“{line.discipline}”。", f"There is no discipline “{line.discipline}”.")
            raise bad_input(f"lines.{place}.discipline", told)
        code = known[line.discipline.upper()] if line.discipline else None
        lines.append(ToldLine(code, read_copies(line.sold), read_yuan(line.value), read_copies(line.stock), read_copies(line.near_expiry)))
    return Told(tuple(lines), sent.market, sent.demand, sent.promotions, sent.retailers)
