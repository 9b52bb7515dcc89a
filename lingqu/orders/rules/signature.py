"""What a special signature would have to let through, which procedure decides on it, and what money would do instead (M-16.3.3.1). Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

import msgspec

from lingqu.approvals.rules import Chain
from lingqu.base.decision import LawResult
from lingqu.base.money import ZERO
from lingqu.base.text import Text
from lingqu.credit.rules import Signed
from lingqu.orders.rules.decide import Decided, below_floor
from lingqu.policy.states import Law

SIGNATURE_CHAIN = "special_signature"
PRICE_CHAIN = "special_price"
LATEST_PAY_DAYS = 60
"""A partner may be asked to pay by a day at most so many days away."""


class Needed(msgspec.Struct, frozen=True):
    """The laws that fail, by name in their order, and by how much: exactly this is asked, and exactly this is let through.

    `amount` is yuan over the partner's limit and `group_amount` over its group's, beyond what earlier signatures let through; `batches` is
    batches too many; `overdue` and `below_floor` are the yuan overdue and below the floor of prices, None where those laws pass.
    """

    laws: tuple[str, ...]
    amount: Decimal = ZERO
    batches: int = 0
    overdue: Decimal | None = None
    below_floor: Decimal | None = None
    group_amount: Decimal = ZERO

    @property
    def chain_key(self) -> str:
        """Return which procedure decides: that of prices where nothing else fails."""
        return PRICE_CHAIN if self.laws == (Law.PRICE.value,) else SIGNATURE_CHAIN

    @property
    def route_amount(self) -> Decimal | None:
        """Return the yuan by which the route is chosen; None where no yuan are missing: then every step is needed."""
        yuan = (self.below_floor or ZERO) if self.chain_key == PRICE_CHAIN else max(self.amount, self.group_amount, self.overdue or ZERO)
        return yuan or None


class ToPay(msgspec.Struct, frozen=True):
    """What a partner would have to pay so that a request passes, in yuan: which batches, or money in advance (no batch)."""

    amount: Decimal
    first: int = 0
    last: int = 0

    @property
    def words(self) -> Text:
        """Return it in words."""
        if not self.first:
            return Text(f"预付 {self.amount:,.2f} 元", f"pay {self.amount:,.2f} yuan in advance")
        if self.first == self.last:
            return Text(f"结清第 {self.first} 批 {self.amount:,.2f} 元", f"settle batch {self.first}: {self.amount:,.2f} yuan")
        return Text(
            f"结清第 {self.first}–{self.last} 批 {self.amount:,.2f} 元", f"settle batches {self.first}–{self.last}: {self.amount:,.2f} yuan"
        )


def to_pay(cures: Sequence[tuple[str, Mapping[str, object]]]) -> ToPay | None:
    """Return what would have to be paid by the cures of a decision, kinds with numbers; None where money does not help."""
    for kind, numbers in cures:
        if kind == "pay":
            return ToPay(_number(numbers, "amount"), int(_number(numbers, "first")), int(_number(numbers, "last")))
        if kind == "prepay":
            return ToPay(_number(numbers, "amount"))
    return None


def needed_for(decided: Decided, only: Collection[str] | None = None) -> Needed:
    """Return what would have to be let through so that a request passes as it was decided; of `only` these laws where they are named."""
    failed = {law.law: law for law in decided.decision.failed() if only is None or law.law in only}
    price, overdue = failed.get(Law.PRICE.value), failed.get(Law.OVERDUE.value)
    credit, batches = failed.get(Law.CREDIT.value), failed.get(Law.BATCHES.value)
    return Needed(
        laws=tuple(failed),
        amount=_beyond(credit, "over", "waived"),
        batches=int(_beyond(batches, "over", "waived")),
        overdue=_number(overdue.numbers, "overdue") if overdue else None,
        below_floor=below_floor(decided.lines, int(_number(price.numbers, "floor_bp"))) if price else None,
        group_amount=_beyond(credit, "group_over", "group_waived"),
    )


def signed_for(decided: Decided) -> Signed:
    """Return what a signature for a decision would come to: limit and batches with what is let through, and the lowest discount."""
    failed = {law.law: law.numbers for law in decided.decision.failed()}
    credit, batches, price = failed.get(Law.CREDIT.value), failed.get(Law.BATCHES.value), failed.get(Law.PRICE.value)
    return Signed(
        _number(credit, "limit") + _number(credit, "over") if credit and "over" in credit else None,
        int(_number(batches, "max") + _number(batches, "over")) if batches else None,
        int(_number(price, "lowest_bp")) if price else None,
    )


def signature_chain(needed: Needed, chains: Mapping[str, Chain]) -> Chain | None:
    """Return the procedure that decides, None where the regulation has none."""
    return chains.get(needed.chain_key)


def _beyond(law: LawResult | None, over: str, waived: str) -> Decimal:
    """Return by how much a law is missed, beyond what earlier signatures let through."""
    if law is None or over not in law.numbers:
        return ZERO
    return max(_number(law.numbers, over) - _number(law.numbers, waived), ZERO)


def _number(numbers: Mapping[str, object], name: str) -> Decimal:
    return Decimal(str(numbers.get(name, 0)))
