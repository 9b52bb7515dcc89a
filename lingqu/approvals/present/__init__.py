"""Words and shapes of approvals for templates; the home page takes its rows and what folds out from here."""

from lingqu.approvals.present.page import Fold, Moment, View, fold_of, view_of
from lingqu.approvals.present.panel import Typed
from lingqu.approvals.present.rows import Row, row_of
from lingqu.approvals.present.words import KINDS, read_chain

__all__ = ["KINDS", "Fold", "Moment", "Row", "Typed", "View", "fold_of", "read_chain", "row_of", "view_of"]
