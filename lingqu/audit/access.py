"""Who sees recorded facts: those who see what they are about, as its history."""

from __future__ import annotations

from lingqu.base.access import Entry, Sight

ROUTES: dict[str, Entry] = {}
MODELS: dict[str, Sight] = {"Fact": Sight(through="subject_id")}
