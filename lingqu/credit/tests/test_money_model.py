"""Anything that can happen to the money of one line, in any order, against a plain model that knows neither tables nor ledger.

The model keeps, for each batch, who paid how much, as a list of slips; the product must come out the same to the cent after every step.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

import pytest
from django.db import DatabaseError, transaction

from lingqu.base.refusal import Refusal
from lingqu.credit.actions import batches, booking, receipts, reversing
from lingqu.credit.actions import credits as crediting
from lingqu.credit.models import Application, Batch, Receipt
from lingqu.credit.rules import Application as Money
from lingqu.credit.rules import Credited, Drawn, Laid, Undone, draw, split_credit, take_back
from lingqu.credit.tests.purse import Purse
from lingqu.ledger.rules import Entry
from tests.world import World

TOLERANCE = Decimal("1.00")
NOTHING = Decimal(0)
STEPS = 45
SEEDS = 24


@dataclass
class Slip:
    """Yuan that somebody paid on a batch: a receipt's id, `waiting` money, `small` difference, `credit`, `given_up`."""

    whose: int | str
    amount: Decimal


@dataclass
class Debt:
    """A batch: what it is worth, and its slips, oldest first."""

    worth: Decimal
    slips: list[Slip] = field(default_factory=list)
    credited: Decimal = NOTHING

    @property
    def left(self) -> Decimal:
        return self.worth - sum((slip.amount for slip in self.slips), NOTHING)

    def pay(self, whose: int | str, amount: Decimal) -> None:
        if amount:
            self.slips.append(Slip(whose, amount))


@dataclass
class Model:
    """A line on paper."""

    debts: list[Debt] = field(default_factory=list)
    waiting: Decimal = NOTHING
    left_over: dict[int, Decimal] = field(default_factory=dict)
    order: list[tuple[int, Slip]] = field(default_factory=list)

    def pays(self, place: int, whose: int | str, amount: Decimal) -> None:
        if amount:
            slip = Slip(whose, amount)
            self.debts[place].slips.append(slip)
            self.order.append((place, slip))

    def round_off(self, touched: set[int]) -> None:
        for place in touched:
            rest = self.debts[place].left
            if NOTHING < rest <= TOLERANCE:
                self.debts[place].pay("small", rest)

    def sweep(self) -> None:
        """Money that waits pays the oldest first."""
        touched = set()
        for place, debt in enumerate(self.debts):
            part = min(debt.left, self.waiting)
            if part > 0:
                self.pays(place, "waiting", part)
                self.waiting -= part
                touched.add(place)
        self.round_off(touched)

    def opens(self, worth: Decimal) -> None:
        self.debts.append(Debt(worth))
        self.sweep()

    def grows(self, place: int, amount: Decimal) -> None:
        self.debts[place].worth += amount
        self.sweep()

    def receives(self, who: int, amount: Decimal, named: dict[int, Decimal]) -> None:
        touched = {place for place, part in named.items() if part}
        for place in sorted(named):
            self.pays(place, who, named[place])
        mine = amount - sum(named.values(), NOTHING)
        for place, debt in enumerate(self.debts):
            old = min(debt.left, self.waiting)
            self.pays(place, "waiting", old)
            self.waiting -= old
            new = min(debt.left, mine)
            self.pays(place, who, new)
            mine -= new
            if old or new:
                touched.add(place)
        self.round_off(touched)
        self.left_over[who] = mine
        self.waiting += mine

    def credits(self, place: int, amount: Decimal) -> None:
        debt = self.debts[place]
        part = min(amount, debt.left)
        for slip in reversed(debt.slips):
            if slip.whose in ("small", "given_up"):
                less = min(amount - part, slip.amount)
                slip.amount -= less
                part += less
        debt.pay("credit", part)
        debt.credited += amount
        self.waiting += amount - part

    def gives_up(self, place: int, amount: Decimal) -> None:
        self.debts[place].pay("given_up", amount)

    def uses(self, named: dict[int, Decimal]) -> None:
        for place in sorted(named):
            self.pays(place, "waiting", named[place])
            self.waiting -= named[place]
        self.round_off(set(named))

    def reverses(self, who: int) -> None:
        losing = set()
        for place, debt in enumerate(self.debts):
            if any(slip.whose == who and slip.amount for slip in debt.slips):
                losing.add(place)
            debt.slips = [slip for slip in debt.slips if slip.whose != who]
        kept = self.left_over.pop(who)
        missing = max(kept - self.waiting, NOTHING)
        self.waiting = max(self.waiting - kept, NOTHING)
        for place, slip in reversed(self.order):
            part = min(slip.amount, missing) if slip.whose == "waiting" else NOTHING
            if part:
                slip.amount -= part
                missing -= part
                losing.add(place)
        for place in losing:
            self.debts[place].slips = [slip for slip in self.debts[place].slips if slip.whose != "small"]
        self.sweep()


def yuan(dice: Random, most: Decimal) -> Decimal:
    """An amount of up to `most`: often whole, often within a yuan of it, always of something."""
    cents = int(most * 100)
    choice = dice.choice([cents, cents - dice.randint(0, 150), dice.randint(1, max(cents, 1)), dice.randint(1, 200)])
    return Decimal(min(max(choice, 1), max(cents, 1))) / 100


class Play:
    """One line played twice, in the product and on paper."""

    def __init__(self, purse: Purse, seed: int) -> None:
        self.purse, self.dice, self.paper, self.story = purse, Random(seed), Model(), list[str]()
        self.known: dict[int, Receipt] = {}

    def step(self) -> None:
        moves = (self.open, self.receive, self.receive, self.credit, self.reverse, self.write_off, self.use, self.grow)
        self.dice.choice(moves)()

    def open(self) -> None:
        worth = yuan(self.dice, Decimal(1000))
        self.tell("open", worth)
        self.purse.open(str(worth), prepaid=Decimal(self.purse.used) + worth <= 0)
        self.paper.opens(worth)

    def owed(self) -> list[int]:
        return [place for place, debt in enumerate(self.paper.debts) if debt.left > 0]

    def receive(self) -> None:
        owed = self.owed()
        oldest = sum((self.paper.debts[place].left for place in owed[: self.dice.randint(1, 3)]), NOTHING)
        amount = yuan(self.dice, oldest if oldest and self.dice.random() < 0.6 else Decimal(1500))
        named: dict[int, Decimal] = {}
        for place in self.dice.sample(owed, self.dice.randint(0, min(2, len(owed)))):
            named[place] = yuan(self.dice, min(self.paper.debts[place].left, amount / 2))
        if sum(named.values(), NOTHING) > amount:
            named = {}
        self.tell("receive", amount, named)
        receipt = self.purse.receive(str(amount), **{f"b{place + 1}": str(part) for place, part in named.items()})
        self.known[receipt.pk] = receipt
        self.paper.receives(receipt.pk, amount, named)

    def credit(self) -> None:
        open_to = [place for place, debt in enumerate(self.paper.debts) if debt.credited < debt.worth]
        if open_to:
            place = self.dice.choice(open_to)
            debt = self.paper.debts[place]
            amount = yuan(self.dice, debt.worth - debt.credited)
            self.tell("credit", place + 1, amount)
            self.purse.credit(place + 1, str(amount))
            self.paper.credits(place, amount)

    def reverse(self) -> None:
        if self.known:
            who = self.dice.choice(sorted(self.known))
            self.tell("reverse", self.known[who].amount, self.known[who].number)
            self.purse.reverse(self.known.pop(who))
            self.paper.reverses(who)

    def write_off(self) -> None:
        owed = self.owed()
        if owed:
            place = self.dice.choice(owed)
            amount = yuan(self.dice, min(self.paper.debts[place].left, TOLERANCE))
            self.tell("write_off", place + 1, amount)
            if self.purse.write_off(place + 1, str(amount)).state == "applied":
                self.paper.gives_up(place, amount)
            else:
                self.tell("… by procedure")
                self.purse.forget_write_offs()

    def use(self) -> None:
        owed = self.owed()
        if owed and self.paper.waiting:
            place = self.dice.choice(owed)
            amount = yuan(self.dice, min(self.paper.debts[place].left, self.paper.waiting))
            self.tell("use", place + 1, amount)
            self.purse.use(**{f"b{place + 1}": str(amount)})
            self.paper.uses({place: amount})

    def grow(self) -> None:
        if self.paper.debts:
            place, amount = self.dice.randrange(len(self.paper.debts)), yuan(self.dice, Decimal(300))
            self.tell("grow", place + 1, amount)
            self.purse.grow(place + 1, str(amount))
            self.paper.grows(place, amount)

    def tell(self, *words: object) -> None:
        self.story.append(" ".join(map(str, words)))

    def check(self) -> None:
        """Both say the same: what is owed, what waits, what the ledger says, and what each receipt still pays."""
        paper = self.paper
        owed = {place + 1: (f"{debt.left:.2f}", debt.left == 0) for place, debt in enumerate(paper.debts)}
        assert self.purse.state() == owed, "; ".join(self.story)
        standing = self.purse.standing
        assert Decimal(self.purse.waits) == paper.waiting, self.story
        assert standing.used == sum((debt.left for debt in paper.debts), NOTHING) - paper.waiting, self.story
        assert standing.open_count == sum(debt.left > 0 for debt in paper.debts), self.story
        on_rows: dict[tuple[int, int | str], Decimal] = {}
        for row in Application.objects.filter(batch__line=self.purse.line).select_related("batch", "write_off"):
            whose: int | str = row.receipt_id or ("credit" if row.credit_id else "given_up" if row.write_off_id else "waiting")
            whose = "small" if row.kind == "write_off" and not row.write_off_id else whose
            key = (row.batch.number, whose)
            on_rows[key] = on_rows.get(key, NOTHING) + row.amount
        on_paper: dict[tuple[int, int | str], Decimal] = {}
        for place, debt in enumerate(paper.debts):
            for slip in debt.slips:
                on_paper[place + 1, slip.whose] = on_paper.get((place + 1, slip.whose), NOTHING) + slip.amount
        assert {key: amount for key, amount in on_rows.items() if amount} == {key: one for key, one in on_paper.items() if one}, self.story
        applied = {batch.number: batch.applied for batch in Batch.objects.filter(line=self.purse.line)}
        assert applied == {place + 1: debt.worth - debt.left for place, debt in enumerate(paper.debts)}, self.story


def play(world: World, seed: int) -> None:
    """Play one line for some steps, comparing after each."""
    game = Play(Purse(world), seed)
    for _ in range(STEPS):
        game.step()
        game.check()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_happens_to_the_money_of_a_line_it_is_as_on_paper(world: World, seed: int) -> None:
    play(world, seed)


def play_all(world: World) -> None:
    """Play every seed, each from the same beginning."""
    for seed in range(SEEDS):
        with transaction.atomic():
            play(world, seed)
            transaction.set_rollback(True)


def _without_small(laid: list[Laid], *, kept: Decimal, unapplied: Decimal) -> Undone:
    return take_back([one for one in laid if not one.small], kept=kept, unapplied=unapplied)


def _own_only(laid: list[Laid], *, kept: Decimal, unapplied: Decimal) -> Undone:
    return take_back([one for one in laid if one.own], kept=kept, unapplied=unapplied)


def _oldest_first(laid: list[Laid], *, kept: Decimal, unapplied: Decimal) -> Undone:
    turned = {one.id: -one.id for one in laid}
    back = {turned[one]: one for one in turned}
    undone = take_back([Laid(turned[one.id], one.batch, one.left, one.own, one.small) for one in laid], kept=kept, unapplied=unapplied)
    return Undone({back[one]: amount for one, amount in undone.parts.items()}, undone.unapplied)


def _all_by_receipt(money: Money, *, waiting: Decimal, amount: Decimal) -> Drawn:
    done = draw(money, waiting=waiting, amount=amount)
    return Drawn(money, done.waiting, done.kept, done.unapplied)


def _excess_lost(amount: Decimal, *, remaining: Decimal, written_off: Decimal, value: Decimal, credited: Decimal) -> Credited:
    done = split_credit(amount, remaining=remaining, written_off=written_off, value=value, credited=credited)
    return Credited(done.applied, done.lowered, NOTHING)


def _given_up_is_paid(amount: Decimal, *, remaining: Decimal, written_off: Decimal, value: Decimal, credited: Decimal) -> Credited:
    del written_off
    return split_credit(amount, remaining=remaining, written_off=NOTHING, value=value, credited=credited)


def _all_lowered_first(amount: Decimal, *, remaining: Decimal, written_off: Decimal, value: Decimal, credited: Decimal) -> Credited:
    split_credit(amount, remaining=remaining, written_off=written_off, value=value, credited=credited)
    lowered = min(amount, written_off)
    applied = min(amount, remaining + lowered)
    return Credited(applied, lowered, amount - applied)


def _no_place(*args: object, **kwargs: object) -> list[Entry]:
    return [entry for entry in booking.reopen(*args, **kwargs) if not entry.count]  # type: ignore[arg-type]


def _no_sweep(*args: object, **kwargs: object) -> list[Entry]:
    del args, kwargs
    return []


DEFECTS = {
    "small differences stay": (reversing, "take_back", _without_small),
    "later batches keep the money": (reversing, "take_back", _own_only),
    "the oldest lose it first": (reversing, "take_back", _oldest_first),
    "the new receipt claims what waited": (receipts, "draw", _all_by_receipt),
    "what was paid and credited is lost": (crediting, "split_credit", _excess_lost),
    "what was written off becomes money": (crediting, "split_credit", _given_up_is_paid),
    "write-offs are lowered before what is owed": (crediting, "split_credit", _all_lowered_first),
    "no place is taken again": (reversing, "reopen", _no_place),
    "what waits goes on waiting": (reversing, "sweep", _no_sweep),
    "a new batch is not paid from what waits": (batches, "sweep", _no_sweep),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_each_seeded_defect_is_found(world: World, defect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, name, wrong = DEFECTS[defect]
    monkeypatch.setattr(place, name, wrong)
    with pytest.raises((AssertionError, Refusal, DatabaseError)):
        play_all(world)
