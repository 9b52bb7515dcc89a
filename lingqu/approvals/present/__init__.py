"""Words and shapes of approvals for templates; the home page takes its rows and what folds out from here."""

from lingqu.approvals.present.card import approval_panel
from lingqu.approvals.present.page import Fold, Moment, View, fold_of, view_of
from lingqu.approvals.present.panel import Typed
from lingqu.approvals.present.rows import Row, row_of
from lingqu.approvals.present.taken import PASSED_OVER, listed, route_rows
from lingqu.approvals.present.words import KINDS, read_chain

__all__ = [
    "KINDS", "PASSED_OVER", "Fold", "Moment", "Row", "Typed", "View", "approval_panel", "fold_of", "listed", "read_chain", "route_rows",
    "row_of", "view_of",
]  # fmt: skip
