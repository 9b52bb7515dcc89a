"""Read credit: a line as it stands, its open batches, exposure by document state."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
from django.db.models import F, QuerySet, Sum

from lingqu.base.money import ZERO
from lingqu.credit.models import Batch, CreditLine
from lingqu.credit.rules import OpenBatch
from lingqu.ledger.models import Running


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
        batch.pk, batch.number, batch.request, batch.opened_on, batch.value - batch.applied, min(days) if days else None
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
    """Return what is owed on batches past their due day by more than the tolerance, in yuan."""
    return sum((batch.remaining for batch in batches if batch.due_on and (on - batch.due_on).days > tolerance_days), ZERO)


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
