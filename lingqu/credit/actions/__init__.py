"""The verbs of credit."""

from lingqu.credit.actions.batches import NewBatch, mark_shipped, open_batch
from lingqu.credit.actions.lines import change_grade, open_line
from lingqu.credit.actions.receipts import NewReceipt, enter_receipt
from lingqu.credit.actions.waivers import NewWaiver, sign_waiver

__all__ = [
    "NewBatch", "NewReceipt", "NewWaiver", "change_grade", "enter_receipt", "mark_shipped", "open_batch", "open_line", "sign_waiver",
]  # fmt: skip
