"""One credit line with room for everything, its batches opened without requests, and the shortest words for its money."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count

from django.db import transaction

from lingqu.credit.actions import (
    NewBatch,
    apply_unapplied,
    credit_batch,
    open_batch,
    propose_write_off,
    raise_batch,
    reverse_receipt,
    withdraw_write_off,
)
from lingqu.credit.models import Application, Batch, BatchCredit, CreditLine, Receipt, WriteOff
from lingqu.credit.states import CreditCause
from lingqu.ledger.actions import lock_accounts, post, set_limit
from lingqu.ledger.models import Posting
from lingqu.ledger.queries import standings
from lingqu.ledger.rules import Entry, Standing
from lingqu.ledger.states import Phase
from tests.world import World

DOCUMENTS = count(9_000_001)


class Purse:
    """The line of a buyer; amounts are words, batches are told by their number at the partner."""

    def __init__(self, world: World, buyer: str = "agent", *, limit: str = "1000000.00", batches: int = 99) -> None:
        self.world, self.buyer = world, buyer
        self.limit(limit, batches)

    @property
    def line(self) -> CreditLine:
        return CreditLine.objects.get(pk=self.world.lines[self.buyer].pk)

    @property
    def standing(self) -> Standing:
        account = self.world.lines[self.buyer].account_id
        return standings([account])[account]

    @property
    def waits(self) -> str:
        return str(self.line.unapplied)

    @property
    def used(self) -> str:
        return str(self.standing.used)

    @transaction.atomic
    def limit(self, limit: str, batches: int) -> None:
        account, day = self.world.lines[self.buyer].account_id, self.world.at.date()
        set_limit(account, limit=Decimal(limit), count_limit=batches, document=("test", 1), on=day, at=self.world.at)

    @transaction.atomic
    def open(self, net: str, *, prepaid: bool = False) -> int:
        """Open a batch worth `net` and return its number."""
        line, document = self.line, next(DOCUMENTS)
        lock_accounts([line.account_id])
        entry = Entry(
            line.account_id, line.sales_id, Decimal(net), ("order", document), "prepaid" if prepaid else "submitted", Phase.HOLD,
            0 if prepaid else 1,
        )  # fmt: skip
        (held,) = post([entry], on=self.world.at.date(), at=self.world.at)
        new = NewBatch(document, f"JH-{document}", Decimal(net))
        hold = Posting.objects.get(pk=held)
        batch = open_batch(new, line=line, hold=hold, regulation=self.world.regulation, at=self.world.at)
        assert batch
        return batch.number

    def batch(self, number: int) -> Batch:
        return Batch.objects.get(line_id=self.world.lines[self.buyer].pk, number=number)

    def receive(self, amount: str, **detail: str) -> Receipt:
        """Money comes in; `b2="5.00"` names yuan for batch 2."""
        named = {self.batch(int(key[1:])).pk: Decimal(part) for key, part in detail.items()}
        return self.world.pay(self.buyer, amount, detail=named)

    def reverse(self, receipt: Receipt, *, reason: str = "银行退票", on: date | None = None, by: str = "finance") -> Receipt:
        world = self.world
        return reverse_receipt(
            receipt.pk, reason=reason, on=on or world.at.date(), regulation=world.regulation, by=world.who(by), at=world.at
        )  # fmt: skip

    def credit(self, number: int, amount: str, cause: CreditCause = CreditCause.RETURNED) -> BatchCredit:
        document = self.batch(number).document_id
        assert document
        world = self.world
        return credit_batch(
            document, Decimal(amount), cause=cause, reason="退回破损", regulation=world.regulation, by=world.who("finance"), at=world.at
        )  # fmt: skip

    @transaction.atomic
    def grow(self, number: int, amount: str) -> Batch:
        line, document = self.line, self.batch(number).document_id
        assert document
        lock_accounts([line.account_id])
        return raise_batch(document, Decimal(amount), line=line, regulation=self.world.regulation, at=self.world.at)

    def use(self, *, by: str = "finance", **detail: str) -> CreditLine:
        """Apply money that waits; `b2="5.00"` names yuan for batch 2."""
        named = {self.batch(int(key[1:])).pk: Decimal(part) for key, part in detail.items()}
        world = self.world
        return apply_unapplied(self.line.pk, named, regulation=world.regulation, by=world.who(by), at=world.at)

    def write_off(self, number: int, amount: str, *, reason: str = "尾差", by: str = "finance") -> WriteOff:
        world = self.world
        return propose_write_off(
            self.batch(number).pk, Decimal(amount), reason, regulation=world.regulation, by=world.who(by), at=world.at
        )  # fmt: skip

    def forget_write_offs(self) -> None:
        """Withdraw what is on its way."""
        world = self.world
        for document in WriteOff.objects.filter(batch__line=self.line, state="proposed"):
            withdraw_write_off(document.pk, reason="不报了", by=world.who("finance"), at=world.at)

    def state(self) -> dict[int, tuple[str, bool]]:
        """What is owed on each batch, and whether it is settled."""
        found = Batch.objects.filter(line_id=self.world.lines[self.buyer].pk).order_by("number")
        return {batch.number: (str(batch.value - batch.applied), batch.settled_on is not None) for batch in found}

    def rows(self, receipt: Receipt) -> list[tuple[int, str, str]]:
        """What a receipt did: batch number, yuan, kind; what was taken back stands below nothing."""
        found = Application.objects.filter(receipt=receipt).select_related("batch").order_by("id")
        return [(row.batch.number, str(row.amount), row.kind) for row in found]
