"""Who may do what with purchase requests: one predicate per verb, over what a person acts as today; and which rows they see."""

from __future__ import annotations

from django.db.models import Q

from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode

BUYING_POSTS = (PostCode.OWNER, PostCode.CLERK)
ENTERING_POSTS = (PostCode.REPRESENTATIVE, PostCode.MANAGER, PostCode.OWNER)
ANSWERING_POSTS = (PostCode.REPRESENTATIVE, PostCode.MANAGER, PostCode.OWNER)
SHIPPING_POSTS = (PostCode.WAREHOUSE, PostCode.OWNER)


def may_submit(who: Acting, seller: int, buyer: int) -> bool:
    """Return whether the person may enter a request: people of the buyer, or the seller's people for a partner who telephoned."""
    return who.holds_any(BUYING_POSTS, buyer) or may_enter_for_partner(who, seller)


def may_enter_for_partner(who: Acting, seller: int) -> bool:
    """Return whether the person may enter requests for the seller's partners, and offer other prices than the rule's."""
    return who.holds_any(ENTERING_POSTS, seller)


def may_answer(who: Acting, seller: int) -> bool:
    """Return whether the person may accept, decline or decide again (M-16.3.1: representative; an agent's owner for its retailers)."""
    return who.holds_any(ANSWERING_POSTS, seller)


def may_withdraw(who: Acting, buyer: int) -> bool:
    """Return whether the person may take a request back."""
    return who.holds_any(BUYING_POSTS, buyer)


def may_ship(who: Acting, seller: int) -> bool:
    """Return whether the person may ship."""
    return who.holds_any(SHIPPING_POSTS, seller)


def visible_orders(who: Acting) -> Q:
    """Return the condition for the requests that the person sees: those in which their firm sells or buys."""
    return Q(seller_id=who.firm) | Q(buyer_id=who.firm)
