"""The page of access tokens: made once and shown once, ended at once, each person's own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lingqu.audit.models import Fact
from lingqu.organisation.models import AccessToken
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World

PAGE = "/accounts/tokens/"


def form(world: World, **changes: object) -> dict[str, object]:
    last = world.at.date() + timedelta(days=90)
    return {"name": "仓库系统", "scopes": ["orders:read", "orders:write"], "last_day": last.isoformat(), **changes}


def test_a_token_is_shown_once_and_kept_as_a_hash(world: World, at_desk: SitDown) -> None:
    browser = at_desk("agent_owner")
    made = browser.post(PAGE, form(world))
    token = AccessToken.objects.get()
    assert f'value="{token.prefix}_' in made.content.decode()
    assert "no-store" in made.headers["Cache-Control"]
    later = browser.get(PAGE).content.decode()
    assert f"{token.prefix}_" not in later
    assert token.prefix in later
    assert (token.person_id, token.scopes) == (world.people["agent_owner"].pk, "orders:read orders:write")
    assert Fact.objects.filter(verb="make_token", person=world.people["agent_owner"].pk).count() == 1


def test_a_revoked_token_stays_in_the_list(world: World, at_desk: SitDown) -> None:
    browser = at_desk("agent_owner")
    browser.post(PAGE, form(world))
    token = AccessToken.objects.get()
    answer = browser.post(f"{PAGE}{token.prefix}/revoke", follow=True)
    words = spoken(answer.content.decode())
    assert "令牌“仓库系统”已停用" in words
    assert "已停用" in words.rpartition(token.prefix)[2]
    assert Fact.objects.filter(verb="revoke_token").count() == 1


def test_somebody_elses_token_is_not_found(world: World, at_desk: SitDown) -> None:
    at_desk("agent_owner").post(PAGE, form(world))
    token = AccessToken.objects.get()
    answer = at_desk("agent_clerk").post(f"{PAGE}{token.prefix}/revoke", follow=True)
    token.refresh_from_db()
    assert token.revoked_at is None
    assert "没有这项内容" in spoken(answer.content.decode())
    assert token.prefix not in at_desk("agent_clerk").get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "请给令牌起名"),
        ({"name": "系" * 61}, "请给令牌起名"),
        ({"scopes": []}, "请至少选一项权限"),
        ({"scopes": ["everything"]}, "请至少选一项权限"),
        ({"last_day": ""}, "请选择最后有效日"),
        ({"last_day": "2026-11-22"}, "最后有效日不能早于今天"),
        ({"last_day": "2027-11-24"}, "令牌最长有效一年"),
    ],
)
def test_what_is_refused_comes_back_filled_in(world: World, at_desk: SitDown, changes: dict[str, object], said: str) -> None:
    answer = at_desk("agent_owner").post(PAGE, form(world, **changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in spoken(page)
    assert AccessToken.objects.count() == 0
    assert str(changes.get("last_day", form(world)["last_day"])) in page


def test_an_eleventh_token_is_refused(world: World, at_desk: SitDown) -> None:
    browser = at_desk("agent_owner")
    for _ in range(10):
        browser.post(PAGE, form(world))
    answer = browser.post(PAGE, form(world))
    assert answer.status_code == 409
    assert "每人最多 10 个有效令牌" in spoken(answer.content.decode())
    assert AccessToken.objects.count() == 10


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_speaks_one_language(world: World, at_desk: SitDown, language: str) -> None:
    browser = at_desk("agent_owner", language=language)
    browser.post(PAGE, form(world, name="x"))
    page = browser.get(PAGE).content.decode().replace(AccessToken.objects.get().prefix, "")
    assert of_the_other_language(page, language, world, "agent_owner") == []


def test_the_page_takes_as_many_statements_for_ten_tokens_as_for_one(world: World, at_desk: SitDown) -> None:
    browser = at_desk("agent_owner")
    browser.post(PAGE, form(world))
    browser.get(PAGE)
    with counted() as one:
        browser.get(PAGE)
    for _ in range(9):
        browser.post(PAGE, form(world))
    with counted() as many:
        browser.get(PAGE)
    assert len(many) == len(one)
