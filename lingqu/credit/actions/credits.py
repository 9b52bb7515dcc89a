"""A credit: part of a batch is not owed, because it was cancelled, closed, made less, or its goods came back (M-16.3.3.1)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.money import ZERO, total
from lingqu.base.refusal import not_found
from lingqu.base.text import Text
from lingqu.credit.actions.booking import Moment, locked, set_unapplied, settle, take_off_rows, write_offs_back
from lingqu.credit.actions.holds import review_holds
from lingqu.credit.models import Application, Batch, BatchCredit, CreditLine
from lingqu.credit.queries import standing_write_offs
from lingqu.credit.rules import check_amount, check_reason, split_credit
from lingqu.credit.states import ApplicationKind, CreditCause
from lingqu.documents.actions import take_numbers
from lingqu.ledger.actions import lock_accounts, post
from lingqu.ledger.rules import Entry
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation


@transaction.atomic
def credit_batch(
    document_id: int, amount: Decimal, *, cause: CreditCause, reason: str, regulation: Regulation, by: Acting, at: datetime
) -> BatchCredit:
    """Credit yuan to the batch of a purchase request and return the document (series DX); the calling verb has checked who may.

    The caller has locked the credit line, before it locked the request. What is owed on the batch falls by it at once, and a batch of
    which nothing is owed any more settles and frees its place. Beyond that it takes the place of what was written off, which is posted
    back; only what was paid waits for another batch (`split_credit`). Refuses a request without a batch, an empty reason, amounts below
    0.01, and more in all than the batch was worth.
    """
    known = Batch.objects.filter(document_id=document_id).values_list("pk", "line_id").first()
    line = locked(known[1]) if known else None
    if known is None or line is None:
        raise not_found(Text("该申请没有批次，不能开贷项。", "The request has no batch; there is nothing to credit."))
    why = check_reason(reason)
    lock_accounts([line.account_id])
    batch = Batch.objects.get(pk=known[0])
    credited = BatchCredit.objects.filter(batch=batch).aggregate(sum=Sum("amount"))["sum"] or ZERO
    given_up = standing_write_offs(batch.pk)
    split = split_credit(
        amount, remaining=batch.value - batch.applied, written_off=total(left for _, left in given_up), value=batch.value,
        credited=credited,
    )  # fmt: skip
    when = Moment(china_day(at), at)
    (number,) = take_numbers("DX", when.on.year)
    credit = BatchCredit.objects.create(
        line=line, batch=batch, number=number, amount=amount, unapplied=split.unapplied, lowered=split.lowered, cause=cause.value,
        reason=why, made_by_id=by.person, made_at=at, on=when.on, regulation=regulation.reference,
    )  # fmt: skip
    entries = [
        Entry(source=line.sales_id, destination=line.account_id, amount=amount, document=("batch_credit", credit.pk), reason="credit")
    ]
    entries += _lower(line, batch, credit, given_up, when=when)
    entries += _apply(line, batch, credit, split.applied, when=when)
    set_unapplied(line, line.unapplied + split.unapplied)
    after = {
        "number": number, "amount": str(amount), "cause": cause.value, "unapplied": str(split.unapplied), "lowered": str(split.lowered),
    }  # fmt: skip
    record([Deed("credit", "batch", batch.pk, after, {}, regulation.reference)], by=by.person, at=at)
    review_holds(line, regulation=regulation, at=at)
    post(entries, on=when.on, at=at)
    return credit


@transaction.atomic
def credit_without_batch(
    line_id: int, amount: Decimal, *, cause: CreditCause, reason: str, regulation: Regulation, by: Acting, at: datetime
) -> BatchCredit:
    """Credit yuan to a line for goods that no request explains, and return the document (series DX); the calling verb has checked who may.

    All of it is money that waits for batches: what is owed falls by it, and the next accepted request, or finance, applies it
    (M-16.3.3.1). Refuses an unknown line, an empty reason, and amounts below 0.01 or beyond what a receipt may be.
    """
    line = locked(line_id)
    if line is None:
        raise not_found()
    why, owed = check_reason(reason), check_amount(amount)
    lock_accounts([line.account_id])
    day = china_day(at)
    (number,) = take_numbers("DX", day.year)
    credit = BatchCredit.objects.create(
        line=line, number=number, amount=owed, unapplied=owed, cause=cause.value, reason=why, made_by_id=by.person, made_at=at, on=day,
        regulation=regulation.reference,
    )  # fmt: skip
    set_unapplied(line, line.unapplied + owed)
    after = {"number": number, "amount": str(owed), "cause": cause.value, "unapplied": str(owed)}
    record([Deed("credit", "credit_line", line.pk, after, {}, regulation.reference)], by=by.person, at=at)
    review_holds(line, regulation=regulation, at=at)
    document = ("batch_credit", credit.pk)
    post([Entry(source=line.sales_id, destination=line.account_id, amount=owed, document=document, reason="credit")], on=day, at=at)
    return credit


def _lower(
    line: CreditLine, batch: Batch, credit: BatchCredit, given_up: list[tuple[Application, Decimal]], *, when: Moment
) -> list[Entry]:  # fmt: skip
    """Take off what was written off as far as the credit takes its place, the newest first, and return the postings for it."""
    undone: list[tuple[Application, Decimal]] = []
    missing = credit.lowered
    for row, left in given_up:
        if part := min(left, missing):
            undone.append((row, part))
            missing -= part
    take_off_rows(undone, when=when)
    batch.applied -= credit.lowered
    return write_offs_back(line, undone, document=("batch_credit", credit.pk))


def _apply(line: CreditLine, batch: Batch, credit: BatchCredit, amount: Decimal, *, when: Moment) -> list[Entry]:
    if not amount:
        return []
    Application.objects.create(batch=batch, credit=credit, amount=amount, kind=ApplicationKind.CREDIT.value, on=when.on, at=when.at)
    batch.applied += amount
    settles = batch.applied == batch.value and batch.settled_on is None
    entries = settle(line, [batch], when=when) if settles else []
    batch.save(update_fields=["applied", "settled_on"])
    return entries
