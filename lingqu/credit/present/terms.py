"""Terms of an agent's retailers as pages show them: the bounds with their clauses, the branch, one document."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.urls import reverse

from lingqu.base.text import Text
from lingqu.credit.models import CreditLine, RetailerTerms
from lingqu.credit.queries import BranchRow
from lingqu.credit.rules import bound_clauses, bounds_of, days_given, discount_for
from lingqu.credit.states import TERMS, ProposalState
from lingqu.policy.rules import Regulation

STATE_KINDS = {
    ProposalState.PROPOSED: "waiting", ProposalState.SENT_BACK: "waivable", ProposalState.APPLIED: "valid",
    ProposalState.REFUSED: "refused", ProposalState.WITHDRAWN: "closed", ProposalState.VOID: "closed", ProposalState.ENDED: "closed",
}  # fmt: skip
REGULATION_PAGE = "/regulation/"
WHOLE = 100


def percent(points: int | None) -> str:
    """Return basis points as people type them: 72.5; empty where there are none."""
    return "" if points is None else f"{Decimal(points) / WHOLE:g}"


def bound_rows(regulation: Regulation) -> list[dict[str, Any]]:
    """Return the bounds of every branch with the clause of each and where it is read. A bound that bounds nothing is left out."""
    bounds, clauses = bounds_of(regulation.parameters), bound_clauses(regulation)
    lowest = percent(bounds.lowest_bp)
    rows = [
        ("branch_most_limit", Text("额度最高", "Limit at most"), Text(f"{bounds.limit:,.2f} 元", f"{bounds.limit:,.2f} yuan")),
        ("branch_most_batches", Text("未结批次最多", "Open batches at most"), Text(f"{bounds.batches} 批", f"{bounds.batches}")),
        ("branch_most_days", Text("账期最长", "Term at most"), Text(f"发货后 {bounds.days} 天", f"{bounds.days} days from shipping")),
        ("branch_lowest_discount", Text("折扣最低", "Lowest price"), Text(f"{lowest}%", f"{lowest} %")),
    ]
    address = f"{REGULATION_PAGE}{regulation.pack}/v{regulation.number}/"
    return [
        {"key": key, "name": name, "value": value, "clause": clauses.get(key, ""), "url": f"{address}{clauses[key]}"}
        for key, name, value in rows
        if key in clauses
    ]


def branch_shapes(rows: Iterable[BranchRow], regulation: Regulation) -> list[dict[str, Any]]:
    """Return the retailers of an agent as rows of its list, each with the term and the price that hold today."""
    return [_branch_shape(row, regulation) for row in rows]


def _branch_shape(row: BranchRow, regulation: Regulation) -> dict[str, Any]:
    discount = discount_for(regulation, "retailer", row.grade, row.discount_bp)
    return {
        "code": row.code, "name": row.name, "url": reverse("partner", args=[row.code]), "terms_url": reverse("terms", args=[row.code]),
        "grade": row.grade, "limit": row.limit, "batches": row.batches, "open": row.open_count, "taken": row.used + row.held,
        "days": days_given(row.days, row.grade, regulation.parameters, branch=True), "own_days": row.days is not None,
        "price": percent(discount.rule_bp) if discount else "", "own_price": row.discount_bp is not None, "since": row.since,
        "number": row.number, "waits": row.waits,
    }  # fmt: skip


def terms_of(line: CreditLine, limit: Decimal, batches: int, regulation: Regulation) -> dict[str, Any]:
    """Return what a retailer gets today: grade, limit, batches, term and price, and whether the last two are its own."""
    discount = discount_for(regulation, line.buyer.kind, line.grade, line.own_discount_bp)
    return {
        "grade": line.grade, "limit": limit, "batches": batches,
        "days": days_given(line.own_days, line.grade, regulation.parameters, branch=True), "own_days": line.own_days is not None,
        "price": percent(discount.rule_bp) if discount else "", "own_price": line.own_discount_bp is not None,
    }  # fmt: skip


def document_shape(document: RetailerTerms) -> dict[str, Any]:
    """Return a document with what it changes, from what to what."""
    state = ProposalState(document.state)
    table = Text("按折扣表", "by the table")
    by_grade = Text("按等级", "by the grade")

    def days(many: int | None) -> Text:
        return by_grade if many is None else Text(f"{many} 天", f"{many} days")

    def price(points: int | None) -> Text:
        return table if points is None else Text(f"{percent(points)}%", f"{percent(points)} %")

    def money(amount: Decimal) -> Text:
        return Text(f"{amount:,.2f} 元", f"{amount:,.2f} yuan")

    def plain(value: object) -> Text:
        return Text(str(value), str(value))

    return {
        "number": document.number, "url": reverse("terms_paper", args=[document.number]), "state": STATE_KINDS[state],
        "state_text": TERMS.words[state], "open": state in (ProposalState.PROPOSED, ProposalState.SENT_BACK),
        "sent_back": state is ProposalState.SENT_BACK, "asked_at": document.asked_at, "asked_by": document.asked_by.name,
        "changes": [
            {"name": Text("信用等级", "Grade"), "before": plain(document.grade_before), "after": plain(document.grade)},
            {"name": Text("额度", "Limit"), "before": money(document.limit_before), "after": money(document.limit)},
            {"name": Text("未结批次", "Open batches"), "before": plain(document.batches_before), "after": plain(document.batches)},
            {"name": Text("账期（发货起）", "Term from shipping"), "before": days(document.days_before), "after": days(document.days)},
            {"name": Text("供货折扣", "Price"), "before": price(document.discount_bp_before), "after": price(document.discount_bp)},
        ],
    }  # fmt: skip
