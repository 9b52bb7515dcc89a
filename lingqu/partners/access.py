"""Who may do what with partners: one predicate per verb, over what a person acts as today."""

from __future__ import annotations

from lingqu.base.access import Entry, Seen, Sight
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind, PostCode

PAPER_POSTS = (PostCode.MANAGER, PostCode.DIRECTOR)


def may_renew_paper(who: Acting, seller: int) -> bool:
    """Return whether the person may enter papers of the seller's partners: HQ's marketing manager and director (M-14.2)."""
    return who.firm_kind == FirmKind.HQ.value and who.firm == seller and who.holds_any(PAPER_POSTS, seller)


ROUTES: dict[str, Entry] = {}
MODELS: dict[str, Sight] = {
    "Partner": Sight(firms=(Seen("seller"), Seen("firm"))),
    "PartnerPaper": Sight(firms=(Seen("partner__seller"), Seen("partner__firm"))),
    "Representation": Sight(firms=(Seen("partner__seller"), Seen("partner__firm"))),
}
