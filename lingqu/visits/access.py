"""Who plans visits and writes their records: the partner's representatives and the heads; only the seller's people see them."""

from __future__ import annotations

from collections.abc import Collection

from lingqu.base.access import Entry, Seen, Sight
from lingqu.organisation.queries import Acting, Asker, asks_for
from lingqu.organisation.states import PostCode

HEADS = (PostCode.MANAGER, PostCode.OWNER)
VISITING = (PostCode.REPRESENTATIVE, *HEADS)


def visits_as(who: Acting, seller: int, representatives: Collection[int]) -> Asker | None:
    """Return as whom the person may plan and record visits to a partner with these representatives; None when they may not (M-15.1)."""
    return asks_for(who, seller, representatives, HEADS)


def may_visit(who: Acting) -> bool:
    """Return whether the person's post visits partners at all."""
    return who.holds_any(VISITING, who.firm)


def is_own(who: Acting, asked_by: int, asked_for: int | None) -> bool:
    """Return whether a visit is the person's own, or of somebody for whom they stand in."""
    return who.person in (asked_by, asked_for) or asked_by in who.lent.values()


ROUTES: dict[str, Entry] = {}
MODELS: dict[str, Sight] = {"Visit": Sight(firms=(Seen("seller"),))}
