"""Pages of credit."""

from lingqu.credit.views.batches import (
    batch,
    batch_dispute,
    batch_write_off,
    unapplied,
    write_off,
    write_off_revise,
    write_off_withdraw,
)
from lingqu.credit.views.collecting import collection
from lingqu.credit.views.entering import receipt_new, receipt_preview, receipts
from lingqu.credit.views.grading import grade_change
from lingqu.credit.views.groups import group, group_change, group_new, group_proposal, group_revise, group_withdraw, groups
from lingqu.credit.views.holding import hold, hold_ask, hold_case, hold_file, hold_set, hold_tighten, hold_withdraw, holds
from lingqu.credit.views.proposing import credit_change, credit_preview, proposal, proposal_revise, proposal_withdraw, proposals
from lingqu.credit.views.receiving import receipt, receipt_reverse
from lingqu.credit.views.terms import branch_terms, terms, terms_paper, terms_withdraw

__all__ = [
    "batch", "batch_dispute", "batch_write_off", "branch_terms", "collection", "credit_change", "credit_preview", "grade_change", "group",
    "group_change", "group_new", "group_proposal", "group_revise", "group_withdraw", "groups", "hold", "hold_ask", "hold_case",
    "hold_file", "hold_set", "hold_tighten", "hold_withdraw", "holds", "proposal", "proposal_revise", "proposal_withdraw", "proposals",
    "receipt", "receipt_new", "receipt_preview", "receipt_reverse", "receipts", "terms", "terms_paper", "terms_withdraw", "unapplied",
    "write_off", "write_off_revise", "write_off_withdraw",
]  # fmt: skip
