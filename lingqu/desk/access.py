"""Who comes to home, search, partners, credit desk and special prices; to sign-ins, tokens and stand-ins."""

from __future__ import annotations

from lingqu.base.access import ANYBODY, API_TOKEN, Entry, Once, Way, both, for_tokens, reading, writing
from lingqu.catalogue.access import COMING_POSTS, ENDING_POSTS
from lingqu.credit.access import DESK_POSTS, SELLING, WAIVING_POSTS
from lingqu.orders.access import AGENTS_CLERK, ANSWERING_POSTS, BUYING_POSTS, REVIEWING_POSTS, SHIPPING_POSTS
from lingqu.organisation.states import FirmKind, PostCode, Scope
from lingqu.partners.access import PAPER_POSTS

LEADING_POSTS = (PostCode.DIRECTOR, PostCode.OWNER)
"""They arrange stand-ins for others of their firm."""

_AT_DESK = Way(kinds=SELLING, posts=DESK_POSTS)
_REVIEWING = Way(posts=REVIEWING_POSTS)
_PARTY = Way(relation="party")
_LEADING = ((("hq",), (PostCode.DIRECTOR, PostCode.MANAGER)), (("agent", "retailer", "customer"), (PostCode.OWNER,)))
_LOOKING_AFTER = tuple(Way(kinds=kinds, posts=posts, relation="looked_after") for kinds, posts in _LEADING)
"""Who looks after sign-ins: of the firm, or of the person, in the address."""

ROUTES: dict[str, Entry] = {
    "home": reading(*ANYBODY),
    "search": reading(*ANYBODY),
    "search_opened": writing(*ANYBODY),
    "person": reading(Way(relation="known")),
    "task": reading(Way(posts=(*ANSWERING_POSTS, *WAIVING_POSTS), relation="waits"), AGENTS_CLERK),
    "task_accept": writing(Way(posts=ANSWERING_POSTS, relation="seller"), AGENTS_CLERK),
    "task_decline": writing(Way(posts=ANSWERING_POSTS, relation="seller"), AGENTS_CLERK),
    "task_again": writing(Way(posts=ANSWERING_POSTS, relation="seller"), AGENTS_CLERK, Way(posts=BUYING_POSTS, relation="buyer")),
    "task_waive": writing(Way(posts=WAIVING_POSTS, relation="signed_at_once")),
    "task_ship": writing(Way(posts=SHIPPING_POSTS, relation="seller"), AGENTS_CLERK),
    "delegations": both(*ANYBODY, once=Once.ALIKE),
    "delegation_end": writing(Way(posts=LEADING_POSTS, relation="own"), Way(relation="person")),
    "credit_desk": Entry(read=(_AT_DESK,), absent=True),
    "credit_desk_documents": Entry(read=(_AT_DESK,), absent=True),
    "credit_desk_keep": writing(_AT_DESK),
    "credit_desk_drop": writing(Way(kinds=SELLING, posts=DESK_POSTS, relation="person")),
    "signatures": reading(_REVIEWING),
    "specials": reading(*ANYBODY),
    "special_new": both(Way(kinds=(FirmKind.HQ.value,), posts=COMING_POSTS), once=Once.ALIKE),
    "special_price": reading(Way(relation="seller"), Way(relation="shown_buyer")),
    "special_revise": both(Way(relation="asker")),
    "special_withdraw": writing(Way(relation="asker")),
    "special_end": writing(Way(posts=ENDING_POSTS, relation="seller")),
    "partners": reading(Way(kinds=SELLING)),
    "partner": reading(_PARTY),
    "partner_papers": Entry(read=(_PARTY,), write=(Way(posts=PAPER_POSTS, relation="seller"),), once=Once.ALIKE),
    "partner_paper_scan": reading(_PARTY),
    "api:me": Entry(read=ANYBODY, door=API_TOKEN),
    "api:partners": for_tokens(read=Scope.PARTNERS_READ),
    "api:partner": for_tokens(read=Scope.PARTNERS_READ, ways=(_PARTY,)),
    "tokens": both(*ANYBODY, once=Once.ALIKE),
    "token_revoke": writing(Way(relation="person")),
    "security": Entry(read=ANYBODY, postless=True),
    "session_end": Entry(write=(Way(relation="person"),), postless=True),
    "sessions_end_others": Entry(write=ANYBODY, postless=True),
    # What is shown here counts as a try, whatever becomes of the form.
    "password_change": Entry(write=ANYBODY, once=Once.OWN, postless=True),
    "factor_on": Entry(read=ANYBODY, write=ANYBODY, once=Once.OWN, postless=True),
    "factor_codes": Entry(write=ANYBODY, once=Once.OWN, postless=True),
    "factor_off": Entry(write=ANYBODY, once=Once.OWN, postless=True),
    "people": reading(*(Way(kinds=kinds, posts=posts) for kinds, posts in _LEADING)),
    "firm_people": both(*_LOOKING_AFTER),
    "invitation_withdraw": writing(*_LOOKING_AFTER),
    "person_reset": writing(*_LOOKING_AFTER),
    "person_disable": writing(*_LOOKING_AFTER),
    "person_enable": writing(*_LOOKING_AFTER),
    "person_sessions_end": writing(*_LOOKING_AFTER),
    "person_factor_off": writing(*_LOOKING_AFTER),
}
