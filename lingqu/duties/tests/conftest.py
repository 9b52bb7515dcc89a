"""The people of the story at their browsers, and the representative of each agent as the wiring names it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from lingqu.duties.queries import people, register_relation
from lingqu.duties.states import REPRESENTATIVE_OF
from tests.pages import at_desk
from tests.world import World

__all__ = ["at_desk", "representatives"]


@pytest.fixture
def representatives(world: World) -> Iterator[World]:
    """The story with one representative who answers for `agent` and `other_agent`, and nobody for `cash_agent`."""
    before = dict(people._relations)
    firms = [world.firms["agent"].pk, world.firms["other_agent"].pk]
    person = world.people["representative"].pk

    def people_of(about: int, decider: int, on: date) -> list[int]:
        del on
        return [person] if about in firms and decider == world.hq.pk else []

    def firms_of(asked: int, decider: int, on: date) -> list[int]:
        del on
        return firms if asked == person and decider == world.hq.pk else []

    register_relation(REPRESENTATIVE_OF, people_of, firms=firms_of)
    yield world
    people._relations.clear()
    people._relations.update(before)
