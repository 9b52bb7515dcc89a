"""Holds at the browser: who sees and does what, errors at their fields, both languages, and no statement more for more rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lingqu.credit.models import CollectionNote, HoldRequest, SupplyHold
from lingqu.credit.tests.hold_stories import ask, by_hand, grant, overdue, owe, review
from lingqu.duties.models import Duty
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def page_of(hold: SupplyHold) -> str:
    return f"/credit/holds/{hold.number}/"


def test_the_page_says_what_is_owed_what_comes_next_and_offers_what_the_person_may(world: World, at_desk: SitDown) -> None:
    hold = overdue(world)
    page = spoken(at_desk("representative").get(page_of(hold)).content.decode())
    assert "逾期 1 天，共 6,240.00 元" in page
    assert "申请解除或延期" in page
    assert "上门催收" in page
    assert "立案" not in page
    assert "立案" in spoken(at_desk("director").get(page_of(hold)).content.decode())
    assert "升级为停供" in spoken(at_desk("finance").get(page_of(hold)).content.decode())


def test_the_partner_sees_its_own_hold_with_what_to_pay_and_nothing_of_the_house(world: World, at_desk: SitDown) -> None:
    hold = overdue(world)
    ask(world, hold, reason="内部理由")
    page = spoken(at_desk("other_agent_owner").get(page_of(hold)).content.decode())
    assert "请付这些货款" in page
    assert "6,240.00" in page
    assert "内部理由" not in page
    assert "representative" not in page
    assert "finance" not in page
    assert at_desk("agent_owner").get(page_of(hold)).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("representative", 200), ("warehouse", 200), ("agent_owner", 200), ("retailer_owner", 404)])
def test_the_list_is_for_those_who_sell(world: World, at_desk: SitDown, who: str, status: int) -> None:
    overdue(world)
    answer = at_desk(who).get("/credit/holds/")
    assert answer.status_code == status
    if who == "warehouse":
        assert "逾期 6,240.00" in spoken(answer.content.decode())


def test_a_deferral_is_asked_on_the_page_and_shows_its_route(world: World, at_desk: SitDown) -> None:
    hold = overdue(world)
    browser = at_desk("representative")
    until = (world.at.date() + timedelta(days=3)).isoformat()
    answer = browser.post(f"{page_of(hold)}ask", {"kind": "defer", "until": until, "reason": "学校急需"}, follow=True)
    assert answer.status_code == 200
    page = spoken(answer.content.decode())
    assert f"已提交 {HoldRequest.objects.get().number}" in page
    assert "财务主管审核" in page
    assert "撤回申请" in page
    assert browser.post(f"{page_of(hold)}ask", {"kind": "release", "until": "", "reason": "再来"}).status_code == 409
    assert "撤回" in spoken(browser.post(f"{page_of(hold)}withdraw", {}, follow=True).content.decode())
    assert HoldRequest.objects.get().state == "withdrawn"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"kind": ""}, "请选择解除还是延期"),
        ({"until": ""}, "请填写延期的最后一天"),
        ({"until": "周五"}, "请填写日期"),
        ({"until": "2020-01-01"}, "今天或以后"),
        ({"until": "2040-01-01"}, "最长 60 天"),
        ({"reason": " "}, "请填写理由"),
        ({"reason": "长" * 401}, "最多 400 字"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(world: World, at_desk: SitDown, more: dict[str, str], said: str) -> None:
    hold = overdue(world)
    until = (world.at.date() + timedelta(days=3)).isoformat()
    answer = at_desk("representative").post(f"{page_of(hold)}ask", {"kind": "defer", "until": until, "reason": "学校急需"} | more)
    page = answer.content.decode()
    assert (answer.status_code, HoldRequest.objects.count()) == (422, 0)
    assert said in page
    if "reason" not in more:
        assert "学校急需" in page


def test_what_was_sent_back_is_changed_and_submitted_again(world: World, at_desk: SitDown) -> None:
    hold = overdue(world)
    request = ask(world, hold)
    assert request.approval_id
    world.sign(request.approval_id, "finance", "send_back", "请缩短")
    browser = at_desk("representative")
    assert "学校开学急需" in browser.get(page_of(hold)).content.decode()
    until = world.at.date() + timedelta(days=1)
    browser.post(f"{page_of(hold)}ask", {"kind": "defer", "until": until.isoformat(), "reason": "只要一天", "revise": "1"})
    request.refresh_from_db()
    assert (request.state, request.until, request.reason) == ("proposed", until, "只要一天")


def test_finance_sets_a_hold_with_evidence_and_others_get_neither_form_nor_file(world: World, at_desk: SitDown) -> None:
    form = "/partners/other_agent/hold"
    assert at_desk("representative").get(form).status_code == 403
    assert at_desk("other_agent_owner").get(form).status_code == 404
    browser = at_desk("finance")
    sent = {"level": "stop", "reason": "被列为失信", "deadline": (world.at.date() + timedelta(days=7)).isoformat()}
    refused = browser.post(form, sent)
    assert (refused.status_code, SupplyHold.objects.count()) == (422, 0)
    assert "请附上依据" in refused.content.decode()
    assert "被列为失信" in refused.content.decode()
    wrong = browser.post(form, sent | {"files": SimpleUploadedFile("x.png", b"MZ\x90\x00")})
    assert (wrong.status_code, SupplyHold.objects.count()) == (422, 0)
    made = browser.post(form, sent | {"files": SimpleUploadedFile("查询.png", PNG)}, follow=True)
    hold = SupplyHold.objects.get()
    assert made.redirect_chain[-1][0] == page_of(hold)
    (file,) = [part for part in made.content.decode().split('"') if "/files/" in part]
    assert browser.get(file).content == PNG
    assert at_desk("other_agent_owner").get(file).status_code == 404
    assert at_desk("agent_owner").get(file).status_code == 404


def test_the_director_opens_a_case_and_finance_stops_supply_by_form(world: World, at_desk: SitDown) -> None:
    hold = overdue(world)
    assert at_desk("finance").post(f"{page_of(hold)}case", {"reason": "拒付"}).status_code == 403
    assert at_desk("director").post(f"{page_of(hold)}case", {"reason": ""}).status_code == 422
    assert at_desk("director").post(f"{page_of(hold)}case", {"reason": "拒付"}).status_code == 302
    assert at_desk("finance").post(f"{page_of(hold)}stop", {"reason": "承诺未兑现"}).status_code == 302
    hold.refresh_from_db()
    assert (hold.level, hold.case_reason) == ("stop", "拒付")


def test_a_note_is_made_by_form_and_fulfils_the_duty(world: World, at_desk: SitDown) -> None:
    overdue(world, 15)
    duty = Duty.objects.get(rule="collection_visit")
    browser = at_desk("representative")
    assert "/credit/collection/other_agent/" in browser.get(f"/duties/{duty.pk}/").content.decode()
    half = {"kind": "visit", "text": "见到负责人", "promised_amount": "3000", "promised_on": ""}
    assert browser.post("/credit/collection/other_agent/", half).status_code == 422
    day = (world.at.date() + timedelta(days=2)).isoformat()
    assert browser.post("/credit/collection/other_agent/", half | {"promised_on": day}).status_code == 302
    duty.refresh_from_db()
    assert (CollectionNote.objects.count(), duty.state) == (1, "done")
    assert "承诺" in spoken(at_desk("finance").get("/credit/holds/").content.decode())
    assert at_desk("warehouse").post("/credit/collection/other_agent/", half).status_code == 403
    assert at_desk("other_agent_owner").get("/credit/collection/other_agent/").status_code == 404


def test_the_partners_page_shows_the_hold_to_both_sides(world: World, at_desk: SitDown) -> None:
    hold = overdue(world)
    for who in ("representative", "other_agent_owner"):
        page = at_desk(who).get("/partners/other_agent/").content.decode()
        assert hold.number in page
        assert "暂缓发货" in page


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("state", ["delay", "stop", "deferred", "asked", "released", "by_hand"])
def test_both_languages_are_complete(world: World, at_desk: SitDown, language: str, state: str) -> None:
    hold = by_hand(world) if state == "by_hand" else overdue(world, 40 if state == "stop" else 1)
    if state in {"deferred", "released", "asked"}:
        request = ask(world, hold, "release" if state == "released" else "defer")
        if state != "asked":
            grant(world, request)
    own = ("学校开学急需", "被列为失信", "查询.png", "png")
    for who in ("director", "finance", "representative", "other_agent_owner"):
        page = at_desk(who, language=language).get(page_of(hold)).content.decode()
        assert of_the_other_language(page, language, world, *own) == [], who
    for address in ("/credit/holds/", "/credit/collection/other_agent/", "/partners/other_agent/hold"):
        page = at_desk("finance", language=language).get(address).content.decode()
        assert of_the_other_language(page, language, world, *own) == [], address


def test_more_holds_and_more_history_take_no_more_statements(world: World, at_desk: SitDown) -> None:
    hold = overdue(world)
    first = ask(world, hold)
    assert first.approval_id
    world.sign(first.approval_id, "finance", "refuse", "不同意")
    browser = at_desk("finance")
    browser.get(page_of(hold))
    with counted() as few:
        browser.get(page_of(hold))
    with counted() as few_listed:
        browser.get("/credit/holds/")
    for _ in range(3):
        request = ask(world, hold)
        assert request.approval_id
        world.sign(request.approval_id, "finance", "refuse", "不同意")
    owe(world, "agent")
    by_hand(world)
    overdue_again = SupplyHold.objects.count()
    review(world)
    with counted() as many:
        browser.get(page_of(hold))
    with counted() as many_listed:
        browser.get("/credit/holds/")
    assert (overdue_again, len(many), len(many_listed)) == (2, len(few), len(few_listed))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("days", [0, 40])
def test_a_request_that_fails_for_a_stop_names_the_hold_and_the_way_out(world: World, at_desk: SitDown, language: str, days: int) -> None:
    hold = overdue(world, days) if days else by_hand(world)
    outcome = world.submit("other_agent", {2: 1})
    html = at_desk("representative", language=language).get(f"/orders/{outcome.number}/").content.decode()
    page = spoken(html)
    assert hold.number in page
    if not days:
        assert (f"经审批解除停供 {hold.number}" if language == "zh" else f"stop of supply {hold.number} released by decision") in page
