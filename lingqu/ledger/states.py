"""The phases of a posting: at once, or in two steps (hold, then settle or release), the waiver, and the reversal."""

from __future__ import annotations

from enum import StrEnum

GROUP_KIND = "credit_group"
"""The kind of limited accounts that are groups: nothing moves on them but what moves on their members."""


class Phase(StrEnum):
    """What a posting does to the running rows of its accounts."""

    DIRECT = "direct"
    HOLD = "hold"
    SETTLE = "settle"
    RELEASE = "release"
    WAIVER = "waiver"
    REVERSE = "reverse"
