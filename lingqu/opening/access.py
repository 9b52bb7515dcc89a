"""Who may do what with opening workbooks: one predicate per verb, over what a person acts as today."""

from __future__ import annotations

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
