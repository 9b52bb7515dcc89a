"""The frame around every page: the person's own menu with their own firm's counts, and the sign-in page of a demo."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from lingqu.config import context
from lingqu.config.home import Home
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World

MENU = re.compile(r'<a class="menu-item" href="([^"]+)".*?</a>', re.DOTALL)
PEOPLE = [{"login": "shen", "name": "沈砚秋", "post": {"zh": "主任", "en": "Director"}, "firm": "青禾建筑标准设计所"}]


def counts(page: str) -> dict[str, str]:
    """What the side bar counts, by address."""
    side = page.split("side-foot", maxsplit=1)[0]
    return {found[1]: spoken(found[0]).split()[-1] for found in MENU.finditer(side) if "menu-count" in found[0]}


@pytest.mark.parametrize(
    ("name", "places"),
    [
        (
            "director",
            [
                "/",
                "/partners/",
                "/orders/",
                "/stock/",
                "/deliveries/",
                "/returns/",
                "/transfers/",
                "/special-prices/",
                "/titles/",
                "/receipts/",
                "/credit/",
                "/opening/",
                "/approvals/",
                "/duties/",
                "/regulation/",
                "/system/",
                "/accounts/people/HQ/",
            ],
        ),
        (
            "warehouse",
            [
                "/",
                "/partners/",
                "/orders/",
                "/stock/",
                "/deliveries/",
                "/returns/",
                "/transfers/",
                "/special-prices/",
                "/titles/",
                "/receipts/",
                "/approvals/",
                "/duties/",
                "/regulation/",
            ],
        ),
        (
            "agent_owner",
            [
                "/",
                "/orders/",
                "/partners/agent/",
                "/receipts/",
                "/partners/agent/statement",
                "/special-prices/",
                "/deliveries/",
                "/returns/",
                "/transfers/",
                "/titles/",
                "/price-claims/",
                "/partner-reports/",
                "/visits/",
                "/partners/",
                "/branch/terms/",
                "/credit/",
                "/bank/",
                "/statements/",
                "/approvals/",
                "/duties/",
                "/regulation/",
            ],
        ),
        (
            "retailer_clerk",
            [
                "/",
                "/orders/",
                "/partners/retailer/",
                "/receipts/",
                "/partners/retailer/statement",
                "/special-prices/",
                "/deliveries/",
                "/returns/",
                "/transfers/",
                "/titles/",
                "/price-claims/",
                "/partner-reports/",
                "/regulation/",
            ],
        ),
    ],
)
def test_the_menu_leads_only_to_pages_that_open(world: World, at_desk: SitDown, name: str, places: list[str]) -> None:
    browser = at_desk(name)
    page = browser.get("/").content.decode()
    assert [found[1] for found in MENU.finditer(page.split("side-foot")[0])] == places
    assert {place: browser.get(place).status_code for place in places} == dict.fromkeys(places, 200)
    assert page.count('aria-current="page"') >= 2


def test_the_counts_are_the_person_s_own(world: World, at_desk: SitDown) -> None:
    world.submit("agent", {0: 1})
    world.submit("agent", {0: 1})
    world.submit("agent", {0: 1})
    world.accept(world.submit("other_agent", {0: 1}))
    world.submit("retailer", {0: 1})
    seen = {name: counts(at_desk(name).get("/").content.decode()) for name in (
        "director", "manager", "representative", "finance", "warehouse", "agent_owner", "retailer_clerk", "cash_agent_owner",
    )}  # fmt: skip
    assert seen == {
        "director": {"/orders/": "3"},
        "manager": {"/": "3", "/orders/": "3"},
        "representative": {"/": "3", "/orders/": "3"},
        "finance": {"/orders/": "3"},
        "warehouse": {"/": "1", "/orders/": "3", "/deliveries/": "1"},
        "agent_owner": {"/": "1", "/orders/": "3", "/partners/": "1"},
        "retailer_clerk": {"/orders/": "1"},
        "cash_agent_owner": {},
    }


def test_what_is_late_is_said_to_be_late(world: World, at_desk: SitDown) -> None:
    world.submit("agent", {0: 1})
    assert "menu-count-late" not in at_desk("manager").get("/").content.decode()
    world.at += timedelta(days=4)
    assert world.expire() == 1
    assert "menu-count-late" in at_desk("manager").get("/").content.decode()


def test_the_frame_names_person_post_firm_publisher_and_regulation(world: World, at_desk: SitDown) -> None:
    words = spoken(at_desk("retailer_clerk").get("/regulation/").content.decode())
    for word in ("青禾建筑标准设计所", "retailer_clerk · 下单员", "retailer公司", "制度版本 v1", "2026-11-23 周一"):
        assert word in words


def test_the_frame_costs_three_statements_and_a_fragment_none_of_them(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    browser.get("/regulation/")
    with counted() as page:
        browser.get("/regulation/")
    with counted() as fragment:
        browser.get("/regulation/evidence")
    assert sum("to_answer" in statement for statement in page) == 1
    assert not any("to_answer" in statement or "'hq'" in statement for statement in fragment)


def test_the_theme_is_the_system_s_unless_the_person_chose(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    assert "data-bs-theme" not in browser.get("/").content.decode()
    for chosen in ("dark", "light"):
        answer = browser.post(f"/theme/{chosen}", {"next": "/partners/"})
        assert answer.headers["Location"] == "/partners/"
        assert f'data-bs-theme="{chosen}"' in browser.get("/").content.decode()
    assert browser.post("/theme/system", {"next": "https://elsewhere.example/"}).headers["Location"] == "/"
    assert "data-bs-theme" not in browser.get("/").content.decode()
    browser.cookies["lingqu_theme"] = '"><script>'
    assert "data-bs-theme" not in browser.get("/").content.decode()


def write_demo(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "demo.json").write_text(text, "utf-8")
    monkeypatch.setattr(context, "current_home", lambda: Home(folder))


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_demo_s_people_fill_in_the_sign_in_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings, language: str
) -> None:
    settings.DEMO = True
    write_demo(tmp_path, json.dumps({"people": PEOPLE, "password": "aaaa-bbbb"}), monkeypatch)
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = browser.get("/accounts/login/").content.decode()
    assert 'data-login="shen" data-password="aaaa-bbbb"' in " ".join(page.split())
    assert ("主任" if language == "zh" else "Director") in page
    assert "<script>" not in page


@pytest.mark.django_db
def test_nothing_of_a_demo_stands_on_the_sign_in_page_outside_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.DEMO = False
    write_demo(tmp_path, json.dumps({"people": PEOPLE, "password": "aaaa-bbbb"}), monkeypatch)
    page = Client().get("/accounts/login/").content.decode()
    assert "aaaa-bbbb" not in page
    assert "demo" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "[]", "{}", '{"people": [{}]}', '{"people": 1, "password": "x"}', '{"people": [1], "password": "x"}'])
def test_a_broken_demo_file_shuts_nobody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings, text: str) -> None:
    settings.DEMO = True
    write_demo(tmp_path, text, monkeypatch)
    assert Client().get("/accounts/login/").status_code == 200


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_refusal_s_page_keeps_to_one_language(world: World, at_desk: SitDown, language: str) -> None:
    browser = at_desk("manager", language=language)
    for path in ("/partners/nobody/", "/receipts/new", "/nowhere"):
        assert of_the_other_language(browser.get(path).content.decode(), language, world) == []
