"""The papers behind a statement, as they were known at a moment: batches, money, what was applied, and goods that left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from lingqu.base.calendar import china_day
from lingqu.base.database import rows
from lingqu.credit.models import Application, Batch, BatchCredit, CreditLine, Receipt
from lingqu.credit.states import ApplicationKind
from lingqu.settlement.rules import Laid, Owed, SentLine

Money = list[tuple[date, Decimal]]

_GROWN: Final = """
SELECT document_id, "on", amount, reason, at < %s AS known FROM ledger_posting
 WHERE source_id = %s AND document_kind = 'batch' AND reason IN ('raised', 'taken_over') AND amount > 0
"""

# What was agreed to be sent again leaves its delivery on the day of the answer, so that it does not count in the later one too.
_GOODS: Final = """
WITH sent AS (
    SELECT b.request, d.id, d.number AS delivery, d.waybill, (d.shipped_at AT TIME ZONE 'Asia/Shanghai')::date AS "on",
           CASE WHEN d.received_at < %(before)s THEN (d.received_at AT TIME ZONE 'Asia/Shanghai')::date END AS received
      FROM credit_batch b JOIN orders_delivery d ON d.order_id = b.document_id AND d.shipped_at < %(before)s
     WHERE b.line_id = %(line)s AND b.request = ANY(%(requests)s::text[])
)
SELECT s.request, s.delivery, s.waybill, s."on", l.id AS line, v.copies, l.copies AS ordered, l.net, s.received
  FROM sent s JOIN orders_deliveryline v ON v.delivery_id = s.id JOIN orders_orderline l ON l.id = v.order_line_id
 UNION ALL
SELECT s.request, s.delivery, s.waybill, (x.answered_at AT TIME ZONE 'Asia/Shanghai')::date, l.id, -v.copies, l.copies, l.net, s.received
  FROM sent s JOIN orders_difference x ON x.delivery_id = s.id AND x.answered_at < %(before)s
  JOIN orders_differenceline v ON v.difference_id = x.id AND v.answer = 'send_again' JOIN orders_orderline l ON l.id = v.order_line_id
"""


def papers_of(line: CreditLine, *, before: datetime) -> tuple[list[Owed], list[Laid], Money]:
    """Return batches, applications, and all that made the debt less with its day, of what was done before a moment. Five statements."""
    known_on = china_day(before)
    laid: list[Laid] = []
    money: Money = []
    for row in Application.objects.filter(batch__line=line).order_by("id").values_list(*_APPLIED, named=True):
        if row.at >= before if row.at else row.on >= known_on:
            continue
        entered = china_day(row.at) if row.at else None
        laid.append(Laid(row.id, row.batch_id, row.amount, row.on, entered, row.kind == ApplicationKind.PREPAID.value, row.reverses_id))
        if row.kind == ApplicationKind.WRITE_OFF.value:
            money.append((row.on, row.amount))
    for receipt in Receipt.objects.filter(line=line, entered_at__lt=before).values_list(*_RECEIVED, named=True):
        on = max(receipt.received_on, china_day(receipt.entered_at)) if receipt.opening else receipt.received_on
        money.append((on, receipt.amount))
        if receipt.reversed_on and receipt.reversed_at and receipt.reversed_at < before:
            money.append((receipt.reversed_on, -receipt.amount))
    money += [(credit.on, credit.amount) for credit in BatchCredit.objects.filter(line=line, made_at__lt=before)]
    return _batches(line, before), laid, money


_APPLIED: Final = ("id", "batch_id", "amount", "on", "at", "kind", "reverses_id")
_RECEIVED: Final = ("received_on", "entered_at", "amount", "opening", "reversed_on", "reversed_at")


def _batches(line: CreditLine, before: datetime) -> list[Owed]:
    raised: dict[int, Money] = defaultdict(list)
    unknown: dict[int, Decimal] = defaultdict(Decimal)
    taken_over: dict[int, date] = {}
    for row in rows(_GROWN, (before, line.account_id)):
        if row.reason == "taken_over":
            taken_over[row.document_id] = row.on
        elif row.known:
            raised[row.document_id].append((row.on, row.amount))
        else:
            unknown[row.document_id] += row.amount
    known_on = china_day(before)

    def seen(day: date | None) -> date | None:
        return day if day and day < known_on else None

    found = []
    for one in Batch.objects.filter(line=line).order_by("number").values_list(*_BATCH, named=True):
        since = taken_over.get(one.id, one.opened_on)
        if since >= known_on:
            continue
        found.append(
            Owed(
                one.id, one.number, one.request, one.opened_on, one.value - unknown[one.id], tuple(raised[one.id]),
                seen(one.shipped_on), seen(one.triggered_on), one.triggered_due_on,
                None if one.shipped_on and not seen(one.shipped_on) else one.backstop_due_on, since,
            )
        )  # fmt: skip
    return found


_BATCH: Final = (
    "id", "number", "request", "opened_on", "value", "shipped_on", "triggered_on", "triggered_due_on", "backstop_due_on"
)  # fmt: skip


def sent_for(line: CreditLine, requests: Iterable[str], *, before: datetime) -> list[SentLine]:
    """Return what left the warehouse before a moment for requests of the line, less what is to be sent again. One statement."""
    found: list[Any] = rows(_GOODS, {"before": before, "line": line.pk, "requests": list(requests)})
    return [SentLine(**row._asdict()) for row in found]


def own_requests(line: CreditLine) -> set[str]:
    """Return the requests of the line's batches whose goods these books know: all but those that were taken over."""
    return set(Batch.objects.filter(line=line, document_id__isnull=False).values_list("request", flat=True))
