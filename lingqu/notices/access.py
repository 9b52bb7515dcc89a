"""Who may do what with notices: one predicate per verb, over what a person acts as today."""

from __future__ import annotations

from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind, PostCode

CHANNEL_POSTS = (PostCode.DIRECTOR, PostCode.DEPUTY, PostCode.MANAGER)


def may_manage_channels(who: Acting) -> bool:
    """Return whether the person may set up where notices go: director, deputy and marketing manager of HQ."""
    return who.firm_kind == FirmKind.HQ.value and who.holds_any(CHANNEL_POSTS, who.firm)
