"""Who may do what with credit: one predicate per verb, over what a person acts as today."""

from __future__ import annotations

from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode

MONEY_POSTS = (PostCode.FINANCE, PostCode.OWNER)
GRADE_POSTS = (PostCode.DIRECTOR, PostCode.OWNER)
SIGNING_POSTS = {
    "director": (PostCode.DIRECTOR, PostCode.OWNER),
    "manager": (PostCode.MANAGER, PostCode.DEPUTY, PostCode.DIRECTOR, PostCode.OWNER),
}


def may_enter_receipt(who: Acting, seller: int) -> bool:
    """Return whether the person may enter money received by the seller: its finance head, or a partner's own owner."""
    return who.holds_any(MONEY_POSTS, seller)


def may_change_grade(who: Acting, seller: int) -> bool:
    """Return whether the person may set grades of the seller's partners: the director, until the committee's procedure is here (M-19.4)."""
    return who.holds_any(GRADE_POSTS, seller)


def may_waive(who: Acting, seller: int, post: str) -> bool:
    """Return whether the person may give the special signature that the law asks of `post`."""
    return who.holds_any(SIGNING_POSTS.get(post, ()), seller)


def may_see_line(who: Acting, seller: int, buyer: int) -> bool:
    """Return whether the person may see a credit line: people of the seller and of the buyer themselves."""
    return who.firm in (seller, buyer)
