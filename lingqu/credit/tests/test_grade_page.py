"""Setting a partner's grade by form: the director's verb, with a reason; what was typed stays when it is refused."""

from __future__ import annotations

import pytest

from lingqu.credit.models import GradeChange
from tests.pages import SitDown, of_the_other_language, spoken
from tests.world import World


def test_the_director_changes_a_grade_with_a_reason(world: World, at_desk: SitDown) -> None:
    browser = at_desk("director")
    page = spoken(browser.get("/partners/agent/grade").content.decode())
    assert "A级 现行" in page
    assert "200,000.00 至多 2 批" in page
    answer = browser.post("/partners/agent/grade", {"grade": "B", "reason": "年度评审"}, follow=True)
    told = spoken(answer.content.decode())
    assert "信用等级已由 A 改为 B" in told
    assert "A 改为 B 年度评审" in told
    world.lines["agent"].refresh_from_db()
    assert world.lines["agent"].grade == "B"


def test_a_second_click_changes_nothing_more(world: World, at_desk: SitDown) -> None:
    browser = at_desk("director")
    sent = {"grade": "B", "reason": "年度评审"}
    assert browser.post("/partners/agent/grade", sent).status_code == 302
    assert browser.post("/partners/agent/grade", sent).status_code == 422
    assert GradeChange.objects.filter(line=world.lines["agent"]).count() == 2


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"grade": "B", "reason": " "}, "请写明理由"),
        ({"grade": "", "reason": "因为"}, "没有等级"),
        ({"grade": "E", "reason": "因为"}, "没有等级"),
        ({"grade": "Ａ", "reason": "因为"}, "没有等级"),
        ({"grade": "A", "reason": "因为"}, "已经是 A 级"),
        ({"grade": "B\x00", "reason": "因为"}, "没有等级"),
        ({"grade": "B", "reason": "a\x00b"}, "无法保存"),
        ({"grade": "B", "reason": "长" * 201}, "最多 200 字"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(world: World, at_desk: SitDown, sent: dict[str, str], said: str) -> None:
    answer = at_desk("director").post("/partners/agent/grade", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert sent["reason"].strip("\x00 ")[:40].replace("\x00", "") in page.replace("\x00", "")
    assert GradeChange.objects.filter(line=world.lines["agent"]).count() == 1


@pytest.mark.parametrize(
    ("name", "code", "status"),
    [
        ("manager", "agent", 403),
        ("finance", "agent", 403),
        ("agent_clerk", "retailer", 403),
        ("agent_owner", "agent", 404),
        ("other_agent_owner", "agent", 404),
        ("director", "retailer", 404),
        ("director", "nobody", 404),
        ("director", "%00", 404),
        ("agent_owner", "retailer", 200),
    ],
)
def test_whose_verb_it_is(world: World, at_desk: SitDown, name: str, code: str, status: int) -> None:
    browser = at_desk(name)
    assert browser.get(f"/partners/{code}/grade").status_code == status
    answer = browser.post(f"/partners/{code}/grade", {"grade": "B", "reason": "因为"})
    assert answer.status_code == (302 if status == 200 else status)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_keeps_to_one_language(world: World, at_desk: SitDown, language: str) -> None:
    browser = at_desk("director", language=language)
    assert of_the_other_language(browser.get("/partners/agent/grade").content.decode(), language, world) == []
    wrong = browser.post("/partners/agent/grade", {"grade": "E", "reason": ""}).content.decode()
    assert of_the_other_language(wrong, language, world) == []
