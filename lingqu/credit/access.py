"""Who may do what with credit: one predicate per verb, over what a person acts as today."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode

MONEY_POSTS = (PostCode.FINANCE, PostCode.OWNER)
PROPOSING_POSTS = (PostCode.MANAGER, PostCode.FINANCE)
LOWERING_POSTS = (PostCode.FINANCE, PostCode.DIRECTOR, PostCode.OWNER)
GRADE_POSTS = (PostCode.DIRECTOR, PostCode.OWNER)
SIGNING_POSTS = {
    "director": (PostCode.DIRECTOR, PostCode.OWNER),
    "manager": (PostCode.MANAGER, PostCode.DEPUTY, PostCode.DIRECTOR, PostCode.OWNER),
}


class Asker(msgspec.Struct, frozen=True):
    """Who proposes, and the absent person for whom they do (Person ids)."""

    person: int
    absent: int | None = None


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
    if who.holds_any(PROPOSING_POSTS, seller):
        return Asker(who.person, who.for_whom(PROPOSING_POSTS, seller))
    if not who.holds(PostCode.REPRESENTATIVE, seller):
        return None
    if who.person in representatives:
        return Asker(who.person)
    absent = who.lent.get((PostCode.REPRESENTATIVE, seller))
    return Asker(who.person, absent) if absent in representatives else None


def may_see_proposal(who: Acting, seller: int) -> bool:
    """Return whether the person may see what was proposed for a partner: the seller's own people, never the partner's."""
    return who.firm == seller


def may_waive(who: Acting, seller: int, post: str) -> bool:
    """Return whether the person may give the special signature that the law asks of `post`."""
    return who.holds_any(SIGNING_POSTS.get(post, ()), seller)


def may_see_line(who: Acting, seller: int, buyer: int) -> bool:
    """Return whether the person may see a credit line: people of the seller and of the buyer themselves."""
    return who.firm in (seller, buyer)
