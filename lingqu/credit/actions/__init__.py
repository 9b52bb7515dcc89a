"""The verbs of credit."""

from lingqu.credit.actions.applying import end_temporary_limit, on_approval_moved
from lingqu.credit.actions.batches import NewBatch, mark_shipped, open_batch
from lingqu.credit.actions.following import Followed, follow_issue, follow_table
from lingqu.credit.actions.lines import change_grade, lower_limit, open_line
from lingqu.credit.actions.proposals import propose_credit_change, revise_proposal, withdraw_proposal
from lingqu.credit.actions.receipts import NewReceipt, enter_receipt
from lingqu.credit.actions.waivers import NewWaiver, sign_waiver

__all__ = [
    "Followed", "NewBatch", "NewReceipt", "NewWaiver", "change_grade", "end_temporary_limit", "enter_receipt", "follow_issue",
    "follow_table", "lower_limit", "mark_shipped", "on_approval_moved", "open_batch", "open_line", "propose_credit_change",
    "revise_proposal", "sign_waiver", "withdraw_proposal",
]  # fmt: skip
