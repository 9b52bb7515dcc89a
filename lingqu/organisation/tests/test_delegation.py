"""A delegation lends one post for some days, inside a firm, and ends when it is said to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from lingqu.audit.models import Fact
from lingqu.base.refusal import Refusal
from lingqu.organisation.actions import delegate, delegations, end_delegation, give_post
from lingqu.organisation.models import Delegation, PostHolding
from lingqu.organisation.queries import acting
from lingqu.organisation.states import PostCode
from tests.world import World

DAY = timedelta(days=1)
EVERYBODY = ("director", "manager", "deputy", "finance", "agent_owner", "agent_clerk", "other_agent_owner", "retailer_owner")


def lend(world: World, absent: str = "manager", stand_in: str = "finance", *, by: str = "", **changes: object) -> Delegation:
    first = world.at.date()
    given: dict[str, object] = {"post": PostCode.MANAGER, "first": first, "last": first + 7 * DAY, "reason": "出差"} | changes
    return delegate(
        world.people[absent], stand_in=world.people[stand_in], at=world.at, by=world.people[by or absent],
        **given,  # type: ignore[arg-type]
    )  # fmt: skip


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as told:
        call()
    return told.value.code


def stands_in(world: World, name: str = "finance", *, days: int = 0, post: PostCode = PostCode.MANAGER) -> bool:
    return acting(world.people[name], on=world.at.date() + days * DAY).holds(post, world.people[name].firm_id)


@pytest.mark.parametrize("by", EVERYBODY)
def test_the_person_themselves_and_the_director_may_lend_a_post(world: World, by: str) -> None:
    allowed = by in {"manager", "director"}
    assert (refused(lambda: lend(world, by=by)) if not allowed else lend(world, by=by).pk and "") == ("" if allowed else "forbidden")
    assert stands_in(world) is allowed


@pytest.mark.parametrize("by", EVERYBODY)
def test_at_a_partner_the_owner_may(world: World, by: str) -> None:
    allowed = by in {"agent_owner", "agent_clerk"}
    call = lambda: lend(world, "agent_clerk", "agent_owner", by=by, post=PostCode.CLERK)  # noqa: E731
    assert (call().pk and "" if allowed else refused(call)) == ("" if allowed else "forbidden")


def test_who_stands_in_for_the_director_cannot_lend_on(world: World) -> None:
    lend(world, "director", "finance", post=PostCode.DIRECTOR)
    assert stands_in(world, post=PostCode.DIRECTOR)
    assert refused(lambda: lend(world, "manager", "warehouse", by="finance")) == "forbidden"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"stand_in": "agent_owner"}, "bad_input"),
        ({"stand_in": "manager"}, "self_delegation"),
        ({"reason": "  "}, "bad_input"),
        ({"post": PostCode.DIRECTOR}, "post_not_held"),
        ({"first": -1}, "bad_input"),
        ({"last": -1}, "bad_input"),
        ({"last": 366}, "bad_input"),
        ({"first": 367, "last": 367}, "bad_input"),
        ({"first": date.max, "last": date.max}, "bad_input"),
        ({"last": 365}, ""),
        ({"first": 3, "last": 3}, ""),
    ],
)
def test_what_cannot_be_lent(world: World, changes: dict[str, object], code: str) -> None:
    given = {name: world.at.date() + value * DAY if isinstance(value, int) else value for name, value in changes.items()}
    if code:
        assert refused(lambda: lend(world, **given)) == code  # type: ignore[arg-type]
    assert Delegation.objects.exists() or bool(code) or bool(lend(world, **given))  # type: ignore[arg-type]


def test_a_post_that_ends_meanwhile_is_not_lent_beyond_its_end(world: World) -> None:
    today = world.at.date()
    PostHolding.objects.filter(person=world.people["manager"]).update(period=(today - 300 * DAY, today + 3 * DAY))
    assert refused(lambda: lend(world)) == "post_not_held"
    assert lend(world, last=today + 2 * DAY).pk


def test_one_post_is_lent_once_at_a_time(world: World) -> None:
    today = world.at.date()
    lend(world, last=today + 3 * DAY)
    assert refused(lambda: lend(world, stand_in="warehouse", first=today + 3 * DAY)) == "delegated_already"
    assert lend(world, stand_in="warehouse", first=today + 4 * DAY).pk


def test_ended_it_holds_no_more_from_this_moment(world: World) -> None:
    given = lend(world)
    world.at += 2 * DAY
    assert stands_in(world)
    ended = end_delegation(given.pk, by=world.people["manager"], at=world.at)
    assert (stands_in(world), stands_in(world, days=-1), stands_in(world, days=1)) == (False, True, False)
    assert ended.period.upper == world.at.date()
    fact = Fact.objects.get(verb="end_delegation")
    assert (fact.subject_id, fact.before["last"]) == (world.people["manager"].pk, (world.at.date() + 5 * DAY).isoformat())


def test_called_off_before_it_began_nobody_stands_in(world: World) -> None:
    today = world.at.date()
    given = lend(world, first=today + 2 * DAY)
    end_delegation(given.pk, by=world.people["director"], at=world.at)
    assert [stands_in(world, days=days) for days in range(9)] == [False] * 9
    assert lend(world, first=today + 2 * DAY).pk


def test_one_that_is_over_is_not_ended_again(world: World) -> None:
    given = lend(world)
    end_delegation(given.pk, by=world.people["manager"], at=world.at)
    assert refused(lambda: end_delegation(given.pk, by=world.people["manager"], at=world.at)) == "delegation_over"


@pytest.mark.parametrize("by", EVERYBODY)
def test_who_may_end_it(world: World, by: str) -> None:
    given = lend(world)
    codes = {"director": "", "manager": "", "deputy": "forbidden", "finance": "forbidden"}
    code = codes.get(by, "not_found")
    call = lambda: end_delegation(given.pk, by=world.people[by], at=world.at)  # noqa: E731
    assert (refused(call) if code else call().pk and "") == code
    assert stands_in(world) is bool(code)


def test_a_post_is_lent_at_the_firm_of_the_absent_and_at_no_other(world: World) -> None:
    """They hold it at an agent too: that was not delegated."""
    agent = world.firms["agent"]
    give_post(world.people["manager"], PostCode.MANAGER, firm=agent, since=world.at.date(), at=world.at, by=None)
    lend(world)
    who = world.who("finance")
    assert {firm for post, firm in who.posts if post is PostCode.MANAGER} == {world.hq.pk}
    assert world.who("manager").holds(PostCode.MANAGER, agent.pk)


def test_the_guard_of_the_firm_is_what_keeps_strangers_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: without the guard, the owner of another firm would lend somebody's post."""
    monkeypatch.setattr(delegations, "_must_manage", lambda absent, by, at: None)
    assert lend(world, by="other_agent_owner").pk
