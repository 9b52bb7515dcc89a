"""Goods of batches that are owed: what had left the warehouse for them by a day, delivery by delivery, with copies and yuan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import msgspec

from lingqu.base.money import half_up, total


class SentLine(msgspec.Struct, frozen=True):
    """Copies of one line of a request in a delivery; `ordered` copies of the line are worth `net` yuan.

    Fewer than none are copies of the delivery that are to be sent again, since the day `on`. The receiver had it, or said what differed,
    on the day `received`; empty while nobody did.
    """

    request: str
    delivery: str
    waybill: str
    on: date
    line: int
    copies: int
    ordered: int
    net: Decimal
    received: date | None = None


class OnTheWay(msgspec.Struct, frozen=True):
    """A delivery for a batch that is owed: when it left, with how many copies, worth how many yuan."""

    request: str
    delivery: str
    waybill: str
    on: date
    copies: int
    net: Decimal


def goods_at(sent: Iterable[SentLine], until: date) -> tuple[OnTheWay, ...]:
    """Return the deliveries that had left by the end of the day, as they left.

    A line that left in parts is worth its net as a whole: each part is what was sent up to then less what was sent before it, half up.
    Copies that are to be sent again are in none until they leave again; a delivery of nothing else is left out.
    """
    before: dict[int, int] = defaultdict(int)
    parts: dict[str, list[tuple[SentLine, Decimal]]] = defaultdict(list)
    for one in sorted(sent, key=lambda one: (one.on, one.delivery, one.copies < 0, one.line)):
        if one.on > until:
            continue
        came, now = before[one.line], before[one.line] + one.copies
        parts[one.delivery].append((one, _worth(one, now) - _worth(one, came)))
        before[one.line] = now
    return tuple(
        OnTheWay(
            lines[0][0].request, delivery, lines[0][0].waybill, lines[0][0].on, sum(one.copies for one, _ in lines),
            total(worth for _, worth in lines),
        )
        for delivery, lines in parts.items()
        if sum(one.copies for one, _ in lines)
    )  # fmt: skip


def received_at(sent: Iterable[SentLine], until: date) -> frozenset[str]:
    """Return the deliveries that the receiver had confirmed, or of which it had said what differs, by the end of the day."""
    return frozenset(one.delivery for one in sent if one.received and one.received <= until)


def _worth(one: SentLine, copies: int) -> Decimal:
    return half_up(one.net * copies / one.ordered) if one.ordered else Decimal(0)
