"""States and verbs of partners' reports, and for how long a time one may be."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from lingqu.base.states import StateTable
from lingqu.base.text import Text


class ReportKind(StrEnum):
    """Of how long a time a report tells: a month, half a year, a year (M-15.4)."""

    MONTH = "month"
    HALF_YEAR = "half_year"
    YEAR = "year"


KIND_WORDS: Final = {
    ReportKind.MONTH: Text("月报", "Monthly report"),
    ReportKind.HALF_YEAR: Text("半年报告", "Half-year report"),
    ReportKind.YEAR: Text("年度报告", "Yearly report"),
}


class ReportState(StrEnum):
    """Where a report stands: handed in and not answered, asked back, answered. Nothing is merely filed."""

    SUBMITTED = "submitted"
    QUESTIONED = "questioned"
    ANSWERED = "answered"


class ReportVerb(StrEnum):
    """What happens to a report."""

    CHANGE = "change"
    COMPLETE = "complete"
    ASK_BACK = "ask_back"
    ANSWER = "answer"


REPORTS: StateTable[ReportState, ReportVerb] = StateTable(
    {
        (ReportState.SUBMITTED, ReportVerb.CHANGE): ReportState.SUBMITTED,
        (ReportState.SUBMITTED, ReportVerb.ASK_BACK): ReportState.QUESTIONED,
        (ReportState.SUBMITTED, ReportVerb.ANSWER): ReportState.ANSWERED,
        (ReportState.QUESTIONED, ReportVerb.COMPLETE): ReportState.SUBMITTED,
        (ReportState.QUESTIONED, ReportVerb.ANSWER): ReportState.ANSWERED,
    },
    {
        ReportState.SUBMITTED: Text("待答复", "To be answered"),
        ReportState.QUESTIONED: Text("待补充", "Asked back"),
        ReportState.ANSWERED: Text("已答复", "Answered"),
        ReportVerb.CHANGE: Text("修改报告", "Change the report"),
        ReportVerb.COMPLETE: Text("补充后再报", "Complete and hand in again"),
        ReportVerb.ASK_BACK: Text("要求补充", "Ask back"),
        ReportVerb.ANSWER: Text("答复指导意见", "Answer with guidance"),
    },
)
