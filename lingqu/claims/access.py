"""Who claims for price cuts: the partner, or the seller's people for one that telephoned; both sides see a claim."""

from __future__ import annotations

from lingqu.base.access import ANYBODY, API_TOKEN, Entry, Seen, Sight, Way, for_tokens
from lingqu.orders.access import BUYING_POSTS, ENTERING_POSTS
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind, PostCode, Scope

CLAIMING_POSTS = (*BUYING_POSTS, *(post for post in ENTERING_POSTS if post not in BUYING_POSTS))


def may_claim(who: Acting, seller: int, buyer: int) -> bool:
    """Return whether the person may claim for the partner: its own people, or the seller's."""
    return who.holds_any(BUYING_POSTS, buyer) or who.holds_any(ENTERING_POSTS, seller)


def claims_at_all(who: Acting) -> bool:
    """Return whether the person's post claims for anybody."""
    return who.holds_any(CLAIMING_POSTS, who.firm)


def is_asker(who: Acting, asked_by: int, asked_for: int | None) -> bool:
    """Return whether the person asked for the claim, or the one for whom it was asked."""
    return who.person in (asked_by, asked_for)


def may_withdraw(who: Acting, buyer: int, asked_by: int) -> bool:
    """Return whether the person may take a claim back: people of the partner, and who entered it."""
    return who.holds_any(BUYING_POSTS, buyer) or who.person == asked_by


def credits_at_once(who: Acting, seller: int) -> bool:
    """Return whether what the person enters needs nobody else: the owner of an agent, about its own money."""
    return who.firm == seller and who.firm_kind == FirmKind.AGENT.value and who.holds(PostCode.OWNER, seller)


CLAIMING_WAYS = (Way(posts=BUYING_POSTS), Way(posts=ENTERING_POSTS))
WITHDRAWING_WAYS = (Way(posts=BUYING_POSTS, relation="buyer"), Way(relation="asker"))
_OF_CLAIM = Sight(firms=(Seen("claim__seller"), Seen("claim__buyer")))

ROUTES: dict[str, Entry] = {
    "api:price_claims": Entry(read=ANYBODY, write=CLAIMING_WAYS, door=API_TOKEN, scopes=(Scope.MONEY_READ, Scope.MONEY_WRITE)),
    "api:price_claims_preview": for_tokens(write=Scope.MONEY_READ, ways=CLAIMING_WAYS),
    "api:price_claim": for_tokens(read=Scope.MONEY_READ, ways=(Way(relation="party"),)),
    "api:price_claim_withdraw": for_tokens(write=Scope.MONEY_WRITE, ways=WITHDRAWING_WAYS),
}
MODELS: dict[str, Sight] = {
    "PriceClaim": Sight(firms=(Seen("seller"), Seen("buyer"))),
    "PriceClaimLine": _OF_CLAIM,
    "ReliefTakenBack": Sight(firms=(Seen("source__claim_line__claim__seller"), Seen("source__claim_line__claim__buyer"))),
    "PriceClaimSource": Sight(firms=(Seen("claim_line__claim__seller"), Seen("claim_line__claim__buyer"))),
}
