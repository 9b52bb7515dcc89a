"""Who may do what with returns and transfers: one predicate per verb, over what a person acts as today."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from lingqu.base.access import ANYBODY, API_TOKEN, Entry, Once, Seen, Sight, Way, both, for_tokens, reading, writing
from lingqu.orders.access import BUYING_POSTS, ENTERING_POSTS, SHIPPING_POSTS
from lingqu.organisation.queries import Acting, Asker, asks_for
from lingqu.organisation.states import FirmKind, PostCode, Scope

AGREEING_POSTS = (PostCode.MANAGER, PostCode.OWNER)
TRANSFERRING_POSTS = (PostCode.MANAGER,)


def may_ask_return(who: Acting, seller: int, buyer: int) -> bool:
    """Return whether the person may ask for a return: people of the partner, or the seller's people for one that telephoned."""
    return who.holds_any(BUYING_POSTS, buyer) or who.holds_any(ENTERING_POSTS, seller)


def answers_return(who: Acting, seller: int, representatives: Collection[int]) -> Asker | None:
    """Return as whom the person may agree to a return within the caps, refuse it, or send it up; None when they may not (M-16.3.2).

    The partner's representatives may (`representatives` at this seller), the manager, and the owner of an agent for its retailers.
    """
    return asks_for(who, seller, representatives, AGREEING_POSTS)


def agrees_alone(who: Acting, seller: int) -> bool:
    """Return whether the person agrees beyond the caps without a procedure: an agent's owner, in their own house."""
    return who.firm_kind != FirmKind.HQ.value and who.holds(PostCode.OWNER, seller)


def may_withdraw_return(who: Acting, buyer: int, asked_by: int) -> bool:
    """Return whether the person may take a return request back: people of the partner, and who entered it."""
    return who.holds_any(BUYING_POSTS, buyer) or who.person == asked_by


def may_count(who: Acting, seller: int) -> bool:
    """Return whether the person counts goods that come back, and books transfers: the warehouse keeper."""
    return who.holds_any(SHIPPING_POSTS, seller)


def asks_transfer(who: Acting, seller: int, representatives: Collection[int]) -> Asker | None:
    """Return as whom the person may ask for a transfer: a representative of either partner, or the manager (M-16.3.3.2)."""
    return asks_for(who, seller, representatives, TRANSFERRING_POSTS)


def may_confirm(who: Acting, seller: int, partner: int) -> bool:
    """Return whether the person may say what was counted at a partner: its people, or the seller's for one that telephoned."""
    return who.holds_any(BUYING_POSTS, partner) or who.holds_any(ENTERING_POSTS, seller)


def visible_returns(who: Acting) -> Q:
    """Return the condition of the return requests that a person sees: those of their firm as seller or as partner."""
    return Q(seller_id=who.firm) | Q(buyer_id=who.firm)


def visible_transfers(who: Acting) -> Q:
    """Return the condition of the transfers that a person sees: the seller's people all, a partner its own once they were agreed.

    One that was taken back afterwards stays: the partner was told of it, and may have counted.
    """
    agreed = Q(approval__state="approved")
    return Q(seller_id=who.firm) | (agreed & (Q(giver_id=who.firm) | Q(taker_id=who.firm)))


_PARTY = Way(relation="party")
_ASKING = (Way(posts=BUYING_POSTS), Way(posts=ENTERING_POSTS))
_ANSWERING = (Way(posts=AGREEING_POSTS, relation="seller"), Way(posts=(PostCode.REPRESENTATIVE,), relation="representative"))
_COUNTING = Way(posts=SHIPPING_POSTS, relation="seller")
_TRANSFERRING = (Way(kinds=(FirmKind.HQ.value,), posts=(PostCode.REPRESENTATIVE, *TRANSFERRING_POSTS)),)
_CONFIRMING = (Way(posts=BUYING_POSTS, relation="buyer"), Way(posts=ENTERING_POSTS, relation="seller"))

ROUTES: dict[str, Entry] = {
    "returns": reading(*ANYBODY),
    "return_new": both(*_ASKING, once=Once.ALIKE),
    "return_template": reading(*_ASKING),
    "return_left": writing(*_ASKING),
    "return_request": reading(_PARTY),
    "return_agree": writing(*_ANSWERING),
    "return_refuse": writing(*_ANSWERING),
    "return_send_up": writing(*_ANSWERING),
    "return_withdraw": writing(Way(posts=BUYING_POSTS, relation="buyer"), Way(relation="asker")),
    "return_count": writing(_COUNTING),
    "return_slip": reading(_PARTY),
    "return_file": reading(_PARTY),
    "transfers": reading(*ANYBODY),
    "transfer_new": both(*_TRANSFERRING, once=Once.ALIKE),
    "transfer_template": reading(*_TRANSFERRING),
    "transfer_left": writing(*_TRANSFERRING),
    "transfer": reading(_PARTY),
    "transfer_again": writing(Way(relation="asker")),
    "transfer_withdraw": writing(Way(relation="asker"), Way(posts=TRANSFERRING_POSTS, relation="seller")),
    "transfer_order": writing(*_ANSWERING),
    "transfer_confirm": writing(*_CONFIRMING),
    "transfer_move": writing(_COUNTING),
    "transfer_paper": reading(_PARTY),
    "api:returns": Entry(
        read=ANYBODY, write=_ASKING, door=API_TOKEN, scopes=(Scope.STOCK_READ, Scope.STOCK_WRITE),
    ),
    "api:returns_preview": for_tokens(write=Scope.STOCK_READ, ways=_ASKING),
    "api:return": for_tokens(read=Scope.STOCK_READ, ways=(_PARTY,)),
    "api:return_agree": for_tokens(write=Scope.STOCK_WRITE, ways=_ANSWERING),
    "api:return_refuse": for_tokens(write=Scope.STOCK_WRITE, ways=_ANSWERING),
    "api:return_send_up": for_tokens(write=Scope.STOCK_WRITE, ways=_ANSWERING),
    "api:return_count": for_tokens(write=Scope.STOCK_WRITE, ways=(_COUNTING,)),
    "api:return_withdraw": for_tokens(
        write=Scope.STOCK_WRITE, ways=(Way(posts=BUYING_POSTS, relation="buyer"), Way(relation="asker")),
    ),
    "api:transfers": Entry(
        read=ANYBODY, write=_TRANSFERRING, door=API_TOKEN, scopes=(Scope.STOCK_READ, Scope.STOCK_WRITE),
    ),
    "api:transfer": for_tokens(read=Scope.STOCK_READ, ways=(_PARTY,)),
    "api:transfer_again": for_tokens(write=Scope.STOCK_WRITE, ways=(Way(relation="asker"),)),
    "api:transfer_withdraw": for_tokens(
        write=Scope.STOCK_WRITE, ways=(Way(relation="asker"), Way(posts=TRANSFERRING_POSTS, relation="seller")),
    ),
    "api:transfer_order": for_tokens(write=Scope.STOCK_WRITE, ways=_ANSWERING),
    "api:transfer_confirm": for_tokens(write=Scope.STOCK_WRITE, ways=_CONFIRMING),
    "api:transfer_move": for_tokens(write=Scope.STOCK_WRITE, ways=(_COUNTING,)),
}  # fmt: skip
_OF_REQUEST = Sight(firms=(Seen("request__seller"), Seen("request__buyer")))
_AGREED = (("approval__state", ("approved",)),)
_OF_TRANSFER = (("transfer__approval__state", ("approved",)),)
MODELS: dict[str, Sight] = {
    "ReturnRequest": Sight(firms=(Seen("seller"), Seen("buyer")), inside=("because", "approval")),
    "ReturnLine": _OF_REQUEST,
    "ReturnSource": Sight(firms=(Seen("return_line__request__seller"), Seen("return_line__request__buyer"))),
    "Transfer": Sight(
        firms=(Seen("seller"), Seen("giver", where=_AGREED), Seen("taker", where=_AGREED)), inside=("reason", "ended_because", "approval"),
    ),
    "TransferLine": Sight(
        firms=(
            Seen("transfer__seller"), Seen("transfer__giver", where=_OF_TRANSFER), Seen("transfer__taker", where=_OF_TRANSFER),
        )
    ),
    "TransferSource": Sight(firms=(Seen("transfer_line__transfer__seller"),)),
    "ReturnPaper": Sight(firms=(Seen("request__seller"), Seen("request__buyer"), Seen("transfer__seller"))),
}  # fmt: skip
