"""The facts of a decision without the request's own money, place and copies: what it holds already is no reason against itself."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from lingqu.ledger.rules import Standing

NOTHING = Decimal(0)


class Share(msgspec.Struct, frozen=True):
    """What one request uses and holds on an account: an amount (yuan or copies) and open batches."""

    used: Decimal = NOTHING
    held: Decimal = NOTHING
    opened: int = 0
    held_count: int = 0

    def plus(self, other: Share) -> Share:
        """Return both together."""
        return Share(self.used + other.used, self.held + other.held, self.opened + other.opened, self.held_count + other.held_count)


def set_aside(standings: Mapping[int, Standing], own: Mapping[int, Share]) -> dict[int, Standing]:
    """Return how the accounts would stand without these shares, the groups that they belong to included."""
    shares = dict(own)
    for account, share in own.items():
        group = standings[account].group if account in standings else None
        if group is not None:
            shares[group] = shares.get(group, Share()).plus(share)
    return {account: _without(standing, shares.get(account)) for account, standing in standings.items()}


def _without(standing: Standing, share: Share | None) -> Standing:
    if share is None:
        return standing
    return msgspec.structs.replace(
        standing,
        used=standing.used - share.used,
        held=standing.held - share.held,
        open_count=standing.open_count - share.opened,
        held_count=standing.held_count - share.held_count,
    )
