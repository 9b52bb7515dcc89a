"""The verbs of settlement."""

from lingqu.settlement.actions.booking import (
    BookedMany,
    Part,
    book_certain,
    book_line,
    on_receipt_reversed,
    set_aside,
    take_up,
    unbook_line,
)
from lingqu.settlement.actions.files import TakingIn, keep_upload, take_in
from lingqu.settlement.actions.statements import (
    IssuedMany,
    agree_statement,
    answer_dispute,
    dispute_statement,
    issue_month,
    issue_on_its_day,
    issue_statement,
    remind_statement,
)

__all__ = [
    "BookedMany", "IssuedMany", "Part", "TakingIn", "agree_statement", "answer_dispute", "book_certain", "book_line", "dispute_statement",
    "issue_month", "issue_on_its_day", "issue_statement", "keep_upload", "on_receipt_reversed", "remind_statement", "set_aside",
    "take_in", "take_up", "unbook_line",
]  # fmt: skip
