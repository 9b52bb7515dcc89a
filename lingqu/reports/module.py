"""What this module declares: the document type report of a partner, and its operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec.structs import replace

from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.documents.registry import DocumentType, Lines, Look, Looking, Making, Menu, Panel, Sent, Shown, Typing, Verb
from lingqu.organisation.queries import Acting
from lingqu.partners.queries import representatives_of
from lingqu.policy.queries import regulation_in_force
from lingqu.reports.access import ANSWERING_POSTS, ANSWERING_WAYS, CHANGING_WAYS, REPORTING_POSTS, REPORTING_WAYS, answers_as, may_report
from lingqu.reports.actions import answer_report, ask_back, change_report, make_report
from lingqu.reports.api import ROUTERS
from lingqu.reports.forms import AnswerForm, LineForm, QuestionForm, ReportForm, TellingForm, rows_of_list
from lingqu.reports.models import PartnerReport
from lingqu.reports.present import KNOWN, discipline_words, due_words, known_beside, known_panel, late_words, period_words_of
from lingqu.reports.queries import discipline_ids, disciplines_above, lines_of
from lingqu.reports.rules import MOST_FILES, MOST_LINES, NewReport, Told, ToldLine
from lingqu.reports.states import REPORTS, ReportVerb


def _told(sent: Sent) -> Told:
    """Return what was typed as the action takes it; refuses, at its row, a discipline that is not the publisher's."""
    known = discipline_ids(sent.who.firm)
    lines = []
    for row, typed in enumerate(sent.rows, 1):
        name = typed["discipline"].strip().lower()
        if name not in known:
            told = Text(f"没有专业“{name[:40]}”。", f"There is no discipline “{name[:40]}”.")
            raise bad_input(f"lines.{row}.discipline", told)
        lines.append(ToldLine(known[name], typed["sold"], typed["value"], typed["stock"], typed["near_expiry"] or 0))
    data = sent.data
    return Told(tuple(lines), data["market"], data["demand"], data["promotions"], data.get("retailers", ""))


def _make(sent: Sent) -> PartnerReport:
    new = NewReport(sent.key, sent.data["period"], _told(sent))
    return make_report(new, sent.files, regulation=regulation_in_force(on=sent.on), by=sent.who, at=sent.at)


def _change(report: PartnerReport, sent: Sent) -> None:
    change_report(report.pk, _told(sent), sent.files, regulation=regulation_in_force(on=sent.on), by=sent.who, at=sent.at)


def _ask_back(report: PartnerReport, sent: Sent) -> None:
    ask_back(report.pk, sent.data["question"], by=sent.who, at=sent.at)


def _answer(report: PartnerReport, sent: Sent) -> None:
    answer_report(report.pk, sent.data["guidance"], by=sent.who, at=sent.at)


def _own(who: Acting, report: PartnerReport, on: date) -> bool:  # noqa: ARG001 - the registry hands the day too
    return may_report(who, report.partner_id)


def _above(who: Acting, report: PartnerReport, on: date) -> bool:
    return answers_as(who, report.seller_id, representatives_of(report.partner_id, report.seller_id, on)) is not None


def _begin(given: Mapping[str, str]) -> Mapping[str, Any]:
    return {"period": given.get("period", "")}


def _offered(given: object, looking: Looking) -> Sequence[Mapping[str, Any]]:  # noqa: ARG001 - the same for every time
    return [{"discipline": str(Text(one.name_zh, one.name_en))} for one in disciplines_above(looking.who.firm)]


def _lines(report: PartnerReport) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "discipline": str(discipline_words(line)), "sold": line.sold, "value": line.value, "stock": line.stock,
            "near_expiry": line.near_expiry,
        }
        for line in lines_of(report.pk)
    ]  # fmt: skip


def _words(report: PartnerReport) -> Mapping[str, Any]:
    return {name: getattr(report, name) for name in TellingForm.base_fields}


TELLING = Typing(
    ReportForm, rows=LineForm, most_rows=MOST_LINES, files=MOST_FILES, first=_begin, offered=_offered, read=rows_of_list,
    beside=known_beside,
    line=Text(
        "一行一个专业：专业、销售册数、销售码洋、期末库存、即期库存；不分专业的写“不分专业”。",
        "One discipline a line: discipline, copies sold, list value sold, stock, near expiry; “All together” for all of them.",
    ),
    told=Text(
        "系统已知的数字不必再填；请填写销售、库存和市场情况，答复之前都可以修改",
        "What the product knows need not be typed; tell of sales, stock and the market. It may be changed until it is answered",
    ),
)  # fmt: skip
CHANGING = replace(TELLING, form=TellingForm, first=_words, first_rows=_lines, offered=None)

PARTNER_REPORT = DocumentType(
    key="partner_report", title=Text("经销商报告", "Partner report"), plural=Text("经销商报告", "Reports of partners"),
    slug="partner-reports", series="YB", model=PartnerReport, states=REPORTS, waiting=("submitted",),
    tones={"submitted": "waiting", "questioned": "waivable", "answered": "done"},
    told=Text("每份报告都要答复；待答复的在前，最早的最先", "Each report is answered; those that wait stand first, the oldest on top"),
    empty=Text("经销商每月报告销售、促销、库存和市场，逐份得到答复。", "Partners report each month, and each report is answered."),
    columns=(
        Shown("period", Text("报告期", "Time"), period_words_of),
        Shown("sold", Text("销售册数", "Copies sold"), "sold", Look.COPIES, summed=True),
        Shown("value", Text("销售码洋", "Sold at list price"), "value", Look.MONEY, summed=True),
        Shown("stock", Text("期末库存", "Stock"), "stock", Look.COPIES, summed=True),
        Shown("late", Text("迟报", "Late"), late_words),
    ),
    facts=(
        Shown("guidance", Text("指导意见", "Guidance"), "guidance", Look.LONG),
        Shown("answered_by", Text("答复人", "Answered by"), "answered_by.name", Look.NAME),
        Shown("question", Text("要求补充", "Asked back"), "question", Look.LONG),
        Shown("partner", Text("报告单位", "Partner"), "partner.name", Look.NAME),
        Shown("seller", Text("报送给", "Reported to"), "seller.name", Look.NAME),
        Shown("period", Text("报告期", "Time"), period_words_of),
        Shown("due", Text("应报日期", "Due"), due_words),
        Shown("asked_by", Text("报送人", "Handed in by"), "asked_by.name", Look.NAME),
        Shown("asked_at", Text("报送时间", "Handed in"), "asked_at", Look.MOMENT),
        Shown("market", Text("市场信息", "Market"), "market", Look.LONG),
        Shown("promotions", Text("促销与推广", "Promotions"), "promotions", Look.LONG),
        Shown("retailers", Text("零售商发展", "Development of retailers"), "retailers", Look.LONG),
        Shown("demand", Text("下期需求与计划", "Demand and plans"), "demand", Look.LONG),
    ),
    lines=Lines(
        Text("销售与库存", "Sales and stock"), lambda report: lines_of(report.pk),
        (
            Shown("discipline", Text("专业", "Discipline"), discipline_words),
            Shown("sold", Text("销售册数", "Copies sold"), "sold", Look.COPIES, summed=True),
            Shown("value", Text("销售码洋", "Sold at list price"), "value", Look.MONEY, summed=True),
            Shown("stock", Text("期末库存", "Stock"), "stock", Look.COPIES, summed=True),
            Shown("near_expiry", Text("其中即期", "Of it near expiry"), "near_expiry", Look.COPIES, summed=True),
        ),
    ),
    panels=(Panel(KNOWN, known_panel, aside=False),),
    making=Making(
        words=Text("填写报告", "Write a report"), ways=REPORTING_WAYS, may=lambda who, on: may_report(who, who.firm),  # noqa: ARG005 - the day says nothing here
        typing=TELLING, do=_make,
    ),
    verbs=(
        Verb(verb=ReportVerb.ANSWER, ways=ANSWERING_WAYS, may=_above, do=_answer, typing=Typing(AnswerForm), icon="message", strong=True),
        Verb(verb=ReportVerb.ASK_BACK, ways=ANSWERING_WAYS, may=_above, do=_ask_back, typing=Typing(QuestionForm), icon="help-circle"),
        Verb(verb=ReportVerb.COMPLETE, ways=CHANGING_WAYS, may=_own, do=_change, typing=CHANGING, icon="pencil", strong=True),
        Verb(verb=ReportVerb.CHANGE, ways=CHANGING_WAYS, may=_own, do=_change, typing=CHANGING, icon="pencil"),
    ),
    related=("seller", "answered_by"), menu=Menu("clipboard-list", posts=(*ANSWERING_POSTS, *REPORTING_POSTS)),
    carries=("record:partner_reports",),
)  # fmt: skip

DOCUMENT_TYPES = (PARTNER_REPORT,)
__all__ = ["DOCUMENT_TYPES", "PARTNER_REPORT", "ROUTERS"]
