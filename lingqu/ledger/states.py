"""The phases of a posting: at once, or in two steps (hold, then settle or release), and the waiver."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """What a posting does to the running rows of its accounts."""

    DIRECT = "direct"
    HOLD = "hold"
    SETTLE = "settle"
    RELEASE = "release"
    WAIVER = "waiver"
