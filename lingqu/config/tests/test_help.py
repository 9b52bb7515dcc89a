"""The pages about the interface say what the interface is, in both languages."""

from __future__ import annotations

import json
import re

import pytest
from django.conf import settings
from django.utils.html import escape

from lingqu.config.api import api
from lingqu.config.help import GROUP_WORDS, groups
from lingqu.config.help.words import SUMMARIES
from tests.pages import SitDown, at_desk, counted
from tests.world import World

__all__ = ["at_desk"]
OPERATIONS = [one for group in groups(api.get_openapi_schema()) for one in group.operations]


def test_every_operation_has_chinese_words_and_an_area() -> None:
    described = {told["operationId"] for methods in api.get_openapi_schema()["paths"].values() for told in methods.values()}
    assert {one.name for one in OPERATIONS} == described == set(SUMMARIES)
    assert {one.group for one in OPERATIONS} <= set(GROUP_WORDS)


def test_the_page_lists_every_operation(world: World, at_desk: SitDown) -> None:
    browser = at_desk("agent_owner")
    told = browser.get("/help/api").content.decode()
    for one in OPERATIONS:
        assert f'href="/help/api/{one.name}"' in told
        assert one.summary.zh in told
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = browser.get("/help/api").content.decode()
    assert all(escape(one.summary.en) in english for one in OPERATIONS)


@pytest.mark.parametrize("name", [one.name for one in OPERATIONS])
def test_every_operation_has_its_page(world: World, at_desk: SitDown, name: str) -> None:
    browser = at_desk("agent_owner")
    answer = browser.get(f"/help/api/{name}")
    told = answer.content.decode()
    operation = next(one for one in OPERATIONS if one.name == name)
    assert (answer.status_code, f"curl https://lingqu.example.com{operation.path.partition('{')[0]}" in told) == (200, True)
    for field in (*operation.places, *operation.query, *operation.body, *operation.answer):
        assert field.name in told


def test_an_example_is_accepted_for_its_shape(world: World) -> None:
    """What the page gives to send is JSON."""
    for one in OPERATIONS:
        sent = re.search(r"-d '(.*)'", one.call, re.DOTALL)
        assert (sent is not None) == (one.method == "POST")
        assert sent is None or isinstance(json.loads(sent[1]), dict)


def test_an_unknown_operation_is_not_there(world: World, at_desk: SitDown) -> None:
    assert at_desk("agent_owner").get("/help/api/nothing").status_code == 404


def test_the_pages_ask_the_database_no_more_than_any_page(world: World, at_desk: SitDown) -> None:
    browser = at_desk("agent_owner")
    browser.get("/help/api")
    with counted() as first:
        browser.get("/help/api")
    with counted() as second:
        browser.get("/help/api/ship_order")
    assert len(first) == len(second)
