"""Who may do what with the regulation: one predicate per verb, over what a person acts as today."""

from __future__ import annotations

from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind, PostCode

DRAFTING_POSTS = (PostCode.MANAGER, PostCode.DIRECTOR)
"""Who writes drafts: the manager (M-4), and the director, who may order and amend (M-34, gap G-07)."""

NOTING_POSTS = (PostCode.RESEARCHER, PostCode.MANAGER, PostCode.DEPUTY, PostCode.DIRECTOR)


def may_draft(who: Acting) -> bool:
    """Return whether the person may write, send, take back and drop drafts: manager or director of HQ, or their stand-in."""
    return who.firm_kind == FirmKind.HQ.value and who.holds_any(DRAFTING_POSTS, who.firm)


def may_see_drafts(who: Acting) -> bool:
    """Return whether the person may read drafts: everybody at HQ, nobody outside."""
    return who.firm_kind == FirmKind.HQ.value


def may_note_benchmarks(who: Acting) -> bool:
    """Return whether the person may note and strike what competitors do: market research, manager, deputy and director of HQ (M-8)."""
    return who.firm_kind == FirmKind.HQ.value and who.holds_any(NOTING_POSTS, who.firm)


def may_see_benchmarks(who: Acting) -> bool:
    """Return whether the person may read what competitors do: everybody at HQ, nobody outside."""
    return who.firm_kind == FirmKind.HQ.value


def may_see_readings(who: Acting) -> bool:
    """Return whether the person may read who has confirmed a version: everybody at HQ."""
    return who.firm_kind == FirmKind.HQ.value


def acts_for(who: Acting) -> int | None:
    """Return the absent person for whom somebody drafts; None for one's own post."""
    return who.for_whom(DRAFTING_POSTS, who.firm)
