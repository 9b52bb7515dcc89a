"""Shapes of credit for pages."""

from lingqu.credit.present.batch import (
    application_rows,
    batch_shape,
    credit_rows,
    waiting_rows,
    write_off_events,
    write_off_rows,
    write_off_state,
)
from lingqu.credit.present.grade import grade_history, grade_rows
from lingqu.credit.present.group import group_exposure, group_history, group_proposal_rows, group_shape
from lingqu.credit.present.hold import (
    badge_of,
    card_of,
    deed_rows,
    hold_shape,
    ladder_rows,
    note_rows,
    owed_rows,
    request_rows,
)
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
    route_sentence,
)
from lingqu.credit.present.receipt import Preview, Typed, applied_rows, batch_rows, lost_rows, preview_of
from lingqu.credit.present.terms import bound_rows, branch_shapes, document_shape, percent, terms_of

__all__ = [
    "LOWER", "Effect", "Preview", "Typed", "application_rows", "applied_rows", "badge_of", "basis_note", "batch_rows",
    "batch_shape", "bound_rows", "branch_shapes", "card_of", "credit_rows", "deed_rows", "document_shape", "effect_of", "grade_history",
    "grade_rows", "group_exposure", "group_history", "group_proposal_rows", "group_shape", "history_of", "hold_shape",
    "kind_rows", "ladder_rows", "latest_day", "list_row", "lost_rows", "lowered_effect", "note_rows", "owed_rows",
    "percent", "planned_rows", "preview_of", "proposal_shape", "request_rows", "route_sentence", "terms_of", "waiting_rows",
    "write_off_events", "write_off_rows", "write_off_state",
]  # fmt: skip
