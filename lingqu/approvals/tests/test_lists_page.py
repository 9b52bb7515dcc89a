"""The lists of approvals: each person's own, by time limit, thirty to a page, and an address that never breaks."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from lingqu.approvals.models import Approval, ApprovalStep
from lingqu.approvals.queries import ROWS
from lingqu.approvals.states import Ballot
from lingqu.approvals.tests.stories import CHAIN, SHORT, ask
from lingqu.approvals.tests.telling import lend
from lingqu.organisation.states import PostCode
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World

EVERYBODY = ("director", "deputy", "manager", "board", "finance", "warehouse", "agent_owner", "retailer_owner", "retailer_clerk")


def numbers(page: str) -> list[str]:
    return re.findall(r'class="approval-title" href="/approvals/([\w-]+)"', page)


def listed(at_desk: SitDown, name: str, address: str = "") -> list[str]:
    return numbers(at_desk(name).get(f"/approvals/{address}").content.decode())


def test_each_person_finds_their_own(world: World, at_desk: SitDown) -> None:
    lend(world, "deputy", "finance", PostCode.DEPUTY)
    first, second = ask(world, subject=1), ask(world, subject=2, by="researcher")
    first.say("deputy")
    known = {first.approval.number: 1, second.approval.number: 2}
    found = {
        name: [[known[number] for number in listed(at_desk, name, f"?list={one}")] for one in ("waiting", "asked", "all")]
        for name in EVERYBODY
    }
    assert found == {
        "director": [[1], [], [2, 1]],
        "deputy": [[2], [], [2, 1]],
        "manager": [[], [1], [2, 1]],
        "board": [[], [], []],
        "finance": [[2], [], [2, 1]],
        "warehouse": [[], [], []],
        "agent_owner": [[], [], []],
        "retailer_owner": [[], [], []],
        "retailer_clerk": [[], [], []],
    }


def test_what_is_due_first_stands_on_top_and_late_is_said(world: World, at_desk: SitDown) -> None:
    later, late, soon = (ask(world, subject=number) for number in (1, 2, 3))
    for walk, hours in ((later, 40), (late, -5), (soon, 3)):
        ApprovalStep.objects.filter(pk=walk.step.pk).update(due_at=world.at + timedelta(hours=hours))
    without = ask(world, subject=4)
    ApprovalStep.objects.filter(pk=without.step.pk).update(due_at=None)
    page = at_desk("deputy").get("/approvals/").content.decode()
    assert numbers(page) == [walk.approval.number for walk in (late, soon, later, without)]
    words = spoken(page)
    for told in ("已迟 5 小时", "剩 3 小时", "剩 1 天 16 小时", "不限时", "等我审批 4"):
        assert told in words


@pytest.mark.parametrize("chosen", ["waiting", "asked", "all"])
def test_every_row_is_found_once_forwards_and_back(world: World, at_desk: SitDown, chosen: str) -> None:
    walks = [ask(world, subject=number) for number in range(1, ROWS + 6)]
    for walk in walks[:3]:
        ApprovalStep.objects.filter(pk=walk.step.pk).update(due_at=None)
    browser = at_desk("manager" if chosen == "asked" else "deputy")
    first = browser.get(f"/approvals/?list={chosen}").content.decode()
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following is not None
    second = browser.get(f"/approvals/{following[1].replace('&amp;', '&').split('/')[-1]}").content.decode()
    assert (len(numbers(first)), len(numbers(second)), 'rel="next"' in second) == (ROWS, 5, False)
    assert {*numbers(first), *numbers(second)} == {walk.approval.number for walk in walks}
    back = re.search(r'href="([^"]+)" rel="prev"', second)
    assert back is not None
    again = browser.get(f"/approvals/{back[1].replace('&amp;', '&').split('/')[-1]}").content.decode()
    assert (numbers(again), 'rel="prev"' in again, 'rel="next"' in again) == (numbers(first), False, True)


def test_filters_live_in_the_address(world: World, at_desk: SitDown) -> None:
    open_one, short, done = ask(world, subject=1), ask(world, SHORT, subject=2), ask(world, SHORT, subject=3)
    done.say("deputy")
    browser = at_desk("deputy")
    found = {
        address: numbers(browser.get(f"/approvals/?list=all&{address}").content.decode())
        for address in ("state=approved", "chain=short", "")
    }
    assert found == {
        "state=approved": [done.approval.number],
        "chain=short": [done.approval.number, short.approval.number],
        "": [done.approval.number, short.approval.number, open_one.approval.number],
    }


@pytest.mark.parametrize(
    "address",
    ["?list=x", "?state=%00", "?chain=%27%3B--", "?after=9-9", "?before=x", "?after=" + "9" * 18 + "-" + "9" * 12, "?list=all&state=x"],
)
def test_an_address_never_breaks_a_list(world: World, at_desk: SitDown, address: str) -> None:
    ask(world)
    assert at_desk("deputy").get(f"/approvals/{address}").status_code == 200


@pytest.mark.parametrize("chosen", ["waiting", "asked", "all"])
@pytest.mark.parametrize("name", EVERYBODY)
def test_an_empty_list_says_what_will_stand_there(world: World, at_desk: SitDown, name: str, chosen: str) -> None:
    words = spoken(at_desk(name).get(f"/approvals/?list={chosen}").content.decode())
    assert {"waiting": "没有等您审批的事项", "asked": "您还没有提交过审批", "all": "还没有可见的审批"}[chosen] in words


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("address", ["", "?list=asked", "?list=all", "?list=all&state=void"])
def test_the_list_keeps_to_one_language(world: World, at_desk: SitDown, address: str, language: str) -> None:
    ask(world, CHAIN)
    pages = [at_desk(name, language=language).get(f"/approvals/{address}").content.decode() for name in ("deputy", "manager")]
    assert [of_the_other_language(page, language, world) for page in pages] == [[], []]


@pytest.mark.parametrize("chosen", ["waiting", "all"])
def test_one_row_takes_as_many_statements_as_thirty(world: World, at_desk: SitDown, chosen: str) -> None:
    ask(world)
    browser = at_desk("deputy")
    browser.get(f"/approvals/?list={chosen}")
    with counted() as one:
        browser.get(f"/approvals/?list={chosen}")
    for subject in range(2, ROWS + 1):
        ask(world, subject=subject)
    with counted() as thirty:
        answer = browser.get(f"/approvals/?list={chosen}")
    assert (len(numbers(answer.content.decode())), len(thirty)) == (ROWS, len(one))


def test_nobody_waits_for_their_own_request(world: World, at_desk: SitDown) -> None:
    walk = ask(world, by="deputy")
    assert (listed(at_desk, "deputy"), listed(at_desk, "director")) == ([], [walk.approval.number])
    walk.say("director")
    assert (listed(at_desk, "deputy"), listed(at_desk, "board")) == ([], [walk.approval.number])


def test_a_vote_waits_for_its_head_until_it_is_closed(world: World, at_desk: SitDown) -> None:
    """Also where the head has voted, or asked: somebody must close the meeting, and closing counts votes only."""
    walk = ask(world, by="director")
    walk.say("deputy")
    for who in ("deputy", "board", "other_board"):
        walk.vote(who, Ballot.YES)
    assert (listed(at_desk, "director"), listed(at_desk, "board")) == ([walk.approval.number], [])
    browser = at_desk("director", language="zh")
    assert "已全部表决，待主持人结束会议" in browser.get("/approvals/").content.decode()
    assert "会议由您结束" in browser.get(f"/approvals/{walk.approval.number}/fold").content.decode()
    assert Approval.objects.count() == 1
