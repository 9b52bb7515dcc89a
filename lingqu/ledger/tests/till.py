"""A limited account and a plain one, and the shortest words to post between them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction

from lingqu.base.refusal import Refusal
from lingqu.ledger.actions import join_group, leave_group, open_account, post, set_limit
from lingqu.ledger.queries import standings
from lingqu.ledger.rules import Entry, Standing
from lingqu.ledger.states import Phase
from tests.world import World


class Till:
    """One limited account `line` and one plain account `other`; `kind` tells tills apart."""

    def __init__(self, world: World, limit: str = "100.00", batches: int | None = 2, *, kind: str = "test") -> None:
        self.world = world
        self.line = open_account(kind, holder=world.hq.pk, unit="CNY", limit=Decimal(limit), count_limit=batches)
        self.other = open_account(f"{kind}_other", holder=world.hq.pk, unit="CNY")

    def out(self, amount: str, *, count: int = 0, phase: Phase = Phase.DIRECT, document: int = 1, resolves: int | None = None,
            reason: str = "test") -> Entry:  # fmt: skip
        return Entry(self.line, self.other, Decimal(amount), ("test", document), reason, phase, count, resolves)

    def back(self, amount: str, *, count: int = 0) -> Entry:
        return Entry(self.other, self.line, Decimal(amount), ("test", 2), "back", Phase.DIRECT, count)

    def taken_back(self, amount: str, resolves: int, *, count: int = 0) -> Entry:
        """Take back an entry that came `back`: the line is charged again."""
        return self.out(amount, count=count, phase=Phase.REVERSE, resolves=resolves)

    def undone(self, amount: str, resolves: int, *, count: int = 0) -> Entry:
        """Take back an entry that went `out`: the line is freed."""
        return Entry(self.other, self.line, Decimal(amount), ("test", 3), "undone", Phase.REVERSE, count, resolves)

    def waiver(self, account: int, amount: str, *, document: int, count: int = 0) -> Entry:
        authority = open_account("authority", holder=self.world.hq.pk, unit="CNY")
        return Entry(authority, account, Decimal(amount), ("test", document), "waiver", Phase.WAIVER, count)

    def post(self, *entries: Entry) -> list[int]:
        return post(entries, on=self.world.at.date(), at=self.world.at)

    def refused(self, *entries: Entry) -> str:
        with pytest.raises(Refusal) as refusal, transaction.atomic():
            self.post(*entries)
        return refusal.value.code

    def limit(self, account: int, limit: str, batches: int | None = None) -> None:
        day = self.world.at.date()
        set_limit(account, limit=Decimal(limit), count_limit=batches, document=("test", 9), on=day, at=self.world.at)

    def join(self, group: int) -> None:
        join_group(self.line, group, on=self.world.at.date(), at=self.world.at)

    def leave(self) -> None:
        leave_group(self.line, on=self.world.at.date(), at=self.world.at)

    def standing(self) -> Standing:
        return standings([self.line])[self.line]
