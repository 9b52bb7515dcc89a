"""Reports in words and numbers: what the product knows itself, lateness, the stock that should be there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from django.urls import reverse

from lingqu.base.templatetags.words import NOTHING, copies, money
from lingqu.base.text import Text, alike
from lingqu.documents.registry import Looking
from lingqu.duties.rules import period_words
from lingqu.policy.queries import regulation_in_force
from lingqu.reports.models import PartnerReport, ReportLine
from lingqu.reports.queries import figures_of, firm_of, periods_to_report
from lingqu.reports.rules import RHYTHMS, Figures, ReportPeriod, expected_stock
from lingqu.reports.states import ReportKind

KNOWN = "reports/known.html"
ALL_TOGETHER = Text("不分专业", "All together")
MOST_LINKS = 15


def period_words_of(report: PartnerReport) -> Text:
    """Return of what time it tells: 2026 年 10 月, 2026 年上半年, 2026 年度."""
    return period_words(report.period, RHYTHMS[ReportKind(report.kind)])


def due_words(report: PartnerReport) -> Text:
    """Return when it was due, and by how many days it came late."""
    if not report.late_days:
        return Text(f"{report.due_on}，按时", f"{report.due_on}, in time")
    return Text(f"{report.due_on}，迟 {report.late_days} 天", f"{report.due_on}, {report.late_days} days late")


def late_words(report: PartnerReport) -> Text | None:
    """Return by how many days it came late, None in time."""
    return Text(f"迟 {report.late_days} 天", f"{report.late_days} days late") if report.late_days else None


def discipline_words(line: ReportLine) -> Text:
    """Return of what a line tells."""
    return Text(line.discipline.name_zh, line.discipline.name_en) if line.discipline else ALL_TOGETHER


def known_panel(report: PartnerReport, looking: Looking) -> Mapping[str, object]:  # noqa: ARG001 - both sides see the same
    """Return what the product knew itself when the report was handed in or changed last, beside what the partner says."""
    figures = msgspec.convert(report.known, Figures)
    rows = [*_rows(figures), *_stock_rows(figures, report.sold, report.stock)]
    return {"title": Text("系统记录的数字", "What the product knows"), "rows": rows, "others": ()}


def known_beside(start: Any, looking: Looking) -> tuple[str, Mapping[str, Any]] | None:  # noqa: ANN401 - a report, or an address
    """Return what the product knows of the time that is to be reported, above the form; None where there is none."""
    firm, regulation = firm_of(looking.who), regulation_in_force(on=looking.on)
    if isinstance(start, PartnerReport):
        figures = figures_of(firm, start.period, regulation=regulation, on=looking.on)
        return KNOWN, {"title": _known_of(period_words_of(start)), "rows": _rows(figures), "others": ()}
    asked = periods_to_report(firm, regulation=regulation, on=looking.on)
    shown = period_of(start.get("period", ""), asked)
    if shown is None:
        return None
    figures = figures_of(firm, shown.period, regulation=regulation, on=looking.on)
    others = [
        {"words": one.words, "url": f"{reverse('partner_report_new')}?period={one.code}", "late": one.late_days(looking.on)}
        for one in asked[:MOST_LINKS] if one != shown
    ]  # fmt: skip
    return KNOWN, {"title": _known_of(shown.words), "rows": _rows(figures), "others": others, "due": shown.due_on}


def period_of(code: str, asked: list[ReportPeriod]) -> ReportPeriod | None:
    """Return the time that is asked for by its code, else the newest month that is to be reported, else any; None when none is."""
    newest = next((one for one in asked if one.kind is ReportKind.MONTH), asked[0] if asked else None)
    return next((one for one in asked if one.code == code), newest)


def _known_of(words: Text) -> Text:
    return Text(f"系统记录：{words.zh}", f"What the product knows: {words.en}")


def _rows(figures: Figures) -> list[tuple[Text, Text]]:
    found = [
        (Text("进货申请", "Requests"), _count(figures.requests, figures.requested)),
        (Text("发来册数", "Copies shipped to you"), alike(copies(figures.shipped))),
        (Text("退回册数", "Copies sent back"), alike(copies(figures.returned))),
        (Text("净进货", "Net bought"), _yuan(figures.bought)),
        (Text("已付款", "Paid"), _yuan(figures.paid)),
        (Text("未结批次（报送时）", "Open batches (when reported)"), _count(figures.open_batches, figures.owed)),
        (Text("其中逾期", "Of it overdue"), _yuan(figures.overdue)),
    ]
    if figures.last_stock is not None:
        found.append((Text("上期期末库存", "Stock reported before"), alike(copies(figures.last_stock))))
    branch = figures.branch
    if branch:
        found += [
            (
                Text("零售商", "Retailers"),
                Text(f"{branch.retailers} 家 · 新增 {branch.fresh} 家", f"{branch.retailers} · {branch.fresh} new"),
            ),
            (Text("零售商进货申请", "Their requests"), alike(f"{branch.requests:,}")),
            (Text("发给零售商册数", "Copies shipped to them"), alike(copies(branch.shipped))),
            (Text("零售商净进货", "Bought by them, net"), _yuan(branch.bought)),
            (
                Text("零售商已报", "Their reports"),
                Text(f"{branch.reports} / {branch.retailers} 份", f"{branch.reports} of {branch.retailers}"),
            ),
        ]
    return found


def _stock_rows(figures: Figures, sold: int, stock: int) -> list[tuple[Text, Text]]:
    expected = expected_stock(figures, sold)
    if expected is None:
        return []
    said = f"{copies(stock)} − {copies(expected)} = {copies(stock - expected)}"
    return [(Text("账面应有库存（上期＋发来−退回−销售）", "Stock that follows (before + shipped − back − sold)"), alike(copies(expected))),
            (Text("报送库存与之相差", "Reported stock differs by"), alike(said if stock != expected else NOTHING))]  # fmt: skip


def _count(many: int, amount: Any) -> Text:  # noqa: ANN401 - yuan
    return Text(f"{many:,} 笔 · {money(amount)} 元", f"{many:,} · {money(amount)} yuan")


def _yuan(amount: Any) -> Text:  # noqa: ANN401 - yuan
    return Text(f"{money(amount)} 元", f"{money(amount)} yuan")
