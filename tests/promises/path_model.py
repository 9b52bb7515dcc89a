"""Requests, limits and money on paper: what the walks of `test_every_path.py` are compared with. It knows neither tables nor ledger.

On paper a limit is a number, a request is a list of lines, and a hold is what the request says that it holds. Nothing here is taken from
the product; how money is laid on batches is the plain `Model` that the money of one line is compared with as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from lingqu.credit.tests.test_money_model import Debt, Model

NOTHING = Decimal(0)
CENT = Decimal("0.01")
GRADES = {"A": (300_000, 2, 6_500), "B": (200_000, 2, 6_500), "C": (50_000, 1, 6_800), "D": (0, 0, 7_000)}
"""Of each grade: yuan, open batches at most, and what is paid of the list price in basis points."""

UNANSWERED = {"held", "review"}
MAY: dict[str, set[str]] = {
    "accept": {"held"},
    "decline": UNANSWERED,
    "withdraw": {"held", "review", "expired", "refused"},
    "decide_again": {"review", "expired", "refused"},
    "sign": {"review"},
    "amend": {"held", "review", "refused", "expired", "declined"},
    "amend_accepted": {"accepted", "part_shipped"},
    "split": {"held", "review", "refused"},
    "merge": UNANSWERED,
    "reopen": {"declined", "withdrawn", "cancelled"},
    "cancel": {"accepted"},
    "ship": {"accepted", "part_shipped"},
    "close_rest": {"part_shipped"},
    "take_back": {"part_shipped", "shipped"},
}
"""In which states of a request each verb is possible."""

Refused = str
"""The code of a refusal; "" where there is none."""


def cents(amount: Decimal) -> Decimal:
    """Half up to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Row:
    """A line of a request; number 0 is one that has none yet."""

    number: int
    title: int
    copies: int
    price: Decimal
    bp: int
    shipped: int = 0
    returned: int = 0
    credited: Decimal = NOTHING

    def worth(self, copies: int) -> Decimal:
        return cents(self.price * copies * self.bp / 10_000)

    def ships(self, copies: int) -> Row:
        return replace(self, shipped=self.shipped + copies)

    @property
    def net(self) -> Decimal:
        return self.worth(self.copies)


@dataclass
class Request:
    """A request on paper: `debt` is the place of its batch among those of the buyer; `waived` are yuan, batches, yuan of the group."""

    buyer: str
    state: str
    rows: list[Row]
    debt: int | None = None
    held: Decimal = NOTHING
    place: int = 0
    waived: tuple[Decimal, int, Decimal] = (NOTHING, 0, NOTHING)

    @property
    def net(self) -> Decimal:
        return sum((row.net for row in self.rows), NOTHING)

    @property
    def copies(self) -> int:
        return sum(row.copies for row in self.rows)

    def write(self, rows: Iterable[Row]) -> None:
        """Rows that go on keep their numbers; others follow the last."""
        there = {row.number for row in self.rows}
        last = max(there, default=0)
        written = []
        for row in rows:
            if row.number in there:
                there.discard(row.number)
                written.append(row)
            else:
                last += 1
                written.append(replace(row, number=last))
        self.rows = sorted(written, key=lambda row: row.number)


@dataclass
class Account:
    """A buyer's line: grade, limits, money, and whether it shares the group's limit."""

    grade: str
    limit: Decimal
    most: int
    money: Model = field(default_factory=Model)
    grouped: bool = False

    @property
    def used(self) -> Decimal:
        return sum((debt.left for debt in self.money.debts), NOTHING) - self.money.waiting

    @property
    def open(self) -> int:
        return sum(debt.left > 0 for debt in self.money.debts)


@dataclass(frozen=True)
class Verdict:
    """By how much a request is over: yuan, batches, yuan of the group; `place` is the batch that it would take."""

    place: int
    over: Decimal
    too_many: int
    group_over: Decimal | None
    waived: tuple[Decimal, int, Decimal]

    @property
    def own_fits(self) -> bool:
        return self.over <= self.waived[0] and (not self.place or self.too_many <= self.waived[1])

    @property
    def group_fits(self) -> bool:
        return self.group_over is None or self.group_over <= self.waived[2]

    @property
    def fits(self) -> bool:
        return self.own_fits and self.group_fits

    @property
    def missing(self) -> tuple[Decimal, int, Decimal]:
        """What a signature has to let through beside what was let through before."""
        batches = max(self.too_many - self.waived[1], 0) if self.place else 0
        group = NOTHING if self.group_over is None else max(self.group_over - self.waived[2], NOTHING)
        return max(self.over - self.waived[0], NOTHING), batches, group


@dataclass
class Paper:
    """Everything: accounts by buyer, requests by their number, list prices by title, and the limit of the one group."""

    accounts: dict[str, Account]
    prices: dict[int, Decimal]
    group_limit: Decimal
    requests: dict[int, Request] = field(default_factory=dict)

    def holds(self, buyer: str) -> tuple[Decimal, int]:
        mine = [one for one in self.requests.values() if one.buyer == buyer]
        return sum((one.held for one in mine), NOTHING), sum(one.place for one in mine)

    def standing(self, buyer: str) -> tuple[Decimal, Decimal, int, int]:
        """Used, held, open and held batches."""
        return self.accounts[buyer].used, self.holds(buyer)[0], self.accounts[buyer].open, self.holds(buyer)[1]

    def group(self) -> tuple[Decimal, Decimal, int, int]:
        """The same of all buyers in the group."""
        members = [self.standing(buyer) for buyer, account in self.accounts.items() if account.grouped]
        return (
            sum((one[0] for one in members), NOTHING), sum((one[1] for one in members), NOTHING),
            sum(one[2] for one in members), sum(one[3] for one in members),
        )  # fmt: skip

    def today(self, buyer: str, number: int, title: int, copies: int) -> Row:
        return Row(number, title, copies, self.prices[title], GRADES[self.accounts[buyer].grade][2])

    def judge(
        self, buyer: str, net: Decimal, *, aside: Sequence[Request] = (), waived: Request | None = None, batch: Request | None = None
    ) -> Verdict:
        """Measure a request of `net` yuan; what `aside` holds and what `batch` uses is not there."""
        account = self.accounts[buyer]
        used, held, opened, places = self.standing(buyer)
        back = sum((one.held for one in aside), NOTHING) + (batch.net if batch else NOTHING)
        places -= sum(one.place for one in aside)
        if batch is not None and batch.debt is not None:
            opened -= account.money.debts[batch.debt].left > 0
        whole = used + held - back + net
        place = 0 if net == 0 or whole <= 0 else 1
        over = sum(self.group()[:2], NOTHING) - back + net - self.group_limit if account.grouped else None
        return Verdict(
            place, whole - account.limit, opened + places + place - account.most, over,
            waived.waived if waived else (NOTHING, 0, NOTHING),
        )  # fmt: skip

    def settle(self, request: Request, rows: Iterable[Row], verdict: Verdict, *, holds: bool) -> None:
        """The request has these rows now, and holds them when it passed."""
        request.write(rows)
        request.state = "held" if holds else "review"
        request.held, request.place = (request.net, verdict.place) if holds else (NOTHING, 0)

    def ends(self, request: Request, state: str) -> None:
        request.state, request.held, request.place = state, NOTHING, 0

    def accepted(self, request: Request) -> Refused:
        """Turn the hold into a batch; one that was to be prepaid, and is not any more, needs a place now."""
        account = self.accounts[request.buyer]
        after = deepcopy(account.money)
        after.opens(request.net)
        opened = sum(debt.left > 0 for debt in after.debts)
        others = self.holds(request.buyer)[1] - request.place
        if opened - account.open > request.place and opened + others > account.most + request.waived[1]:
            return "limit_exceeded"
        account.money, request.debt = after, len(after.debts) - 1
        self.ends(request, "accepted")
        return ""

    def debt(self, request: Request) -> Debt:
        assert request.debt is not None
        return self.accounts[request.buyer].money.debts[request.debt]

    def credit(self, request: Request, amount: Decimal) -> None:
        if amount:
            assert request.debt is not None
            self.accounts[request.buyer].money.credits(request.debt, amount)


def paired(rows: Sequence[Row], wanted: Mapping[int, int]) -> list[tuple[Row | None, int, int]]:
    """What is wanted beside the row that it goes on from, then the rows that are not wanted, with no copies."""
    left = list(rows)
    pairs: list[tuple[Row | None, int, int]] = []
    for title, copies in wanted.items():
        row = next((row for row in left if row.title == title), None)
        if row:
            left.remove(row)
        pairs.append((row, title, copies))
    return pairs + [(row, row.title, 0) for row in left]


def content(rows: Iterable[Row]) -> list[tuple[int, int, int, Decimal, int]]:
    """What is compared to say whether anything changed."""
    return [(row.number, row.title, row.copies, row.price, row.bp) for row in rows if row.copies]


def wished(paper: Paper, request: Request, wanted: Mapping[int, int]) -> list[Row]:
    """The rows before acceptance: as many or fewer keep their price, more and new ones cost what they cost today."""
    rows = []
    for row, title, copies in paired(request.rows, wanted):
        if copies and (row is None or copies > row.copies):
            rows.append(paper.today(request.buyer, row.number if row else 0, title, copies))
        elif copies and row:
            rows.append(replace(row, copies=copies))
    return rows


def agreed(paper: Paper, request: Request, wanted: Mapping[int, int]) -> list[Row] | None:
    """The rows after acceptance: what was agreed keeps its price, what comes to it costs what it costs today. None below what left."""
    rows, added = [], []
    for row, title, copies in paired(request.rows, wanted):
        today = paper.today(request.buyer, 0, title, copies)
        if row is None:
            added += [today] if copies else []
        elif copies < row.shipped:
            return None
        elif copies > row.copies and (row.price, row.bp) != (today.price, today.bp):
            rows.append(row)
            added.append(replace(today, copies=copies - row.copies))
        else:
            rows.append(replace(row, copies=copies))
    return [*sorted(rows, key=lambda row: row.number), *added]


def joined(contents: Iterable[Sequence[Row]]) -> list[Row]:
    """Rows of several requests as one: a title at one price is one row."""
    found: dict[tuple[int, Decimal, int], int] = {}
    for rows in contents:
        for row in rows:
            if row.copies:
                name = (row.title, row.price, row.bp)
                found[name] = found.get(name, 0) + row.copies
    return [Row(number, title, many, price, bp) for number, ((title, price, bp), many) in enumerate(found.items(), 1)]
