"""Who sees the ledger: nobody its rows; documents show the figures that follow from them."""

from __future__ import annotations

from lingqu.base.access import Entry, Sight

WHY = "shown as figures of the documents above it"
ROUTES: dict[str, Entry] = {}
MODELS: dict[str, Sight] = {
    "Account": Sight(never=WHY),
    "Running": Sight(never=WHY),
    "Posting": Sight(never=WHY),
    "LimitChange": Sight(never=WHY),
    "GroupChange": Sight(never=WHY),
}
