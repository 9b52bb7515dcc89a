"""Events: heard in their order, in the same breath, and one hop only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lingqu.base import events
from lingqu.base.events import Event, publish, wire


class Rang(Event, frozen=True):
    times: int


class Answered(Event, frozen=True):
    pass


@pytest.fixture(autouse=True)
def own_wiring() -> Iterator[None]:
    usual = dict(events._subscribers)
    yield
    wire(usual)


def test_subscribers_hear_in_their_listed_order() -> None:
    heard: list[str] = []
    wire({Rang: (lambda event: heard.append(f"first {event.times}"), lambda event: heard.append(f"second {event.times}"))})
    publish(Rang(3))
    assert heard == ["first 3", "second 3"]


def test_what_nobody_listens_to_is_said_in_vain() -> None:
    wire({})
    publish(Rang(1))


def test_a_subscriber_may_not_publish() -> None:
    wire({Rang: (lambda _: publish(Answered()),)})
    with pytest.raises(RuntimeError, match="one hop"):
        publish(Rang(1))


def test_after_a_broken_subscriber_others_are_heard_again() -> None:
    def break_down(event: Rang) -> None:
        raise ZeroDivisionError(event)

    wire({Rang: (break_down,)})
    with pytest.raises(ZeroDivisionError):
        publish(Rang(1))
    wire({})
    publish(Rang(2))
