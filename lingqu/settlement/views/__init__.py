"""Pages of settlement."""

from lingqu.settlement.views.desk import bank, bank_book
from lingqu.settlement.views.files import bank_file, bank_files, bank_new, bank_original, bank_upload
from lingqu.settlement.views.line import bank_line, bank_line_aside, bank_line_book, bank_line_unbook, bank_line_up
from lingqu.settlement.views.statements import (
    statement,
    statement_excel,
    statement_json,
    statement_pdf,
    statement_verb,
    statements,
    statements_issue,
)

__all__ = [
    "bank", "bank_book", "bank_file", "bank_files", "bank_line", "bank_line_aside", "bank_line_book", "bank_line_unbook",
    "bank_line_up", "bank_new", "bank_original", "bank_upload", "statement", "statement_excel", "statement_json", "statement_pdf",
    "statement_verb", "statements", "statements_issue",
]  # fmt: skip
