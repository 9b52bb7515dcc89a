"""How a lower module is heard from above: typed, frozen events, heard in the same transaction, in the order that `config/wiring.py` lists.

At most one hop: a subscriber may not publish. What is slow or may fail is deferred as a job instead.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import msgspec


class Event(msgspec.Struct, frozen=True):
    """Something that has happened, told by the module to which it happened."""


_subscribers: dict[type[Event], tuple[Callable[[Any], None], ...]] = {}
_being_told: ContextVar[str] = ContextVar("lingqu_event_being_told", default="")


def wire(routes: dict[type[Event], tuple[Callable[[Any], None], ...]]) -> None:
    """Set who hears what; called once at start-up with the whole list."""
    _subscribers.clear()
    _subscribers.update(routes)


def publish(event: Event) -> None:
    """Tell the event to its subscribers, in their listed order, in the present transaction.

    Raises RuntimeError when a subscriber publishes in its turn: chains of events cannot be followed by a reader.
    """
    if _being_told.get():
        message = f"{type(event).__name__} was published while {_being_told.get()} was being told; an event makes one hop only"
        raise RuntimeError(message)
    token = _being_told.set(type(event).__name__)
    try:
        for subscriber in _subscribers.get(type(event), ()):
            subscriber(event)
    finally:
        _being_told.reset(token)
