"""Who may do what with credit: one predicate per verb, over what a person acts as today."""

from __future__ import annotations

from collections.abc import Collection

from lingqu.base.access import ANYBODY, API_TOKEN, Entry, Once, Seen, Sight, Way, both, for_tokens, reading, writing
from lingqu.organisation.queries import Acting, Asker
from lingqu.organisation.queries import asks_for as asks_about
from lingqu.organisation.states import FirmKind, PostCode, Scope

MONEY_POSTS = (PostCode.FINANCE, PostCode.OWNER)
PROPOSING_POSTS = (PostCode.MANAGER, PostCode.FINANCE)
LOWERING_POSTS = (PostCode.FINANCE, PostCode.DIRECTOR, PostCode.OWNER)
GRADE_POSTS = (PostCode.DIRECTOR, PostCode.OWNER)
TERMS_POSTS = (PostCode.OWNER, PostCode.CLERK)
"""Who deals with the terms of an agent's retailers: its owner sets them, its clerk asks the owner."""
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
WAIVING_POSTS = (PostCode.MANAGER, PostCode.DEPUTY, PostCode.DIRECTOR, PostCode.OWNER)
"""Whoever signs for any law."""


def may_enter_receipt(who: Acting, seller: int) -> bool:
    """Return whether the person may enter money received by the seller: its finance head, or an agent's owner."""
    return who.holds_any(MONEY_POSTS, seller)


def may_change_grade(who: Acting, seller: int) -> bool:
    """Return whether the person may set grades of the seller's partners: its director, or an agent's owner (M-19.4).

    Where the regulation has a procedure for it the director may only lower one at once: `credit.rules.is_lowering`.
    """
    return who.holds_any(GRADE_POSTS, seller)


def may_set_terms(who: Acting, seller: int) -> bool:
    """Return whether the person may set terms of the seller's retailers at once: the owner of the agent (M-15.1)."""
    return who.firm == seller and who.firm_kind == FirmKind.AGENT.value and who.holds(PostCode.OWNER, seller)


def may_ask_terms(who: Acting, seller: int) -> bool:
    """Return whether the person may ask for terms of the seller's retailers, or set them: the agent's own people."""
    return who.firm == seller and who.firm_kind == FirmKind.AGENT.value and who.holds_any(TERMS_POSTS, seller)


def may_see_terms(who: Acting, seller: int, buyer: int, state: str) -> bool:
    """Return whether the person may see terms: the agent's people, and the retailer's once they were in force."""
    return who.firm == seller or (who.firm == buyer and state in ("applied", "ended"))


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


_OWN = Way(kinds=SELLING, relation="seller")
_PARTY = Way(relation="party")
_MONEY = Way(posts=MONEY_POSTS, relation="seller")
_ASKER = Way(relation="asker")
_REPRESENTATIVE = Way(posts=(PostCode.REPRESENTATIVE,), relation="representative")
_PROPOSER = (Way(posts=PROPOSING_POSTS, relation="seller"), _REPRESENTATIVE)
_CREDIT_CHANGER = (*_PROPOSER, Way(posts=LOWERING_POSTS, relation="seller"))
_WRITING_OFF = (*_PROPOSER, _MONEY)
_GROUP_CHANGER = (Way(posts=(*PROPOSING_POSTS, *LOWERING_POSTS, PostCode.REPRESENTATIVE), relation="seller"),)
_HOLDER = Way(posts=HOLD_POSTS, relation="seller")
_SELLER_AND_BUYER = Sight(firms=(Seen("line__seller"), Seen("line__buyer")))
_SELLER = Sight(firms=(Seen("line__seller"),))

_TERMS = (Way(kinds=(FirmKind.AGENT.value,), posts=TERMS_POSTS, relation="seller"),)
ROUTES: dict[str, Entry] = {
    "receipts": reading(*ANYBODY),
    "receipt_new": both(Way(kinds=SELLING, posts=MONEY_POSTS), once=Once.ALIKE),
    "receipt_preview": writing(Way(kinds=SELLING, posts=MONEY_POSTS)),
    "receipt": reading(_PARTY),
    "receipt_reverse": writing(_MONEY),
    "batch": reading(_OWN),
    "batch_write_off": writing(*_WRITING_OFF, once=Once.ALIKE),
    "batch_dispute": writing(_MONEY),
    "write_off": reading(_OWN),
    "write_off_revise": writing(_ASKER),
    "write_off_withdraw": writing(_ASKER),
    "unapplied": Entry(read=(_OWN,), write=(_MONEY,), once=Once.ALIKE),
    "grade_change": both(Way(posts=GRADE_POSTS, relation="seller"), once=Once.ALIKE),
    "credit_change": both(*_CREDIT_CHANGER, once=Once.ALIKE),
    "credit_preview": writing(*_CREDIT_CHANGER),
    "proposals": reading(_OWN),
    "proposal": reading(_OWN),
    "proposal_revise": both(_ASKER),
    "proposal_withdraw": writing(_ASKER),
    "branch_terms": reading(Way(kinds=(FirmKind.AGENT.value,))),
    "terms": Entry(read=_TERMS, write=_TERMS, absent=True, once=Once.ALIKE),
    "terms_paper": reading(Way(kinds=(FirmKind.AGENT.value,), relation="seller"), Way(relation="shown_buyer")),
    "terms_withdraw": writing(_ASKER),
    "credit_groups": reading(Way(kinds=(FirmKind.HQ.value,))),
    "credit_group_new": both(Way(kinds=(FirmKind.HQ.value,), posts=PROPOSING_POSTS), once=Once.ALIKE),
    "credit_group_proposal": reading(_OWN),
    "credit_group_withdraw": writing(_ASKER),
    "credit_group_revise": both(_ASKER),
    "credit_group": reading(_OWN),
    "credit_group_change": both(*_GROUP_CHANGER, once=Once.ALIKE),
    "holds": reading(Way(kinds=SELLING)),
    "hold": reading(_PARTY),
    "hold_ask": writing(*_PROPOSER, Way(posts=(PostCode.OWNER,), relation="seller"), once=Once.ALIKE),
    "hold_withdraw": writing(_ASKER),
    "hold_tighten": writing(_HOLDER),
    "hold_case": writing(Way(posts=(*INFORMED_POSTS, PostCode.OWNER), relation="seller")),
    "hold_file": reading(_OWN),
    "collection": Entry(read=(_OWN,), write=(*_PROPOSER, Way(posts=COLLECTING_POSTS, relation="seller")), once=Once.ALIKE),
    "hold_set": both(_HOLDER, once=Once.ALIKE),
    "api:terms": Entry(
        read=(Way(kinds=(FirmKind.AGENT.value,), relation="seller"),),
        write=(Way(kinds=(FirmKind.AGENT.value,), posts=TERMS_POSTS, relation="seller"),),
        door=API_TOKEN,
        scopes=(Scope.PARTNERS_READ, Scope.PARTNERS_WRITE),
    ),
    "api:balances": for_tokens(read=Scope.MONEY_READ),
    "api:balance": for_tokens(read=Scope.MONEY_READ, ways=(_PARTY,)),
    "api:receipts": Entry(
        read=ANYBODY, write=(Way(kinds=SELLING, posts=MONEY_POSTS),), door=API_TOKEN, scopes=(Scope.MONEY_READ, Scope.MONEY_WRITE)
    ),
    "api:receipt": for_tokens(read=Scope.MONEY_READ, ways=(_PARTY,)),
    "api:receipt_reverse": for_tokens(write=Scope.MONEY_WRITE, ways=(_MONEY,)),
}
MODELS: dict[str, Sight] = {
    "CreditLine": Sight(firms=(Seen("seller"), Seen("buyer"))),
    "GradeChange": Sight(firms=(Seen("line__seller"), Seen("line__buyer")), inside=("approval",)),
    "CreditGroup": Sight(firms=(Seen("seller"),)),
    "GroupProposal": Sight(firms=(Seen("seller"),)),
    "Receipt": _SELLER_AND_BUYER,
    "Batch": Sight(firms=(Seen("line__seller"), Seen("line__buyer")), inside=("dispute",)),
    "BatchCredit": _SELLER_AND_BUYER,
    "WriteOff": Sight(firms=(Seen("batch__line__seller"),)),
    "Application": Sight(firms=(Seen("batch__line__seller"), Seen("batch__line__buyer"))),
    "SupplyHold": Sight(firms=(Seen("line__seller"), Seen("line__buyer"))),
    "HoldRequest": Sight(firms=(Seen("hold__line__seller"),)),
    "CollectionNote": _SELLER,
    "Waiver": _SELLER_AND_BUYER,
    "CreditProposal": _SELLER,
    "RetailerTerms": Sight(
        firms=(Seen("line__seller"), Seen("line__buyer", where=(("state", ("applied", "ended")),))),
        inside=("reason", "approval", "asked_by", "asked_for", "ended_because"),
    ),
    "DeskView": Sight(people=("person",)),
}
