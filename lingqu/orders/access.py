"""Who may do what with purchase requests: one predicate per verb, over what a person acts as today; and which rows they see."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from lingqu.credit.access import may_waive
from lingqu.orders.rules import Needed, signature_chain
from lingqu.organisation.queries import Acting, Asker, asks_for
from lingqu.organisation.states import FirmKind, PostCode
from lingqu.policy.rules import Regulation

BUYING_POSTS = (PostCode.OWNER, PostCode.CLERK)
ENTERING_POSTS = (PostCode.REPRESENTATIVE, PostCode.MANAGER, PostCode.OWNER)
ANSWERING_POSTS = (PostCode.REPRESENTATIVE, PostCode.MANAGER, PostCode.OWNER)
REVIEWING_POSTS = (
    PostCode.DIRECTOR, PostCode.DEPUTY, PostCode.MANAGER, PostCode.FINANCE, PostCode.RESEARCHER, PostCode.REPRESENTATIVE, PostCode.OWNER,
)  # fmt: skip
ASKING_POSTS = (PostCode.MANAGER,)
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


def asks_signature(who: Acting, seller: int, representatives: Collection[int]) -> Asker | None:
    """Return as whom the person may ask for a special signature, or a partner for its money; None when they may not (M-16.3.3.1).

    The partner's representatives may (`representatives` at this seller), and the manager; so may who stands in for one of them.
    """
    return asks_for(who, seller, representatives, ASKING_POSTS)


def signs_directly(who: Acting, regulation: Regulation) -> tuple[str, ...]:
    """Return the laws that the person signs away at once at their own firm: none at the headquarters where a procedure decides on them."""
    at_headquarters = who.firm_kind == FirmKind.HQ.value
    return tuple(
        name for name, setting in regulation.laws.items()
        if setting.waivable_by and may_waive(who, who.firm, setting.waivable_by)
        and not (at_headquarters and signature_chain(Needed((name,)), regulation.chains))
    )  # fmt: skip


def may_review_signatures(who: Acting, seller: int) -> bool:
    """Return whether the person may look through the special signatures of a year: the credit committee, or an agent's owner (M-19.6)."""
    return who.holds_any(REVIEWING_POSTS, seller)


def may_withdraw(who: Acting, buyer: int) -> bool:
    """Return whether the person may take a request back."""
    return who.holds_any(BUYING_POSTS, buyer)


def may_amend(who: Acting, seller: int, buyer: int) -> bool:
    """Return whether the person may change, split, merge or open again a request that is not accepted: either side."""
    return may_withdraw(who, buyer) or may_answer(who, seller)


def may_change_accepted(who: Acting, seller: int) -> bool:
    """Return whether the person may change, cancel or close a request that is accepted: money hangs on it, so the seller's people."""
    return may_answer(who, seller)


def may_ship(who: Acting, seller: int) -> bool:
    """Return whether the person may ship."""
    return who.holds_any(SHIPPING_POSTS, seller)


def visible_orders(who: Acting) -> Q:
    """Return the condition for the requests that the person sees: those in which their firm sells or buys."""
    return Q(seller_id=who.firm) | Q(buyer_id=who.firm)
