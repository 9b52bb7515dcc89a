"""Who may do what with opening workbooks: one predicate per verb, over what a person acts as today."""

from __future__ import annotations

from lingqu.base.access import Entry, Once, Seen, Sight, Way, both, reading, writing
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind, PostCode

PREPARING_POSTS = (PostCode.FINANCE, PostCode.MANAGER, PostCode.DIRECTOR)
SIGNING_POSTS = (PostCode.FINANCE, PostCode.MANAGER)
BOOKING_POSTS = (PostCode.DIRECTOR,)


def may_prepare(who: Acting, firm: int) -> bool:
    """Return whether the person may see, send and withdraw workbooks: finance head, marketing manager and director of HQ."""
    return who.firm_kind == FirmKind.HQ.value and who.firm == firm and who.holds_any(PREPARING_POSTS, firm)


def may_sign(who: Acting, firm: int) -> bool:
    """Return whether the person may sign first: finance head or marketing manager, also of a workbook that they sent."""
    return may_prepare(who, firm) and who.holds_any(SIGNING_POSTS, firm)


def may_book(who: Acting, firm: int, *, signed_by: int | None) -> bool:
    """Return whether the person may sign second and take over: the director, and never who signed first."""
    return may_prepare(who, firm) and who.holds_any(BOOKING_POSTS, firm) and signed_by != who.person


_HQ = (FirmKind.HQ.value,)
_PREPARING = Way(kinds=_HQ, posts=PREPARING_POSTS)
_OF_FILE = Way(kinds=_HQ, posts=PREPARING_POSTS, relation="own")

ROUTES: dict[str, Entry] = {
    "opening": reading(_PREPARING),
    "opening_new": both(_PREPARING, once=Once.ALIKE),
    "opening_template": reading(_PREPARING),
    "opening_file": reading(_OF_FILE),
    "opening_original": reading(_OF_FILE),
    "opening_marked": reading(_OF_FILE),
    "opening_sign": writing(Way(kinds=_HQ, posts=SIGNING_POSTS, relation="own")),
    "opening_book": writing(Way(kinds=_HQ, posts=BOOKING_POSTS, relation="own")),
    "opening_withdraw": writing(_OF_FILE),
}
MODELS: dict[str, Sight] = {
    "OpeningFile": Sight(firms=(Seen("firm", posts=PREPARING_POSTS),)),
    "OpeningProgress": Sight(firms=(Seen("file__firm", posts=PREPARING_POSTS),)),
    "OpeningRow": Sight(firms=(Seen("file__firm", posts=PREPARING_POSTS),)),
}
