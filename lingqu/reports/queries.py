"""What is to be reported, what the product knows of it itself, and reports as they are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import partial
from typing import Any, Final

import msgspec
from django.db.models import Q

from lingqu.audit.queries import changed_since
from lingqu.base.access import sight_for
from lingqu.base.calendar import CHINA
from lingqu.base.database import rows
from lingqu.base.money import ZERO
from lingqu.base.period import Period
from lingqu.base.refusal import not_found
from lingqu.catalogue.models import Discipline
from lingqu.catalogue.queries import publisher_above
from lingqu.credit.queries import line_between, standing_of
from lingqu.organisation.models import Firm
from lingqu.organisation.queries import Acting, rows_seen
from lingqu.organisation.states import FirmKind
from lingqu.policy.rules import Regulation
from lingqu.reports.models import PartnerReport, ReportLine
from lingqu.reports.rules import PAPERS, Branch, Figures, ReportPeriod, code_of, due_of, end_of, open_periods
from lingqu.reports.states import ReportKind

# Between two firms, or (buyer NULL) a seller and all its partners. What is bought: accepted less credited, as `credit.net_accepted` has it.
_DEALINGS: Final = """
SELECT asked.many AS requests, asked.net AS requested, gone.copies AS shipped, back.copies AS returned,
       opened.net - lessened.net AS bought, came.net AS paid
  FROM (SELECT count(*) AS many, COALESCE(sum(o.net), 0) AS net FROM orders_order o
         WHERE o.seller_id = %(seller)s AND (%(buyer)s::bigint IS NULL OR o.buyer_id = %(buyer)s)
           AND o.submitted_at >= %(begin)s AND o.submitted_at < %(end)s AND o.state NOT IN ('withdrawn', 'merged')) AS asked,
       (SELECT COALESCE(sum(l.copies), 0) AS copies
          FROM orders_order o JOIN orders_delivery d ON d.order_id = o.id JOIN orders_deliveryline l ON l.delivery_id = d.id
         WHERE o.seller_id = %(seller)s AND (%(buyer)s::bigint IS NULL OR o.buyer_id = %(buyer)s)
           AND d.shipped_at >= %(begin)s AND d.shipped_at < %(end)s) AS gone,
       (SELECT COALESCE(sum(l.copies), 0) AS copies
          FROM orders_order o JOIN orders_goodsreturn r ON r.order_id = o.id JOIN orders_goodsreturnline l ON l.goods_return_id = r.id
         WHERE o.seller_id = %(seller)s AND (%(buyer)s::bigint IS NULL OR o.buyer_id = %(buyer)s)
           AND r.taken_at >= %(begin)s AND r.taken_at < %(end)s) AS back,
       (SELECT COALESCE(sum(b.value), 0) AS net FROM credit_creditline c JOIN credit_batch b ON b.line_id = c.id
         WHERE c.seller_id = %(seller)s AND (%(buyer)s::bigint IS NULL OR c.buyer_id = %(buyer)s)
           AND b.opened_on >= %(since)s AND b.opened_on < %(until)s) AS opened,
       (SELECT COALESCE(sum(d.amount), 0) AS net FROM credit_creditline c JOIN credit_batchcredit d ON d.line_id = c.id
         WHERE c.seller_id = %(seller)s AND (%(buyer)s::bigint IS NULL OR c.buyer_id = %(buyer)s)
           AND d."on" >= %(since)s AND d."on" < %(until)s) AS lessened,
       (SELECT COALESCE(sum(r.amount) FILTER (WHERE r.received_on >= %(since)s AND r.received_on < %(until)s), 0)
               - COALESCE(sum(r.amount) FILTER (WHERE r.reversed_on >= %(since)s AND r.reversed_on < %(until)s), 0) AS net
          FROM credit_creditline c JOIN credit_receipt r ON r.line_id = c.id
         WHERE c.seller_id = %(seller)s AND (%(buyer)s::bigint IS NULL OR c.buyer_id = %(buyer)s) AND NOT r.opening) AS came
"""


def _form_at(kind: ReportKind, start: date) -> str:
    return f"/partner-reports/new?period={code_of(kind, start)}"


REPORTS_WRITTEN: Final = {paper: partial(_form_at, kind) for kind, papers in PAPERS.items() for paper in papers}
"""Where the papers are written that a report is, by the first day of its time."""


class ReportFeed(msgspec.Struct, frozen=True):
    """Which reports another system asks for; what is empty asks for nothing."""

    state: str = ""
    partner: str = ""
    updated_since: datetime | None = None


def periods_to_report(firm: Firm, *, regulation: Regulation, on: date) -> list[ReportPeriod]:
    """Return the times of which a partner may report on a day and has not yet, the newest first; nothing for headquarters."""
    if firm.parent_id is None:
        return []
    told = set(PartnerReport.objects.filter(partner=firm, seller_id=firm.parent_id).values_list("period_start", "period_end"))
    return [one for one in periods_asked(firm, regulation=regulation, on=on) if (one.period.start, one.end) not in told]


def periods_asked(firm: Firm, *, regulation: Regulation, on: date) -> list[ReportPeriod]:
    """Return the times of which a partner may report on a day, whether it has or not, the newest first."""
    duties = regulation.duties.values()
    dues = {kind: due for kind in ReportKind if (due := due_of(kind, firm.kind, duties)) is not None}
    return open_periods(dues, since=firm.valid.lower, on=on, calendar=regulation.calendar)


def figures_of(firm: Firm, period: Period, *, regulation: Regulation, on: date) -> Figures:
    """Return what the product knows itself of a partner in a time; what is open and owed as of the day."""
    seller = above(firm)
    line = line_between(seller, firm.pk)
    standing = standing_of(line, on=on, tolerance_days=regulation.parameters.overdue_tolerance_days) if line else None
    own = _dealings(seller, firm.pk, period)
    before = PartnerReport.objects.filter(partner=firm, seller_id=seller, period_end=period.start).order_by("-period_start").first()
    return Figures(
        own.requests, own.requested, int(own.shipped), int(own.returned), own.bought, own.paid,
        open_batches=standing.open_count if standing else 0, owed=standing.used if standing else ZERO,
        overdue=standing.overdue if standing else ZERO, last_stock=before.stock if before else None,
        branch=_branch(firm, period) if firm.kind == FirmKind.AGENT.value else None,
    )  # fmt: skip


def _branch(agent: Firm, period: Period) -> Branch:
    sold = _dealings(agent.pk, None, period)
    own = Firm.objects.filter(parent=agent, valid__contains=period.last_day)
    reports = PartnerReport.objects.filter(seller=agent, period_start=period.start, period_end=end_of(period))
    fresh = own.filter(valid__startswith__gte=period.start).count()
    return Branch(own.count(), fresh, sold.requests, int(sold.shipped), sold.bought, reports.count())


def _dealings(seller: int, buyer: int | None, period: Period) -> Any:  # noqa: ANN401 - a row
    begin, end = (datetime.combine(day, time(), CHINA) for day in (period.start, end_of(period)))
    given = {"seller": seller, "buyer": buyer, "since": period.start, "until": end_of(period), "begin": begin, "end": end}
    return rows(_DEALINGS, given)[0]


def lines_of(report: int) -> list[ReportLine]:
    """Return the lines of a report with their disciplines, in order."""
    return list(ReportLine.objects.filter(report_id=report).select_related("discipline").order_by("line"))


def disciplines_above(firm: int) -> list[Discipline]:
    """Return the disciplines of the publisher above a firm, by code."""
    return list(Discipline.objects.filter(publisher_id=publisher_above(firm)).order_by("code"))


def discipline_codes(firm: int) -> dict[str, int]:
    """Return the disciplines above a firm by their codes in capital letters."""
    return {one.code.upper(): one.pk for one in disciplines_above(firm)}


def discipline_ids(firm: int) -> dict[str, int | None]:
    """Return the disciplines above a firm by what people call them, in small letters: code and both names; all together is None."""
    found: dict[str, int | None] = {"不分专业": None, "all together": None}
    for one in disciplines_above(firm):
        found |= {name.lower(): one.pk for name in (one.code, one.name_zh, one.name_en)}
    return found


def above(firm: Firm) -> int:
    """Return to whom a firm reports (Firm id); refuses (404) headquarters, above which there is nobody."""
    if firm.parent_id is None:
        raise not_found()
    return firm.parent_id


def firm_of(who: Acting) -> Firm:
    """Return the person's own firm."""
    return Firm.objects.get(pk=who.firm)


def report_in(partner: int, seller: int, period: Period) -> PartnerReport | None:
    """Return the report of a partner for a time, None when there is none."""
    return PartnerReport.objects.filter(partner_id=partner, seller_id=seller, period_start=period.start, period_end=end_of(period)).first()


def feed_of_reports(by: Acting, wanted: ReportFeed, *, below: int | None, most: int) -> Sequence[PartnerReport]:
    """Return up to `most` reports that the person sees, newest first, those below the id."""
    sight = sight_for(PartnerReport._meta.label)
    found = PartnerReport.objects.filter(rows_seen(sight, by) if sight else Q(pk__in=())).order_by("-pk")
    found = found.select_related("seller", "partner", "asked_by", "answered_by")
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.partner:
        found = found.filter(partner__code=wanted.partner)
    if wanted.updated_since:
        found = found.filter(changed_since("partner_report", wanted.updated_since))
    return list((found.filter(pk__lt=below) if below else found)[:most])
