"""Who may do what with titles and special prices: one predicate per verb, over what a person acts as today."""

from __future__ import annotations

from collections.abc import Collection

from lingqu.base.access import ANYBODY, Entry, Seen, Sight, Way, reading
from lingqu.organisation.queries import Acting, Asker, asks_for
from lingqu.organisation.states import FirmKind, PostCode

ASKING_POSTS = (PostCode.MANAGER,)
COMING_POSTS = (PostCode.REPRESENTATIVE, *ASKING_POSTS)
TITLE_POSTS = (PostCode.RESEARCHER, PostCode.MANAGER)
ENDING_POSTS = (PostCode.MANAGER, PostCode.DEPUTY, PostCode.DIRECTOR)


def asks_special(who: Acting, seller: int, representatives: Collection[int]) -> Asker | None:
    """Return as whom the person may ask for a special price for a partner; None when they may not (M-17.1)."""
    return asks_for(who, seller, representatives, ASKING_POSTS)


def comes_for_special(who: Acting) -> bool:
    """Return whether the person may ask for special prices at all: the publisher's representatives and its marketing manager.

    For which partners a representative may is `asks_special`; agents give their retailers prices of their own instead.
    """
    return who.firm_kind == FirmKind.HQ.value and who.holds_any(COMING_POSTS, who.firm)


def may_bring_titles_in(who: Acting, publisher: int) -> bool:
    """Return whether the person may enter titles and list prices of the publisher: its researchers and its marketing manager."""
    return who.firm_kind == FirmKind.HQ.value and who.holds_any(TITLE_POSTS, publisher)


def may_end_special(who: Acting, seller: int) -> bool:
    """Return whether the person may end a granted special price before its last day."""
    return who.holds_any(ENDING_POSTS, seller)


SHOWN_TO_BUYERS = ("granted", "ended")
_KEEPING = Way(kinds=(FirmKind.HQ.value,), posts=TITLE_POSTS)
ROUTES: dict[str, Entry] = {"titles": reading(*ANYBODY), "disciplines": Entry(read=ANYBODY, write=(_KEEPING,))}
MODELS: dict[str, Sight] = {
    "Discipline": Sight(everybody=True),
    "Product": Sight(everybody=True),
    "ListPrice": Sight(everybody=True),
    "SpecialPrice": Sight(
        firms=(Seen("seller"), Seen("buyer", where=(("state", SHOWN_TO_BUYERS),))), inside=("reason", "given_up", "approval", "asked_for")
    ),
}
