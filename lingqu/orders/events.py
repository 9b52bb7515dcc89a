"""What requests tell to those above: goods of one stand at the door and nobody asked for their return; and goods came back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec

from lingqu.base.events import Event
from lingqu.orders.states import ReturnReason
from lingqu.policy.rules import Regulation


class GoodsAtTheDoor(Event, frozen=True):
    """Copies of a request, by product, came back unasked and are about to be booked; its credit line is locked. Who objects, refuses.

    `owner`: the one who books them is the owner of a seller that is no headquarters.
    """

    order: int
    number: str
    seller: int
    buyer: int
    copies: Mapping[int, int]
    reason: ReturnReason
    regulation: Regulation
    owner: bool
    on: date


class CameBack(msgspec.Struct, frozen=True):
    """Copies of a line of a request as they were booked (GoodsReturnLine, OrderLine ids): original net, yuan."""

    return_line: int
    order_line: int
    copies: int
    net: Decimal


class GoodsCameBack(Event, frozen=True):
    """Copies of a request were booked as back; its credit line is locked, and they are not credited yet."""

    number: str
    lines: tuple[CameBack, ...]
