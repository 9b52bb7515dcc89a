"""Shapes of settlement for pages and Excel."""

from lingqu.settlement.present.desk import SHEET_COLUMNS, cells_of, groups_of, line_row, sheet_row, state_words, waiting_row
from lingqu.settlement.present.file import checks_of, column_rows, preview_rows
from lingqu.settlement.present.statements import (
    MONTH_COLUMNS,
    age_rows,
    credit_remarks,
    dispute_rows,
    month_out,
    month_row,
    paper_of_statement,
    statement_cells,
    statement_page,
    statement_sheets,
    statement_state,
)

__all__ = [
    "MONTH_COLUMNS",
    "SHEET_COLUMNS",
    "age_rows",
    "cells_of",
    "checks_of",
    "column_rows",
    "credit_remarks",
    "dispute_rows",
    "groups_of",
    "line_row",
    "month_out",
    "month_row",
    "paper_of_statement",
    "preview_rows",
    "sheet_row",
    "state_words",
    "statement_cells",
    "statement_page",
    "statement_sheets",
    "statement_state",
    "waiting_row",
]  # fmt: skip
