"""The job: what waits goes out after the commit, a short rest is waited for, a long one is not."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from lingqu.notices.actions import notify
from lingqu.notices.jobs import send_due
from lingqu.notices.models import Sending
from lingqu.notices.states import ChannelKind
from lingqu.notices.tests.conftest import Hire, told
from tests.world import World


@pytest.fixture
def real_time(world: World) -> World:
    """The job reads the clock, so the story is told now."""
    world.at = datetime.now(UTC)  # noqa: TID251 - the fake services look at the same clock as the job
    return world


def test_the_job_sends_what_is_due_and_tells_how_many_steps_it_took(real_time: World, hire: Hire) -> None:
    robot, _ = hire(ChannelKind.WECOM)
    assert send_due() == 0
    for key in ("a", "b"):
        notify(told(key), to=[real_time.people["director"].pk], at=real_time.at)
    assert send_due() == 2
    assert len(robot.taken) == 2


def test_the_rest_of_a_second_is_waited_for_and_that_of_a_minute_is_not(real_time: World, hire: Hire) -> None:
    feishu, _ = hire(ChannelKind.FEISHU, kinds=("duty",))
    feishu.now = lambda: datetime.now(UTC)  # noqa: TID251 - it counts five a second by the real clock
    wecom, _ = hire(ChannelKind.WECOM, kinds=("approval",))
    for number in range(7):
        notify(told(f"d{number}", kind="duty"), to=[real_time.people["director"].pk], at=real_time.at)
    for number in range(21):
        notify(told(f"a{number}"), to=[real_time.people["director"].pk], at=real_time.at)
    begin = time.monotonic()
    send_due()
    assert time.monotonic() - begin < 10
    assert (len(feishu.taken), feishu.refused) == (7, [])
    assert (len(wecom.taken), wecom.refused) == (20, [])
    assert Sending.objects.filter(state="waiting").count() == 1
