"""Read credit: a line as it stands, its open batches, exposure by document state."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec
from django.db.models import F, QuerySet, Sum

from lingqu.base.database import rows
from lingqu.base.money import ZERO
from lingqu.base.refusal import not_found
from lingqu.credit.access import MODELS, may_see_line
from lingqu.credit.models import Application, Batch, CreditLine, GradeChange, Receipt
from lingqu.credit.rules import OpenBatch, days_overdue
from lingqu.ledger.models import Running
from lingqu.organisation.queries import Acting, rows_seen


class LineStanding(msgspec.Struct, frozen=True):
    """A credit line for people: limit, used (of which overdue), held, free, in yuan; open batches of the greatest number."""

    grade: str
    limit: Decimal
    used: Decimal
    overdue: Decimal
    held: Decimal
    free: Decimal
    unapplied: Decimal
    open_count: int
    held_count: int
    max_open: int


class Exposure(msgspec.Struct, frozen=True):
    """What a partner owes, by state of its batches: accepted and not shipped, shipped and unpaid, less unapplied money, in yuan."""

    unshipped: Decimal
    shipped: Decimal
    unapplied: Decimal

    @property
    def total(self) -> Decimal:
        """Return the exposure; equals the used amount of the line's ledger row."""
        return self.unshipped + self.shipped - self.unapplied


def line_between(seller: int, buyer: int) -> CreditLine | None:
    """Return the credit line of the buyer at the seller, None when there is none."""
    return CreditLine.objects.filter(seller_id=seller, buyer_id=buyer).first()


def open_batches(line: int) -> list[OpenBatch]:
    """Return the unsettled batches of a line, oldest first."""
    found = Batch.objects.filter(line_id=line, settled_on__isnull=True).order_by("number")
    return [as_open_batch(batch) for batch in found]


def as_open_batch(batch: Batch) -> OpenBatch:
    """Return the batch as the value that rules take; the earlier of its two due days counts."""
    days = [day for day in (batch.triggered_due_on, batch.backstop_due_on) if day]
    return OpenBatch(
        batch.pk, batch.number, batch.request, batch.opened_on, batch.value - batch.applied, min(days) if days else None,
        batch.disputed_until,
    )  # fmt: skip


def standing_of(line: CreditLine, *, on: date, tolerance_days: int = 0) -> LineStanding:
    """Return how the line stands on the day."""
    running = Running.objects.get(account_id=line.account_id)
    overdue = total_overdue(open_batches(line.pk), on=on, tolerance_days=tolerance_days)
    return LineStanding(
        grade=line.grade, limit=running.limit, used=running.used, overdue=overdue, held=running.held,
        free=running.limit - running.used - running.held, unapplied=line.unapplied,
        open_count=running.open_count, held_count=running.held_count, max_open=running.count_limit or 0,
    )  # fmt: skip


def total_overdue(batches: list[OpenBatch], *, on: date, tolerance_days: int = 0) -> Decimal:
    """Return what is owed on batches past their due day by more than the tolerance, in yuan; not on those that are disputed."""
    return sum((batch.remaining for batch in batches if days_overdue(batch, on, tolerance_days)), ZERO)


def exposure_of(line: CreditLine) -> Exposure:
    """Return the exposure of a line with its breakdown, from its batches (`lingqu verify` compares it with the ledger)."""
    owed = Batch.objects.filter(line=line, settled_on__isnull=True)
    rest = F("value") - F("applied")
    shipped = owed.filter(shipped_on__isnull=False).aggregate(sum=Sum(rest))["sum"] or ZERO
    unshipped = owed.filter(shipped_on__isnull=True).aggregate(sum=Sum(rest))["sum"] or ZERO
    return Exposure(unshipped=unshipped, shipped=shipped, unapplied=line.unapplied)


def batches_of(line: int) -> QuerySet[Batch]:
    """Return all batches of a line, newest first."""
    return Batch.objects.filter(line_id=line).order_by("-number")


class ReceiptRow(msgspec.Struct, frozen=True):
    """A receipt with what it did, yuan: applied to batches, written off, and kept for no batch; `settled` counts the batches it settled.

    Once it was taken back (`reversed_on`), nothing is applied or kept any more.
    """

    id: int
    number: str
    received_on: date
    entered_at: datetime
    amount: Decimal
    payer: str
    bank_reference: str
    unapplied: Decimal
    entered_by: str
    buyer_code: str
    buyer_name: str
    seller_name: str
    applied: Decimal
    written_off: Decimal
    settled: int
    reversed_on: date | None = None


_RECEIPTS = """
SELECT r.id, r.number, r.received_on, r.entered_at, r.amount, r.payer, r.bank_reference,
       CASE WHEN r.reversed_on IS NULL THEN r.unapplied ELSE 0.00 END AS unapplied, COALESCE(p.name, '') AS entered_by,
       buyer.code AS buyer_code, buyer.name AS buyer_name, seller.name AS seller_name, a.applied, a.written_off, a.settled, r.reversed_on
  FROM credit_creditline c
  JOIN credit_receipt r ON r.line_id = c.id
  JOIN organisation_firm buyer ON buyer.id = c.buyer_id
  JOIN organisation_firm seller ON seller.id = c.seller_id
  LEFT JOIN organisation_person p ON p.id = r.entered_by_id
  LEFT JOIN LATERAL (SELECT COALESCE(sum(x.amount) FILTER (WHERE x.kind <> 'write_off'), 0) AS applied,
                            COALESCE(sum(x.amount) FILTER (WHERE x.kind = 'write_off'), 0) AS written_off,
                            count(DISTINCT b.id) FILTER (WHERE b.settled_on = x."on" AND r.reversed_on IS NULL) AS settled
                       FROM credit_application x JOIN credit_batch b ON b.id = x.batch_id WHERE x.receipt_id = r.id) AS a ON true
 WHERE {side} = %s AND r.id < %s {changed}
 ORDER BY r.id DESC LIMIT %s
"""
_CHANGED = "AND GREATEST(r.entered_at, r.reversed_at) >= %s"
_SIDES = {"seller": "c.seller_id", "buyer": "c.buyer_id", "line": "c.id"}
_NEWEST = 2**62


def list_receipts(
    side: str, whose: int, *, before: int | None = None, most: int = 50, updated_since: datetime | None = None
) -> list[ReceiptRow]:
    """Return up to `most` receipts, newest first, those below the id `before`: of a `seller`, of a `buyer` (firm ids) or of one `line`.

    With `updated_since` only those that were entered or taken back since that moment.
    """
    query = _RECEIPTS.format(side=_SIDES[side], changed=_CHANGED if updated_since else "")
    moment = (updated_since,) if updated_since else ()
    return [ReceiptRow(**row._asdict()) for row in rows(query, (whose, before or _NEWEST, *moment, most))]


def receipts_of_line(line: int, *, before: int | None = None, most: int = 50) -> list[ReceiptRow]:
    """Return up to `most` receipts of a credit line, newest first."""
    return list_receipts("line", line, before=before, most=most)


def receipt_by_number(number: str, *, by: Acting) -> Receipt:
    """Return a receipt by its number; refuses (404) what does not exist or is neither the person's firm's to receive nor to pay."""
    if "\x00" in number:
        raise not_found()
    found = (
        Receipt.objects.filter(rows_seen(MODELS["Receipt"], by), number=number)
        .select_related("line__seller", "line__buyer", "entered_by")
        .first()
    )
    if found is None:
        raise not_found()
    return found


def receipt_with_key(line: int, key: str) -> Receipt | None:
    """Return the receipt of a line that was sent with this key, None when there is none."""
    return Receipt.objects.filter(line_id=line, key=key).first() if key and "\x00" not in key else None


def applications_of(receipt: int) -> list[Application]:
    """Return what a receipt was applied to, with the batches, in the order of the batches."""
    return list(Application.objects.filter(receipt_id=receipt).select_related("batch").order_by("batch__number", "id"))


def lines_given(seller: int) -> list[CreditLine]:
    """Return the credit lines that the seller gives, with the buyers, by name."""
    return list(CreditLine.objects.filter(seller_id=seller).select_related("buyer").order_by("buyer__pinyin", "id"))


def line_to_see(line: int, *, by: Acting) -> CreditLine:
    """Return a credit line with its two firms; refuses (404) an unknown one and one that is not the person's to see."""
    found = CreditLine.objects.filter(pk=line).select_related("seller", "buyer").first()
    if found is None or not may_see_line(by, found.seller_id, found.buyer_id):
        raise not_found()
    return found


def line_of_buyer(code: str, *, by: Acting) -> CreditLine:
    """Return the credit line that the person's firm gives to the firm of this code; refuses (404) when there is none."""
    found = None
    if "\x00" not in code:
        found = CreditLine.objects.filter(seller_id=by.firm, buyer__code=code).select_related("seller", "buyer").first()
    if found is None:
        raise not_found()
    return found


def grade_changes_of(line: int) -> list[GradeChange]:
    """Return how the grade of a line was set, newest first, with who decided."""
    return list(GradeChange.objects.filter(line_id=line).select_related("decided_by", "approval").order_by("-id"))
