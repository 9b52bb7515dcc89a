"""Pages of credit."""

from lingqu.credit.views.entering import receipt, receipt_new, receipt_preview, receipts
from lingqu.credit.views.grading import grade_change
from lingqu.credit.views.proposing import credit_change, credit_preview, proposal, proposal_revise, proposal_withdraw, proposals

__all__ = [
    "credit_change", "credit_preview", "grade_change", "proposal", "proposal_revise", "proposal_withdraw", "proposals", "receipt",
    "receipt_new", "receipt_preview", "receipts",
]  # fmt: skip
