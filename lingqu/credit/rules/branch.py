"""What an agent may give the retailers of its own branch: bounds that the regulation sets (M-15.1, M-17.1). Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal

import msgspec

from lingqu.base.money import MAX_AMOUNT, WHOLE_BP, ZERO, half_up
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.credit.rules.proposals import LONGEST_REASON, terms_of
from lingqu.policy.rules import Discount, Grade, Parameters, Regulation

TERMS_CHAIN = "retailer_terms"
BOUND_KEYS = ("branch_most_limit", "branch_most_batches", "branch_most_days", "branch_lowest_discount")


class Bounds(msgspec.Struct, frozen=True):
    """The bounds of a branch: highest limit in yuan, most open batches, longest term in days, lowest discount in basis points."""

    limit: Decimal
    batches: int
    days: int
    lowest_bp: int


class NewTerms(msgspec.Struct, frozen=True):
    """What a retailer gets at its agent: grade, limit in yuan, open batches, days from shipping, and why.

    `discount_bp` is its own price in basis points of the list price; None = that of the table for its grade.
    """

    grade: str
    limit: Decimal
    batches: int
    days: int
    discount_bp: int | None
    reason: str


def bound_clauses(regulation: Regulation) -> dict[str, str]:
    """Return the clause of each bound by the key of its parameter; none for one that the version does not name."""
    return {key: regulation.notes[key].clause for key in BOUND_KEYS if key in regulation.notes}


def bounds_of(parameters: Parameters) -> Bounds:
    """Return the bounds of every branch in a version of the regulation."""
    return Bounds(
        parameters.branch_most_limit, parameters.branch_most_batches, parameters.branch_most_days, parameters.branch_lowest_discount
    )  # fmt: skip


def within(terms: Grade, bounds: Bounds) -> Grade:
    """Return what the table gives a grade, no more than a branch may have."""
    return Grade(
        min(terms.limit, bounds.limit), min(terms.max_open_batches, bounds.batches), terms.due_after_batches,
        min(terms.backstop_days, bounds.days),
    )  # fmt: skip


def grade_terms(grade: str, parameters: Parameters, *, branch: bool) -> Grade:
    """Return the terms of a grade, at an agent no more than its branch may have; refuses one that the regulation does not have."""
    terms = terms_of(grade, parameters.grades)
    return within(terms, bounds_of(parameters)) if branch else terms


def table_terms(parameters: Parameters, *, branch: bool) -> dict[str, Grade]:
    """Return the table of grades as a seller goes by it: an agent's ends at the bounds of its branch."""
    bounds = bounds_of(parameters)
    return {grade: within(terms, bounds) if branch else terms for grade, terms in parameters.grades.items()}


def days_given(own: int | None, grade: str, parameters: Parameters, *, branch: bool) -> int:
    """Return within how many days after shipping a batch falls due: the retailer's own term, else that of its grade."""
    if own is None or not branch:
        return grade_terms(grade, parameters, branch=branch).backstop_days
    return min(own, parameters.branch_most_days)


def own_terms(days: int, limit: Decimal, batches: int, parameters: Parameters) -> Grade:
    """Return the terms that an agent gave a retailer alone: a batch falls due once as many later ones were accepted as may be open."""
    return Grade(limit, batches, batches, min(days, parameters.branch_most_days))


def own_discount(own_bp: int, lowest_bp: int) -> Discount:
    """Return what a retailer with a price of its own pays, never below what the regulation lets an agent sell at."""
    return Discount(max(own_bp, lowest_bp), lowest_bp)


def discount_for(regulation: Regulation, level: str, grade: str, own_bp: int | None) -> Discount | None:
    """Return what a partner pays: its own price where its agent gave it one, else that of the table; None when the table has none."""
    if own_bp is None:
        return regulation.discount(level, grade)
    return own_discount(own_bp, regulation.parameters.branch_lowest_discount)


def check_terms(new: NewTerms, parameters: Parameters, clauses: Mapping[str, str]) -> NewTerms:
    """Return the terms as they would hold; refuses at its field what cannot be, and with its clause what lies outside the bounds.

    `clauses` gives the clause of each bound by the key of its parameter. A grade that pays first has neither limit nor batches.
    """
    reason = new.reason.strip()
    if not reason or len(reason) > LONGEST_REASON or "\x00" in reason:
        raise bad_input("reason", Text("请写明理由，最多 200 字。", "Give the reason, in at most 200 characters."))
    terms, limit, bounds = terms_of(new.grade, parameters.grades), _limit(new.limit), bounds_of(parameters)
    if terms.max_open_batches == 0 and (limit or new.batches):
        raise bad_input(
            "limit", Text(f"{new.grade} 级现款现货，额度和批次须为 0。", f"Grade {new.grade} pays first: limit and batches are 0.")
        )
    _check_bounds(msgspec.structs.replace(new, limit=limit), bounds, clauses)
    return msgspec.structs.replace(new, limit=limit, reason=reason)


def _check_bounds(new: NewTerms, bounds: Bounds, clauses: Mapping[str, str]) -> None:
    if new.limit > bounds.limit:
        told = Text(f"额度最高 {bounds.limit:,.2f} 元。", f"The limit is {bounds.limit:,.2f} yuan at most.")
        raise _outside("limit", told, clauses.get("branch_most_limit", ""))
    if not 0 <= new.batches <= bounds.batches:
        told = Text(f"未结批次须在 0 至 {bounds.batches} 之间。", f"Open batches lie between 0 and {bounds.batches}.")
        raise _outside("batches", told, clauses.get("branch_most_batches", ""))
    if not 1 <= new.days <= bounds.days:
        told = Text(f"账期须在 1 至 {bounds.days} 天之间。", f"The term lies between 1 and {bounds.days} days.")
        raise _outside("days", told, clauses.get("branch_most_days", ""))
    if new.discount_bp is not None and not bounds.lowest_bp <= new.discount_bp <= WHOLE_BP:
        lowest = f"{Decimal(bounds.lowest_bp) / 100:g}"
        told = Text(f"折扣须在 {lowest}% 至 100% 之间。", f"The discount lies between {lowest} % and 100 % of the list price.")
        raise _outside("discount", told, clauses.get("branch_lowest_discount", ""))


class Signed(msgspec.Struct, frozen=True):
    """What a special signature would come to, where the law fails: limit and batches with what is let through, the lowest discount."""

    limit: Decimal | None = None
    batches: int | None = None
    lowest_bp: int | None = None


def check_signed(signed: Signed, parameters: Parameters, clauses: Mapping[str, str]) -> None:
    """Refuse what not even an agent's owner may sign for a retailer: what goes beyond the bounds of the branch (M-16.3.3.1)."""
    bounds, limit_after, batches_after, lowest_bp = bounds_of(parameters), signed.limit, signed.batches, signed.lowest_bp
    if limit_after is not None and limit_after > bounds.limit:
        told = Text(
            f"特批后的额度为 {limit_after:,.2f} 元，代理商最高 {bounds.limit:,.2f} 元。",
            f"The limit would be {limit_after:,.2f} yuan with it; an agent gives {bounds.limit:,.2f} at most.",
        )
        raise _outside("", told, clauses.get("branch_most_limit", ""))
    if batches_after is not None and batches_after > bounds.batches:
        told = Text(
            f"特批后的未结批次为 {batches_after}，代理商最多 {bounds.batches}。",
            f"Open batches would be {batches_after} with it; an agent allows {bounds.batches} at most.",
        )
        raise _outside("", told, clauses.get("branch_most_batches", ""))
    if lowest_bp is not None and lowest_bp < bounds.lowest_bp:
        lowest = f"{Decimal(bounds.lowest_bp) / 100:g}"
        told = Text(f"折扣低于 {lowest}%，代理商不能特批。", f"A discount below {lowest} % is not the agent's to sign for.")
        raise _outside("", told, clauses.get("branch_lowest_discount", ""))


def terms_print(line: int, new: NewTerms) -> str:
    """Return the hash of what is decided: the line and its terms. The reason may be worded anew."""
    parts = (line, new.grade, f"{new.limit:.2f}", new.batches, new.days, new.discount_bp)
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


def _limit(limit: Decimal) -> Decimal:
    if not limit.is_finite() or not ZERO <= limit <= MAX_AMOUNT or limit != half_up(limit):
        raise bad_input("limit", Text("请填写额度，到分为止。", "Enter the limit, to the cent at most."))
    return half_up(limit)


def _outside(field: str, told: Text, clause: str) -> Refusal:
    return Refusal("out_of_bounds", told, clause=clause, status=422, field=field)
