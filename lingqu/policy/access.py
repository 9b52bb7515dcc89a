"""Who may do what with the regulation: one predicate per verb, over what a person acts as today."""

from __future__ import annotations

from lingqu.base.access import ANYBODY, Entry, Seen, Sight, Way, both, for_tokens, reading, writing
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind, PostCode, Scope

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


_HQ = (FirmKind.HQ.value,)
_READER = Way(kinds=_HQ)
_DRAFTER = Way(kinds=_HQ, posts=DRAFTING_POSTS)
_NOTER = Way(kinds=_HQ, posts=NOTING_POSTS)
_READ = reading(*ANYBODY)

ROUTES: dict[str, Entry] = {
    "regulation": _READ,
    "regulation_draft_number": reading(_READER),
    "regulation_issued": _READ,
    "regulation_pack": _READ,
    "regulation_parameters": _READ,
    "regulation_benchmark": both(_NOTER),
    "regulation_strike": writing(_NOTER),
    "regulation_gaps": _READ,
    "regulation_versions": _READ,
    "regulation_differences": _READ,
    "regulation_draft": reading(_READER),
    "regulation_start_draft": writing(_DRAFTER),
    "regulation_draft_head": Entry(read=(_READER,), write=(_DRAFTER,)),
    "regulation_send_draft": writing(_DRAFTER),
    "regulation_take_back_draft": writing(_DRAFTER),
    "regulation_drop_draft": Entry(read=(_READER,), write=(_DRAFTER,)),
    "regulation_edit": both(_DRAFTER),
    "regulation_version": _READ,
    "regulation_print": _READ,
    "regulation_confirm_reading": writing(Way(relation="person")),
    "regulation_evidence": _READ,
    "regulation_clause_evidence": _READ,
    "regulation_clause": _READ,
    "api:regulation": for_tokens(read=Scope.ORDERS_READ),
    "api:regulation_versions": for_tokens(read=Scope.ORDERS_READ),
    "api:regulation_clause": for_tokens(read=Scope.ORDERS_READ),
}
MODELS: dict[str, Sight] = {
    "Version": Sight(everybody=True),
    "Adoption": Sight(everybody=True),
    "Draft": Sight(firms=(Seen("started_by__firm"),)),
    "DraftChange": Sight(firms=(Seen("draft__started_by__firm"),)),
    "Reading": Sight(people=("person",), firms=(Seen("version__issued_by__firm"),)),
    "Benchmark": Sight(firms=(Seen("noted_by__firm"),)),
}
