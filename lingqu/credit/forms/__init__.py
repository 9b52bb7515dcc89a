"""What people type about money, grades and limits."""

from lingqu.credit.forms.proposal import ProposalTyped, read_limit, read_proposal
from lingqu.credit.forms.receipt import DETAIL, ReceiptTyped, read_day, read_place, read_reason, read_receipt

__all__ = [
    "DETAIL", "ProposalTyped", "ReceiptTyped", "read_day", "read_limit", "read_place", "read_proposal", "read_reason", "read_receipt",
]  # fmt: skip
