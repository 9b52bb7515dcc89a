"""Reports as shapes."""

from __future__ import annotations

from typing import Any

import msgspec

from lingqu.documents.api import day, moment, quantity, words, yuan
from lingqu.reports.queries import lines_of
from lingqu.reports.rules import Branch, Figures
from lingqu.reports.states import REPORTS, ReportState


def report_out(report: Any) -> dict[str, Any]:  # noqa: ANN401 - a report with its firms
    """Return a report as a list shows it."""
    return {
        "number": report.number, "key": report.key, "seller": report.seller.code, "partner": report.partner.code,
        "partner_name": report.partner.name, "kind": report.kind, "since": day(report.period_start), "until": day(report.period.last_day),
        "state": report.state, "state_words": words(REPORTS.words[ReportState(report.state)]), "due_on": day(report.due_on),
        "late_days": report.late_days, "sold": quantity(report.sold), "value": yuan(report.value), "stock": quantity(report.stock),
        "near_expiry": quantity(report.near_expiry), "asked_at": moment(report.asked_at), "answered_at": moment(report.answered_at),
        "question": report.question, "guidance": report.guidance,
    }  # fmt: skip


def whole_report_out(report: Any) -> dict[str, Any]:  # noqa: ANN401 - a report with its firms
    """Return a report with its words, its lines, and what the product knew."""
    lines = [
        {
            "line": line.line, "discipline": line.discipline.code if line.discipline else None, "sold": quantity(line.sold),
            "value": yuan(line.value), "stock": quantity(line.stock), "near_expiry": quantity(line.near_expiry),
        }
        for line in lines_of(report.pk)
    ]  # fmt: skip
    more = {name: getattr(report, name) for name in ("market", "promotions", "retailers", "demand")}
    return report_out(report) | more | {"lines": lines, "known": _known(msgspec.convert(report.known, Figures))}


def _known(figures: Figures) -> dict[str, Any]:
    return {
        "requests": figures.requests, "requested": yuan(figures.requested), "shipped": quantity(figures.shipped),
        "returned": quantity(figures.returned), "bought": yuan(figures.bought), "paid": yuan(figures.paid),
        "open_batches": figures.open_batches, "owed": yuan(figures.owed), "overdue": yuan(figures.overdue),
        "last_stock": None if figures.last_stock is None else quantity(figures.last_stock),
        "branch": _branch(figures.branch) if figures.branch else None,
    }  # fmt: skip


def _branch(branch: Branch) -> dict[str, Any]:
    return {
        "retailers": branch.retailers, "new_retailers": branch.fresh, "requests": branch.requests, "shipped": quantity(branch.shipped),
        "bought": yuan(branch.bought), "reports": branch.reports,
    }  # fmt: skip
