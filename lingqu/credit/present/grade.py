"""Grades as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from lingqu.credit.models import GradeChange
from lingqu.credit.rules import Basis, is_lowering
from lingqu.policy.rules import Grade


def grade_rows(grades: dict[str, Grade], present: str, *, within: tuple[Basis, Decimal] | None = None) -> list[dict[str, Any]]:
    """Return the grades to choose from, with what each allows (M-19.5).

    `within` (what the line stands on, its limit now) closes those that allow more than now: they go by the procedure.
    """
    before = grades.get(present)
    return [
        {
            "code": code, "present": code == present, "limit": terms.limit, "batches": terms.max_open_batches,
            "backstop": terms.backstop_days,
            "closed": within is not None and code != present and not is_lowering(within[0], within[1], before, terms),
        }
        for code, terms in grades.items()
    ]  # fmt: skip


def grade_history(changes: Iterable[GradeChange]) -> list[dict[str, Any]]:
    """Return how the grade was set, newest first."""
    return [
        {
            "number": change.number, "on": change.effective_on, "before": change.before, "after": change.after, "reason": change.reason,
            "by": change.decided_by.name if change.decided_by else "", "regulation": change.regulation,
            "approval": change.approval.number if change.approval else "",
        }
        for change in changes
    ]  # fmt: skip
