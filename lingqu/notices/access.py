"""Who may do what with notices: one predicate per verb, over what a person acts as today."""

from __future__ import annotations

from lingqu.base.access import ANYBODY, Entry, Once, Seen, Sight, Way, both, open_to_all, reading, writing
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind, PostCode

CHANNEL_POSTS = (PostCode.DIRECTOR, PostCode.DEPUTY, PostCode.MANAGER)


def may_manage_channels(who: Acting) -> bool:
    """Return whether the person may set up where notices go: director, deputy and marketing manager of HQ."""
    return who.firm_kind == FirmKind.HQ.value and who.holds_any(CHANNEL_POSTS, who.firm)


_HQ = (FirmKind.HQ.value,)
_MANAGING = Way(kinds=_HQ, posts=CHANNEL_POSTS)
_OF_CHANNEL = Way(kinds=_HQ, posts=CHANNEL_POSTS, relation="own")

ROUTES: dict[str, Entry] = {
    "forgotten": open_to_all("who forgot the password cannot sign in; everybody is answered alike", write=True),
    "inbox": reading(*ANYBODY),
    "notices_read": writing(*ANYBODY),
    "notice_open": writing(Way(relation="person")),
    "notice_settings": both(*ANYBODY),
    "channels": reading(_MANAGING),
    "channel_new": both(_MANAGING, once=Once.ALIKE),
    "channel_edit": both(_OF_CHANNEL),
    "channel_switch": writing(_OF_CHANNEL),
    "channel_try": writing(_OF_CHANNEL),
    "channel_test": reading(_OF_CHANNEL),
}
MODELS: dict[str, Sight] = {
    "Notice": Sight(people=("person",)),
    "Channel": Sight(firms=(Seen("firm", posts=CHANNEL_POSTS),), hidden=("secret",)),
    "Sending": Sight(firms=(Seen("channel__firm", posts=CHANNEL_POSTS),), hidden=("payload", "stable_id")),
    "Reach": Sight(people=("person",)),
}
