"""Clauses are found by pinyin and initials like everything else, and the tables for it stay out of the processes that answer pages."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

import pytest
from django.test import Client

from lingqu.base import names
from lingqu.base.child import Child
from lingqu.base.names import pinyin_key, pinyin_keys
from lingqu.desk.queries.search import clause_keys, clauses
from tests.pages import SitDown
from tests.world import World

pytestmark = pytest.mark.django_db
MOST_KB: Final = 10_240
NOBODY: Final = Child("lingqu.base.no_such_module", at_once=1, seconds=10)
"""A process that ends without an answer."""


def clauses_found(browser: Client, words: str) -> list[str]:
    """Return the numbers of the clauses that a search shows, in its order."""
    page = browser.get("/search", {"q": words}).content.decode()
    return [part.split('"')[0].rsplit("/", 1)[1] for part in page.split('href="/regulation/')[1:] if "/M-" in part.split('"')[0]]


@pytest.fixture
def spelt_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clauses, "_kept", {})


def test_by_pinyin_and_by_initials(world: World, at_desk: SitDown, spelt_anew: None) -> None:
    clause = world.regulation.clauses["M-19.5"]
    key = pinyin_key(clause.title.zh)
    browser = at_desk("manager")
    for words in (key, key.replace(" ", ""), "".join(syllable[0] for syllable in key.split())):
        assert "M-19.5" in clauses_found(browser, words), words


def test_every_title_has_its_key_and_they_are_made_once(world: World, spelt_anew: None, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = clause_keys(world.regulation)
    assert keys == {clause.id: pinyin_key(clause.title.zh) for clause in world.regulation.clauses.values()}
    monkeypatch.setattr(names, "_SPELLER", NOBODY)
    assert clause_keys(world.regulation) is keys


def test_where_they_cannot_be_spelt_words_still_find_and_it_is_tried_again(
    world: World, at_desk: SitDown, spelt_anew: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(names, "_SPELLER", NOBODY)
        assert clauses_found(at_desk("manager"), "M-19.5")[0] == "M-19.5"
        assert clause_keys(world.regulation) == {}
    assert len(clause_keys(world.regulation)) == len(world.regulation.clauses)


def test_a_process_that_spells_keeps_less_than_ten_megabytes() -> None:
    program = (
        "import resource; from lingqu.base.names import pinyin_keys;"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "keys = pinyin_keys(['信用额度与批次'] * 400);"
        "import sys; assert 'pypinyin' not in sys.modules and len(keys) == 400;"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) < MOST_KB


def test_no_names_are_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "_SPELLER", NOBODY)
    assert pinyin_keys([]) == []
