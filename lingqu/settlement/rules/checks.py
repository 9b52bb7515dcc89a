"""Whether a bank's table adds up: previous balance and movement give the balance, and the totals below are the sums above."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import msgspec

from lingqu.base.money import ZERO, total
from lingqu.base.text import Text

MOST_BREAKS: Final = 20


class Movement(msgspec.Struct, frozen=True):
    """A movement for the check: the row of the file, the signed amount, and the balance behind it when the bank tells it, in yuan."""

    row: int
    amount: Decimal
    balance: Decimal | None


class Break(msgspec.Struct, frozen=True):
    """A row whose balance is not what the row before and the amount give, in yuan."""

    row: int
    expected: Decimal
    found: Decimal

    @property
    def text(self) -> Text:
        """Return it as a sentence."""
        return Text(
            f"第 {self.row} 行余额应为 {self.expected:,}，文件写 {self.found:,}，差 {self.found - self.expected:,}。",
            f"Row {self.row}: the balance should be {self.expected:,}; the file says {self.found:,}, "
            f"a difference of {self.found - self.expected:,}.",
        )


class BalanceCheck(msgspec.Struct, frozen=True):
    """How the balances of one account run: newest first or not, at how many rows they were compared, where they break (at most 20 told).

    `opening` is what lay on the account before the first movement, `closing` after the last; None where no balance is told.
    """

    newest_first: bool
    compared: int
    breaks: tuple[Break, ...]
    opening: Decimal | None
    closing: Decimal | None


def check_balances(movements: Sequence[Movement]) -> BalanceCheck:
    """Return how the balances run, in whichever order of time breaks less; of two alike the oldest first.

    A row without a balance is bridged: its amount counts until the next balance.
    """
    oldest = _breaks(movements)
    newest = _breaks(movements[::-1])
    turned = len(newest) < len(oldest)
    breaks = newest if turned else oldest
    in_time = movements[::-1] if turned else movements
    told = [place for place, one in enumerate(in_time) if one.balance is not None]
    if not told:
        return BalanceCheck(turned, 0, (), None, None)
    first, last = in_time[told[0]], in_time[told[-1]]
    before = total(one.amount for one in in_time[: told[0] + 1])
    after = total(one.amount for one in in_time[told[-1] + 1 :])
    return BalanceCheck(
        turned, len(told) - 1, tuple(breaks[:MOST_BREAKS]), (first.balance or ZERO) - before, (last.balance or ZERO) + after
    )  # fmt: skip


def _breaks(in_time: Sequence[Movement]) -> list[Break]:
    found = []
    before: Decimal | None = None
    since = ZERO
    for one in in_time:
        since += one.amount
        if one.balance is None:
            continue
        if before is not None and before + since != one.balance:
            found.append(Break(one.row, before + since, one.balance))
        before, since = one.balance, ZERO
    return found


class Totals(msgspec.Struct, frozen=True):
    """What a row of totals says, in yuan; None for what it does not say."""

    row: int
    money_in: Decimal | None
    money_out: Decimal | None


def check_totals(totals: Sequence[Totals], money_in: Decimal, money_out: Decimal) -> tuple[Text, ...]:
    """Return what is wrong with the rows of totals, as sentences.

    Sums of a page or a day, less than the whole, cannot be judged: none is complained about when another row has the sum of all.
    """
    wrong = []
    for name, said, real in (
        (Text("收入", "money in"), [(one.row, one.money_in) for one in totals if one.money_in is not None], money_in),
        (Text("支出", "money out"), [(one.row, abs(one.money_out)) for one in totals if one.money_out is not None], money_out),
    ):
        if said and all(amount != real for _, amount in said):
            row, amount = said[-1]
            wrong.append(
                Text(
                    f"第 {row} 行合计{name.zh} {amount:,}，逐行相加为 {real:,}，差 {real - amount:,}。",
                    f"Row {row} totals {name.en} of {amount:,}; the rows add up to {real:,}, a difference of {real - amount:,}.",
                )
            )
    return tuple(wrong)
