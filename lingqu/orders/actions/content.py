"""The content of a request: its lines as rules take them, and the new lines with their totals written back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Sum

from lingqu.base.database import must_be_atomic
from lingqu.base.money import ZERO, total
from lingqu.orders.actions.judging import Judged
from lingqu.orders.actions.requests import Asked, AskedLine
from lingqu.orders.models import Order, OrderLine
from lingqu.orders.rules import Agreed, Covered, Piece, Priced, contract_number, priced
from lingqu.orders.states import Shortage, Source


def agreed_lines(order: Order) -> list[Agreed]:
    """Return the lines of a request as they stand, in their order."""
    must_be_atomic()
    return [
        Agreed(
            line.line, line.product_id, line.copies, line.list_price, line.discount_bp, line.shipped, line.returned,
            line.credited or ZERO,
        )
        for line in order.lines.annotate(credited=Sum("returns__net")).order_by("line")
    ]  # fmt: skip


def pieces_of(agreed: Iterable[Agreed]) -> tuple[Piece, ...]:
    """Return the lines that have copies, to be judged at the prices that stand."""
    return tuple(Piece(line.line, line.product, line.copies, line.discount_bp, line.list_price) for line in agreed if line.copies)


def asked_of(order: Order, pieces: Iterable[Piece]) -> Asked:
    """Return a request with this content, as it would be sent; what contract it has is known already.

    Copies that a stamped contract names stay: what has become short is sent later, whatever the buyer chose for shortages.
    """
    covered = covered_by(order)
    shortage = Shortage.BACK_ORDER if covered.stamped else Shortage(order.shortage)
    lines = tuple(AskedLine(piece.product, piece.copies, piece.discount_bp, piece.list_price) for piece in pieces if piece.copies)
    return Asked(
        order.key, order.seller_id, order.buyer_id, lines, Source(order.source), shortage, order.delivery_division, order.note, covered,
    )  # fmt: skip


def covered_by(order: Order) -> Covered:
    """Return what contract a stored request has: none of its own is needed, its stamped one is there, or it waits for it."""
    must_be_atomic()
    return Covered(order.needs_contract, contract_number(order.number) if order.needs_contract and order.received_at else "")


def priced_lines(pieces: Iterable[Piece], judged: Judged) -> list[Priced]:
    """Return the content as it was priced by the judgement; what is short and was to be left out is out."""
    some = [piece for piece in pieces if piece.copies]
    return [
        Priced(piece.line, line.product, line.copies, line.list_price, line.list_value, line.discount_bp, line.net, line.special)
        for piece, line in zip(some, judged.decided.lines, strict=True)
    ]


def agreed_prices(pieces: Iterable[Piece]) -> list[Priced]:
    """Return pieces that carry the price that was agreed, with their money."""
    return [
        priced(piece, piece.discount_bp, piece.list_price)
        for piece in pieces
        if piece.discount_bp is not None and piece.list_price is not None
    ]


def write_lines(order: Order, lines: Sequence[Priced], reserved: Sequence[int]) -> None:
    """Write the content of a request and its totals: lines that go on keep their numbers, new ones follow the last, others are gone.

    Only lines that were never shipped may be left out. The request itself is saved with its totals.
    """
    must_be_atomic()
    there = {line.line: line for line in order.lines.select_for_update().order_by("line")}
    last = max(there, default=0)
    kept: list[OrderLine] = []
    new: list[OrderLine] = []
    for line, held in zip(lines, reserved, strict=True):
        row = there.pop(line.line, None)
        if row is None:
            last += 1
            row = OrderLine(order=order, line=last)
            new.append(row)
        else:
            kept.append(row)
        row.product_id, row.copies, row.reserved, row.list_price = line.product, line.copies, held, line.list_price
        row.list_value, row.discount_bp, row.net = line.list_value, line.discount_bp, line.net
        row.special_id = row.special_id if line.special is None else line.special or None
    OrderLine.objects.filter(pk__in=[row.pk for row in there.values()]).delete()
    OrderLine.objects.bulk_update(kept, ["product", "copies", "reserved", "list_price", "list_value", "discount_bp", "net", "special"])
    OrderLine.objects.bulk_create(new)
    set_totals(order, lines)


def set_totals(order: Order, lines: Sequence[Priced]) -> None:
    """Save the totals of a request: sums of its rounded lines."""
    must_be_atomic()
    order.titles = sum(line.copies > 0 for line in lines)
    order.copies = sum(line.copies for line in lines)
    order.list_value, order.net = total(line.list_value for line in lines), total(line.net for line in lines)
    order.save(update_fields=["titles", "copies", "list_value", "net"])


def copies_by_line(lines: Iterable[Agreed]) -> Mapping[str, int]:
    """Return the copies of each line by its number, as the facts keep them."""
    return {str(line.line): line.copies for line in lines if line.copies}
