"""The page of stand-ins: who sees whom, who may arrange it, and that a refusal loses nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lingqu.organisation.models import Delegation
from lingqu.organisation.queries import acting
from lingqu.organisation.states import PostCode
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World

PAGE = "/accounts/delegations/"


def form(world: World, absent: str = "manager", stand_in: str = "finance", post: str = "manager", **changes: str) -> dict[str, str]:
    today = world.at.date()
    return {
        "held": f"{world.people[absent].pk}-{post}", "stand_in": str(world.people[stand_in].pk), "first": today.isoformat(),
        "last": (today + timedelta(days=3)).isoformat(), "reason": "去武汉验收", **changes,
    }  # fmt: skip


def test_arranged_it_holds_and_stands_in_the_list(world: World, at_desk: SitDown) -> None:
    answer = at_desk("manager").post(PAGE, form(world), follow=True)
    words = spoken(answer.content.decode())
    assert "2026-11-23 至 2026-11-26 由 finance 代 manager 办理" in words
    assert "manager 营销主管 代 finance 2026-11-23 至 2026-11-26 去武汉验收 代签中" in words
    assert acting(world.people["finance"], on=world.at.date()).holds(PostCode.MANAGER, world.hq.pk)


def test_ended_early_it_moves_to_what_is_over(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    browser.post(PAGE, form(world))
    given = Delegation.objects.get()
    answer = browser.post(f"{PAGE}{given.pk}/end", follow=True)
    assert "即刻起由本人办理" in spoken(answer.content.decode())
    assert not acting(world.people["finance"], on=world.at.date()).holds(PostCode.MANAGER, world.hq.pk)
    again = browser.post(f"{PAGE}{given.pk}/end", follow=True)
    assert "该委托已经结束" in spoken(again.content.decode())


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("manager", ["manager"]),
        ("finance", ["finance"]),
        ("agent_clerk", ["agent_clerk"]),
        ("agent_owner", ["agent_owner", "agent_clerk"]),
    ],
)
def test_each_is_offered_what_is_theirs_to_lend(world: World, at_desk: SitDown, name: str, offered: list[str]) -> None:
    page = at_desk(name).get(PAGE).content.decode()
    known = {person.pk: who for who, person in world.people.items()}
    found = [known[pk] for pk in known if f'value="{pk}-' in page]
    assert sorted(found) == sorted(offered)


def test_the_director_is_offered_everybody_of_the_firm_and_nobody_else(world: World, at_desk: SitDown) -> None:
    page = at_desk("director").get(PAGE).content.decode()
    found = {name for name, person in world.people.items() if f'value="{person.pk}-' in page}
    assert found == {name for name, person in world.people.items() if person.firm_id == world.hq.pk}


@pytest.mark.parametrize(
    ("name", "status"),
    [("manager", 302), ("director", 302), ("deputy", 403), ("finance", 403), ("agent_owner", 422), ("retailer_owner", 422)],
)
def test_the_wrong_person_changes_nothing(world: World, at_desk: SitDown, name: str, status: int) -> None:
    answer = at_desk(name).post(PAGE, form(world))
    assert (answer.status_code, Delegation.objects.exists()) == (status, status == 302)


@pytest.mark.parametrize("name", ["deputy", "finance", "agent_owner", "retailer_owner"])
def test_the_wrong_person_ends_nothing(world: World, at_desk: SitDown, name: str) -> None:
    at_desk("manager").post(PAGE, form(world))
    given = Delegation.objects.get()
    at_desk(name).post(f"{PAGE}{given.pk}/end")
    assert acting(world.people["finance"], on=world.at.date()).holds(PostCode.MANAGER, world.hq.pk)
    assert at_desk("manager").post(f"{PAGE}{'9' * 30}/end").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"held": "x"}, {"held": "1-"}, {"held": f"{'9' * 18}-manager"}, {"stand_in": ""}, {"stand_in": "\x00"}, {"first": "明天"},
        {"last": "2026-02-30"}, {"last": "2026-11-01"}, {"first": "2020-01-01"}, {"reason": " "}, {"stand_in": "agent"}, {"held": "other"},
    ],
)  # fmt: skip
def test_a_refusal_keeps_what_was_typed(world: World, at_desk: SitDown, changes: dict[str, str]) -> None:
    outside = {"agent": str(world.people["agent_owner"].pk), "other": f"{world.people['manager'].pk}-nothing"}
    typed = form(world) | {"reason": "写好的事由"} | {name: outside.get(value, value) for name, value in changes.items()}
    answer = at_desk("manager").post(PAGE, typed)
    page = answer.content.decode()
    assert (answer.status_code, Delegation.objects.exists()) == (422, False)
    kept = ["写好的事由" in page or "reason" in changes, f'value="{typed["first"]}"' in page, "没有办理" in page]
    assert kept == [True, True, True]


def test_other_firms_see_nothing_of_it(world: World, at_desk: SitDown) -> None:
    at_desk("manager").post(PAGE, form(world))
    assert ["去武汉验收" in at_desk(name).get(PAGE).content.decode() for name in ("warehouse", "agent_owner")] == [True, False]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["director", "manager", "agent_owner"])
def test_the_page_keeps_to_one_language(world: World, at_desk: SitDown, name: str, language: str) -> None:
    browser = at_desk(name, language=language)
    empty = browser.get(PAGE).content.decode()
    at_desk("manager").post(PAGE, form(world, reason="-"))
    full = browser.get(PAGE).content.decode()
    refused = browser.post(PAGE, {}).content.decode()
    assert [of_the_other_language(page, language, world) for page in (empty, full, refused)] == [[], [], []]


def test_one_row_takes_as_many_statements_as_thirty(world: World, at_desk: SitDown) -> None:
    director = at_desk("director")
    director.post(PAGE, form(world))
    director.get(PAGE)
    with counted() as one:
        director.get(PAGE)
    for days in range(4, 34):
        day = (world.at.date() + timedelta(days=days)).isoformat()
        director.post(PAGE, form(world, first=day, last=day))
    with counted() as many:
        director.get(PAGE)
    assert (Delegation.objects.count(), len(many)) == (31, len(one))


def test_the_way_there_is_in_the_menu_of_the_person(world: World, at_desk: SitDown) -> None:
    assert [f'href="{PAGE}"' in at_desk(name).get("/").content.decode() for name in ("director", "retailer_clerk")] == [True, True]
