"""Who comes to the addresses that belong to no module."""

from __future__ import annotations

from lingqu.base.access import ANYBODY, Entry, Way, open_to_all, reading, writing
from lingqu.notices.access import CHANNEL_POSTS
from lingqu.organisation.states import FirmKind

CONDITION_POSTS = CHANNEL_POSTS
"""Who looks after the system at headquarters: those who set up its channels."""

ROUTES: dict[str, Entry] = {
    "health": open_to_all("a load balancer asks, and is told nothing but that the server runs"),
    "ready": open_to_all("a load balancer asks, and is told a word for each thing that the installation needs"),
    "metrics": open_to_all("only this machine itself or who shows the operator's token is answered, and no figure is anybody's"),
    "language": open_to_all("the sign-in page has the switch too", read=False, write=True),
    "api_description": open_to_all("the description of the interface tells of no firm and no person"),
    "api_unknown": open_to_all("an address that does not exist has nothing to show", write=True),
    "api_help": reading(*ANYBODY),
    "api_operation": reading(*ANYBODY),
    "condition": Entry(read=(Way(kinds=(FirmKind.HQ.value,), posts=CONDITION_POSTS),), absent=True),
    "theme": writing(*ANYBODY),
    "kept": reading(*ANYBODY),
}
