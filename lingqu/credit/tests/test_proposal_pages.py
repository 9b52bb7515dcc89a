"""Proposing by form: the route with its names before anything is sent, errors at their fields, who may, both languages."""

from __future__ import annotations

import pytest

from lingqu.approvals.models import Approval
from lingqu.credit.models import CreditProposal
from lingqu.credit.tests.stories import Walk, limit_of, propose
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World

FORM = "/partners/agent/credit"
REASON = "旺季备货"
STEPS = ("营销主管审核", "财务主管审核", "主任审批", "信用额度调整", "信用等级调整", "财务主管提出方案", "客户信用管理小组表决")


def sent(**more: str) -> dict[str, str]:
    """What the form sends, with the fields given in place of the usual."""
    return {"kind": "limit", "limit": "360000", "grade": "", "until": "", "reason": REASON} | more


def shown(walk: Walk) -> str:
    return f"/credit/proposals/{walk.proposal.number}/"


def test_the_route_stands_with_its_names_before_it_is_sent(world: World, at_desk: SitDown) -> None:
    page = spoken(at_desk("representative").post(f"{FORM}/preview", sent(reason=""), headers={"hx-request": "true"}).content.decode())
    assert "将由 manager → finance → director 审批" in page
    assert "调整后额度 360,000.00" in page
    assert "超出等级额度 60,000.00 元" in page
    assert CreditProposal.objects.count() == 0


def test_up_to_twenty_thousand_finance_has_the_last_word(world: World, at_desk: SitDown) -> None:
    page = spoken(at_desk("representative").post(f"{FORM}/preview", sent(limit="320,000.00")).content.decode())
    assert "将由 manager → finance 审批" in page


def test_the_asker_is_passed_over(world: World, at_desk: SitDown) -> None:
    page = spoken(at_desk("manager").post(f"{FORM}/preview", sent()).content.decode())
    assert "将由 finance → director 审批" in page
    assert "只有申请人本人可签，跳过" in page


def test_a_grade_goes_to_the_committee(world: World, at_desk: SitDown) -> None:
    page = spoken(at_desk("representative").post(f"{FORM}/preview", sent(kind="grade", grade="B", limit="")).content.decode())
    assert "将由 finance → 客户信用管理小组表决（5 人） 审批" in page


def test_what_was_sent_is_decided_and_shown(world: World, at_desk: SitDown) -> None:
    answer = at_desk("representative").post(FORM, sent(), follow=True)
    (proposal,) = CreditProposal.objects.all()
    page = spoken(answer.content.decode())
    assert answer.redirect_chain[-1][0] == f"/credit/proposals/{proposal.number}/"
    assert f"已提交 {proposal.number}" in page
    assert "300,000.00 360,000.00" in page.replace("提出时 ", "").replace("拟定 ", "")
    assert proposal.approval
    assert proposal.approval.number in page


def test_a_second_click_makes_no_second_proposal(world: World, at_desk: SitDown) -> None:
    browser = at_desk("representative")
    assert browser.post(FORM, sent()).status_code == 302
    again = browser.post(FORM, sent())
    assert (again.status_code, CreditProposal.objects.count(), Approval.objects.count()) == (409, 1, 1)
    assert "在审批中" in again.content.decode()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"kind": ""}, "请选择调整什么"),
        ({"kind": "lower"}, "请选择调整什么"),
        ({"limit": ""}, "请填写新额度"),
        ({"limit": "很多"}, "不是金额"),
        ({"limit": "300000"}, "额度已经是"),
        ({"limit": "1.005"}, "小数"),
        ({"reason": " "}, "请写明理由"),
        ({"reason": "长" * 201}, "最多 200 字"),
        ({"reason": "a\x00b"}, "无法保存"),
        ({"kind": "temporary"}, "请填写日期"),
        ({"kind": "temporary", "until": "2026-11-22"}, "今天或以后"),
        ({"kind": "temporary", "until": "明天"}, "请填写日期"),
        ({"kind": "grade", "grade": ""}, "没有等级"),
        ({"kind": "grade", "grade": "A"}, "已经是 A 级"),
        ({"kind": "grade", "grade": "B\x00"}, ""),
    ],
)
def test_what_is_wrong_is_said_at_its_field(world: World, at_desk: SitDown, more: dict[str, str], said: str) -> None:
    answer = at_desk("representative").post(FORM, sent(**more))
    if not said:
        assert answer.status_code == 302
        return
    assert (answer.status_code, CreditProposal.objects.count()) == (422, 0)
    assert said in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "code", "status"),
    [
        ("representative", "agent", 200), ("manager", "agent", 200), ("finance", "agent", 200), ("director", "agent", 200),
        ("deputy", "agent", 403), ("warehouse", "agent", 403), ("agent_owner", "agent", 404), ("agent_owner", "retailer", 200),
        ("agent_clerk", "retailer", 403), ("other_agent_owner", "agent", 404), ("director", "retailer", 404), ("director", "%00", 404),
    ],
)  # fmt: skip
def test_whose_form_it_is(world: World, at_desk: SitDown, who: str, code: str, status: int) -> None:
    assert at_desk(who).get(f"/partners/{code}/credit").status_code == status


def test_the_director_is_offered_lowering_alone(world: World, at_desk: SitDown) -> None:
    browser = at_desk("director")
    page = browser.get(FORM).content.decode()
    assert ('id="kind-lower"' in page, 'id="kind-limit"' in page) == (True, False)
    answer = browser.post(FORM, sent(kind="lower", limit="250000"), follow=True)
    assert answer.redirect_chain[-1][0] == "/partners/agent/?tab=grades"
    assert "额度已降为 250,000.00 元" in answer.content.decode()
    assert str(limit_of(world)) == "250000.00"


@pytest.mark.parametrize(
    ("who", "status"), [("director", 200), ("warehouse", 200), ("agent_owner", 404), ("other_agent_owner", 404), ("retailer_owner", 404)]
)
def test_the_partner_never_sees_what_is_proposed(world: World, at_desk: SitDown, who: str, status: int) -> None:
    walk = propose(world)
    assert at_desk(who).get(shown(walk)).status_code == status
    assert at_desk("agent_owner").get("/partners/agent/proposals").status_code == 404
    assert walk.proposal.number not in at_desk("agent_owner").get("/partners/agent/?tab=grades").content.decode()


def test_sent_back_it_is_revised_by_form(world: World, at_desk: SitDown) -> None:
    walk = propose(world)
    browser = at_desk("representative")
    address = f"{shown(walk)}revise"
    assert browser.get(address).status_code == 302
    walk.say("manager", verb="send_back", reason="金额请再核")
    page = browser.get(shown(walk)).content.decode()
    assert "金额请再核" in page
    assert 'value="360000.00"' in browser.get(address).content.decode()
    preview = f"{FORM}/preview"
    tried = browser.post(preview, sent(limit="330000", revised=walk.proposal.number), headers={"hx-request": "true"})
    plain = browser.post(preview, sent(limit="330000", revised=walk.proposal.number)).content.decode()
    assert ("重新提交" in tried.content.decode(), f'action="{address}"' in plain) == (True, True)
    answer = browser.post(address, sent(limit="330000"), follow=True)
    assert "已重新提交" in answer.content.decode()
    walk.proposal.refresh_from_db()
    assert (walk.state, str(walk.proposal.limit_after)) == ("proposed", "330000.00")
    told = spoken(browser.get(shown(walk)).content.decode())
    assert "修改后重新提交 11-23 09:00 · representative 退回修改 11-23 09:00 · manager：金额请再核 提出，送审" in told
    assert at_desk("manager").get(address).status_code == 403


def test_it_is_withdrawn_by_its_asker_alone(world: World, at_desk: SitDown) -> None:
    walk = propose(world)
    address = f"/credit/proposals/{walk.proposal.number}/withdraw"
    assert "只有申请人可以" in at_desk("manager").post(address, {}, follow=True).content.decode()
    assert walk.state == "proposed"
    assert "已撤回" in at_desk("representative").post(address, {}, follow=True).content.decode()
    assert walk.state == "withdrawn"


def test_the_button_stands_where_it_may_be_pressed(world: World, at_desk: SitDown) -> None:
    buttons = {
        who: FORM in at_desk(who).get("/partners/agent/?tab=money").content.decode()
        for who in ("representative", "manager", "finance", "director", "warehouse", "agent_owner")
    }
    assert buttons == {
        "representative": True, "manager": True, "finance": True, "director": True, "warehouse": False, "agent_owner": False,
    }  # fmt: skip


def test_a_grade_that_goes_by_the_procedure_cannot_be_chosen_at_once(world: World, at_desk: SitDown) -> None:
    browser = at_desk("director")
    page = spoken(browser.get("/partners/other_agent/grade").content.decode())
    assert "A级 须按流程申请" in page
    answer = browser.post("/partners/other_agent/grade", {"grade": "A", "reason": "评审"})
    assert answer.status_code == 409
    assert "须按流程申请" in answer.content.decode()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_keep_to_one_language(world: World, at_desk: SitDown, language: str) -> None:
    walk = propose(world)
    browser = at_desk("representative", language=language)
    more = (REASON, "XY", *(STEPS if language == "en" else ()))
    addresses = (FORM, shown(walk), "/partners/agent/proposals", "/partners/agent/?tab=grades", "/partners/other_agent/proposals")
    for address in addresses:
        assert of_the_other_language(browser.get(address).content.decode(), language, world, *more) == [], address
    for kind in ({"kind": "grade", "grade": "B"}, {"kind": "temporary", "until": "2026-12-31"}, {"limit": "x"}, {"reason": ""}):
        page = browser.post(f"{FORM}/preview", sent(**kind)).content.decode()
        assert of_the_other_language(page, language, world, REASON, "x") == [], kind
    director = at_desk("director", language=language)
    assert of_the_other_language(director.get("/partners/other_agent/grade").content.decode(), language, world) == []


def test_ten_proposals_take_as_many_statements_as_one(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    propose(world).say("manager", verb="refuse")
    browser.get("/partners/agent/proposals")
    with counted() as few:
        browser.get("/partners/agent/proposals")
    for _ in range(9):
        propose(world).say("manager", verb="refuse")
    with counted() as many:
        page = browser.get("/partners/agent/proposals").content.decode()
    assert (page.count('class="code"'), len(many)) == (10, len(few))


def test_a_proposal_takes_few_statements(world: World, at_desk: SitDown) -> None:
    walk = propose(world)
    browser = at_desk("manager")
    browser.get(shown(walk))
    with counted() as sent_to_it:
        browser.get(shown(walk))
    assert len(sent_to_it) <= 16
