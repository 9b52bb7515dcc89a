"""A batch opens when a request is accepted, starts its back-stop when it ships, and is paid from money received before."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec
from django.db import transaction

from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.events import publish
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.credit.events import BatchSettled
from lingqu.credit.models import Application, Batch, CreditLine
from lingqu.credit.queries import open_batches
from lingqu.credit.rules import Application as MoneyApplied
from lingqu.credit.rules import apply_money, due_when_triggered, triggered_number
from lingqu.ledger.actions import post
from lingqu.ledger.models import Posting
from lingqu.ledger.rules import Entry
from lingqu.ledger.states import Phase
from lingqu.policy.rules import Regulation


class NewBatch(msgspec.Struct, frozen=True):
    """An accepted request to be opened as a batch: its id, number and net value in yuan."""

    document_id: int
    request: str
    net: Decimal


@transaction.atomic
def open_batch(new: NewBatch, *, line: CreditLine, hold: Posting | None, regulation: Regulation, at: datetime) -> Batch | None:
    """Open the batch of an accepted request, make the batch due that it triggers (gap G-02), apply money received before, and post.

    The line's ledger row must be locked. Settles `hold`. A request worth nothing makes no batch. Posted last, in this transaction.
    """
    must_be_atomic()
    if new.net == 0:
        return None
    if hold is None:
        raise Refusal("hold_gone", Text("该笔预占已结束，请重新判定。", "The hold of this request has ended; decide again."))
    on = china_day(at)
    line.last_batch += 1
    batch = Batch.objects.create(
        line=line, number=line.last_batch, request=new.request, document_id=new.document_id, opened_on=on, value=new.net,
        counted=hold.count,
    )  # fmt: skip
    _trigger_due(line, regulation, on)
    money = apply_money(
        open_batches(line.pk), line.unapplied, tolerance=regulation.parameters.settles_at, prepaid=True
    )  # fmt: skip
    entries = [_settle_hold(hold, money, batch)]
    entries += write_applications(line, money, receipt=None, on=on)
    line.unapplied = money.unapplied
    line.save(update_fields=["last_batch", "unapplied"])
    post(entries, on=on, at=at)
    return batch


def _settle_hold(hold: Posting, money: MoneyApplied, batch: Batch) -> Entry:
    """Turn the hold into used. A batch that was to be prepaid, but is not (a receipt was taken back), counts after all."""
    if not hold.count and batch.pk not in money.settled:
        batch.counted = 1
        batch.save(update_fields=["counted"])
    return Entry(
        source=hold.source_id, destination=hold.destination_id, amount=hold.amount, count=batch.counted,
        document=(hold.document_kind, hold.document_id), reason="accepted", phase=Phase.SETTLE, resolves=hold.pk,
    )  # fmt: skip


def write_applications(line: CreditLine, money: MoneyApplied, *, receipt: int | None, on: date) -> list[Entry]:
    """Write what was applied to batches, mark the settled ones, and return the postings that free their batches and write off the rest.

    The money itself was posted when it came; here only open batches are counted down and small differences written off.
    """
    batches = {batch.pk: batch for batch in Batch.objects.filter(pk__in={part.batch for part in money.applied} | set(money.settled))}
    entries: list[Entry] = []
    for part in money.applied:
        batches[part.batch].applied += part.amount
        if part.kind.value == "write_off":
            entries.append(
                Entry(
                    source=line.write_offs_id,
                    destination=line.account_id,
                    amount=part.amount,
                    document=("batch", part.batch),
                    reason="write_off",
                )
            )
    for settled in money.settled:
        batches[settled].settled_on = on
    freed = sum(batches[settled].counted for settled in money.settled)
    if freed:
        document = ("receipt", receipt) if receipt else ("batch", money.settled[-1])
        entries.append(
            Entry(source=line.cash_id, destination=line.account_id, amount=Decimal(0), count=freed, document=document, reason="settled")
        )
    Batch.objects.bulk_update(batches.values(), ["applied", "settled_on"])
    for settled in money.settled:
        publish(BatchSettled(document_id=batches[settled].document_id, on=on))
    Application.objects.bulk_create(
        [Application(batch_id=part.batch, receipt_id=receipt, amount=part.amount, kind=part.kind.value, on=on) for part in money.applied]
    )
    return entries


def _trigger_due(line: CreditLine, regulation: Regulation, on: date) -> None:
    due = due_when_triggered(on, regulation.parameters.trigger_grace_days, regulation.calendar)
    number = triggered_number(line.last_batch, regulation.parameters.grades[line.grade])
    Batch.objects.filter(line=line, number__lte=number, settled_on__isnull=True, triggered_due_on__isnull=True).update(triggered_due_on=due)


@transaction.atomic
def mark_shipped(document_id: int, *, regulation: Regulation, at: datetime) -> None:
    """Note the first shipping day of a request's batch and set its back-stop due day by the line's grade (gap G-03)."""
    on = china_day(at)
    batch = Batch.objects.select_related("line").filter(document_id=document_id, shipped_on__isnull=True).first()
    if batch is None:
        return
    batch.shipped_on = on
    batch.backstop_due_on = on + timedelta(days=regulation.parameters.grades[batch.line.grade].backstop_days)
    batch.save(update_fields=["shipped_on", "backstop_due_on"])
