"""Shapes of credit for pages."""

from lingqu.credit.present.grade import grade_history, grade_rows
from lingqu.credit.present.proposal import (
    LOWER,
    Effect,
    basis_note,
    effect_of,
    history_of,
    kind_rows,
    latest_day,
    list_row,
    lowered_effect,
    planned_rows,
    proposal_shape,
    route_rows,
    route_sentence,
)
from lingqu.credit.present.receipt import Preview, Typed, applied_rows, batch_rows, lost_rows, preview_of

__all__ = [
    "LOWER", "Effect", "Preview", "Typed", "applied_rows", "basis_note", "batch_rows", "effect_of", "grade_history", "grade_rows",
    "history_of", "kind_rows", "latest_day", "list_row", "lost_rows", "lowered_effect", "planned_rows", "preview_of", "proposal_shape",
    "route_rows", "route_sentence",
]  # fmt: skip
