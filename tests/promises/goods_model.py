"""Goods on paper after they left: deliveries and what differs, returns and their caps, transfers between partners, and the shelf.

Like `path_model.py` it knows neither tables nor ledger. Everything happens on one day, so that the newest goods are those of the newest
request, and the age of goods and the calendar year play no part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tests.promises.path_model import GRADES, NOTHING, Paper, Request, Row, cents

SHARE = 20
"""Per cent of the year's goods at list price that may come back without a procedure."""

MISSING, SURPLUS = ("short", "damaged", "wrong_title"), "too_many"
OPEN_RETURNS = ("asked", "deciding", "agreed")
OPEN_TRANSFERS = ("deciding", "agreed", "ordered")
Place = tuple[int, int]
"""A line of a request: the request's number, and the line's."""


@dataclass
class Parcel:
    """A delivery: copies by line; what of it was made up for, and what of that is owed again."""

    order: int
    lines: dict[int, int]
    state: str = "sent"
    gone: dict[int, int] = field(default_factory=dict)
    again: dict[int, int] = field(default_factory=dict)
    consent: bool = False

    def expected(self) -> dict[int, int]:
        return {number: copies - self.gone.get(number, 0) for number, copies in self.lines.items()}


@dataclass
class Differing:
    """Copies of a line that differ in one way, and how many of them the warehouse has."""

    number: int
    kind: str
    copies: int
    found: int | None = None


@dataclass
class Report:
    """What differs on a delivery."""

    delivery: int
    lines: list[Differing]
    state: str = "reported"

    def missing(self) -> list[Differing]:
        return [line for line in self.lines if line.kind in MISSING]


@dataclass
class Back:
    """Copies of a title that are to come back: those with a line behind them, in the order in which they are named, and the others."""

    title: int
    copies: int
    unfit: bool
    damaged: bool
    taken: dict[Place, int]
    extra: int
    price: Decimal
    offered: Decimal = NOTHING


@dataclass
class Return:
    """A return of a buyer: its value at list price, and what its copies with a line behind them would be credited at."""

    buyer: str
    faulty: bool
    lines: list[Back]
    value: Decimal
    sourced: Decimal
    net: Decimal
    within: bool
    state: str = "asked"
    credited: Decimal = NOTHING
    surplus: Decimal = NOTHING


@dataclass
class Transfer:
    """Copies that go from one buyer to another: by title, with the lines of the giver behind them; what each side counted."""

    giver: str
    taker: str
    copies: dict[int, int]
    taken: dict[int, dict[Place, int]]
    net: Decimal
    state: str = "deciding"
    request: int = 0
    given: dict[int, int] = field(default_factory=dict)
    got: dict[int, int] = field(default_factory=dict)


@dataclass
class Goods:
    """Everything that left, by the numbers of its papers; copies on the shelf and lost, by title; list value that came back, by buyer."""

    paper: Paper
    shelf: dict[int, int]
    lost: dict[int, int] = field(default_factory=lambda: dict.fromkeys(range(3), 0))
    parcels: dict[int, Parcel] = field(default_factory=dict)
    reports: dict[int, Report] = field(default_factory=dict)
    returns: dict[int, Return] = field(default_factory=dict)
    transfers: dict[int, Transfer] = field(default_factory=dict)
    came: dict[str, Decimal] = field(default_factory=dict)

    # Where goods are.

    def row(self, place: Place) -> Row:
        return next(row for row in self.paper.requests[place[0]].rows if row.number == place[1])

    def out(self, place: Place) -> int:
        """Copies of a line that are with the buyer."""
        return self.row(place).shipped - self.row(place).returned

    def claimed(self, place: Place) -> int:
        """Copies of a line that an open return or transfer has for itself."""
        asked = [line.taken for one in self.returns.values() if one.state in OPEN_RETURNS for line in one.lines]
        asked += [taken for one in self.transfers.values() if one.state in OPEN_TRANSFERS for taken in one.taken.values()]
        return sum(taken.get(place, 0) for taken in asked)

    def find(self, buyer: str, title: int, copies: int, order: int = 0) -> tuple[dict[Place, int], int]:
        """Take copies from the newest lines of a buyer; return them, and how many no line explains."""
        found: dict[Place, int] = {}
        for key, request in sorted(self.paper.requests.items(), reverse=True):
            if request.buyer != buyer or (order and key != order):
                continue
            for row in sorted(request.rows, key=lambda one: one.number, reverse=True):
                part = min(copies, max(self.out((key, row.number)) - self.claimed((key, row.number)), 0)) if row.title == title else 0
                if part:
                    found[key, row.number] = part
                    copies -= part
        return found, copies

    def worth(self, place: Place, copies: int) -> Decimal:
        """What copies would be credited at, when those that are claimed have come back."""
        row, claimed = self.row(place), self.claimed(place)
        before = row.worth(row.returned + claimed) if claimed else row.credited
        return max(row.worth(row.returned + claimed + copies) - before, NOTHING)

    def listed(self, taken: Mapping[Place, int]) -> Decimal:
        return sum((cents(self.row(place).price * copies) for place, copies in taken.items()), NOTHING)

    def deliveries(self, buyer: str) -> Iterator[Parcel]:
        return (one for one in self.parcels.values() if self.paper.requests[one.order].buyer == buyer)

    # The caps.

    def within(self, buyer: str, lines: list[Back], *, faulty: bool, own: int = 0) -> bool:
        """Whether a return keeps all caps; the one that is judged does not stand in its own way."""
        shipped = sum(
            (
                cents(self.row((one.order, number)).price * (copies - one.again.get(number, 0)))
                for one in self.deliveries(buyer) for number, copies in one.lines.items()
            ), NOTHING,
        )  # fmt: skip
        others = [one for key, one in self.returns.items() if one.buyer == buyer and key != own]
        back = self.came.get(buyer, NOTHING) + sum((one.value for one in others if one.state in OPEN_RETURNS), NOTHING)
        back += sum((one.surplus for one in others), NOTHING)
        asked = sum((self.listed(line.taken) + cents(line.price * line.extra) for line in lines), NOTHING)
        fit = faulty or not any(line.unfit for line in lines)
        return back + asked <= cents(shipped * SHARE / 100) and fit and not any(line.extra for line in lines)

    def most_offered(self, buyer: str, line: Back) -> Decimal:
        """The most that a copy may be credited at which no line explains."""
        return cents(line.price * GRADES[self.paper.accounts[buyer].grade][2] / 10_000)

    # What happens.

    def ships(self, key: int, delivery: int, copies: Mapping[int, int]) -> None:
        """Copies leave the shelf; the request's lines know already."""
        self.parcels[delivery] = Parcel(key, {number: many for number, many in copies.items() if many})
        for number, many in copies.items():
            self.shelf[self.row((key, number)).title] -= many

    def comes(self, key: int, copies: Mapping[int, int], lost: Mapping[int, int], *, counts: bool = True) -> None:
        """Copies are on the shelf again, or lost; the request's lines know already. A transfer does not count among what came back."""
        buyer = self.paper.requests[key].buyer
        for number, many in copies.items():
            row = self.row((key, number))
            self.shelf[row.title] += many - lost.get(number, 0)
            self.lost[row.title] += lost.get(number, 0)
            if counts:
                self.came[buyer] = self.came.get(buyer, NOTHING) + cents(row.price * many)

    def credits(self, key: int, copies: Mapping[int, int]) -> Decimal:
        """Copies by line come back: they are credited at what was paid for them. Return the yuan."""
        request, worth = self.paper.requests[key], {}
        for row in request.rows:
            if copies.get(row.number, 0):
                worth[row.number] = max(row.worth(row.returned + copies[row.number]) - row.credited, NOTHING)
        request.rows = [
            replace(row, returned=row.returned + copies.get(row.number, 0), credited=row.credited + worth.get(row.number, NOTHING))
            for row in request.rows
        ]
        amount = sum(worth.values(), NOTHING)
        self.paper.credit(request, amount)
        return amount

    def owes_again(self, delivery: int, copies: Mapping[int, int]) -> None:
        """Copies count as not shipped."""
        one = self.parcels[delivery]
        request: Request = self.paper.requests[one.order]
        request.rows = [replace(row, shipped=row.shipped - copies.get(row.number, 0)) for row in request.rows]
        request.state = "part_shipped"
        for number, many in copies.items():
            one.again[number] = one.again.get(number, 0) + many


def by_line(lines: list[tuple[int, int]]) -> dict[int, int]:
    """Sum copies by line."""
    sums: dict[int, int] = {}
    for number, copies in lines:
        sums[number] = sums.get(number, 0) + copies
    return sums


def by_order(taken: Mapping[Place, int]) -> dict[int, dict[int, int]]:
    """Copies by request and line."""
    orders: dict[int, dict[int, int]] = {}
    for (key, number), copies in taken.items():
        orders.setdefault(key, {})[number] = orders.get(key, {}).get(number, 0) + copies
    return dict(sorted(orders.items()))


def shared(copies: int, taken: Mapping[Place, int]) -> dict[Place, int]:
    """Lay copies on lines in their order."""
    parts: dict[Place, int] = {}
    for place, many in taken.items():
        part = min(copies, many)
        copies -= part
        if part:
            parts[place] = part
    return parts
