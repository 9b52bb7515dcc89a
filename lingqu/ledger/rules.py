"""Entries of the ledger as plain values, and the test that every limited account passes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec

from lingqu.ledger.states import Phase


class Entry(msgspec.Struct, frozen=True):
    """One movement of `amount` (yuan, pieces) and `count` (open batches) from `source` to `destination` (account ids).

    `resolves` is the posting id of the hold that a SETTLE or RELEASE ends, or of the DIRECT or SETTLE posting that a REVERSE takes back,
    wholly or in part: between the same accounts the other way round, at most what other reversals left of it. A REVERSE passes every limit,
    a group's too; nothing else does. `document` is (kind, id). A HOLD with reason `prepaid` counts no batch and is refused unless the
    account's balance already covers it.
    """

    source: int
    destination: int
    amount: Decimal
    document: tuple[str, int]
    reason: str
    phase: Phase = Phase.DIRECT
    count: int = 0
    resolves: int | None = None
    expires_at: datetime | None = None


class Standing(msgspec.Struct, frozen=True):
    """A limited account as it stands: `used` is what went out less what came in, `held` what is reserved; together within the limit.

    `group` is the account of the group that it belongs to, whose limit must fit as well. A group stands at the sums of its members.
    """

    account: int
    used: Decimal
    held: Decimal
    limit: Decimal
    open_count: int = 0
    held_count: int = 0
    count_limit: int | None = None
    group: int | None = None

    @property
    def free(self) -> Decimal:
        """Return what may still go out; negative when a lowered limit is exceeded."""
        return self.limit - self.used - self.held


class Balance(msgspec.Struct, frozen=True):
    """An account at the end of a day: what went out less what came in, and open batches counted likewise."""

    on: date
    amount: Decimal
    count: int
