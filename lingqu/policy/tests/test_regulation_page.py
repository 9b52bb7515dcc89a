"""The regulation's page: every clause with what carries it out; a clause that nothing carries out says so."""

from __future__ import annotations

import msgspec
import pytest
from django.test import Client

from lingqu.base.text import Text
from lingqu.policy.present import article_words, chapters_of, chinese_number, loose_gaps, summary_of
from lingqu.policy.rules import Clause, Gap
from tests.pages import SitDown, of_the_other_language, spoken
from tests.world import World

EVERYBODY = ("director", "warehouse", "agent_owner", "retailer_clerk")


@pytest.mark.parametrize("name", EVERYBODY)
def test_every_clause_parameter_law_and_gap_stands_on_the_page(world: World, at_desk: SitDown, name: str) -> None:
    page = at_desk(name).get("/regulation/").content.decode()
    words = spoken(page)
    regulation = world.regulation
    for clause in regulation.clauses.values():
        assert f'id="{clause.id}"' in page
        assert clause.text.zh in words
    for note in regulation.notes.values():
        assert note.title.zh in words
    for gap in regulation.gaps.values():
        assert page.count(f'id="{gap.id}"') == 1
        assert gap.interim.zh in words
    for law in regulation.laws:
        assert f'id="evidence-{law}"' in page


def test_the_page_names_version_hash_and_first_day(world: World, at_desk: SitDown) -> None:
    words = spoken(at_desk("manager").get("/regulation/").content.decode())
    assert "现行 v1" in words
    assert "2026-01-01 起施行" in words
    assert world.regulation.reference.rpartition("/")[2] in words


def test_numbers_are_those_of_the_regulation(world: World, at_desk: SitDown) -> None:
    words = spoken(at_desk("manager").get("/regulation/").content.decode())
    grade = world.regulation.parameters.grades["B"]
    assert f"B {grade.limit:,.2f} {grade.max_open_batches} {grade.due_after_batches} {grade.backstop_days}" in words
    assert f"答复时限 {world.regulation.parameters.answer_days} 天" in words


def test_a_clause_that_nothing_carries_out_reads_not_yet(world: World) -> None:
    words = Text("每季度盘点一次。", "Stock is counted every quarter.")
    clause = Clause("M-16.5.2", Text("盘点", "Counting"), words, "warehouse", "manager")
    changed = msgspec.structs.replace(world.regulation, clauses=world.regulation.clauses | {clause.id: clause})
    chapters = chapters_of(changed)
    (found,) = [one for chapter in chapters for one in chapter["clauses"] if one["id"] == clause.id]
    assert found["state"] == "not_yet"
    assert summary_of(chapters, changed)["not_yet"] == summary_of(chapters_of(world.regulation), world.regulation)["not_yet"] + 1


def test_clauses_stand_in_the_order_of_their_numbers(world: World) -> None:
    ids = [clause["id"] for chapter in chapters_of(world.regulation) for clause in chapter["clauses"]]
    assert ids == sorted(ids, key=lambda one: [int(part) for part in one.removeprefix("M-").split(".")])


def test_a_gap_that_no_law_uses_is_not_lost(world: World) -> None:
    gap = Gap("G-99", Text("谁盘点？", "Who counts?"), Text("库房。", "The warehouse."), "nobody")
    changed = msgspec.structs.replace(world.regulation, gaps=world.regulation.gaps | {gap.id: gap})
    assert gap.id in [one["id"] for one in loose_gaps(changed)]


def test_the_counts_are_those_of_real_decisions_of_the_firm(world: World, at_desk: SitDown) -> None:
    world.accept(world.submit("agent", {0: 1}))
    world.accept(world.submit("agent", {0: 1}))
    world.submit("agent", {0: 1})
    world.submit("retailer", {0: 1})
    words = spoken(at_desk("manager").get("/regulation/evidence").content.decode())
    assert words.count("判定 3") == len(world.regulation.laws)
    assert words.count("未通过 1") == 1
    words = spoken(at_desk("other_agent_owner").get("/regulation/evidence").content.decode())
    assert words.count("判定 0") == len(world.regulation.laws)
    words = spoken(at_desk("retailer_owner").get("/regulation/evidence").content.decode())
    assert words.count("判定 1") == len(world.regulation.laws)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_keeps_to_one_language(world: World, at_desk: SitDown, language: str) -> None:
    world.submit("agent", {0: 1})
    browser = at_desk("director", language=language)
    reference = world.regulation.reference.rpartition("/")[2]
    for path in ("/regulation/", "/regulation/evidence"):
        assert of_the_other_language(browser.get(path).content.decode(), language, world, reference) == []


def test_signed_out_people_are_sent_to_the_sign_in() -> None:
    assert Client().get("/regulation/").status_code == 302
    assert Client().get("/regulation/evidence").status_code == 302


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (9, "九"), (10, "十"), (13, "十三"), (20, "二十"), (21, "二十一"), (35, "三十五"), (99, "九十九"), (100, "100")],
)
def test_numbers_of_articles_are_written_as_people_do(number: int, words: str) -> None:
    assert chinese_number(number) == words
    assert article_words(number) == Text(f"第{words}条", f"Article {number}")
