"""What stock tells to those above: goods are about to be taken in, and were."""

from __future__ import annotations

from datetime import datetime

from lingqu.base.events import Event


class GoodsExpected(Event, frozen=True):
    """Copies of products are about to be taken in. Told before their accounts are locked: who has more to lock, locks it now."""

    firm: int
    products: tuple[int, ...]


class GoodsTakenIn(Event, frozen=True):
    """Copies of products came into the firm's warehouse, by the paper of this number; they are posted."""

    firm: int
    products: tuple[int, ...]
    paper: str
    at: datetime
