"""The firm tree, posts held over time, and standing in for somebody absent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from lingqu.audit.models import Fact
from lingqu.base.refusal import Refusal
from lingqu.orders.actions import ask_signature
from lingqu.organisation.actions import delegate, open_firm
from lingqu.organisation.models import FirmPath, PostHolding
from lingqu.organisation.queries import acting, ancestors, branch
from lingqu.organisation.states import FirmKind, PostCode
from tests.world import START, World


def open_below(world: World, parent: str, kind: FirmKind, *, levels: int = 4, code: str = "new") -> str:
    try:
        open_firm(
            "新单位", code=code, kind=kind, parent=world.firms.get(parent, world.hq), since=START, levels=levels, at=world.at, by=None
        )
    except Refusal as refusal:
        return refusal.code
    return "opened"


def test_the_branch_of_an_agent_holds_its_retailers(world: World) -> None:
    assert set(branch(world.firms["agent"].pk)) == {world.firms["agent"], world.firms["retailer"]}
    assert branch(world.hq.pk).count() == 5


def test_the_way_up_leads_to_hq(world: World) -> None:
    assert [path.ancestor for path in ancestors(world.firms["retailer"].pk)] == [world.firms["retailer"], world.firms["agent"], world.hq]


def test_every_firm_is_its_own_ancestor(world: World) -> None:
    assert FirmPath.objects.filter(depth=0).count() == 5


@pytest.mark.parametrize(
    ("parent", "kind", "outcome"),
    [
        ("hq", FirmKind.AGENT, "opened"),
        ("agent", FirmKind.RETAILER, "opened"),
        ("retailer", FirmKind.CUSTOMER, "opened"),
        ("hq", FirmKind.RETAILER, "wrong_parent"),
        ("retailer", FirmKind.AGENT, "wrong_parent"),
        ("agent", FirmKind.CUSTOMER, "wrong_parent"),
        ("retailer", FirmKind.RETAILER, "wrong_parent"),
        ("agent", FirmKind.HQ, "wrong_parent"),
    ],
)
def test_each_kind_has_its_place(world: World, parent: str, kind: FirmKind, outcome: str) -> None:
    assert open_below(world, parent, kind) == outcome


def test_the_fifth_level_is_refused(world: World) -> None:
    assert open_below(world, "retailer", FirmKind.CUSTOMER, levels=3) == "too_deep"


def test_a_code_is_taken_once(world: World) -> None:
    assert open_below(world, "hq", FirmKind.AGENT, code="agent") == "bad_input"


def test_a_post_begins_on_its_day(world: World) -> None:
    director = world.people["director"]
    assert not acting(director, on=START - timedelta(days=1)).posts
    assert acting(director, on=START).holds(PostCode.DIRECTOR, world.hq.pk)


def lend(world: World, *, stand_in: str = "manager", post: PostCode = PostCode.DIRECTOR, first: date | None = None, days: int = 1) -> None:
    first = first or world.at.date()
    delegate(
        world.people["director"], stand_in=world.people[stand_in], post=post, first=first, last=first + timedelta(days=days),
        reason="出差", at=world.at, by=world.people["director"],
    )  # fmt: skip


def test_who_stands_in_acts_in_the_post_for_exactly_these_days(world: World) -> None:
    lend(world)
    today = world.at.date()
    held = [acting(world.people["manager"], on=today + timedelta(days=day)).holds(PostCode.DIRECTOR, world.hq.pk) for day in (-1, 0, 1, 2)]
    assert held == [False, True, True, False]


def test_standing_in_lends_one_post_only(world: World) -> None:
    lend(world, stand_in="warehouse")
    assert acting(world.people["warehouse"], on=world.at.date()).posts == {
        (PostCode.WAREHOUSE, world.hq.pk), (PostCode.DIRECTOR, world.hq.pk),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"stand_in": "director"}, "self_delegation"), ({"days": -1}, "bad_input"), ({"post": PostCode.FINANCE}, "post_not_held")],
)
def test_what_cannot_be_lent(world: World, changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        lend(world, **changes)  # type: ignore[arg-type]
    assert refusal.value.code == code


def test_a_post_that_has_ended_is_lent_no_more(world: World) -> None:
    lend(world, days=10)
    holding = PostHolding.objects.get(person=world.people["director"])
    holding.period = DateRange(START, world.at.date() + timedelta(days=5))
    holding.save()
    lent = [
        acting(world.people["manager"], on=world.at.date() + timedelta(days=day)).holds(PostCode.DIRECTOR, world.hq.pk) for day in (4, 5)
    ]
    assert lent == [True, False]


def test_whoever_acts_for_the_absent_says_for_whom(world: World) -> None:
    lend(world, stand_in="warehouse", post=PostCode.DIRECTOR)
    who = world.who("warehouse")
    assert who.for_whom((PostCode.DIRECTOR, PostCode.OWNER), world.hq.pk) == world.people["director"].pk
    assert who.for_whom((PostCode.DIRECTOR, PostCode.WAREHOUSE), world.hq.pk) is None
    assert who.for_whom((PostCode.FINANCE,), world.hq.pk) is None


def test_a_signature_for_the_absent_director_is_recorded_so(world: World) -> None:
    lend(world, stand_in="warehouse", post=PostCode.DIRECTOR)
    order = world.submit("agent", {0: 4_807, 2: 3, 3: 421}).order
    assert order
    asked = ask_signature(order, "急需", regulation=world.regulation, by=world.who("representative"), at=world.at)
    assert asked
    assert asked.approval_id
    for who in ("manager", "finance", "warehouse"):
        world.sign(asked.approval_id, who)
    signed = Fact.objects.get(verb="sign", subject="waiver")
    assert (signed.person, signed.on_behalf_of) == (world.people["warehouse"].pk, world.people["director"].pk)
