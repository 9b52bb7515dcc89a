"""When a message is tried: no faster than the service allows, again after a failure, and not for ever."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from lingqu.notices.states import ChannelKind

BACK_OFF: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 360))
GIVE_UP_AFTER: Final = timedelta(hours=24)
MARGIN: Final = timedelta(seconds=2)
"""Between our clock and the arrival at a service: messages may be on their way for longer or shorter."""

PACES: Final = {
    ChannelKind.WECOM: ((20, timedelta(minutes=1)),),
    ChannelKind.DINGTALK: ((20, timedelta(minutes=1)),),
    ChannelKind.FEISHU: ((100, timedelta(minutes=1)), (5, timedelta(seconds=1))),
    ChannelKind.EMAIL: ((100, timedelta(minutes=1)),),
}
"""How many messages a channel takes in which time. A mail server names no limit; this one keeps us from looking like spam."""

MOST_REMEMBERED: Final = max(count for pace in PACES.values() for count, _ in pace)


def next_try(attempts: int, *, first_at: datetime, at: datetime) -> datetime | None:
    """Return when to try again after the given number of failures, None when that would be more than 24 hours after the first moment."""
    again = at + BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
    return again if again - first_at <= GIVE_UP_AFTER else None


def free_at(kind: ChannelKind, tries: Sequence[datetime], *, at: datetime) -> datetime:
    """Return the moment from which the channel may be used again. `tries` are the moments of the last tries, newest first."""
    waits = [tries[count - 1] + span + MARGIN for count, span in PACES[kind] if len(tries) >= count]
    return max([at, *waits])
