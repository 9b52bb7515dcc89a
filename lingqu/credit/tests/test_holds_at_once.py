"""Two at the same moment: one hold, one request, one release, and money that comes while the last signature is given."""

from __future__ import annotations

from datetime import timedelta

from lingqu.credit.actions import review_line
from lingqu.credit.models import Batch, HoldRequest, SupplyHold
from lingqu.credit.tests.hold_stories import ask, owe
from lingqu.credit.tests.test_proposals_at_once import at_once
from lingqu.duties.models import Duty
from tests.world import World, build_world

ROUNDS = 3


def late(world: World, days: int = 1) -> None:
    """A batch that is so many days overdue; nobody has looked yet."""
    batch = owe(world)
    Batch.objects.filter(pk=batch.pk).update(triggered_due_on=world.at.date() - timedelta(days=days))


def looking(world: World):  # type: ignore[no-untyped-def]  # noqa: ANN201
    line, regulation, at = world.lines["other_agent"].pk, world.regulation, world.at
    return lambda: review_line(line, regulation=regulation, at=at)


def test_many_jobs_set_one_hold_and_ask_for_each_step_once(race_database: str) -> None:
    world = build_world()
    late(world, 15)
    assert at_once([looking(world)] * 6) == {"done": 6}
    assert (SupplyHold.objects.count(), Duty.objects.filter(rule="collection_visit").count()) == (1, 1)


def test_many_ask_and_one_is_heard(race_database: str) -> None:
    world = build_world()
    late(world)
    looking(world)()
    hold = SupplyHold.objects.get()
    assert at_once([lambda: ask(world, hold)] * 5) == {"done": 1, "request_open": 4}
    assert HoldRequest.objects.count() == 1


def test_money_and_the_last_signature_at_the_same_moment_end_in_one_release(race_database: str) -> None:
    world = build_world()
    for _ in range(ROUNDS):
        late(world)
        looking(world)()
        hold = SupplyHold.objects.latest("pk")
        request = ask(world, hold, "release")
        assert request.approval_id
        approval = request.approval_id
        world.sign(approval, "finance")
        done = at_once([lambda: world.pay("other_agent", "6240.00"), lambda approval=approval: world.sign(approval, "director")])  # type: ignore[misc]
        assert done["done"] + done["hold_gone"] == 2
        hold.refresh_from_db()
        request.refresh_from_db()
        assert (hold.state, request.state) in {("released", "applied"), ("released", "void")}
        assert request.state == ("void" if done["hold_gone"] else "applied")
