"""Whose money pays what, and what is undone when money is taken back (M-16.3.3.1). Values in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from lingqu.base.money import CENT, MAX_AMOUNT, ZERO, half_up
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.credit.rules.laws import Application, Applied
from lingqu.credit.states import ApplicationKind

LONGEST_REASON = 200


class Drawn(msgspec.Struct, frozen=True):
    """Money that went to batches, by its two sources: `waiting` yuan that lay unapplied before, and the rest of what has just come.

    `kept` is what of the new money went to no batch, `unapplied` what lies there afterwards in all.
    """

    money: Application
    waiting: Decimal
    kept: Decimal
    unapplied: Decimal


def draw(money: Application, *, waiting: Decimal, amount: Decimal) -> Drawn:
    """Say of what was applied which part came from money that waited, and which from the `amount` that has just come.

    What the payer named is paid by the new money; what goes to the oldest first is taken from the money that waited, as long as there is
    some: it came first. Those parts are PREPAID, so that taking back the new receipt leaves them alone.
    """
    parts: list[Applied] = []
    left = waiting
    for part in money.applied:
        if part.kind is not ApplicationKind.OLDEST_FIRST or left <= 0:
            parts.append(part)
            continue
        taken = min(part.amount, left)
        left -= taken
        parts.append(Applied(part.batch, taken, ApplicationKind.PREPAID))
        if part.amount > taken:
            parts.append(Applied(part.batch, part.amount - taken, part.kind))
    own = sum((part.amount for part in parts if part.kind in {ApplicationKind.OLDEST_FIRST, ApplicationKind.DETAIL}), ZERO)
    kept = amount - own
    return Drawn(msgspec.structs.replace(money, applied=tuple(parts)), waiting - left, kept, left + kept)


class Laid(msgspec.Struct, frozen=True):
    """An application that stands: `left` yuan of it were not taken back yet. `own` ones came from the receipt that is taken back.

    `small` ones are differences within the tolerance that were written off when their batch was settled.
    """

    id: int
    batch: int
    left: Decimal
    own: bool = False
    small: bool = False


class Undone(msgspec.Struct, frozen=True):
    """What is taken back: yuan per application id, and what waits afterwards for a batch."""

    parts: dict[int, Decimal]
    unapplied: Decimal


def take_back(laid: Sequence[Laid], *, kept: Decimal, unapplied: Decimal) -> Undone:
    """Return what is undone when a receipt is reversed of which `kept` yuan had gone to no batch; `unapplied` waits on the line now.

    Undone is all that the receipt itself paid; of what it left waiting first what still waits, then what went to later batches since, the
    newest first; and on each batch that loses money the small difference, which was given up only because the rest was paid. `laid` are the
    receipt's own applications, those from money that waited, and the small differences of the line.
    """
    parts = {one.id: one.left for one in laid if one.own and not one.small and one.left > 0}
    missing = max(kept - unapplied, ZERO)
    for one in sorted(laid, key=lambda one: -one.id):
        if missing <= 0:
            break
        if one.own or one.small or one.left <= 0:
            continue
        parts[one.id] = min(one.left, missing)
        missing -= parts[one.id]
    losing = {one.batch for one in laid if one.id in parts}
    parts |= {one.id: one.left for one in laid if one.small and one.left > 0 and one.batch in losing}
    return Undone(parts, max(unapplied - kept, ZERO))


class Credited(msgspec.Struct, frozen=True):
    """A credit of a batch, yuan: what is `applied` to it, and what was paid already and waits for another batch, `unapplied`.

    Of what is applied, `lowered` takes the place of what had been written off; the rest lowers what is owed.
    """

    applied: Decimal
    lowered: Decimal
    unapplied: Decimal


def split_credit(amount: Decimal, *, remaining: Decimal, written_off: Decimal, value: Decimal, credited: Decimal) -> Credited:
    """Return how a credit of a batch is used: off what is owed, then off what was written off; only what was paid becomes money.

    100.00 were worth it, 50.00 paid, 30.00 written off, 20.00 are owed. All of it comes back: 20.00 are owed no more, 30.00 were never
    paid and need not be given up any more (`applied` 50.00, `lowered` 30.00), and 50.00 wait (`unapplied`). Refuses an amount of nothing,
    parts of cents, and more in all than the batch was worth (M-16.3.3.1).
    """
    check_amount(amount)
    if credited + amount > value:
        raise Refusal(
            "credit_too_much",
            Text(
                f"该批实洋 {value:,} 元，已贷 {credited:,} 元，最多还能贷 {value - credited:,} 元。",
                f"The batch is worth {value:,} yuan, {credited:,} were credited; {value - credited:,} more at most.",
            ),
            clause="M-16.3.3.1",
            field="amount",
        )
    lowered = min(max(amount - remaining, ZERO), written_off)
    applied = min(amount, remaining + lowered)
    return Credited(applied, lowered, amount - applied)


def check_amount(amount: Decimal) -> Decimal:
    """Return an amount of yuan; refuses what is not between 0.01 and 99,999,999,999.99 and parts of cents."""
    if not amount.is_finite() or not CENT <= amount <= MAX_AMOUNT or amount != half_up(amount):
        raise bad_input("amount", Text("金额须大于零，到分为止。", "The amount must be more than zero and end at the cent."))
    return half_up(amount)


def check_reason(words: str, *, field: str = "reason", most: int = LONGEST_REASON) -> str:
    """Return a reason without the blanks around it; refuses none, and one of more than `most` characters."""
    reason = words.strip()
    if not reason:
        raise bad_input(field, Text("请写明理由。", "Give the reason."))
    if len(reason) > most or "\x00" in reason:
        raise bad_input(field, Text(f"理由最多 {most} 字。", f"The reason has at most {most} characters."))
    return reason


def check_use(detail: dict[int, Decimal], *, waiting: Decimal) -> Decimal:
    """Return the sum of what is to be applied of money that waits; refuses nothing, parts of cents, and more than waits."""
    if any(not part.is_finite() or part < 0 or part != half_up(part) for part in detail.values()):
        raise bad_input("detail", Text("金额须大于零，到分为止。", "Amounts are more than zero and end at the cent."))
    whole = sum(detail.values(), ZERO)
    if whole <= 0:
        raise bad_input("detail", Text("请至少填写一个批次的金额。", "Enter the amount of one batch at least."))
    if whole > waiting:
        raise bad_input(
            "detail",
            Text(f"预收余额只有 {waiting:,} 元，填写合计 {whole:,} 元。", f"Only {waiting:,} yuan wait; {whole:,} were entered."),
        )
    return whole
