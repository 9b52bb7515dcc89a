"""Reports of partners as other systems send and read them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lingqu.documents.api import (
    Counted,
    Day,
    FileIn,
    Free,
    Moment,
    OrderNumber,
    OwnKey,
    Paging,
    PartnerCode,
    Quantity,
    Said,
    Shape,
    UpdatedSince,
    Words,
    Yuan,
)
from lingqu.reports.rules import LONGEST, MOST_FILES, MOST_LINES
from lingqu.reports.states import ReportKind, ReportState

Told = Annotated[Said, Field(max_length=LONGEST)]
Sold = Annotated[
    str,
    Field(pattern=r"^(0|[1-9][0-9]{0,10})\.[0-9]{2}$", examples=["18560.00"], description="Yuan, from 0.00 to 99,999,999,999.99."),
]


class ReportLineIn(Shape):
    """A discipline by its code, all together when left out: copies sold, their list value, stock at the end, of it near expiry."""

    discipline: Annotated[str, Field(pattern=r"^[^\x00-\x20\x7f]{1,10}$", examples=["S"])] | None = None
    sold: Counted
    value: Sold
    stock: Counted
    near_expiry: Counted = "0"


class ReportChangeIn(Shape):
    """What a report says."""

    lines: Annotated[list[ReportLineIn], Field(max_length=MOST_LINES)]
    market: Told
    demand: Told
    promotions: Annotated[Free, Field(max_length=LONGEST)] = ""
    retailers: Annotated[Free, Field(max_length=LONGEST)] = ""
    files: Annotated[list[FileIn], Field(max_length=MOST_FILES)] = []


class ReportIn(ReportChangeIn):
    """A report to be handed in: `period` is a month, a half-year or a year."""

    key: OwnKey
    period: Annotated[str, Field(pattern=r"^20[0-9]{2}(-(0[1-9]|1[0-2]|H1|H2))?$", examples=["2026-10", "2026-H1", "2026"])]


class GuidanceIn(Shape):
    """Guidance on a report."""

    guidance: Told


class QuestionIn(Shape):
    """What is to be completed in a report."""

    question: Told


class ReportFilter(Paging):
    """Which reports a list shows, newest first."""

    state: ReportState | None = None
    partner: PartnerCode | None = None
    updated_since: UpdatedSince = None


class ReportOut(Shape):
    """A report as a list shows it; `until` is its last day."""

    number: OrderNumber
    key: str
    seller: str
    partner: str
    partner_name: str
    kind: ReportKind
    since: Day
    until: Day
    state: ReportState
    state_words: Words
    due_on: Day
    late_days: int
    sold: Quantity
    value: Yuan
    stock: Quantity
    near_expiry: Quantity
    asked_at: Moment
    answered_at: Moment | None
    question: str
    guidance: str


class ReportPage(Shape):
    """Reports, and the address of the next page."""

    items: list[ReportOut]
    next: str | None


class ReportLineOut(Shape):
    """A line of a report; `discipline` is a code, null for all together."""

    line: int
    discipline: str | None
    sold: Quantity
    value: Yuan
    stock: Quantity
    near_expiry: Quantity


class BranchOut(Shape):
    """What an agent's own retailers did in the time."""

    retailers: int
    new_retailers: int
    requests: int
    shipped: Quantity
    bought: Yuan
    reports: int


class KnownOut(Shape):
    """What the product knew itself when the report was handed in or changed last."""

    requests: int
    requested: Yuan
    shipped: Quantity
    returned: Quantity
    bought: Yuan
    paid: Yuan
    open_batches: int
    owed: Yuan
    overdue: Yuan
    last_stock: Quantity | None
    branch: BranchOut | None


class WholeReportOut(ReportOut):
    """A report with all that it says."""

    market: str
    promotions: str
    retailers: str
    demand: str
    lines: list[ReportLineOut]
    known: KnownOut
