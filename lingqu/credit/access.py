"""Who may do what with credit: one predicate per verb, over what a person acts as today."""

from __future__ import annotations

from collections.abc import Collection

from lingqu.organisation.queries import Acting, Asker
from lingqu.organisation.queries import asks_for as asks_about
from lingqu.organisation.states import FirmKind, PostCode

MONEY_POSTS = (PostCode.FINANCE, PostCode.OWNER)
PROPOSING_POSTS = (PostCode.MANAGER, PostCode.FINANCE)
LOWERING_POSTS = (PostCode.FINANCE, PostCode.DIRECTOR, PostCode.OWNER)
GRADE_POSTS = (PostCode.DIRECTOR, PostCode.OWNER)
HOLD_POSTS = (PostCode.FINANCE, PostCode.OWNER)
INFORMED_POSTS = (PostCode.DIRECTOR,)
COLLECTING_POSTS = (PostCode.DIRECTOR, PostCode.LEGAL, PostCode.OWNER)
"""Who notes what was done to collect money, beside those who may propose a change of the partner's credit."""
SELLING = (FirmKind.HQ.value, FirmKind.AGENT.value)
DESK_POSTS = (
    PostCode.FINANCE, PostCode.DIRECTOR, PostCode.DEPUTY, PostCode.MANAGER, PostCode.REPRESENTATIVE, PostCode.OWNER,
)  # fmt: skip
"""Who looks at what all partners of their firm owe."""
SIGNING_POSTS = {
    "director": (PostCode.DIRECTOR, PostCode.OWNER),
    "manager": (PostCode.MANAGER, PostCode.DEPUTY, PostCode.DIRECTOR, PostCode.OWNER),
}


def may_enter_receipt(who: Acting, seller: int) -> bool:
    """Return whether the person may enter money received by the seller: its finance head, or a partner's own owner."""
    return who.holds_any(MONEY_POSTS, seller)


def may_change_grade(who: Acting, seller: int) -> bool:
    """Return whether the person may set grades of the seller's partners: its director, or an agent's owner (M-19.4).

    Where the regulation has a procedure for it the director may only lower one at once: `credit.rules.needs_procedure`.
    """
    return who.holds_any(GRADE_POSTS, seller)


def may_lower_limit(who: Acting, seller: int) -> bool:
    """Return whether the person may lower a limit at once, with a reason: finance head, director, or an agent's owner (M-19.6)."""
    return who.holds_any(LOWERING_POSTS, seller)


def asks_for(who: Acting, seller: int, representatives: Collection[int]) -> Asker | None:
    """Return as whom the person may propose a change of a partner's credit, None when they may not.

    The representatives of the partner may (`representatives` at this seller), and the seller's manager and finance head; so may who stands
    in for one of them.
    """
    return asks_about(who, seller, representatives, PROPOSING_POSTS)


def may_hold(who: Acting, seller: int) -> bool:
    """Return whether the person may set and tighten holds by hand: the seller's finance head, or an agent's owner (M-19.3)."""
    return who.holds_any(HOLD_POSTS, seller)


def may_open_case(who: Acting, seller: int) -> bool:
    """Return whether the person may open a case on a hold: the seller's director, or an agent's owner (M-19.3)."""
    return who.holds_any((*INFORMED_POSTS, PostCode.OWNER), seller)


def decides_alone(who: Acting, seller: int) -> bool:
    """Return whether the person releases and puts off holds without a procedure: the owner of an agent about its own customers."""
    return who.holds(PostCode.OWNER, seller)


def may_see_hold(who: Acting, seller: int, buyer: int) -> bool:
    """Return whether the person may see a hold: people of the seller, and of the partner itself."""
    return who.firm in (seller, buyer)


def may_see_proposal(who: Acting, seller: int) -> bool:
    """Return whether the person may see what was proposed for a partner: the seller's own people, never the partner's."""
    return who.firm == seller


def may_see_group(who: Acting, seller: int) -> bool:
    """Return whether the person may see groups that share a limit: the seller's own people, never a partner's."""
    return who.firm == seller


def may_waive(who: Acting, seller: int, post: str) -> bool:
    """Return whether the person may give the special signature that the law asks of `post`."""
    return who.holds_any(SIGNING_POSTS.get(post, ()), seller)


def may_see_line(who: Acting, seller: int, buyer: int) -> bool:
    """Return whether the person may see a credit line: people of the seller and of the buyer themselves."""
    return who.firm in (seller, buyer)


def may_see_desk(who: Acting, seller: int) -> bool:
    """Return whether the person may look at what all partners of the seller owe: its own people in a post that deals with it (M-19)."""
    return who.firm == seller and who.firm_kind in SELLING and who.holds_any(DESK_POSTS, seller)
