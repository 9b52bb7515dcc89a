"""Who may do what with stock: one predicate per verb, over what a person acts as today."""

from __future__ import annotations

from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode

KEEPING_POSTS = (PostCode.WAREHOUSE, PostCode.OWNER)


def may_take_goods_in(who: Acting, firm: int) -> bool:
    """Return whether the person may enter goods that came into the firm's warehouse (M-16.5: the warehouse keeper)."""
    return who.holds_any(KEEPING_POSTS, firm)


def may_see_stock(who: Acting, firm: int) -> bool:
    """Return whether the person may see the firm's stock: its own people."""
    return who.firm == firm
