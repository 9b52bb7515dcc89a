"""From which requests copies are: among what was shipped and did not come back, the last shipped first (M-16.3.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from lingqu.base.money import ZERO, half_up, line_net, total
from lingqu.returns.rules.content import AskedLine


class Shipment(msgspec.Struct, frozen=True):
    """Copies of a line that left on a day."""

    on: date
    copies: int


class Parcel(msgspec.Struct, frozen=True):
    """Copies of a line of a request that left on a day, did not come back, and are claimed by no other return.

    `returned`, `credited` and `claimed` are those of the whole line; prices in yuan, the discount in basis points.
    """

    order_line: int
    order: int
    number: str
    product: int
    on: date
    copies: int
    list_price: Decimal
    discount_bp: int
    returned: int = 0
    credited: Decimal = ZERO
    claimed: int = 0


class Taken(msgspec.Struct, frozen=True):
    """Copies of one line of a request that a return names: what they are worth, net yuan, and when the oldest of them were shipped.

    `relief` is what was credited for them already when their list price fell, yuan, by the documents `relief_by`: not credited again.
    """

    order_line: int
    order: int
    number: str
    copies: int
    net: Decimal
    list_price: Decimal
    discount_bp: int
    on: date
    relief: Decimal = ZERO
    relief_by: str = ""


class Sourced(msgspec.Struct, frozen=True):
    """A line as asked, with its list price of the day, where its copies are from, and how many nothing explains."""

    line: int
    asked: AskedLine
    list_price: Decimal
    taken: tuple[Taken, ...]
    extra: int
    extra_price: Decimal | None = None

    @property
    def list_value(self) -> Decimal:
        """Return the value of the copies at the list prices at which they were sold, and of the others at today's, yuan."""
        sold = total(half_up(one.list_price * one.copies) for one in self.taken)
        return sold + half_up(self.list_price * self.extra)

    @property
    def net(self) -> Decimal:
        """Return what would be credited, yuan: the original net less relief, and of copies that nothing explains the price proposed."""
        return total(one.net - one.relief for one in self.taken) + half_up((self.extra_price or ZERO) * self.extra)


def parcels_of(parcel: Parcel, shipments: Iterable[Shipment]) -> list[Parcel]:
    """Return what is left of a line, by the days on which it was shipped.

    What came back, or is claimed, is taken from the last shipped; `parcel` says how many those are, its own day and copies do not count.
    """
    gone = parcel.returned + parcel.claimed
    left: list[Parcel] = []
    for one in sorted(shipments, key=lambda shipment: shipment.on, reverse=True):
        off = min(gone, one.copies)
        gone -= off
        if one.copies > off:
            left.append(msgspec.structs.replace(parcel, on=one.on, copies=one.copies - off))
    return left


def find_sources(parcels: Iterable[Parcel], wanted: int) -> tuple[list[Taken], int]:
    """Return from which lines so many copies of a title are, the last shipped first, and how many copies nothing explains.

    Two parcels of one line are one source. Parcels of another title are none of its business: the caller hands over those of one.
    """
    order = sorted(parcels, key=lambda one: (one.on, one.order, one.order_line), reverse=True)
    taken: dict[int, tuple[Parcel, int]] = {}
    for parcel in order:
        copies = min(wanted, parcel.copies)
        if not copies:
            continue
        wanted -= copies
        before = taken.get(parcel.order_line)
        # Parcels come newest first, so the one that is kept last is the oldest of its line.
        taken[parcel.order_line] = (parcel, copies + (before[1] if before else 0))
    return [_taken(parcel, copies) for parcel, copies in taken.values()], wanted


def _taken(parcel: Parcel, copies: int) -> Taken:
    return Taken(
        parcel.order_line, parcel.order, parcel.number, copies, worth_of(parcel, copies), parcel.list_price, parcel.discount_bp, parcel.on
    )  # fmt: skip


def worth_of(parcel: Parcel, copies: int) -> Decimal:
    """Return what copies of a line would be credited at, net yuan, after those that came back and those that others have claimed.

    It is the net of all copies that are then back, less what was credited before: the last copy takes what rounding left.
    """
    before = line_net(parcel.list_price, parcel.returned + parcel.claimed, parcel.discount_bp) if parcel.claimed else parcel.credited
    after = line_net(parcel.list_price, parcel.returned + parcel.claimed + copies, parcel.discount_bp)
    return max(after - before, ZERO)


def share_out(copies: int, sources: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Return how many of the accepted copies go to each source (id, copies named), in the order of the sources; the rest is left over."""
    shared: dict[int, int] = {}
    for source, named in sources:
        part = min(copies, named)
        copies -= part
        if part:
            shared[source] = part
    return shared


def assign(parcels: Iterable[Parcel], asked: Iterable[tuple[int, int, int]]) -> dict[int, tuple[list[Taken], int]]:
    """Return, for lines (number, title, copies) in their order, from which requests their copies are, and how many nothing explains.

    Lines of one title share what there is: what one took the next does not find.
    """
    left = {product: list(some) for product, some in by_product(parcels).items()}
    found: dict[int, tuple[list[Taken], int]] = {}
    for line, product, copies in asked:
        taken, rest = find_sources(left.get(product, []), copies)
        found[line] = (taken, rest)
        left[product] = _after(left.get(product, []), {one.order_line: one.copies for one in taken})
    return found


def _after(parcels: Iterable[Parcel], taken: Mapping[int, int]) -> list[Parcel]:
    """Return what is left of parcels, of whose lines so many copies were taken; those of a line come newest first, as they are taken.

    What was taken of one parcel is claimed for all parcels of its line.
    """
    off, left = dict(taken), []
    for parcel in parcels:
        copies = min(off.get(parcel.order_line, 0), parcel.copies)
        if copies:
            off[parcel.order_line] -= copies
        if parcel.copies > copies:
            claimed = parcel.claimed + taken.get(parcel.order_line, 0)
            left.append(msgspec.structs.replace(parcel, copies=parcel.copies - copies, claimed=claimed))
    return left


def by_product(parcels: Iterable[Parcel]) -> Mapping[int, list[Parcel]]:
    """Return parcels by title."""
    found: dict[int, list[Parcel]] = {}
    for parcel in parcels:
        found.setdefault(parcel.product, []).append(parcel)
    return found
