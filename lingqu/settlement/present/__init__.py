"""Shapes of settlement for pages and Excel."""

from lingqu.settlement.present.desk import cells_of, groups_of, line_row, sheet_of, state_words, waiting_row
from lingqu.settlement.present.file import checks_of, column_rows, preview_rows
from lingqu.settlement.present.statements import (
    age_rows,
    dispute_rows,
    month_row,
    month_sheet,
    paper_of_statement,
    statement_cells,
    statement_page,
    statement_sheets,
    statement_state,
)

__all__ = [
    "age_rows", "cells_of", "checks_of", "column_rows", "dispute_rows", "groups_of", "line_row", "month_row", "month_sheet",
    "paper_of_statement", "preview_rows", "sheet_of", "state_words", "statement_cells", "statement_page", "statement_sheets",
    "statement_state", "waiting_row",
]  # fmt: skip
