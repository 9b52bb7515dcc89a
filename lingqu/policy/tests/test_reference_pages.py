"""The pages beside the text: parameters with benchmarks, open questions, versions with who has read, differences in words."""

from __future__ import annotations

import re

import pytest

from lingqu.base.text import Text
from lingqu.policy.models import Benchmark
from lingqu.policy.queries import benchmarks, draft_regulation, open_draft
from lingqu.policy.rules import AnswerGap, SetParameter
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.regulation import drafted, issued
from tests.world import World

PARAMETERS = "/regulation/publisher/parameters"
GAPS = "/regulation/publisher/gaps"
VERSIONS = "/regulation/publisher/versions"
DIFFERENCES = "/regulation/publisher/differences"
NOTED = {"competitor": "丙社", "value": "账期 45 天", "source": "走访记录 2026-10", "noted_on": "2026-10-20"}
LATER = SetParameter("answer_days", 3)


def note(world: World, at_desk: SitDown, key: str = "grades", **more: str) -> int:
    return at_desk("researcher").post(f"{PARAMETERS}/{key}/benchmark", NOTED | more).status_code


def test_every_parameter_stands_with_type_clause_and_value(world: World, at_desk: SitDown) -> None:
    page = at_desk("finance").get(PARAMETERS).content.decode()
    words = spoken(page)
    for key, one in world.regulation.notes.items():
        assert f'<li id="{key}">' in page
        assert one.title.zh in words
    assert page.count("尚未执行") == len(world.regulation.declared) + 1
    assert "2 天" in words


def test_research_notes_and_strikes_what_competitors_do(world: World, at_desk: SitDown) -> None:
    assert note(world, at_desk) == 302
    words = spoken(at_desk("finance").get(PARAMETERS).content.decode())
    assert "丙社 账期 45 天 走访记录 2026-10 ，2026-10-20" in words
    assert "丙社" not in spoken(at_desk("agent_owner").get(PARAMETERS).content.decode())
    (one,) = benchmarks("publisher")
    at_desk("finance").post(f"{PARAMETERS}/grades/benchmark/{one.id}/strike")
    assert len(benchmarks("publisher")) == 1
    at_desk("researcher").post(f"{PARAMETERS}/grades/benchmark/{one.id}/strike")
    assert benchmarks("publisher") == []


@pytest.mark.parametrize("name", ["finance", "warehouse", "agent_owner"])
def test_others_note_nothing(world: World, at_desk: SitDown, name: str) -> None:
    assert at_desk(name).get(f"{PARAMETERS}/grades/benchmark").status_code == 403
    assert at_desk(name).post(f"{PARAMETERS}/grades/benchmark", NOTED).status_code == 403


@pytest.mark.parametrize(("field", "typed"), [("competitor", ""), ("value", "x" * 201), ("noted_on", "soon"), ("noted_on", "2026-12-31")])
def test_a_bad_benchmark_keeps_what_was_typed(world: World, at_desk: SitDown, field: str, typed: str) -> None:
    answer = at_desk("researcher").post(f"{PARAMETERS}/grades/benchmark", NOTED | {field: typed})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'id="e-{field}"' in page
    assert "走访记录 2026-10" in page
    assert not Benchmark.objects.exists()


def test_parameters_take_as_many_statements_with_thirty_benchmarks_as_with_one(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    note(world, at_desk)
    browser.get(PARAMETERS)
    with counted() as one:
        browser.get(PARAMETERS)
    for number in range(29):
        note(world, at_desk, competitor=f"丁社{number}")
    with counted() as many:
        browser.get(PARAMETERS)
    assert len(many) == len(one)


def test_every_gap_stands_with_rule_owner_clauses_and_use(world: World, at_desk: SitDown) -> None:
    world.submit("agent", {0: 1})
    page = at_desk("finance").get(GAPS).content.decode()
    words = spoken(page)
    for key, gap in world.regulation.gaps.items():
        assert page.count(f'id="{key}"') == 1
        assert gap.question.zh in words
        assert gap.interim.zh in words
    row = spoken(page[page.index('id="G-01"') : page.index('id="G-02"')])
    assert "规则：未结批次 已用 1 次" in row
    assert "由营销主管 manager 明确" in row


def test_a_gap_is_answered_in_the_draft(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    assert "起草并写入" in spoken(browser.get(GAPS).content.decode())
    assert "写入" not in spoken(at_desk("finance").get(GAPS).content.decode())
    answer = browser.post("/regulation/publisher/draft-start", {"kind": "gap", "key": "G-01"})
    address = answer.headers["Location"]
    assert address == "/regulation/publisher/draft/edit/gap/G-01"
    assert browser.post(address, {"revision": "1", "answer-zh": "一份申请。", "answer-en": "", "save": "1"}).status_code == 422
    browser.post(address, {"revision": "1", "answer-zh": "一份申请。", "answer-en": "One request.", "save": "1"})
    found = open_draft("publisher")
    assert found
    assert draft_regulation(found).gaps["G-01"].answer == Text("一份申请。", "One request.")
    assert f'href="{address.replace("G-01", "G-02")}"' in browser.get(GAPS).content.decode()


def test_a_new_question_is_noted_in_the_draft(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    browser.post("/regulation/publisher/draft-start")
    address = "/regulation/publisher/draft/edit/question/new"
    fields = {
        "revision": "1", "id": "G-99", "question-zh": "谁盘点？", "question-en": "Who counts?", "interim-zh": "库房。",
        "interim-en": "The warehouse.", "owner": "warehouse", "clause": "M-16.5", "law-stock": "on", "save": "1",
    }  # fmt: skip
    assert browser.post(address, fields | {"id": "G-01"}).status_code == 422
    assert browser.post(address, fields | {"owner": "nobody"}).status_code == 422
    assert browser.post(address, fields).status_code == 302
    found = open_draft("publisher")
    assert found
    assert draft_regulation(found).laws["stock"].gaps[-1] == "G-99"


def test_an_answered_gap_reads_so_in_the_version_that_answers_it(world: World, at_desk: SitDown) -> None:
    issued(world, AnswerGap("G-04", Text("按工作日。", "Working days.")))
    assert "已明确：按工作日。" in spoken(at_desk("finance").get(GAPS).content.decode())
    assert "按工作日。" not in spoken(at_desk("finance").get(f"{GAPS}?version=1").content.decode())


def test_versions_say_from_when_by_whom_and_who_has_read(world: World, at_desk: SitDown) -> None:
    words = spoken(at_desk("manager").get(VERSIONS).content.decode())
    assert "由安装建立" in words
    version = issued(world, LATER)
    words = spoken(at_desk("manager").get(VERSIONS).content.decode())
    assert f"v2 现行 施行 {version.in_force_from}" in words
    assert "v1 已被取代" in words
    assert "凭经验。" in words
    people = at_desk("manager").get(f"{VERSIONS}?readings=2").content.decode()
    assert "未读" in spoken(people)
    assert "agent_owner" in spoken(people)
    outside = spoken(at_desk("agent_owner").get(f"{VERSIONS}?readings=2").content.decode())
    assert "other_agent_owner" not in outside
    assert "已读" not in outside


def test_the_list_of_versions_takes_as_many_statements_for_three_as_for_one(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    browser.get(VERSIONS)
    with counted() as one:
        browser.get(VERSIONS)
    issued(world, LATER)
    issued(world, SetParameter("answer_days", 4))
    browser.get(VERSIONS)
    with counted() as three:
        browser.get(VERSIONS)
    assert len(three) == len(one)


def test_differences_stand_in_words_by_clause(world: World, at_desk: SitDown) -> None:
    issued(world, LATER)
    words = spoken(at_desk("agent_owner").get(f"{DIFFERENCES}?from=1&to=2").content.decode())
    assert "v1 → v2，1 处" in words
    assert "M-16.3.1" in words
    assert "答复时限 原来 2 天 现在 3 天" in words
    assert "两者内容相同" in spoken(at_desk("agent_owner").get(f"{DIFFERENCES}?from=2&to=2").content.decode())


def test_the_draft_is_compared_with_its_base_by_people_of_hq_only(world: World, at_desk: SitDown) -> None:
    assert at_desk("manager").get(f"{DIFFERENCES}?from=1&to=draft").status_code == 404
    drafted(world, LATER)
    assert "答复时限" in spoken(at_desk("warehouse").get(f"{DIFFERENCES}?from=1&to=draft").content.decode())
    assert at_desk("agent_owner").get(f"{DIFFERENCES}?from=1&to=draft").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/regulation/nothing/parameters", "/regulation/nothing/gaps", "/regulation/nothing/versions", "/regulation/nothing/differences",
        f"{DIFFERENCES}?from=1&to=9", f"{DIFFERENCES}?from=x", f"{GAPS}?version=9", f"{PARAMETERS}?version=x",
        f"{PARAMETERS}/nothing/benchmark",
    ],
)  # fmt: skip
def test_wrong_addresses_are_not_found(world: World, at_desk: SitDown, path: str) -> None:
    assert at_desk("manager").get(path).status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_keep_to_one_language(world: World, at_desk: SitDown, language: str) -> None:
    note(world, at_desk, competitor="123", value="45", source="6")
    issued(world, LATER)
    reasons = ("凭经验。", world.regulation.reference.rpartition("/")[2], re.findall(r"\w+$", "A")[0])
    browser = at_desk("manager", language=language)
    for path in (PARAMETERS, GAPS, VERSIONS, f"{VERSIONS}?readings=2", f"{DIFFERENCES}?from=1&to=2", f"{PARAMETERS}/grades/benchmark"):
        text = browser.get(path).content.decode()
        text = re.sub(r"<td[^>]*>[0-9a-f]{12}</td>", "", text)
        assert of_the_other_language(text, language, world, *reasons) == [], path
