"""What the tests of the pages have in common: people at their browsers pressing verbs, and stand-ins."""

from __future__ import annotations

from datetime import timedelta

from lingqu.approvals.tests.stories import Walk
from lingqu.organisation.actions import delegate
from lingqu.organisation.states import PostCode
from tests.pages import SitDown, spoken
from tests.world import World


def press(at_desk: SitDown, walk: Walk, name: str, address: str, **typed: object) -> tuple[int, str]:
    """Press a verb as somebody who sees the step that is open; return the status and the words of the answer."""
    step = typed.pop("step", None) or walk.step.pk
    answer = at_desk(name).post(f"/approvals/{walk.approval.number}/{address}", {"step": step, **typed}, follow=True)
    return answer.status_code, spoken(answer.content.decode())


def lend(world: World, absent: str, stand_in: str, post: PostCode) -> None:
    """Let somebody stand in for a week from today."""
    first = world.at.date()
    delegate(
        world.people[absent], stand_in=world.people[stand_in], post=post, first=first, last=first + timedelta(days=7), reason="出差",
        at=world.at, by=world.people[absent],
    )  # fmt: skip
