"""Who may do what with purchase requests: one predicate per verb, over what a person acts as today; and which rows they see."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from lingqu.base.access import ANYBODY, Entry, Once, Seen, Sight, Way, both, for_tokens, reading, writing
from lingqu.credit.access import SELLING, WAIVING_POSTS, may_waive
from lingqu.orders.rules import Needed, signature_chain
from lingqu.organisation.queries import Acting, Asker, asks_for, rows_seen
from lingqu.organisation.states import FirmKind, PostCode, Scope
from lingqu.policy.rules import Regulation

BUYING_POSTS = (PostCode.OWNER, PostCode.CLERK)
ENTERING_POSTS = (PostCode.REPRESENTATIVE, PostCode.MANAGER, PostCode.OWNER)
ANSWERING_POSTS = (PostCode.REPRESENTATIVE, PostCode.MANAGER, PostCode.OWNER)
REVIEWING_POSTS = (
    PostCode.DIRECTOR, PostCode.DEPUTY, PostCode.MANAGER, PostCode.FINANCE, PostCode.RESEARCHER, PostCode.REPRESENTATIVE, PostCode.OWNER,
)  # fmt: skip
ASKING_POSTS = (PostCode.MANAGER,)
CONSENTING_POSTS = (PostCode.MANAGER, PostCode.OWNER)
SHIPPING_POSTS = (PostCode.WAREHOUSE, PostCode.OWNER)


def may_submit(who: Acting, seller: int, buyer: int) -> bool:
    """Return whether the person may enter a request: people of the buyer, or the seller's people for a partner who telephoned."""
    return who.holds_any(BUYING_POSTS, buyer) or may_enter_for_partner(who, seller)


def may_enter_for_partner(who: Acting, seller: int) -> bool:
    """Return whether the person may enter requests for the seller's partners, and offer other prices than the rule's."""
    return who.holds_any(ENTERING_POSTS, seller)


def is_agents_clerk(who: Acting, seller: int) -> bool:
    """Return whether the person is a clerk of the agent that sells: they answer its retailers and ship to them, the owner does the rest."""
    return who.firm == seller and who.firm_kind == FirmKind.AGENT.value and who.holds(PostCode.CLERK, seller)


def may_answer(who: Acting, seller: int) -> bool:
    """Return whether the person may accept, decline or decide again (M-16.3.1: representative; an agent's own people for its retailers)."""
    return who.holds_any(ANSWERING_POSTS, seller) or is_agents_clerk(who, seller)


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
    return may_withdraw(who, buyer) or who.holds_any(ANSWERING_POSTS, seller)


def may_change_accepted(who: Acting, seller: int) -> bool:
    """Return whether the person may change, cancel or close a request that is accepted: money hangs on it, so the seller's people."""
    return who.holds_any(ANSWERING_POSTS, seller)


def may_ship(who: Acting, seller: int) -> bool:
    """Return whether the person may ship: the warehouse keeper, an agent's own people to its retailers."""
    return who.holds_any(SHIPPING_POSTS, seller) or is_agents_clerk(who, seller)


def may_receive(who: Acting, buyer: int) -> bool:
    """Return whether the person may confirm a delivery or report differences: people of the buyer (M-16.3.2)."""
    return who.holds_any(BUYING_POSTS, buyer)


def may_consent_late(who: Acting, seller: int) -> bool:
    """Return whether the person may consent to differences that are reported late: the manager, an agent's owner for its retailers."""
    return who.holds_any(CONSENTING_POSTS, seller)


def may_answer_difference(who: Acting, seller: int) -> bool:
    """Return whether the person may decide on differences: representative or manager, an agent's owner for its retailers."""
    return who.holds_any(ANSWERING_POSTS, seller)


def visible_orders(who: Acting) -> Q:
    """Return the condition for the requests that the person sees: those in which their firm sells or buys."""
    return rows_seen(MODELS["Order"], who)


_PARTY = Way(relation="party")
_BUYER = Way(posts=BUYING_POSTS, relation="buyer")
_ANSWERER = Way(posts=ANSWERING_POSTS, relation="seller")
_SHIPPER = Way(posts=SHIPPING_POSTS, relation="seller")
AGENTS_CLERK = Way(kinds=(FirmKind.AGENT.value,), posts=(PostCode.CLERK,), relation="seller")
"""A clerk of the agent that sells."""
_ORDERING = (Way(posts=BUYING_POSTS), Way(posts=ENTERING_POSTS))
_ASKER = (Way(posts=ASKING_POSTS, relation="seller"), Way(posts=(PostCode.REPRESENTATIVE,), relation="representative"))
_THROUGH_DELIVERY = Sight(firms=(Seen("delivery__order__seller"), Seen("delivery__order__buyer")))
_THROUGH_ORDER = Sight(firms=(Seen("order__seller"), Seen("order__buyer")))

ROUTES: dict[str, Entry] = {
    "orders": reading(*ANYBODY),
    "orders_sums": reading(*ANYBODY),
    "order_new": both(*_ORDERING, once=Once.OWN),
    "order_lines": writing(*_ORDERING),
    "order_left": writing(*_ORDERING),
    "order_template": reading(*_ORDERING),
    "order_totals": writing(*_ORDERING),
    "order": reading(_PARTY),
    "order_accept": writing(_ANSWERER, AGENTS_CLERK),
    "order_contract": reading(_PARTY),
    "order_hand_in": writing(_BUYER, Way(posts=ENTERING_POSTS, relation="seller")),
    "order_acceptance": reading(_PARTY),
    "order_file": reading(_PARTY),
    "order_decline": writing(_ANSWERER, AGENTS_CLERK),
    "order_withdraw": writing(_BUYER),
    "order_decide": writing(_BUYER, _ANSWERER, AGENTS_CLERK),
    "order_waive": writing(Way(posts=WAIVING_POSTS, relation="signed_at_once")),
    "order_ship": writing(_SHIPPER, AGENTS_CLERK),
    "order_change": both(_ANSWERER, Way(posts=BUYING_POSTS, relation="buyer_before_acceptance")),
    "order_split": both(_BUYER, _ANSWERER),
    "order_merge": both(_BUYER, _ANSWERER),
    "order_reopen": both(_BUYER, _ANSWERER),
    "order_cancel": both(_ANSWERER),
    "order_close": both(_ANSWERER),
    "order_parts": both(_SHIPPER, AGENTS_CLERK, once=Once.ALIKE),
    "order_return": both(_SHIPPER, AGENTS_CLERK, once=Once.ALIKE),
    "order_pick_slip": reading(_SHIPPER, AGENTS_CLERK),
    "deliveries": reading(*ANYBODY),
    "deliveries_to_ship": reading(Way(kinds=SELLING)),
    "delivery": reading(_PARTY),
    "delivery_receive": writing(_BUYER),
    "delivery_parcels": writing(_SHIPPER, AGENTS_CLERK, once=Once.ALIKE),
    "delivery_late": writing(Way(posts=CONSENTING_POSTS, relation="seller")),
    "delivery_note": reading(_PARTY),
    "delivery_labels": reading(_PARTY),
    "difference_count": writing(_SHIPPER, AGENTS_CLERK),
    "difference_answer": writing(_ANSWERER),
    "difference_photo": reading(_PARTY),
    "order_ask": writing(*_ASKER, once=Once.ALIKE),
    "order_collect": writing(*_ASKER),
    "signature_again": writing(Way(relation="asker")),
    "signature_withdraw": writing(Way(relation="asker")),
    "api:orders": for_tokens(read=Scope.ORDERS_READ, write=Scope.ORDERS_WRITE),
    "api:orders_batch": for_tokens(write=Scope.ORDERS_WRITE, ways=_ORDERING),
    "api:orders_preview": for_tokens(write=Scope.ORDERS_READ, ways=_ORDERING),
    "api:order": for_tokens(read=Scope.ORDERS_READ, ways=(_PARTY,)),
    "api:order_decisions": for_tokens(read=Scope.ORDERS_READ, ways=(_PARTY,)),
    "api:order_withdraw": for_tokens(write=Scope.ORDERS_WRITE, ways=(_BUYER,)),
    "api:order_accept": for_tokens(write=Scope.ORDERS_WRITE, ways=(_ANSWERER, AGENTS_CLERK)),
    "api:order_decline": for_tokens(write=Scope.ORDERS_WRITE, ways=(_ANSWERER, AGENTS_CLERK)),
    "api:order_ship": for_tokens(write=Scope.STOCK_WRITE, ways=(_SHIPPER, AGENTS_CLERK)),
    "api:order_decide": for_tokens(write=Scope.ORDERS_WRITE, ways=(_BUYER, _ANSWERER, AGENTS_CLERK)),
    "api:order_change": for_tokens(write=Scope.ORDERS_WRITE, ways=(_ANSWERER, Way(posts=BUYING_POSTS, relation="buyer_before_acceptance"))),
    "api:order_cancel": for_tokens(write=Scope.ORDERS_WRITE, ways=(_ANSWERER,)),
    "api:order_close": for_tokens(write=Scope.ORDERS_WRITE, ways=(_ANSWERER,)),
    "api:deliveries": for_tokens(read=Scope.STOCK_READ),
    "api:delivery": for_tokens(read=Scope.STOCK_READ, ways=(_PARTY,)),
    "api:delivery_parcels": for_tokens(write=Scope.STOCK_WRITE, ways=(_SHIPPER, AGENTS_CLERK)),
    "api:delivery_receive": for_tokens(write=Scope.STOCK_WRITE, ways=(_BUYER,)),
    "api:differences": for_tokens(read=Scope.STOCK_READ),
    "api:difference": for_tokens(read=Scope.STOCK_READ, ways=(_PARTY,)),
    "api:difference_count": for_tokens(write=Scope.STOCK_WRITE, ways=(_SHIPPER, AGENTS_CLERK)),
    "api:difference_answer": for_tokens(write=Scope.STOCK_WRITE, ways=(_ANSWERER,)),
    "api:products": for_tokens(read=Scope.CATALOGUE_READ, ways=_ORDERING),
}
MODELS: dict[str, Sight] = {
    "Order": Sight(firms=(Seen("seller"), Seen("buyer"))),
    "OrderLine": _THROUGH_ORDER,
    "StoredDecision": _THROUGH_ORDER,
    "Delivery": _THROUGH_ORDER,
    "DeliveryLine": _THROUGH_DELIVERY,
    "Parcel": _THROUGH_DELIVERY,
    "Difference": _THROUGH_DELIVERY,
    "DifferenceLine": Sight(
        firms=(Seen("difference__delivery__order__seller"), Seen("difference__delivery__order__buyer")),
    ),
    "SignatureRequest": Sight(
        firms=(Seen("order__seller"), Seen("order__buyer")), inside=("reason", "approval", "asked_by", "asked_for", "ended_because")
    ),
    "GoodsReturn": _THROUGH_ORDER,
    "GoodsReturnLine": Sight(firms=(Seen("goods_return__order__seller"), Seen("goods_return__order__buyer"))),
}
