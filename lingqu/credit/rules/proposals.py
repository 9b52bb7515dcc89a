"""What may be proposed for a credit line, by which amount its route is chosen, and what becomes of the limit (M-19.5, M-19.6)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from lingqu.base.money import MAX_AMOUNT, ZERO, half_up
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.credit.rules.money import check_reason
from lingqu.credit.states import ProposalKind
from lingqu.policy.rules import Grade

LIMIT_CHAIN = "limit_change"
GRADE_CHAIN = "grade_change"
LONGEST_REASON = 200
LONGEST_DAYS = 366


class Basis(msgspec.Struct, frozen=True):
    """A line as a proposal finds it: grade, the limit without a temporary raise, and the greatest number of open batches.

    `temporary_until` is the last day of a temporary raise that is in force.
    """

    grade: str
    limit: Decimal
    max_open: int
    temporary_until: date | None = None


class NewProposal(msgspec.Struct, frozen=True):
    """What is proposed: a new limit in yuan, for good or until a day, or another grade; and why."""

    kind: ProposalKind
    reason: str
    limit: Decimal | None = None
    grade: str = ""
    until: date | None = None


class Proposed(msgspec.Struct, frozen=True):
    """A proposal that was understood: how the line would stand, and the yuan (or nothing) above the table by which its route is chosen."""

    kind: ProposalKind
    reason: str
    basis: Basis
    grade: str
    limit: Decimal
    batches: int | None
    until: date | None
    amount: Decimal


def chain_key(kind: ProposalKind) -> str:
    """Return the key of the regulation's procedure that decides this kind of proposal."""
    return GRADE_CHAIN if kind is ProposalKind.GRADE else LIMIT_CHAIN


def check_proposal(new: NewProposal, basis: Basis, grades: Mapping[str, Grade], *, today: date) -> Proposed:
    """Return the proposal as it would change the line; refuses (bad_input) at its field what cannot be.

    A temporary raise is more than the present limit and ends between today and 366 days from now; a partner that pays first has no limit to
    change. A limit may be proposed lower, too.
    """
    reason = check_reason(new.reason, most=LONGEST_REASON)
    if new.kind is ProposalKind.GRADE:
        terms = terms_of(new.grade, grades)
        if new.grade == basis.grade:
            raise bad_input("grade", Text(f"已经是 {new.grade} 级。", f"The grade is {new.grade} already."))
        amount = max(terms.limit - basis.limit, ZERO)
        return Proposed(new.kind, reason, basis, new.grade, terms.limit, terms.max_open_batches, None, amount)
    limit = _limit(new.limit)
    if terms_of(basis.grade, grades).max_open_batches == 0 and limit > 0:
        raise bad_input(
            "limit",
            Text(f"{basis.grade} 级现款现货，请先调整等级。", f"Grade {basis.grade} pays first; change the grade before the limit."),
        )
    if limit == basis.limit:
        raise bad_input("limit", Text(f"额度已经是 {limit:,} 元。", f"The limit is {limit:,} yuan already."))
    until = _until(new, basis, limit, today) if new.kind is ProposalKind.TEMPORARY else None
    return Proposed(new.kind, reason, basis, basis.grade, limit, None, until, _above(limit, basis, terms_of(basis.grade, grades)))


def _above(limit: Decimal, basis: Basis, terms: Grade) -> Decimal:
    """Return by how much a raise goes above what the table gives the grade, or above the present limit where that is lower.

    Measured from the table, not from the last raise: many small ones need the same signatures as one large one. A lowering is nothing.
    """
    return ZERO if limit <= basis.limit else limit - min(basis.limit, terms.limit)


def check_lowering(limit: Decimal | None, reason: str, present: Decimal) -> tuple[Decimal, str]:
    """Return limit and reason of a lowering at once; refuses what is no lowering of the limit that stands now. Zero stops all credit."""
    plain = _limit(limit)
    if plain >= present:
        raise bad_input(
            "limit",
            Text(f"立即生效只能降低：须低于现行 {present:,} 元。", f"At once it can only be lowered: below the present {present:,} yuan."),
        )
    return plain, check_reason(reason, most=LONGEST_REASON)


def is_lowering(basis: Basis, present: Decimal, before: Grade | None, after: Grade) -> bool:
    """Return whether another grade allows no more than the line has now, nor than its present grade: then it may be set at once (M-19.6).

    `present` is the limit that stands now, which may have been lowered below that of the grade.
    """
    limit, batches = min(present, basis.limit), basis.max_open
    if before is not None:
        limit, batches = min(limit, before.limit), min(batches, before.max_open_batches)
    return after.limit <= limit and after.max_open_batches <= batches


def limit_at_end(present: Decimal, before: Decimal) -> Decimal:
    """Return the limit after a temporary raise: the one before it, or what stands now if it was lowered below that meanwhile."""
    return min(present, before)


def fingerprint_of(line: int, proposed: Proposed) -> str:
    """Return the hash of what is decided: the line, what it was based on, and what is proposed. The reason may be worded anew."""
    parts = (
        line, proposed.kind.value, proposed.basis.grade, f"{proposed.basis.limit:.2f}", proposed.grade, f"{proposed.limit:.2f}",
        proposed.batches, proposed.until,
    )  # fmt: skip
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


def _limit(limit: Decimal | None) -> Decimal:
    if limit is None or not limit.is_finite() or not ZERO <= limit <= MAX_AMOUNT or limit != half_up(limit):
        raise bad_input("limit", Text("请填写新额度，到分为止。", "Enter the new limit, to the cent at most."))
    return half_up(limit)


def _until(new: NewProposal, basis: Basis, limit: Decimal, today: date) -> date:
    if basis.temporary_until is not None:
        raise bad_input(
            "kind",
            Text(f"已有临时额度，至 {basis.temporary_until}。", f"A temporary limit is in force until {basis.temporary_until}."),
        )
    if limit < basis.limit:
        raise bad_input(
            "limit", Text(f"临时额度须高于现行 {basis.limit:,} 元。", f"It must be more than the present {basis.limit:,} yuan.")
        )
    if new.until is None or new.until < today:
        raise bad_input("until", Text("请填写临时额度的最后一天，今天或以后。", "Enter its last day, today or later."))
    if new.until > today + timedelta(days=LONGEST_DAYS):
        raise bad_input("until", Text(f"临时额度最长 {LONGEST_DAYS} 天。", f"It lasts {LONGEST_DAYS} days at most."))
    return new.until


def terms_of(grade: str, grades: Mapping[str, Grade]) -> Grade:
    """Return the terms of a grade; refuses one that the regulation does not have."""
    terms = grades.get(grade)
    if terms is None:
        known = "、".join(grades)
        raise bad_input("grade", Text(f"没有等级“{grade}”，可选：{known}。", f"There is no grade “{grade}”; choose from {known}."))
    return terms
