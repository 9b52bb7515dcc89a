"""The pages of groups: list, one group, the forms and a proposal; who sees them, and what stands on them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from lingqu.credit.models import CreditLine, GroupProposal
from lingqu.credit.rules import NewGroupChange
from lingqu.credit.states import GroupProposalKind
from lingqu.credit.tests.group_stories import GroupWalk, group_of, propose_group, standing_of_group
from tests.pages import CHINESE, counted
from tests.world import World

Desk = Callable[..., Client]
NEW = {"kind": "open", "name": "海右集团", "limit": "400,000", "reason": "两家同属一个集团"}


def test_a_group_is_proposed_on_the_page_decided_and_found_in_the_list(world: World, at_desk: Desk) -> None:
    browser = at_desk("finance")
    answer = browser.post("/credit/groups/new", NEW, follow=True)
    proposal = GroupProposal.objects.get()
    assert answer.redirect_chain == [(f"/credit/groups/proposals/{proposal.number}/", 302)]
    assert f"已提交 {proposal.number}" in answer.content.decode()
    assert proposal.number in browser.get("/credit/groups/").content.decode()
    GroupWalk(world, proposal).pass_through()
    page = browser.get("/credit/groups/").content.decode()
    assert "400,000.00" in page
    assert f'href="/credit/groups/{proposal.number}/"' in page


def test_a_group_shows_its_sums_and_its_members(world: World, at_desk: Desk) -> None:
    group = group_of(world, "30000.00", "agent", "other_agent")
    world.accept(world.submit("agent", {0: 100}))
    world.submit("other_agent", {0: 10})
    page = at_desk("finance").get(f"/credit/groups/{group.number}/").content.decode()
    for figure in ("30,000.00", "6,240.00", "624.00", "23,136.00", "agent公司", "other_agent公司"):
        assert figure in page


def test_a_partner_joins_and_leaves_by_the_forms(world: World, at_desk: Desk) -> None:
    group = group_of(world, "30000.00")
    browser = at_desk("finance")
    for kind, members in (("join", 1), ("leave", 0)):
        offered = browser.get(f"/credit/groups/{group.number}/change?kind={kind}").content.decode()
        assert '<option value="agent"' in offered
        sent = {"kind": kind, "line": "agent", "reason": "股权变动"}
        assert browser.post(f"/credit/groups/{group.number}/change", sent).status_code == 302
        GroupWalk(world, GroupProposal.objects.latest("id")).pass_through()
        assert group.lines.count() == members


def test_lowering_is_in_force_at_once(world: World, at_desk: Desk) -> None:
    group = group_of(world, "30000.00")
    sent = {"kind": "lower", "limit": "0", "reason": "逾期"}
    page = at_desk("director").post(f"/credit/groups/{group.number}/change", sent, follow=True).content.decode()
    assert "集团额度已降为" in page
    assert standing_of_group(group).limit == Decimal(0)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("name", "", "请填写集团名称"), ("limit", "abc", "limit-error"), ("limit", "", "请填写新额度"), ("reason", "\x00 ", "请写明理由")],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(world: World, at_desk: Desk, field: str, value: str, said: str) -> None:
    answer = at_desk("manager").post("/credit/groups/new", NEW | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert f'aria-describedby="{field}-error"' in page
    for name in {"name", "limit", "reason"} - {field}:
        assert NEW[name] in page
    assert not GroupProposal.objects.exists()


def test_a_representative_is_offered_its_own_partners_only(world: World, at_desk: Desk) -> None:
    group = group_of(world, "30000.00")
    browser = at_desk("representative")
    assert "credit/groups/new" not in browser.get("/credit/groups/").content.decode()
    assert browser.get(f"/credit/groups/{group.number}/change?kind=limit").status_code == 403
    assert '<option value="agent"' in browser.get(f"/credit/groups/{group.number}/change?kind=join").content.decode()


@pytest.mark.parametrize("name", ["agent_owner", "retailer_owner"])
def test_partners_find_nothing(world: World, at_desk: Desk, name: str) -> None:
    group = group_of(world, "30000.00", "agent")
    walk = propose_group(world, NewGroupChange(GroupProposalKind.LIMIT, "旺季", group.pk, limit=Decimal(90_000)))
    browser = at_desk(name)
    paths = ("", f"{group.number}/", f"{group.number}/change?kind=lower", f"proposals/{walk.proposal.number}/")
    assert [browser.get(f"/credit/groups/{path}").status_code for path in paths] == [404] * 4
    assert browser.post(f"/credit/groups/proposals/{walk.proposal.number}/withdraw").status_code == 404
    assert walk.state == "proposed"


def test_the_asker_takes_a_proposal_back(world: World, at_desk: Desk) -> None:
    at_desk("finance").post("/credit/groups/new", NEW)
    walk = GroupWalk(world, GroupProposal.objects.get())
    where = f"/credit/groups/proposals/{walk.proposal.number}/"
    assert f"{where}withdraw" not in at_desk("manager").get(where).content.decode()
    at_desk("manager").post(f"{where}withdraw")
    assert walk.state == "proposed"
    at_desk("finance").post(f"{where}withdraw")
    assert walk.state == "withdrawn"
    assert at_desk("finance").get("/credit/groups/JT-\x00/").status_code == 404


def test_the_pages_keep_to_english(world: World, at_desk: Desk) -> None:
    group = group_of(world, "30000.00", "agent", name="Group One")
    walk = propose_group(world, NewGroupChange(GroupProposalKind.LIMIT, "season", group.pk, limit=Decimal(90_000)))
    browser = at_desk("finance", language="en")
    number = group.number
    paths = ("", "new", f"{number}/", f"{number}/change?kind=join", f"{number}/change?kind=lower", f"proposals/{walk.proposal.number}/")
    for path in paths:
        page = browser.get(f"/credit/groups/{path}").content.decode()
        main = page[page.index("<main") : page.index("</main>")].replace("公司", "").replace("同属一个集团", "")
        assert CHINESE.findall(main) == [], path


def test_a_group_takes_as_many_statements_with_more_members(world: World, at_desk: Desk) -> None:
    group = group_of(world, "30000.00", "agent")
    browser = at_desk("finance")
    where = f"/credit/groups/{group.number}/"
    browser.get(where)
    with counted() as one:
        browser.get(where)
    CreditLine.objects.filter(seller=world.hq).update(group=group)
    with counted() as three:
        page = browser.get(where).content.decode()
    assert (len(three), page.count('data-label="本户额度"')) == (len(one), 3)


def test_what_was_sent_back_is_changed_on_its_form_by_its_asker_alone(world: World, at_desk: Desk) -> None:
    browser = at_desk("finance")
    browser.post("/credit/groups/new", NEW)
    walk = GroupWalk(world, GroupProposal.objects.get())
    address = f"/credit/groups/proposals/{walk.proposal.number}/revise"
    assert browser.get(address).status_code == 302
    walk.say("manager", verb="send_back")
    assert address in browser.get(f"/credit/groups/proposals/{walk.proposal.number}/").content.decode()
    assert at_desk("manager").get(address).status_code == 403
    assert 'value="400000.00"' in browser.get(address).content.decode()
    wrong = browser.post(address, {"name": "", "limit": "1,000", "reason": "改小"})
    assert (wrong.status_code, 'value="1,000"' in wrong.content.decode()) == (422, True)
    assert browser.post(address, {"name": "海右", "limit": "1,000", "reason": "改小"}).status_code == 302
    assert (walk.state, walk.proposal.name, walk.proposal.limit_after) == ("proposed", "海右", Decimal("1000.00"))


def test_a_group_is_closed_by_its_form_and_offers_nothing_any_more(world: World, at_desk: Desk) -> None:
    group = group_of(world, "30000.00", "agent")
    browser = at_desk("finance")
    address = f"/credit/groups/{group.number}/change"
    assert browser.post(address, {"kind": "close", "reason": ""}).status_code == 422
    assert browser.post(address, {"kind": "close", "reason": "集团解散"}).status_code == 302
    GroupWalk(world, GroupProposal.objects.latest("id")).pass_through()
    page = browser.get(f"/credit/groups/{group.number}/").content.decode()
    assert ("已关闭" in page, "/change?kind=" in page) == (True, False)
    assert browser.get(f"{address}?kind=join").status_code == 403
    assert "已关闭" in browser.get("/credit/groups/").content.decode()


@pytest.mark.parametrize("kind", ["join", "leave"])
def test_no_partner_chosen_is_said_at_its_field_and_is_nobodys_fault(world: World, at_desk: Desk, kind: str) -> None:
    group = group_of(world, "30000.00")
    answer = at_desk("representative").post(f"/credit/groups/{group.number}/change", {"kind": kind, "line": "", "reason": "并入"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请选择客户。" in page
    assert "并入" in page
