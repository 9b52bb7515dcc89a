"""A partner objects to a batch: finance leaves it out of what is overdue for some days. It stays open and owed (M-19.3)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.access import MONEY_POSTS, may_enter_receipt
from lingqu.credit.actions.booking import locked
from lingqu.credit.actions.holds import review_holds
from lingqu.credit.models import Batch, CreditLine
from lingqu.credit.rules import check_reason, dispute_end
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation


@transaction.atomic
def dispute_batch(batch_id: int, *, until: date | None, text: str, regulation: Regulation, by: Acting, at: datetime) -> Batch:
    """Leave a batch out of what is overdue up to the day `until`, and return it; holds follow at once.

    It stays open, counted and in the exposure. At most `dispute_days` after it was first disputed, however often that is put off. Refuses
    whoever is not finance, a batch that is settled, a day too far, and no words about what the partner objects to.
    """
    batch, line = _locked(batch_id, by)
    if batch.settled_on is not None:
        raise Refusal("settled", Text("该批次已结清，没有异议可登记。", "The batch is settled; there is nothing to dispute."))
    today = china_day(at)
    words = check_reason(text, field="text")
    since = batch.disputed_on or today
    last = dispute_end(until, since=since, today=today, days=regulation.parameters.dispute_days)
    before = {"until": str(batch.disputed_until or "")}
    batch.disputed_on, batch.disputed_until, batch.dispute = since, last, words
    return _written(batch, line, "dispute", before, regulation=regulation, by=by, at=at)


@transaction.atomic
def end_dispute(batch_id: int, *, regulation: Regulation, by: Acting, at: datetime) -> Batch:
    """End a dispute before its day, and return the batch: it counts as overdue again when it is. Refuses where there is none."""
    batch, line = _locked(batch_id, by)
    if batch.disputed_until is None:
        raise Refusal("no_dispute", Text("该批次没有登记异议。", "The batch is not disputed."))
    before = {"until": str(batch.disputed_until)}
    batch.disputed_until = None
    return _written(batch, line, "end_dispute", before, regulation=regulation, by=by, at=at)


def _locked(batch_id: int, by: Acting) -> tuple[Batch, CreditLine]:
    known = Batch.objects.filter(pk=batch_id).values_list("line_id", flat=True).first()
    line = locked(known) if known is not None else None
    if line is None:
        raise not_found()
    if not may_enter_receipt(by, line.seller_id):
        raise forbidden(Text("批次异议由财务主管登记。", "Disputes are the finance head's to enter."))
    return Batch.objects.get(pk=batch_id), line


def _written(
    batch: Batch, line: CreditLine, verb: str, before: dict[str, str], *, regulation: Regulation, by: Acting, at: datetime
) -> Batch:  # fmt: skip
    batch.save(update_fields=["disputed_on", "disputed_until", "dispute"])
    after = {"until": str(batch.disputed_until or ""), "because": batch.dispute}
    deed = Deed(verb, "batch", batch.pk, after, dict(before), regulation.reference, by.for_whom(MONEY_POSTS, line.seller_id))
    record([deed], by=by.person, at=at)
    review_holds(line, regulation=regulation, at=at)
    return batch
