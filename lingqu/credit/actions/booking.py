"""What every movement of money on a line has in common: batches counted up and down, and the postings for it. Private to the verbs.

The line's row and its ledger row are locked by the verb, which also posts what it gets from here, last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal

import msgspec

from lingqu.base.database import rows
from lingqu.base.events import publish
from lingqu.base.money import ZERO
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.credit.events import BatchReopened, BatchSettled
from lingqu.credit.models import Application, Batch, CreditLine
from lingqu.credit.rules import Application as MoneyApplied
from lingqu.credit.states import ApplicationKind
from lingqu.ledger.models import Posting
from lingqu.ledger.rules import Entry
from lingqu.ledger.states import Phase

SETTLED, WRITTEN_OFF = "settled", "write_off"
NOTHING_POSTED = Text("账上没有对应的记账，请联系财务核对。", "There is no posting for it on the ledger; ask finance to check.")


class Moment(msgspec.Struct, frozen=True):
    """The day for which it counts, and the moment at which it is done. `told` is false where those above hear it by another event."""

    on: date
    at: datetime
    told: bool = True


def locked(line_id: int) -> CreditLine | None:
    """Return the line with its row locked; None where there is none."""
    return CreditLine.objects.select_for_update().filter(pk=line_id).first()


def write_applications(line: CreditLine, money: MoneyApplied, *, receipt: int | None, when: Moment) -> list[Entry]:
    """Write what was applied to batches, mark the settled ones, and return the postings that free their places and write off the rest.

    The money itself was posted when it came; here only open batches are counted down and small differences written off. What came from
    money that waited names no receipt.
    """
    batches = {batch.pk: batch for batch in Batch.objects.filter(pk__in={part.batch for part in money.applied} | set(money.settled))}
    for part in money.applied:
        batches[part.batch].applied += part.amount
    entries = [
        Entry(
            source=line.write_offs_id, destination=line.account_id, amount=part.amount, document=("batch", part.batch), reason=WRITTEN_OFF
        )
        for part in money.applied
        if part.kind is ApplicationKind.WRITE_OFF
    ]  # fmt: skip
    Application.objects.bulk_create(
        Application(
            batch_id=part.batch, receipt_id=None if part.kind is ApplicationKind.PREPAID else receipt, amount=part.amount,
            kind=part.kind.value, on=when.on, at=when.at,
        )
        for part in money.applied
    )  # fmt: skip
    entries += settle(line, [batches[settled] for settled in money.settled], when=when)
    Batch.objects.bulk_update(batches.values(), ["applied", "settled_on"])
    return entries


def settle(line: CreditLine, batches: Iterable[Batch], *, when: Moment) -> list[Entry]:
    """Mark batches of which nothing is owed any more, tell it, and return the postings that free their places; the caller saves them."""
    entries: list[Entry] = []
    for batch in batches:
        batch.settled_on = when.on
        if batch.counted:
            entries.append(
                Entry(
                    source=line.cash_id, destination=line.account_id, amount=Decimal(0), count=batch.counted,
                    document=("batch", batch.pk), reason=SETTLED,
                )
            )  # fmt: skip
        if when.told and batch.document_id is not None:
            publish(BatchSettled(document_id=batch.document_id, on=when.on))
    return entries


def reopen(line: CreditLine, batches: Collection[Batch], *, document: tuple[str, int], when: Moment) -> list[Entry]:
    """Open settled batches again, tell it, and return the postings that take their places again, whatever the limit; the caller saves them.

    Their due days stay. Each names the posting that freed a place of the line; a batch that was prepaid before this was kept has none, and
    stays uncounted as it was.
    """
    freed = _freed(line, [batch.pk for batch in batches])
    entries = [
        Entry(
            source=line.account_id, destination=source, amount=Decimal(0), count=1, document=document, reason="reopened",
            phase=Phase.REVERSE, resolves=posting,
        )
        for posting, source in freed
    ]  # fmt: skip
    for place, batch in enumerate(batches):
        batch.settled_on = None
        batch.counted = 1 if place < len(freed) else 0
        if when.told and batch.document_id is not None:
            publish(BatchReopened(document_id=batch.document_id, on=when.on))
    return entries


_OWN_FREED = """
SELECT p.id, p.source_id, p.count - COALESCE((SELECT sum(b.count) FROM ledger_posting b
                                               WHERE b.resolves_id = p.id AND b.phase = 'reverse'), 0) AS places
  FROM ledger_posting p
 WHERE p.document_kind = 'batch' AND p.document_id = ANY(%s) AND p.destination_id = %s AND p.reason = 'settled' AND p.phase = 'direct'
   AND p.count > 0
 ORDER BY p.id DESC
"""
_ANY_FREED = """
SELECT p.id, p.source_id, p.count - COALESCE((SELECT sum(b.count) FROM ledger_posting b
                                               WHERE b.resolves_id = p.id AND b.phase = 'reverse'), 0) AS places
  FROM ledger_posting p
 WHERE p.destination_id = %s AND p.reason = 'settled' AND p.phase = 'direct' AND p.count > 0 AND p.id <> ALL(%s)
 ORDER BY (p.document_kind = 'receipt') DESC, p.id DESC LIMIT 1000
"""


def _freed(line: CreditLine, batches: list[int]) -> list[tuple[int, int]]:
    """Return, for as many of the batches as there are, a posting (id, its source) that freed a place and was not taken back."""
    own = [(row.id, row.source_id) for row in rows(_OWN_FREED, (batches, line.account_id)) for _ in range(row.places)][: len(batches)]
    if len(own) == len(batches):
        return own
    others = rows(_ANY_FREED, (line.account_id, [posting for posting, _ in own]))
    return (own + [(row.id, row.source_id) for row in others for _ in range(row.places)])[: len(batches)]


def posting_back(posting: Posting, amount: Decimal, *, document: tuple[str, int], reason: str) -> Entry:
    """Return the entry that takes back yuan of a posting, between the same accounts the other way round."""
    return Entry(
        source=posting.destination_id, destination=posting.source_id, amount=amount, document=document, reason=reason, phase=Phase.REVERSE,
        resolves=posting.pk,
    )  # fmt: skip


def posting_of(line: CreditLine, document: tuple[str, int], amount: Decimal) -> Posting:
    """Return the newest posting of a document that brought at least this much to the line and was not taken back."""
    kind, number = document
    found = Posting.objects.filter(
        document_kind=kind, document_id=number, destination_id=line.account_id, phase=Phase.DIRECT.value, amount__gte=amount, amount__gt=0
    ).order_by("-id")
    for posting in found:
        if posting.amount - sum(back.amount for back in posting.resolved_by.filter(phase=Phase.REVERSE.value)) >= amount:
            return posting
    raise Refusal("nothing_posted", NOTHING_POSTED)


def take_off_rows(undone: Iterable[tuple[Application, Decimal]], *, when: Moment) -> None:
    """Write the rows that take yuan off applications; the caller counts their batches."""
    Application.objects.bulk_create(
        Application(
            batch_id=row.batch_id, receipt_id=row.receipt_id, write_off_id=row.write_off_id, reverses=row, amount=-amount, kind=row.kind,
            on=when.on, at=when.at,
        )
        for row, amount in undone
    )  # fmt: skip


def write_offs_back(line: CreditLine, undone: Iterable[tuple[Application, Decimal]], *, document: tuple[str, int]) -> list[Entry]:
    """Return the entries that take back yuan of what was written off: each paper's own postings, the newest first. One statement."""
    wanted: dict[tuple[str, int], Decimal] = {}
    for row, amount in undone:
        paper = ("write_off", row.write_off_id) if row.write_off_id else ("batch", row.batch_id)
        wanted[paper] = wanted.get(paper, ZERO) + amount
    if not wanted:
        return []
    kinds, numbers = zip(*wanted, strict=True)
    entries = []
    for posting in rows(_WRITTEN_OFF, (list(kinds), list(numbers), line.account_id, WRITTEN_OFF)):
        paper = (posting.document_kind, posting.document_id)
        amount = min(posting.left, wanted[paper])
        wanted[paper] -= amount
        if amount:
            entries.append(
                Entry(
                    source=line.account_id, destination=posting.source_id, amount=amount, document=document, reason=WRITTEN_OFF,
                    phase=Phase.REVERSE, resolves=posting.id,
                )
            )  # fmt: skip
    if any(wanted.values()):
        raise Refusal("nothing_posted", NOTHING_POSTED)
    return entries


_WRITTEN_OFF = """
SELECT p.id, p.source_id, p.document_kind, p.document_id,
       p.amount - COALESCE((SELECT sum(b.amount) FROM ledger_posting b WHERE b.resolves_id = p.id AND b.phase = 'reverse'), 0) AS left
  FROM ledger_posting p JOIN unnest(%s::text[], %s::bigint[]) AS d(kind, id) ON p.document_kind = d.kind AND p.document_id = d.id
 WHERE p.destination_id = %s AND p.reason = %s AND p.phase = 'direct' ORDER BY p.id DESC
"""


def set_unapplied(line: CreditLine, unapplied: Decimal) -> None:
    """Note what waits on the line for a batch."""
    if line.unapplied != unapplied:
        line.unapplied = unapplied
        line.save(update_fields=["unapplied"])
