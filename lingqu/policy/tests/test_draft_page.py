"""The draft as the manager writes it on pages: no YAML, nothing lost, two people at once, sent and taken back."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from lingqu.policy.models import Draft
from lingqu.policy.queries import draft_regulation, open_draft
from lingqu.policy.rules import SetParameter, SetTitle
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.regulation import carried, drafted, sent
from tests.world import World

DRAFT = "/regulation/publisher/draft"
GRADES = f"{DRAFT}/edit/parameter/grades"
KINDS = ("parameter", "clause", "article", "law", "chain", "duty", "committee", "gap")
PARTS = ("notes", "clauses", "articles", "laws", "chains", "duties", "committees", "gaps")


def fields_of(answer: Any) -> dict[str, str]:
    """What a browser would send back from the form of a page, changed by nobody."""
    page = answer.content.decode()
    form = page[page.index('name="revision"') :]
    fields = {"revision": re.findall(r'name="revision" value="(\d+)"', page)[0]}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or "checked" in tag):
            fields[name[1]] = html.unescape(value[1]) if value else "on"
    for name, inside in re.findall(r'<textarea\s+name="([^"]+)".*?>\n(.*?)</textarea>', form, re.DOTALL):
        fields[name] = html.unescape(inside)
    for name, inside in re.findall(r'<select\s+name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
        chosen = re.findall(r'value="([^"]*)"\s+selected', inside)
        fields[name] = html.unescape(chosen[0]) if chosen else ""
    return fields


def content(world: World) -> Draft:
    found = open_draft("publisher")
    assert found
    return found


def everything(world: World) -> Iterator[tuple[str, str]]:
    for kind, part in zip(KINDS, PARTS, strict=True):
        for key in list(getattr(world.regulation, part))[:3]:
            yield kind, key


def start(browser: Client) -> Any:
    return browser.post("/regulation/publisher/draft-start")


def test_the_manager_changes_the_credit_table_from_draft_to_sending(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    assert start(browser).headers["Location"] == DRAFT
    fields = fields_of(browser.get(GRADES)) | {"limit-2": "60,000", "save": "1"}
    saved = browser.post(GRADES, fields)
    assert saved.headers["Location"] == f"{DRAFT}/M-19.5"
    assert "<del>50,000.00</del><ins>60,000.00</ins>" in browser.get(f"{DRAFT}/M-19.5").content.decode()
    words = spoken(browser.get(DRAFT).content.decode())
    assert "信用等级表 · C · 信用额度 原来 50,000.00 元 现在 60,000.00 元" in words
    refused = browser.post(f"{DRAFT}-send", {"revision": content(world).revision})
    assert refused.status_code == 422
    assert "请写明修订理由" in spoken(refused.content.decode())
    browser.post(f"{DRAFT}-head", {"revision": content(world).revision, "reasons": "凭经验。", "in_force_from": ""})
    assert browser.post(f"{DRAFT}-send", {"revision": content(world).revision}).status_code == 302
    assert content(world).state == "in_approval"
    approval = content(world).approval_id
    assert approval
    carried(world, approval)
    assert str(world.regulation.parameters.grades["C"].limit) == "60000.00"


@pytest.mark.parametrize("name", ["finance", "warehouse", "deputy", "agent_owner"])
def test_others_cannot_start_change_send_or_drop(world: World, at_desk: SitDown, name: str) -> None:
    browser = at_desk(name)
    start(browser)
    assert open_draft("publisher") is None
    drafted(world, SetParameter("answer_days", 3))
    before = content(world)
    for path in (GRADES, f"{DRAFT}-head", f"{DRAFT}-send", f"{DRAFT}-take-back", f"{DRAFT}-drop"):
        browser.post(path, {"revision": before.revision, "reasons": "x", "save": "1"})
    assert (content(world).revision, content(world).state) == (before.revision, "draft")
    assert browser.get(GRADES).status_code in {403, 404}
    assert "要改什么" not in spoken(browser.get(DRAFT).content.decode())


def test_every_editor_opens_and_gives_back_what_stands_there(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    start(browser)
    for kind, key in everything(world):
        address = f"{DRAFT}/edit/{kind}/{key}"
        page = browser.get(address)
        assert page.status_code == 200, address
        if kind in {"article", "gap"}:
            continue
        answer = browser.post(address, fields_of(page) | {"save": "1"})
        assert answer.status_code == 302, (address, spoken(answer.content.decode()))
    assert content(world).revision == 1
    assert draft_regulation(content(world)).parameters == world.regulation.parameters


@pytest.mark.parametrize(
    ("kind", "key"),
    [("nothing", "grades"), ("parameter", "nothing"), ("clause", "M-99"), ("gap", "G-99"), ("question", "old"), ("law", "x")],
)
def test_a_part_that_does_not_exist_is_not_found(world: World, at_desk: SitDown, kind: str, key: str) -> None:
    start(at_desk("manager"))
    assert at_desk("manager").get(f"{DRAFT}/edit/{kind}/{key}").status_code == 404


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("limit-2", "abc", "请填数字"), ("limit-2", "", "请填写"), ("limit-2", "1.005", "最多到分"), ("limit-2", "-5", "不能小于 0"),
        ("limit-2", "9" * 20, "请填数字"), ("max_open_batches-0", "1.5", "请填整数"), ("backstop_days-1", "1e3", "请填数字"),
        ("max_open_batches-0", "９９９", "不能大于"), ("limit-2", "5\x000", "无法保存"),
    ],
)  # fmt: skip
def test_a_bad_figure_stands_at_its_field_and_nothing_is_lost(world: World, at_desk: SitDown, field: str, typed: str, said: str) -> None:
    browser = at_desk("manager")
    start(browser)
    sent_fields = fields_of(browser.get(GRADES)) | {field: typed, "limit-0": "310,000.00", "save": "1"}
    answer = browser.post(GRADES, sent_fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(rf'id="e-{field}">[^<]*<svg.*?</svg>\s*[^<]*{said}', page, re.DOTALL)
    assert 'value="310,000.00"' in page
    assert content(world).revision == 1


def test_of_two_at_once_the_second_sees_both_and_keeps_what_was_typed(world: World, at_desk: SitDown) -> None:
    first, second = at_desk("manager"), at_desk("director")
    start(first)
    one, two = fields_of(first.get(GRADES)), fields_of(second.get(GRADES))
    first.post(GRADES, one | {"limit-2": "60000", "save": "1"})
    answer = second.post(GRADES, two | {"limit-2": "70000", "save": "1"})
    words = spoken(answer.content.decode())
    assert answer.status_code == 409
    assert "信用等级表 · C · 信用额度 草案现在 60,000.00 元 您填写的 70,000.00 元" in words
    assert "manager" in words
    assert str(draft_regulation(content(world)).parameters.grades["C"].limit) == "60000.00"
    again = fields_of(answer)
    assert again["limit-2"] == "70000"
    assert second.post(GRADES, again | {"save": "1"}).status_code == 302
    assert str(draft_regulation(content(world)).parameters.grades["C"].limit) == "70000.00"


def test_rungs_are_added_removed_and_checked_without_saving(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    start(browser)
    address = f"{DRAFT}/edit/parameter/reward_gate"
    fields = fields_of(browser.get(address))
    more = browser.post(address, fields | {"add": "1"})
    assert fields_of(more)["rungs"] == str(int(fields["rungs"]) + 1)
    assert browser.post(address, fields_of(more) | {"save": "1"}).status_code == 422
    fewer = fields_of(browser.post(address, fields | {"drop": "0"}))
    assert fewer["from-0"] == fields["from-1"]
    holes = browser.post(address, fields | {"to-0": "10", "save": "1"})
    assert "须从上一级的 10 起" in spoken(holes.content.decode())
    assert browser.post(address, fields | {"drop": "99"}).status_code == 200
    assert content(world).revision == 1


def test_steps_of_a_procedure_move_and_must_end(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    start(browser)
    address = f"{DRAFT}/edit/chain/regulation_change"
    fields = fields_of(browser.get(address))
    keys = [fields["key-0"], fields["key-1"]]
    moved = fields_of(browser.post(address, fields | {"up": "1"}))
    assert [moved["key-0"], moved["key-1"]] == keys[::-1]
    more = fields_of(browser.post(address, fields | {"add": "1"}))
    new = int(more["steps"]) - 1
    assert browser.post(address, more | {"save": "1"}).status_code == 422
    whole = more | {f"title-zh-{new}": "备案", f"title-en-{new}": "Filing", f"who-{new}": "post:finance", "save": "1"}
    assert browser.post(address, whole).status_code == 302
    assert len(draft_regulation(content(world)).chains["regulation_change"].steps) == new + 1
    fields = fields_of(browser.get(address))
    circle = browser.post(address, fields | {"next-1": fields["key-0"], "save": "1"})
    assert "永远不会结束" in spoken(circle.content.decode())
    assert browser.post(address, {"revision": fields["revision"], "save": "1"}).status_code == 422


@pytest.mark.parametrize("number", ["9" * 5_000, "-1", "x", "１", ""])
def test_nonsense_where_a_page_puts_numbers_breaks_nothing(world: World, at_desk: SitDown, number: str) -> None:
    browser = at_desk("manager")
    start(browser)
    for part, count, verbs in (
        ("parameter/reward_gate", "rungs", ("drop",)),
        ("chain/regulation_change", "steps", ("up", "down", "remove")),
    ):
        address = f"{DRAFT}/edit/{part}"
        fields = fields_of(browser.get(address))
        assert browser.post(address, fields | {count: number, "save": "1"}).status_code == 422
        for verb in verbs:
            assert browser.post(address, fields | {verb: number}).status_code == 200
        assert browser.post(address, fields | {"revision": number, "save": "1"}).status_code in {302, 409}
    assert content(world).revision == 1


def test_a_clause_is_written_added_and_taken_out(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    start(browser)
    address = f"{DRAFT}/edit/article/M-19"
    fields = fields_of(browser.get(address)) | {
        "title-zh": "通知", "title-en": "Notice", "text-zh": "等级变动三日内通知客户。", "text-en": "",
        "responsible": "finance", "save": "1",
    }  # fmt: skip
    half = browser.post(address, fields)
    assert half.status_code == 422
    assert "等级变动三日内通知客户。" in half.content.decode()
    browser.post(address, fields | {"text-en": "Partners hear of a new grade within three days."})
    new = draft_regulation(content(world)).articles["M-19"].clauses[-1]
    assert draft_regulation(content(world)).clauses[new].title.zh == "通知"
    cited = f"{DRAFT}/edit/clause/M-19.5"
    refused = browser.post(cited, fields_of(browser.get(cited)) | {"strike": "1"})
    assert refused.status_code == 409
    assert "仍被引用" in spoken(refused.content.decode())
    mine = f"{DRAFT}/edit/clause/{new}"
    assert browser.post(mine, fields_of(browser.get(mine)) | {"strike": "1"}).status_code == 302
    assert new not in draft_regulation(content(world)).clauses


def test_a_law_of_the_ledger_cannot_be_switched_off(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    start(browser)
    address = f"{DRAFT}/edit/law/credit"
    assert "不能停用" in spoken(browser.get(address).content.decode())
    fields = fields_of(browser.get(address))
    assert browser.post(address, fields | {"enabled": "no", "save": "1"}).status_code == 422
    assert browser.post(address, fields | {"waivable_by": "manager", "save": "1"}).status_code == 302
    assert draft_regulation(content(world)).laws["credit"].waivable_by == "manager"


def test_what_hinders_sending_stands_on_the_page_with_a_link(world: World, at_desk: SitDown) -> None:
    drafted(world, SetTitle(type(world.regulation.title)("", "")))
    page = at_desk("manager").get(DRAFT).content.decode()
    assert "送审前要改正" in spoken(page)
    assert "btn-primary" not in page[page.index("draft-send") : page.index("</form>", page.index("draft-send"))]


def test_sent_it_is_shut_and_can_be_taken_back_or_dropped(world: World, at_desk: SitDown) -> None:
    draft = drafted(world, SetParameter("answer_days", 3))
    sent(world, draft)
    browser = at_desk("manager")
    assert "正在审批" in spoken(browser.get(DRAFT).content.decode())
    assert browser.get(GRADES).headers["Location"] == DRAFT
    browser.post(f"{DRAFT}-take-back", {"reason": "再看看"})
    assert content(world).state == "draft"
    assert "不能恢复" in spoken(browser.get(f"{DRAFT}-drop").content.decode())
    browser.post(f"{DRAFT}-drop")
    assert open_draft("publisher") is None
    assert browser.get(DRAFT).status_code == 404
    assert "已放弃" in spoken(browser.get(f"/regulation/drafts/{draft.pk}/").content.decode())


def test_the_link_of_an_approval_leads_to_the_draft_and_then_to_the_version(world: World, at_desk: SitDown) -> None:
    draft = drafted(world, SetParameter("answer_days", 3))
    address = f"/regulation/drafts/{draft.pk}/"
    assert at_desk("deputy").get(address).headers["Location"] == DRAFT
    assert at_desk("agent_owner").get(address).status_code == 404
    carried(world, sent(world, draft))
    assert at_desk("deputy").get(address).headers["Location"] == "/regulation/publisher/v2/"


@pytest.mark.parametrize("day", ["2020-01-01", "soon", "2026-13-01", "9999-01-01"])
def test_a_first_day_that_cannot_be_stands_at_its_field(world: World, at_desk: SitDown, day: str) -> None:
    browser = at_desk("manager")
    start(browser)
    answer = browser.post(f"{DRAFT}-head", {"revision": "1", "reasons": "凭经验。", "in_force_from": day})
    assert answer.status_code == 422
    assert 'id="e-in_force_from"' in answer.content.decode()
    assert "凭经验。" in answer.content.decode()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_keep_to_one_language(world: World, at_desk: SitDown, language: str) -> None:
    draft = drafted(world, SetParameter("answer_days", 3), reasons="")
    browser = at_desk("manager", language=language)
    names = ("step", "信用", "A", "B")
    for path in (DRAFT, f"{DRAFT}-drop", f"{DRAFT}/M-16.3.1", GRADES, f"{DRAFT}/edit/law/credit", f"{DRAFT}/edit/parameter/answer_mode"):
        assert of_the_other_language(browser.get(path).content.decode(), language, world, *names) == [], path
    assert draft.pk


def test_the_draft_takes_as_many_statements_with_many_changes_as_with_one(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    drafted(world, SetParameter("answer_days", 3))
    browser.get(DRAFT)
    with counted() as few:
        browser.get(DRAFT)
    for days in range(4, 12):
        fields = fields_of(browser.get(f"{DRAFT}/edit/parameter/answer_days"))
        browser.post(f"{DRAFT}/edit/parameter/answer_days", fields | {"value": str(days), "save": "1"})
    browser.get(DRAFT)
    with counted() as many:
        browser.get(DRAFT)
    assert len(many) == len(few)
