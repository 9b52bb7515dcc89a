"""Who may do what with bank files: those who may enter money by hand, and nobody else sees them."""

from __future__ import annotations

from lingqu.credit.access import may_enter_receipt
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind, PostCode

SELLING = (FirmKind.HQ.value, FirmKind.AGENT.value)


def may_book(who: Acting, seller: int) -> bool:
    """Return whether the person may take in bank files of the seller and book their lines: its finance head, or an agent's own owner."""
    return who.firm == seller and who.firm_kind in SELLING and may_enter_receipt(who, seller)


def may_issue(who: Acting, seller: int) -> bool:
    """Return whether the person may issue statements of the seller and answer objections: who may book its money (M-16.3.3.1)."""
    return may_book(who, seller)


def may_answer_statement(who: Acting, buyer: int) -> bool:
    """Return whether the person may agree or object to a statement: the owner of the partner that it is for."""
    return who.firm == buyer and who.holds(PostCode.OWNER, buyer)
