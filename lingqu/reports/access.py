"""Who reports and who answers: the partner's owner and clerk, then its representative, the manager, or the agent's owner."""

from __future__ import annotations

from collections.abc import Collection

from lingqu.base.access import ANYBODY, API_TOKEN, Entry, Seen, Sight, Way, for_tokens
from lingqu.organisation.queries import Acting, Asker, asks_for
from lingqu.organisation.states import FirmKind, PostCode, Scope

PARTNERS = (FirmKind.AGENT.value, FirmKind.RETAILER.value)
REPORTING_POSTS = (PostCode.OWNER, PostCode.CLERK)
HEADS = (PostCode.MANAGER, PostCode.OWNER)
ANSWERING_POSTS = (PostCode.REPRESENTATIVE, *HEADS)


def may_report(who: Acting, partner: int) -> bool:
    """Return whether the person reports for a partner: its owner or a clerk."""
    return who.firm_kind in PARTNERS and who.holds_any(REPORTING_POSTS, partner)


def answers_as(who: Acting, seller: int, representatives: Collection[int]) -> Asker | None:
    """Return as whom the person may answer reports of a partner with these representatives; None when they may not (M-15.3)."""
    return asks_for(who, seller, representatives, HEADS)


REPORTING_WAYS = (Way(kinds=PARTNERS, posts=REPORTING_POSTS),)
CHANGING_WAYS = (Way(kinds=PARTNERS, posts=REPORTING_POSTS, relation="buyer"),)
ANSWERING_WAYS = (Way(posts=ANSWERING_POSTS, relation="seller"),)
_OF_REPORT = Sight(firms=(Seen("report__seller"), Seen("report__partner")))

ROUTES: dict[str, Entry] = {
    "api:partner_reports": Entry(read=ANYBODY, write=REPORTING_WAYS, door=API_TOKEN, scopes=(Scope.PARTNERS_READ, Scope.PARTNERS_WRITE)),
    "api:partner_report": for_tokens(read=Scope.PARTNERS_READ, ways=(Way(relation="party"),)),
    "api:partner_report_change": for_tokens(write=Scope.PARTNERS_WRITE, ways=CHANGING_WAYS),
    "api:partner_report_ask_back": for_tokens(write=Scope.PARTNERS_WRITE, ways=ANSWERING_WAYS),
    "api:partner_report_answer": for_tokens(write=Scope.PARTNERS_WRITE, ways=ANSWERING_WAYS),
}
MODELS: dict[str, Sight] = {
    "PartnerReport": Sight(firms=(Seen("seller"), Seen("partner"))),
    "ReportLine": _OF_REPORT,
}
