"""Read batches: which are left to pay, and what made them less beside receipts, that is credits and write-offs."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import F, Q, Sum

from lingqu.base.money import ZERO
from lingqu.base.refusal import not_found
from lingqu.credit.access import may_see_proposal
from lingqu.credit.models import Application, Batch, BatchCredit, WriteOff
from lingqu.credit.queries.proposals import Done, done_with
from lingqu.credit.states import ON_ITS_WAY, ApplicationKind, CreditCause
from lingqu.organisation.queries import Acting

MOST_SHOWN = 50
MOST_PAID = 500
MOST_APPLICATIONS = 500


def given_up_at_once(batch: int) -> Decimal:
    """Return the yuan of a batch that were written off without a procedure: within the tolerance, or by finance within its limit."""
    found = Application.objects.filter(batch_id=batch, kind=ApplicationKind.WRITE_OFF.value)
    free = found.filter(Q(write_off__isnull=True) | Q(write_off__approval__isnull=True))
    return free.aggregate(sum=Sum("amount"))["sum"] or ZERO


def standing_write_offs(batch: int) -> list[tuple[Application, Decimal]]:
    """Return what of a batch was written off and was not taken back since, the newest first: application and yuan that are left of it."""
    found = Application.objects.filter(batch_id=batch, kind=ApplicationKind.WRITE_OFF.value)
    left = {row.pk: row.amount for row in found if row.reverses_id is None}
    for row in found:
        if row.reverses_id is not None:
            left[row.reverses_id] += row.amount
    return [(row, left[row.pk]) for row in sorted(found, key=lambda row: -row.pk) if left.get(row.pk)]


def paid_write_offs() -> list[int]:
    """Return the write-offs on their way whose batch was paid meanwhile, at most 500."""
    found = WriteOff.objects.filter(state__in=ON_ITS_WAY, batch__applied__gte=F("batch__value"))
    return list(found.order_by("pk").values_list("pk", flat=True)[:MOST_PAID])


def write_off_by_number(number: str, *, by: Acting) -> WriteOff:
    """Return a write-off with its batch, firms and people; refuses (404) what does not exist or is not the person's to see."""
    found = None
    if "\x00" not in number:
        wanted = WriteOff.objects.filter(number=number)
        found = wanted.select_related("batch__line__seller", "batch__line__buyer", "asked_by", "asked_for", "approval").first()
    if found is None or not may_see_proposal(by, found.batch.line.seller_id):
        raise not_found()
    return found


def batch_to_see(batch: int, *, by: Acting) -> Batch:
    """Return a batch with its line and firms; refuses (404) one that does not exist or that another firm is owed."""
    found = Batch.objects.filter(pk=batch).select_related("line__seller", "line__buyer").first()
    if found is None or not may_see_proposal(by, found.line.seller_id):
        raise not_found()
    return found


def applications_to(batch: int) -> list[Application]:
    """Return all that was applied to a batch or taken off it, with the papers, in the order in which it happened."""
    found = Application.objects.filter(batch_id=batch).select_related("receipt", "credit", "write_off")
    return list(found.order_by("id")[:MOST_APPLICATIONS])


def batches_to_pay(line: int) -> list[Batch]:
    """Return the batches of a line that are not settled, oldest first."""
    return list(Batch.objects.filter(line_id=line, settled_on__isnull=True).order_by("number"))


def batches_without_request(line: int) -> frozenset[int]:
    """Return the open batches of a line that have no request here: taken over from the books before, or parted from theirs."""
    found = Batch.objects.filter(line_id=line, settled_on__isnull=True, document_id__isnull=True)
    return frozenset(found.values_list("pk", flat=True))


def write_offs_of_batch(batch: int) -> list[WriteOff]:
    """Return the write-offs of a batch, newest first, at most 50."""
    return list(WriteOff.objects.filter(batch_id=batch).select_related("asked_by").order_by("-id")[:MOST_SHOWN])


def credits_of_batch(batch: int) -> list[BatchCredit]:
    """Return the credits of a batch, newest first, at most 50."""
    return list(BatchCredit.objects.filter(batch_id=batch).order_by("-id")[:MOST_SHOWN])


def causes_of_credits(numbers: Iterable[str]) -> dict[str, CreditCause]:
    """Return why credits (series DX) were given, by their numbers. One statement."""
    found = BatchCredit.objects.filter(number__in=set(numbers)).values_list("number", "cause")
    return {number: CreditCause(cause) for number, cause in found}


def lowered_since(document: int) -> Decimal:
    """Return by how many yuan credits lowered a write-off after it was in force."""
    found = Application.objects.filter(write_off_id=document, reverses__isnull=False)
    return -(found.aggregate(sum=Sum("amount"))["sum"] or ZERO)


def deeds_of_write_off(document: int) -> list[Done]:
    """Return what was done with a write-off, oldest first."""
    return done_with("write_off", document)
