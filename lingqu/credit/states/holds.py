"""States and kinds of supply control (M-19.3)."""

from __future__ import annotations

from enum import StrEnum

from lingqu.base.states import StateTable
from lingqu.base.text import Text


class HoldLevel(StrEnum):
    """How far a hold goes: goods do not leave, or no new request passes either."""

    DELAY = "delay"
    STOP = "stop"


HOLD_LEVEL_WORDS = {
    HoldLevel.DELAY: Text("暂缓发货", "Shipping delayed"),
    HoldLevel.STOP: Text("停供", "Supply stopped"),
}


class HoldCause(StrEnum):
    """Why: money is overdue (set by itself), or the business can no longer pay (set by hand, with evidence)."""

    OVERDUE = "overdue"
    SOLVENCY = "solvency"


HOLD_CAUSE_WORDS = {
    HoldCause.OVERDUE: Text("货款逾期", "Money overdue"),
    HoldCause.SOLVENCY: Text("经营恶化", "Business may no longer pay"),
}


class HoldState(StrEnum):
    """Where a hold stands. A deferred one lets goods leave up to its day and is in force again after it."""

    IN_FORCE = "in_force"
    DEFERRED = "deferred"
    RELEASED = "released"


class HoldVerb(StrEnum):
    """What happens to a hold."""

    TIGHTEN = "tighten"
    DEFER = "defer"
    RESUME = "resume"
    RELEASE = "release"


HOLDS: StateTable[HoldState, HoldVerb] = StateTable(
    {
        (HoldState.IN_FORCE, HoldVerb.TIGHTEN): HoldState.IN_FORCE,
        (HoldState.IN_FORCE, HoldVerb.DEFER): HoldState.DEFERRED,
        (HoldState.IN_FORCE, HoldVerb.RELEASE): HoldState.RELEASED,
        (HoldState.DEFERRED, HoldVerb.TIGHTEN): HoldState.DEFERRED,
        (HoldState.DEFERRED, HoldVerb.DEFER): HoldState.DEFERRED,
        (HoldState.DEFERRED, HoldVerb.RESUME): HoldState.IN_FORCE,
        (HoldState.DEFERRED, HoldVerb.RELEASE): HoldState.RELEASED,
    },
    {
        HoldState.IN_FORCE: Text("控制中", "In force"),
        HoldState.DEFERRED: Text("已延期", "Put off"),
        HoldState.RELEASED: Text("已解除", "Released"),
        HoldVerb.TIGHTEN: Text("升级为停供", "Stop supply"),
        HoldVerb.DEFER: Text("延期", "Put off"),
        HoldVerb.RESUME: Text("恢复控制", "Take up again"),
        HoldVerb.RELEASE: Text("解除", "Release"),
    },
)


class HoldRequestKind(StrEnum):
    """What is asked about a hold."""

    RELEASE = "release"
    DEFER = "defer"


HOLD_REQUEST_WORDS = {
    HoldRequestKind.RELEASE: Text("提前解除", "Release early"),
    HoldRequestKind.DEFER: Text("延期至某日", "Put off until a day"),
}


class CollectionKind(StrEnum):
    """How somebody tried to collect money."""

    CALL = "call"
    VISIT = "visit"
    LETTER = "letter"
    MEETING = "meeting"
    LEGAL = "legal"


STEP_WORDS = {
    "reminder": Text("付款提醒", "Remind of payment"),
    "hold": Text("暂缓发货", "Delay shipping"),
    "stop": Text("停供", "Stop supply"),
    "visit": Text("上门催收", "Visit to collect"),
    "letter": Text("发催款函", "Write a letter"),
    "legal": Text("走法律途径", "Take legal steps"),
}
"""The steps of the ladder, and the day from which on supply stops."""

COLLECTION_WORDS = {
    CollectionKind.CALL: Text("电话", "Call"),
    CollectionKind.VISIT: Text("上门", "Visit"),
    CollectionKind.LETTER: Text("催款函", "Letter"),
    CollectionKind.MEETING: Text("会谈", "Meeting"),
    CollectionKind.LEGAL: Text("法律途径", "Legal steps"),
}
