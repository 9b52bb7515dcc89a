"""Who comes to the addresses that belong to no module."""

from __future__ import annotations

from lingqu.base.access import ANYBODY, Entry, open_to_all, reading, writing

ROUTES: dict[str, Entry] = {
    "health": open_to_all("a load balancer asks, and is told nothing but that the server runs"),
    "language": open_to_all("the sign-in page has the switch too", read=False, write=True),
    "api_description": open_to_all("the description of the interface tells of no firm and no person"),
    "api_unknown": open_to_all("an address that does not exist has nothing to show", write=True),
    "api_help": reading(*ANYBODY),
    "api_operation": reading(*ANYBODY),
    "theme": writing(*ANYBODY),
    "kept": reading(*ANYBODY),
}
