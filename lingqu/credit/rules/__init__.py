"""Pure rules of credit: the three laws, batches falling due, money applied to batches, and what may be proposed for a line."""

from lingqu.credit.rules.laws import (
    Application,
    Applied,
    CreditFacts,
    OpenBatch,
    apply_money,
    batches_law,
    batches_taken,
    credit_law,
    days_overdue,
    due_when_triggered,
    is_prepaid,
    overdue_law,
    triggered_number,
)
from lingqu.credit.rules.proposals import (
    GRADE_CHAIN,
    LIMIT_CHAIN,
    LONGEST_DAYS,
    Basis,
    NewProposal,
    Proposed,
    chain_key,
    check_lowering,
    check_proposal,
    fingerprint_of,
    is_lowering,
    limit_at_end,
    terms_of,
)

__all__ = [
    "GRADE_CHAIN", "LIMIT_CHAIN", "LONGEST_DAYS", "Application", "Applied", "Basis", "CreditFacts", "NewProposal", "OpenBatch",
    "Proposed", "apply_money", "batches_law", "batches_taken", "chain_key", "check_lowering", "check_proposal", "credit_law",
    "days_overdue", "due_when_triggered", "fingerprint_of", "is_lowering", "is_prepaid", "limit_at_end", "overdue_law", "terms_of",
    "triggered_number",
]  # fmt: skip
