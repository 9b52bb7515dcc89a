"""When money that is overdue holds back the goods, how far, and which step of collecting comes next (M-19.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from lingqu.base.money import CENT, MAX_AMOUNT, ZERO, half_up
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.credit.rules.laws import OpenBatch
from lingqu.credit.states import CollectionKind, HoldLevel, HoldRequestKind
from lingqu.policy.rules import CollectionStep, Parameters

HOLD_STEP = "hold"
STOP_STEP = "stop"
RELEASE_CHAIN = "hold_release"
LONGEST_REASON = 400
LONGEST_DEFERRAL = 60
LONGEST_DEADLINE = 366
FARTHEST_PROMISE = 366


STEP_RULES = {step: f"collection_{step}" for step in ("reminder", "visit", "letter", "legal")}
"""The steps of the ladder that somebody takes, and under which name a duty asks for them."""

STEP_KINDS = {
    CollectionKind.CALL: ("reminder",),
    CollectionKind.VISIT: ("reminder", "visit"),
    CollectionKind.MEETING: ("reminder", "visit"),
    CollectionKind.LETTER: ("letter",),
    CollectionKind.LEGAL: ("legal",),
}
"""Which steps a note of this kind answers."""


class StepDue(msgspec.Struct, frozen=True):
    """A step of the ladder that is due now, and its day."""

    name: str
    on: date


class Overdue(msgspec.Struct, frozen=True):
    """What of a line is past due beyond the tolerance of days: yuan, the oldest due day, and how many days lie behind it.

    `dues` are the due days of the batches in it, oldest first.
    """

    amount: Decimal = ZERO
    oldest_due_on: date | None = None
    days: int = 0
    dues: tuple[date, ...] = ()


class Remembered(msgspec.Struct, frozen=True):
    """An overdue hold that was released by decision: when, how far it went, and the yuan that were overdue when last looked at."""

    released_on: date
    level: HoldLevel
    amount: Decimal


class Step(msgspec.Struct, frozen=True):
    """A step of collecting money and the day on which it is due. `stop` is the day from which on supply stops."""

    name: str
    on: date


def overdue_of(batches: Sequence[OpenBatch], *, on: date, tolerance_days: int) -> Overdue:
    """Return what is overdue on the day; a batch without a due day, or within the tolerance of days, is not (M-19.3).

    Batches that finance has left out because they are disputed are not handed in.
    """
    late = [(batch.due_on, batch.remaining) for batch in batches if batch.due_on and (on - batch.due_on).days > tolerance_days]
    if not late:
        return Overdue()
    dues = tuple(sorted(due for due, _ in late))
    return Overdue(sum((rest for _, rest in late), ZERO), dues[0], (on - dues[0]).days, dues)


def is_cause_gone(overdue: Overdue, parameters: Parameters) -> bool:
    """Return whether no more than the tolerated amount is overdue: a hold for overdue money then ends by itself."""
    return overdue.amount <= parameters.overdue_tolerance_amount


def level_wanted(overdue: Overdue, parameters: Parameters) -> HoldLevel | None:
    """Return how far what is overdue holds back a partner: not at all, its goods, or its requests too (M-19.3).

    Goods wait from the ladder's step *hold* on, counted in days after the oldest due day, and supply stops from `stop_supply_days` on.
    A regulation without the step holds nothing back by itself.
    """
    step = parameters.collection_steps.get(HOLD_STEP)
    if step is None or is_cause_gone(overdue, parameters):
        return None
    if overdue.days >= parameters.stop_supply_days:
        return HoldLevel.STOP
    return HoldLevel.DELAY if overdue.days >= step.days else None


def stays_released(before: Remembered, overdue: Overdue, parameters: Parameters) -> bool:
    """Return whether a hold that was released early stays so: nothing new has become overdue since, and no more money than then.

    Where shipping was delayed, the day from which on supply stops is new, too: nobody has decided about that.
    """
    if overdue.amount > before.amount:
        return False
    if any(due + timedelta(days=parameters.overdue_tolerance_days) >= before.released_on for due in overdue.dues):
        return False
    return before.level is HoldLevel.STOP or overdue.days < parameters.stop_supply_days


def next_step(due_on: date, steps: Mapping[str, CollectionStep], *, stop_days: int, on: date) -> Step:
    """Return the next step of the ladder after the day for money due on `due_on`; the last one, though it is past, when none is left.

    The steps are those of the regulation after the hold itself, and the day on which supply stops.
    """
    named = {name: step.days for name, step in steps.items() if name != HOLD_STEP and step.days > 0} | {STOP_STEP: stop_days}
    ladder = sorted((due_on + timedelta(days=days), name != STOP_STEP, name) for name, days in named.items())
    day, _, name = next((step for step in ladder if step[0] > on), ladder[-1])
    return Step(name, day)


def steps_due(due_on: date, steps: Mapping[str, CollectionStep], *, on: date) -> StepDue | None:
    """Return the newest step of the ladder that is due on the day for a batch due on `due_on`; None before the first.

    Steps before it are not asked for afterwards. A reminder is of no use once the due day is over.
    """
    days = [(due_on + timedelta(days=step.days), name) for name, step in steps.items() if name in STEP_RULES]
    come = max(((day, name) for day, name in days if day <= on), default=None)
    if come is None or (come[1] == "reminder" and on > due_on):
        return None
    return StepDue(come[1], come[0])


def check_promise(amount: Decimal | None, day: date | None, *, today: date) -> tuple[Decimal | None, date | None]:
    """Return what a partner promised, both or neither; refuses one without the other, nothing as an amount, and a day that is past."""
    if amount is None and day is None:
        return None, None
    if amount is None or not amount.is_finite() or not CENT <= amount <= MAX_AMOUNT or amount != half_up(amount):
        raise bad_input("promised_amount", Text("请填写承诺的金额，到分为止。", "Enter the amount that was promised, to the cent at most."))
    if day is None or not today <= day <= today + timedelta(days=FARTHEST_PROMISE):
        raise bad_input("promised_on", Text("请填写承诺付款的日期，今天起一年之内。", "Enter the promised day, within a year from today."))
    return half_up(amount), day


def check_words(words: str, *, field: str, zh: str, en: str, most: int = LONGEST_REASON) -> str:
    """Return words a person typed, without blanks around them; refuses none and too many at their field."""
    plain = words.strip()
    if not plain or len(plain) > most or "\x00" in plain:
        raise bad_input(field, Text(f"请填写{zh}，最多 {most} 字。", f"Give {en} of at most {most} characters."))
    return plain


def check_change(kind: HoldRequestKind, until: date | None, *, today: date, last: date | None) -> date | None:
    """Return the last day of a deferral, None for a release; refuses a day that is past, or more than 60 days ahead.

    `last` is the last day of a deferral that runs already: another one must reach beyond it.
    """
    if kind is HoldRequestKind.RELEASE:
        return None
    if until is None or until < today:
        raise bad_input("until", Text("请填写延期的最后一天，今天或以后。", "Enter the last day on which goods may leave, today or later."))
    if until > today + timedelta(days=LONGEST_DEFERRAL):
        raise bad_input("until", Text(f"延期最长 {LONGEST_DEFERRAL} 天。", f"It may be put off for {LONGEST_DEFERRAL} days at most."))
    if last is not None and until <= last:
        raise bad_input("until", Text(f"已延期至 {last}，请填写更晚的一天。", f"It is put off until {last} already; enter a later day."))
    return until


def check_deadline(deadline: date | None, *, today: date) -> date:
    """Return by when the next step is taken; refuses a day that is past, or more than a year ahead."""
    if deadline is None or not today <= deadline <= today + timedelta(days=LONGEST_DEADLINE):
        raise bad_input(
            "deadline", Text("请填写下一步的期限，今天起一年之内。", "Enter by when the next step is taken, within a year from today.")
        )
    return deadline
