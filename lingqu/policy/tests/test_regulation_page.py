"""Reading the regulation: every version at every clause, with what carries it out, what changed, who is responsible, and what is open."""

from __future__ import annotations

import re

import msgspec
import pytest
from django.test import Client

from lingqu.base.text import Text
from lingqu.policy.actions import install_pack
from lingqu.policy.present.tree import first_clause, outline_of
from lingqu.policy.queries import version
from lingqu.policy.rules import Clause, SetClause, SetParameter
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.regulation import drafted, issued
from tests.world import World

HOME = "/regulation/"
CREDIT = "/regulation/publisher/v1/M-19.5"
EVERYBODY = ("director", "warehouse", "agent_owner", "retailer_clerk")
HIGHER = SetParameter("grades", {
    "A": {"limit": "300000.00", "max_open_batches": 2, "due_after_batches": 2, "backstop_days": 90},
    "B": {"limit": "200000.00", "max_open_batches": 2, "due_after_batches": 2, "backstop_days": 60},
    "C": {"limit": "60000.00", "max_open_batches": 1, "due_after_batches": 1, "backstop_days": 30},
    "D": {"limit": "0.00", "max_open_batches": 0, "due_after_batches": 0, "backstop_days": 0},
})  # fmt: skip


def words_of(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return spoken(answer.content.decode())


@pytest.mark.parametrize("name", EVERYBODY)
def test_everybody_reads_the_version_in_force_with_its_tree(world: World, at_desk: SitDown, name: str) -> None:
    words = words_of(at_desk(name), HOME)
    _, articles = outline_of(world.regulation)
    for article in articles.values():
        assert article.title.zh in words
    first = world.regulation.clauses[first_clause(world.regulation)]
    assert first.text.zh.replace("\n", " ") in words or first.text.zh.split("\n")[0] in words
    assert "现行 v1" in words
    assert "2026-01-01 起施行" in words
    assert world.regulation.reference.rpartition("/")[2] in words


def test_every_clause_is_read_at_its_own_address(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    for key in list(world.regulation.clauses)[::7]:
        page = browser.get(f"/regulation/publisher/v1/{key}").content.decode()
        assert re.search(rf'clause-chosen"\s+id="{re.escape(key)}"', page)


def test_the_clause_that_decides_credit_shows_law_table_people_and_gap(world: World, at_desk: SitDown) -> None:
    words = words_of(at_desk("manager"), CREDIT)
    grade = world.regulation.parameters.grades["B"]
    assert f"B {grade.limit:,.2f} {grade.max_open_batches} {grade.due_after_batches} {grade.backstop_days}" in words
    assert "规则 信用金额 已占用 + 预占 + 本单 − 额度 ≤ 0，可由主任特批" in words
    assert "责任人 finance 财务主管" in words
    assert "考核人 director 主任" in words


@pytest.mark.parametrize(
    "path",
    [
        "/regulation/nothing/", "/regulation/publisher/v2/", "/regulation/publisher/v0/M-19.5", "/regulation/publisher/v1/M-99",
        "/regulation/publisher/v999999999/M-19.5", "/regulation/publisher/draft/", "/regulation/publisher/draft/M-19.5",
        "/regulation/Publisher/v1/", "/regulation/publisher/v1/M-99/evidence", "/regulation/publisher/v1/evidence/law/nothing",
        "/regulation/publisher/vx/", "/regulation/drafts/1/", "/regulation/publisher/v1/M-19.5/../x",
        "/regulation/versions/publisher/9999999999/", "/regulation/versions/Publisher/1/", "/regulation/versions/1/1/",
    ],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(world: World, at_desk: SitDown, path: str) -> None:
    assert at_desk("manager").get(path).status_code == 404


def test_find_leaves_only_the_clauses_that_say_it(world: World, at_desk: SitDown) -> None:
    page = at_desk("manager").get("/regulation/publisher/v1/", {"find": "先进先出"}).content.decode()
    words = spoken(page)
    assert "含“先进先出”的条款" in words
    found = set(re.findall(r'tree-clause"\s+href="/regulation/publisher/v1/([\w.-]+)"', page))
    assert found == {key for key, clause in world.regulation.clauses.items() if "先进先出" in clause.text.zh + clause.title.zh}
    assert "没有含“xyzzy”的条款" in words_of(at_desk("manager"), "/regulation/publisher/v1/?find=xyzzy")


def test_what_changed_since_the_version_before_is_marked_and_can_be_hidden(world: World, at_desk: SitDown) -> None:
    old = world.regulation.clauses["M-19.5"]
    text = Text(old.text.zh.replace("主任", "主任书面"), old.text.en.replace("director", "deputy"))
    issued(world, HIGHER, SetClause("M-19.5", old.title, text, old.responsible, old.appraiser))
    page = at_desk("manager").get("/regulation/publisher/v2/M-19.5").content.decode()
    assert "<del>50,000.00</del><ins>60,000.00</ins>" in page
    assert "<ins>书面</ins>" in page
    assert "本款差异 v1 → v2，3 处" in spoken(page)
    clean = at_desk("manager").get("/regulation/publisher/v2/M-19.5?show=clean").content.decode()
    assert "<td>60,000.00</td>" in clean
    assert "<ins>书面</ins>" not in clean.split("本款差异")[0]
    assert "<td>50,000.00</td>" in at_desk("manager").get(CREDIT).content.decode()


def test_a_decision_leads_to_the_clause_in_the_version_that_decided(world: World, at_desk: SitDown) -> None:
    world.submit("agent", {0: 1})
    listed = at_desk("representative").get("/regulation/publisher/v1/evidence/law/credit").content.decode()
    (address,) = re.findall(r'href="(/orders/JH-2026-\d+/)"', listed)
    issued(world, HIGHER)
    assert f'href="{CREDIT}"' in at_desk("representative").get(address).content.decode()
    assert "已被取代 v1" in words_of(at_desk("representative"), CREDIT)


def test_a_clause_that_nothing_carries_out_reads_not_yet(world: World, at_desk: SitDown) -> None:
    states = {key: state for key, state in _states(world).items() if state == "not_yet"}
    key = next(iter(states))
    assert "尚未执行" in words_of(at_desk("manager"), f"/regulation/publisher/v1/{key}")


def _states(world: World) -> dict[str, str]:
    from lingqu.policy.queries import clause_states

    return {key: standing.state.value for key, standing in clause_states(world.regulation).items()}


def test_only_those_who_may_draft_are_offered_to(world: World, at_desk: SitDown) -> None:
    assert "起草修订" in words_of(at_desk("manager"), HOME)
    assert "起草修订" in words_of(at_desk("director"), HOME)
    for name in ("finance", "warehouse", "agent_owner"):
        assert "起草修订" not in words_of(at_desk(name), HOME)


def test_a_draft_is_offered_to_people_of_hq_only(world: World, at_desk: SitDown) -> None:
    drafted(world, HIGHER)
    assert "v2 草案" in words_of(at_desk("warehouse"), HOME)
    assert "草案" not in words_of(at_desk("agent_owner"), HOME)
    assert at_desk("warehouse").get("/regulation/publisher/draft/M-19.5").status_code == 200
    assert at_desk("agent_owner").get("/regulation/publisher/draft/M-19.5").status_code == 404
    assert at_desk("agent_owner").get("/regulation/publisher/draft").status_code == 404


def test_the_other_pack_is_one_click_away_for_hq(world: World, at_desk: SitDown) -> None:
    install_pack("general", at=world.at)
    title = version("general", 1).title.zh
    assert title in words_of(at_desk("manager"), HOME)
    assert title not in words_of(at_desk("agent_owner"), HOME)
    assert title in words_of(at_desk("manager"), "/regulation/general/")


def test_those_who_are_asked_to_read_confirm_once(world: World, at_desk: SitDown) -> None:
    assert "我已阅读" not in words_of(at_desk("agent_owner"), HOME)
    issued(world, HIGHER)
    browser = at_desk("agent_owner")
    assert "请阅读 v2" in words_of(browser, HOME)
    assert browser.post("/regulation/publisher/v2/read").status_code == 302
    assert "我已阅读" not in words_of(browser, HOME)
    assert at_desk("agent_clerk").post("/regulation/publisher/v2/read").status_code == 404
    assert "已读确认 1 /" in words_of(at_desk("manager"), HOME)
    assert "已读确认" not in words_of(browser, HOME)


def test_an_old_link_of_a_notice_leads_to_the_version(world: World, at_desk: SitDown) -> None:
    answer = at_desk("agent_owner").get("/regulation/versions/publisher/1/")
    assert answer.headers["Location"] == "/regulation/publisher/v1/"


def test_the_whole_text_stands_on_the_page_for_paper(world: World, at_desk: SitDown) -> None:
    words = words_of(at_desk("agent_owner"), "/regulation/publisher/v1/print")
    for clause in world.regulation.clauses.values():
        assert clause.text.zh.split("\n")[0] in words


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_keep_to_one_language(world: World, at_desk: SitDown, language: str) -> None:
    world.submit("agent", {0: 1})
    browser = at_desk("director", language=language)
    reference = world.regulation.reference.rpartition("/")[2]
    codes = ("QH", "http")
    for path in (HOME, CREDIT, f"{CREDIT}/evidence", "/regulation/publisher/v1/print", "/regulation/publisher/v1/M-16.3.3.1"):
        assert of_the_other_language(browser.get(path).content.decode(), language, world, reference, *codes) == []


def test_the_number_of_statements_does_not_grow_with_the_clauses(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    browser.get(HOME)
    with counted() as short:
        browser.get("/regulation/publisher/v1/M-1")
    with counted() as long:
        browser.get("/regulation/publisher/v1/M-16.3.3.1")
    assert len(long) == len(short)


def test_signed_out_people_are_sent_to_the_sign_in() -> None:
    for path in (HOME, CREDIT, f"{CREDIT}/evidence", "/regulation/publisher/draft", "/regulation/publisher/gaps"):
        assert Client().get(path).status_code == 302


def test_clauses_outside_of_articles_are_not_lost(world: World) -> None:
    clause = Clause("M-99.1", Text("孤", "Alone"), Text("一款。", "One clause."))
    changed = msgspec.structs.replace(world.regulation, clauses=world.regulation.clauses | {clause.id: clause})
    _, articles = outline_of(changed)
    assert articles["M-99"].clauses == ("M-99.1",)
