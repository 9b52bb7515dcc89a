"""Take a receipt back: the bank took the money back, or it was entered wrongly. The debt is real again (M-16.3.3.1, M-19.3)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.events import publish
from lingqu.base.money import ZERO
from lingqu.base.refusal import bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.access import MONEY_POSTS, may_enter_receipt
from lingqu.credit.actions.batches import sweep
from lingqu.credit.actions.booking import (
    Moment,
    locked,
    posting_back,
    posting_of,
    reopen,
    set_unapplied,
    take_off_rows,
    write_offs_back,
)
from lingqu.credit.actions.holds import review_holds
from lingqu.credit.events import ReceiptReversed
from lingqu.credit.models import Application, Batch, CreditLine, Receipt
from lingqu.credit.rules import Laid, check_reason, take_back
from lingqu.credit.states import RECEIPTS, ApplicationKind, ReceiptState, ReceiptVerb
from lingqu.ledger.actions import lock_accounts, post
from lingqu.ledger.rules import Entry
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation


@transaction.atomic
def reverse_receipt(receipt_id: int, *, reason: str, on: date, regulation: Regulation, by: Acting, at: datetime) -> Receipt:
    """Take a receipt back for the day `on` and return it: what it paid is owed again, whatever the limit says (M-16.3.3.1).

    Undone is what it was applied to, the small differences written off there, and, of what it left waiting, what went to later batches
    since, the newest first. Batches that were settled are owed again with their due days, and take their places again; money that
    still waits then pays the oldest; holds follow in the same transaction. Nothing that was shipped comes back by it. Refuses whoever may
    not enter money, no reason, a day before the receipt's or in the future, and a receipt that was taken back already.
    """
    known = Receipt.objects.filter(pk=receipt_id).values_list("line_id", flat=True).first()
    line = locked(known) if known is not None else None
    if line is None:
        raise not_found()
    receipt = Receipt.objects.get(pk=receipt_id)
    if not may_enter_receipt(by, line.seller_id):
        raise forbidden(Text("回款由财务主管冲回。", "Receipts are the finance head's to reverse."))
    state = RECEIPTS.next(ReceiptState(receipt.state), ReceiptVerb.REVERSE)
    why = check_reason(reason)
    _check_day(on, receipt, at)
    lock_accounts([line.account_id])
    when = Moment(on, at)
    entries = _undo(line, receipt, regulation=regulation, when=when)
    receipt.state, receipt.reversed_on, receipt.reversed_at, receipt.reverse_reason = state.value, on, at, why
    receipt.reversed_by_id = by.person
    receipt.save(update_fields=["state", "reversed_on", "reversed_at", "reverse_reason", "reversed_by"])
    after = {"state": receipt.state, "on": on.isoformat(), "reason": why, "amount": str(receipt.amount)}
    deed = Deed(
        "reverse", "receipt", receipt.pk, after, {"state": ReceiptState.ENTERED.value}, regulation.reference,
        by.for_whom(MONEY_POSTS, line.seller_id),
    )  # fmt: skip
    record([deed], by=by.person, at=at)
    review_holds(line, regulation=regulation, at=at)
    publish(ReceiptReversed(receipt_id=receipt.pk, reason=why, by=by.person, on=on, at=at))
    post(entries, on=on, at=at)
    return receipt


def _undo(line: CreditLine, receipt: Receipt, *, regulation: Regulation, when: Moment) -> list[Entry]:
    """Take back what the money of the receipt did, let what still waits pay the oldest, and return the postings for it."""
    document = ("receipt", receipt.pk)
    entries = [posting_back(posting_of(line, document, receipt.amount), receipt.amount, document=document, reason="reversed")]
    standing = _standing(line, receipt)
    undone = take_back(
        [_as_laid(row, left, receipt) for row, left in standing.values()], kept=receipt.unapplied, unapplied=line.unapplied
    )  # fmt: skip
    rows = [(standing[one][0], amount) for one, amount in undone.parts.items()]
    entries += take_off(line, rows, document=document, when=when)
    set_unapplied(line, undone.unapplied)
    return entries + sweep(line, undone.unapplied, regulation=regulation, when=when)


def take_off(line: CreditLine, undone: list[tuple[Application, Decimal]], *, document: tuple[str, int], when: Moment) -> list[Entry]:
    """Take yuan off what was applied, open again the batches that were settled by it, and return the postings for it.

    The line must be locked. Differences that were written off are posted back; the money itself is the caller's to post.
    """
    must_be_atomic()
    batches = {batch.pk: batch for batch in Batch.objects.filter(pk__in={row.batch_id for row, _ in undone}).order_by("number")}
    for row, amount in undone:
        batches[row.batch_id].applied -= amount
    given_up = [(row, amount) for row, amount in undone if row.kind == ApplicationKind.WRITE_OFF.value]
    entries = write_offs_back(line, given_up, document=document)
    take_off_rows(undone, when=when)
    entries += reopen(line, [batch for batch in batches.values() if batch.settled_on is not None], document=document, when=when)
    Batch.objects.bulk_update(batches.values(), ["applied", "settled_on", "counted"])
    return entries


def _standing(line: CreditLine, receipt: Receipt) -> dict[int, tuple[Application, Decimal]]:
    """Return what stands of the receipt's own applications, of those from money that waited, and of the line's small differences."""
    found = Application.objects.filter(batch__line=line, reverses__isnull=True, credit__isnull=True, write_off__isnull=True)
    own = Application.objects.filter(receipt=receipt)
    mine = Q(receipt=receipt) | Q(kind=ApplicationKind.WRITE_OFF.value, batch__in=own.values("batch"))
    if receipt.unapplied > line.unapplied:
        mine |= Q(receipt__isnull=True) | Q(kind=ApplicationKind.WRITE_OFF.value)
    rows = list(found.filter(mine))
    back: dict[int, Decimal] = {}
    for undone in Application.objects.filter(reverses__in=rows):
        if undone.reverses_id is not None:
            back[undone.reverses_id] = back.get(undone.reverses_id, ZERO) + undone.amount
    return {row.pk: (row, row.amount + back.get(row.pk, ZERO)) for row in rows}


def _as_laid(row: Application, left: Decimal, receipt: Receipt) -> Laid:
    return Laid(
        row.pk, row.batch_id, left, own=row.receipt_id == receipt.pk, small=row.kind == ApplicationKind.WRITE_OFF.value
    )  # fmt: skip


def _check_day(on: date, receipt: Receipt, at: datetime) -> None:
    if on < receipt.received_on:
        raise bad_input(
            "on",
            Text(
                f"冲回日不能早于到账日 {receipt.received_on}。",
                f"It cannot be taken back before the day of receipt, {receipt.received_on}.",
            ),
        )
    if on > china_day(at):
        raise bad_input("on", Text("冲回日不能晚于今天。", "The day cannot lie in the future."))
