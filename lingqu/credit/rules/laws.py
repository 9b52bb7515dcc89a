"""Pure rules of credit: the three laws, batches falling due, and money applied to batches (M-16.3.3.1, M-19.3, M-19.5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import msgspec

from lingqu.base.calendar import WorkingCalendar
from lingqu.base.decision import LawResult, Number, Outcome
from lingqu.base.money import ZERO
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.credit.states import ApplicationKind
from lingqu.policy.rules import Grade, LawSetting
from lingqu.policy.states import Law


class OpenBatch(msgspec.Struct, frozen=True):
    """An unsettled batch: number at the partner, its request, yuan still owed, and its due day (None = not due yet).

    Up to `disputed_until` finance leaves it out of what is overdue.
    """

    batch: int
    number: int
    request: str
    opened_on: date
    remaining: Decimal
    due_on: date | None = None
    disputed_until: date | None = None


class GroupFacts(msgspec.Struct, frozen=True):
    """The group that a line belongs to, at the same moment: sums of its members in yuan. `waived` belongs to this request alone."""

    limit: Decimal
    used: Decimal
    held: Decimal
    waived: Decimal = ZERO

    def over(self, net: Decimal) -> Decimal:
        """Return by how many yuan a request of `net` yuan would pass the group's limit; negative: what would be left."""
        return self.used + self.held + net - self.limit


class CreditFacts(msgspec.Struct, frozen=True):
    """A credit line at the moment of a decision, read after its row was locked. Amounts in yuan; waived_* belong to this request alone.

    `waived_overdue` and `waived_below_floor` are how much a signature lets through; None: it named the law without a number.
    `stopped` is the number of the hold that stops supply on the day, "" for none; `stopped_by_hand`: paying alone does not end it.
    `group` is not written at all for a line without one: what was decided without groups stays as it is, byte for byte.
    """

    grade: str
    limit: Decimal
    used: Decimal
    held: Decimal
    max_open: int
    open_count: int
    held_count: int
    batches: tuple[OpenBatch, ...] = ()
    waived_amount: Decimal = ZERO
    waived_batches: int = 0
    waived_laws: tuple[str, ...] = ()
    waived_overdue: Decimal | None = None
    waived_below_floor: Decimal | None = None
    stopped: str = ""
    stopped_by_hand: bool = False
    group: GroupFacts | msgspec.UnsetType = msgspec.UNSET


class Applied(msgspec.Struct, frozen=True):
    """An amount applied to a batch, and why."""

    batch: int
    amount: Decimal
    kind: ApplicationKind


class Application(msgspec.Struct, frozen=True):
    """What a sum of money did: amounts per batch, the batches that it settled, and the rest that stays unapplied."""

    applied: tuple[Applied, ...]
    settled: tuple[int, ...]
    unapplied: Decimal


def is_prepaid(facts: CreditFacts, net: Decimal) -> bool:
    """Return whether money already received covers everything owed, held, and this request: such a batch does not count (A22)."""
    return facts.used + facts.held + net <= 0


def batches_taken(facts: CreditFacts, net: Decimal) -> int:
    """Return how many open batches a request of `net` yuan takes: none when it is worth nothing or prepaid, else one."""
    return 0 if net == 0 or is_prepaid(facts, net) else 1


def credit_law(facts: CreditFacts, net: Decimal, setting: LawSetting) -> LawResult:
    """Judge the amount: used + held + this request − limit ≤ 0; exactly at the limit passes (M-19.5).

    A line in a group must fit the group's limit by the same formula, too. The numbers name the group only where there is one.
    """
    over = facts.used + facts.held + net - facts.limit
    passed = over <= facts.waived_amount
    numbers: dict[str, Number] = {
        "used": facts.used, "held": facts.held, "net": net, "limit": facts.limit, "over": over,
        "waived": facts.waived_amount, "grade": facts.grade,
    }  # fmt: skip
    group = facts.group
    if group is not msgspec.UNSET:
        passed = passed and group.over(net) <= group.waived
        numbers |= {
            "group_used": group.used, "group_held": group.held, "group_limit": group.limit, "group_over": group.over(net),
            "group_waived": group.waived,
        }  # fmt: skip
    outcome = Outcome.PASSED if passed else Outcome.FAILED
    return LawResult(Law.CREDIT.value, outcome, setting.clause, numbers, setting.waivable_by, setting.gaps)


def batches_law(facts: CreditFacts, net: Decimal, setting: LawSetting) -> LawResult:
    """Judge the open batches: open + held + this one − the grade's greatest number ≤ 0 (M-16.3.3.1)."""
    taken = batches_taken(facts, net)
    over = facts.open_count + facts.held_count + taken - facts.max_open
    passed = taken == 0 or over <= facts.waived_batches
    numbers: dict[str, Number] = {
        "open": facts.open_count, "held": facts.held_count, "this": taken, "max": facts.max_open, "over": over,
        "waived": facts.waived_batches, "grade": facts.grade,
    }  # fmt: skip
    outcome = Outcome.PASSED if passed else Outcome.FAILED
    return LawResult(Law.BATCHES.value, outcome, setting.clause, numbers, setting.waivable_by, setting.gaps)


def lets_through(facts: CreditFacts, law: Law, amount: Decimal, named: Decimal | None) -> bool:
    """Return whether a special signature lets the law pass for so many yuan: it names the law, and no less than these yuan."""
    return law.value in facts.waived_laws and (named is None or amount <= named)


def days_overdue(batch: OpenBatch, on: date, tolerance_days: int) -> int:
    """Return by how many days a batch is past due beyond the tolerance; 0 when it is not, or while it is disputed."""
    if batch.due_on is None or (batch.disputed_until is not None and on <= batch.disputed_until):
        return 0
    return max((on - batch.due_on).days - tolerance_days, 0)


def overdue_law(facts: CreditFacts, *, on: date, tolerance_days: int, tolerance_amount: Decimal, setting: LawSetting) -> LawResult:
    """Judge overdue money: what is past due beyond the tolerance of days must not exceed the tolerance of yuan (M-19.3).

    It fails, too, while a hold stops supply; one that only delays shipping does not stop a request.
    """
    amount, longest = ZERO, 0
    for batch in facts.batches:
        days = days_overdue(batch, on, tolerance_days)
        if days:
            amount += batch.remaining
            longest = max(longest, days)
    within = amount <= tolerance_amount and not facts.stopped
    passed = within or lets_through(facts, Law.OVERDUE, amount, facts.waived_overdue)
    numbers: dict[str, Number] = {"overdue": amount, "days": longest, "tolerance": tolerance_amount, "tolerance_days": tolerance_days}
    if facts.stopped:
        numbers["stopped"] = facts.stopped
    outcome = Outcome.PASSED if passed else Outcome.FAILED
    return LawResult(Law.OVERDUE.value, outcome, setting.clause, numbers, setting.waivable_by, setting.gaps)


def due_when_triggered(accepted_on: date, grace_days: int, calendar: WorkingCalendar) -> date:
    """Return the due day of a batch that a later acceptance triggered: the acceptance day plus grace in working days (gap G-02)."""
    return calendar.add_working_days(accepted_on, grace_days)


def triggered_number(accepted_number: int, grade: Grade) -> int:
    """Return the number of the batch that the acceptance of batch `accepted_number` makes due; below 1 = none (gap G-02)."""
    return accepted_number - grade.due_after_batches


def apply_money(
    batches: Sequence[OpenBatch], amount: Decimal, *, tolerance: Decimal, detail: dict[int, Decimal] | None = None, prepaid: bool = False
) -> Application:
    """Apply `amount` yuan to open batches: first as the remittance detail says, then to the oldest first; the rest stays unapplied.

    A batch whose rest is at most the tolerance is settled, the difference written off. Refuses a detail that names a batch that is not
    open, asks more than is owed on it, or adds up to more than the amount.
    """
    detail = detail or {}
    _check_detail(batches, amount, detail)
    left = amount - sum(detail.values(), ZERO)
    rule = ApplicationKind.PREPAID if prepaid else ApplicationKind.OLDEST_FIRST
    applied: list[Applied] = []
    settled: list[int] = []
    for batch in sorted(batches, key=lambda one: one.number):
        named = detail.get(batch.batch, ZERO)
        rest = batch.remaining - named
        more = min(rest, left)
        rest, left = rest - more, left - more
        if named:
            applied.append(Applied(batch.batch, named, ApplicationKind.DETAIL))
        if more:
            applied.append(Applied(batch.batch, more, rule))
        if rest <= tolerance and (named or more or batch.remaining <= 0):
            if rest:
                applied.append(Applied(batch.batch, rest, ApplicationKind.WRITE_OFF))
            settled.append(batch.batch)
    return Application(tuple(applied), tuple(settled), left)


def _check_detail(batches: Sequence[OpenBatch], amount: Decimal, detail: dict[int, Decimal]) -> None:
    owed = {batch.batch: batch for batch in batches}
    for batch, part in detail.items():
        if batch not in owed:
            raise bad_input("detail", Text("汇款明细指向一个并非未结的批次。", "The remittance detail names a batch that is not open."))
        if not ZERO <= part <= owed[batch].remaining:
            raise bad_input(
                "detail",
                Text(
                    f"第 {owed[batch].number} 批只欠 {owed[batch].remaining:,} 元。",
                    f"Only {owed[batch].remaining:,} yuan is owed on batch {owed[batch].number}.",
                ),
            )
    if sum(detail.values(), ZERO) > amount:
        raise bad_input("detail", Text("明细合计大于到账金额。", "The details add up to more than the amount received."))
