"""A batch opens when a request is accepted, grows with it, starts its back-stop when it ships, and is paid from money received before."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec
from django.db import transaction

from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.events import publish
from lingqu.base.refusal import Refusal, not_found
from lingqu.base.text import Text
from lingqu.credit.actions.booking import Moment, set_unapplied, write_applications
from lingqu.credit.actions.holds import review_holds
from lingqu.credit.events import BatchReopened
from lingqu.credit.models import Batch, CreditLine
from lingqu.credit.queries import open_batches
from lingqu.credit.rules import apply_money, check_amount, days_given, due_when_triggered, own_terms, triggered_number
from lingqu.credit.states import CreditCause
from lingqu.ledger.actions import post
from lingqu.ledger.models import Posting
from lingqu.ledger.queries import standings
from lingqu.ledger.rules import Entry
from lingqu.ledger.states import Phase
from lingqu.organisation.states import FirmKind
from lingqu.policy.rules import Regulation


class NewBatch(msgspec.Struct, frozen=True):
    """An accepted request to be opened as a batch: its id, number and net value in yuan."""

    document_id: int
    request: str
    net: Decimal


@transaction.atomic
def open_batch(new: NewBatch, *, line: CreditLine, hold: Posting | None, regulation: Regulation, at: datetime) -> Batch | None:
    """Open the batch of an accepted request, make the batch due that it triggers (gap G-02), apply money received before, and post.

    The line and its ledger row must be locked. Settles `hold`. A request worth nothing makes no batch. A batch that was to be prepaid, but
    is not (a receipt was taken back), counts after all. Where money that waited was applied, holds follow at once; nothing else here makes
    a batch overdue today or ends that: the one that is triggered falls due today at the earliest. Posted last, in this transaction.
    """
    must_be_atomic()
    if new.net == 0:
        return None
    if hold is None:
        raise Refusal("hold_gone", Text("该笔预占已结束，请重新判定。", "The hold of this request has ended; decide again."))
    when = Moment(china_day(at), at)
    line.last_batch += 1
    line.save(update_fields=["last_batch"])
    batch = Batch.objects.create(
        line=line, number=line.last_batch, request=new.request, document_id=new.document_id, opened_on=when.on, value=new.net
    )  # fmt: skip
    _trigger_due(line, regulation, when.on)
    waiting = line.unapplied
    entries = [_settle_hold(hold), *sweep(line, waiting, regulation=regulation, when=when)]
    if not hold.count:
        Batch.objects.filter(pk=batch.pk, settled_on__isnull=False).update(counted=0)
    if waiting or not hold.count:
        batch.refresh_from_db()
    if waiting:
        review_holds(line, regulation=regulation, at=at)
    post(entries, on=when.on, at=at)
    return batch


def _settle_hold(hold: Posting) -> Entry:
    """Turn the hold into used. Every batch takes its place here; one that is prepaid frees it in the same post, so no limit stops it."""
    return Entry(
        source=hold.source_id, destination=hold.destination_id, amount=hold.amount, count=1,
        document=(hold.document_kind, hold.document_id), reason="accepted", phase=Phase.SETTLE, resolves=hold.pk,
    )  # fmt: skip


def sweep(line: CreditLine, waiting: Decimal, *, regulation: Regulation, when: Moment) -> list[Entry]:
    """Apply money that waits to the open batches of a locked line, the oldest first, and return the postings for it."""
    money = apply_money(open_batches(line.pk), waiting, tolerance=regulation.parameters.settles_at, prepaid=True)
    entries = write_applications(line, money, receipt=None, when=when)
    set_unapplied(line, money.unapplied)
    return entries


def _trigger_due(line: CreditLine, regulation: Regulation, on: date) -> None:
    due = due_when_triggered(on, regulation.parameters.trigger_grace_days, regulation.calendar)
    terms = regulation.parameters.grades[line.grade]
    if line.own_days is not None:
        standing = standings([line.account_id])[line.account_id]
        terms = own_terms(line.own_days, standing.limit, standing.count_limit or 0, regulation.parameters)
    number = triggered_number(line.last_batch, terms)
    open_ones = Batch.objects.filter(line=line, number__lte=number, settled_on__isnull=True, triggered_due_on__isnull=True)
    open_ones.update(triggered_on=on, triggered_due_on=due)


def let_go_of_batch(document_id: int) -> None:
    """Part a cancelled batch from its request, which is opened again and will open another: it keeps its number and what was posted."""
    must_be_atomic()
    Batch.objects.filter(document_id=document_id, credits__cause=CreditCause.CANCELLED.value).update(document_id=None)


@transaction.atomic
def raise_batch(document_id: int, amount: Decimal, *, line: CreditLine, regulation: Regulation, at: datetime) -> Batch:
    """Add yuan to the batch of an accepted request that grew, and post them under the limits; return the batch.

    The line and its ledger row must be locked, and the caller has judged the difference by every law. A batch that was settled is owed
    again and takes its place again, unless money that waits covers it at once. Refuses (`limit_exceeded`) what does not fit the limit
    of today, in yuan or in batches; a special signature for the request as it was does not help.
    """
    must_be_atomic()
    plain = check_amount(amount)
    batch = Batch.objects.filter(line=line, document_id=document_id).first()
    if batch is None:
        raise not_found()
    when = Moment(china_day(at), at)
    was_settled = batch.settled_on is not None
    entry = Entry(
        source=line.account_id, destination=line.sales_id, amount=plain, count=int(was_settled), document=("batch", batch.pk),
        reason="raised",
    )  # fmt: skip
    batch.value += plain
    if was_settled:
        batch.settled_on, batch.counted = None, 1
        if batch.document_id is not None:
            publish(BatchReopened(document_id=batch.document_id, on=when.on))
    batch.save(update_fields=["value", "settled_on", "counted"])
    entries = [entry, *sweep(line, line.unapplied, regulation=regulation, when=when)]
    review_holds(line, regulation=regulation, at=at)
    post(entries, on=when.on, at=at)
    batch.refresh_from_db()
    return batch


def term_of(line: CreditLine, regulation: Regulation) -> int:
    """Return within how many days after shipping a batch of the line falls due. The line's seller should be loaded."""
    return days_given(line.own_days, line.grade, regulation.parameters, branch=line.seller.kind != FirmKind.HQ.value)


@transaction.atomic
def mark_shipped(document_id: int, *, regulation: Regulation, at: datetime) -> None:
    """Note the first shipping day of a request's batch and set its back-stop due day by the line's grade (gap G-03).

    A retailer may have a term of its own at its agent (M-15.1).
    """
    on = china_day(at)
    batch = Batch.objects.select_related("line__seller").filter(document_id=document_id, shipped_on__isnull=True).first()
    if batch is None:
        return
    batch.shipped_on = on
    batch.backstop_due_on = on + timedelta(days=term_of(batch.line, regulation))
    batch.save(update_fields=["shipped_on", "backstop_due_on"])
