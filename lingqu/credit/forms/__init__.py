"""What people type about money, grades, limits, terms and holds."""

from lingqu.credit.forms.hold import HoldTyped, read_hold_form
from lingqu.credit.forms.proposal import ProposalTyped, read_limit, read_proposal
from lingqu.credit.forms.receipt import DETAIL, ReceiptTyped, read_place, read_reason, read_receipt
from lingqu.credit.forms.terms import TermsTyped, read_terms
from lingqu.credit.forms.unapplied import UnappliedTyped, read_unapplied

__all__ = [
    "DETAIL", "HoldTyped", "ProposalTyped", "ReceiptTyped", "TermsTyped", "UnappliedTyped", "read_hold_form", "read_limit",
    "read_place", "read_proposal", "read_reason", "read_receipt", "read_terms", "read_unapplied",
]  # fmt: skip
