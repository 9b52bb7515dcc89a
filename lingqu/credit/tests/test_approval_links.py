"""Links to approvals in rows: for who may open them, words for everybody else, and one statement for all rows of a page."""

from __future__ import annotations

import re

import pytest

from lingqu.approvals.models import Approval
from lingqu.credit.actions import withdraw_hold_request
from lingqu.credit.models import SupplyHold
from lingqu.credit.tests.hold_stories import ask, overdue
from lingqu.credit.tests.stories import propose
from tests.pages import SitDown, counted
from tests.world import World

LINKED = re.compile(r'href="/approvals/(SP-\d{4}-\d{4})')


def asked_twice(world: World) -> tuple[SupplyHold, str]:
    """A hold with two requests; the approval of the first is over."""
    hold = overdue(world)
    for _ in range(2):
        request = ask(world, hold)
        if hold.requests.count() == 1:
            withdraw_hold_request(request.pk, reason="不需要了", by=world.who("representative"), at=world.at)
    return hold, f"/credit/holds/{hold.number}/"


@pytest.mark.parametrize(("who", "linked"), [("representative", True), ("manager", True), ("warehouse", False)])
def test_requests_about_a_hold_lead_nobody_to_a_page_that_is_not_theirs(world: World, at_desk: SitDown, who: str, linked: bool) -> None:
    _, address = asked_twice(world)
    numbers = set(Approval.objects.values_list("number", flat=True))
    browser = at_desk(who)
    page = browser.get(address).content.decode()
    assert len(numbers) == 2
    assert all(number in page for number in numbers)
    assert set(LINKED.findall(page)) == (numbers if linked else set())
    assert {browser.get(f"/approvals/{number}").status_code for number in LINKED.findall(page)} == ({200} if linked else set())


def test_ten_requests_about_a_hold_take_as_many_statements_as_two(world: World, at_desk: SitDown) -> None:
    hold, address = asked_twice(world)
    browser = at_desk("manager")
    browser.get(address)
    with counted() as few:
        browser.get(address)
    for _ in range(8):
        withdraw_hold_request(hold.requests.get(state="proposed").pk, reason="不需要了", by=world.who("representative"), at=world.at)
        ask(world, hold)
    with counted() as many:
        page = browser.get(address).content.decode()
    assert (len(set(LINKED.findall(page))), len(many)) == (10, len(few))


@pytest.mark.parametrize(("who", "linked"), [("representative", True), ("finance", True), ("warehouse", False)])
def test_the_history_of_grades_leads_nobody_to_a_page_that_is_not_theirs(
    world: World, at_desk: SitDown, who: str, linked: bool
) -> None:  # fmt: skip
    walk = propose(world, grade="A", buyer="other_agent")
    walk.say("finance")
    walk.meet("director", "deputy", "manager", "researcher")
    assert walk.state == "applied"
    number = Approval.objects.get(pk=walk.approval).number
    page = at_desk(who).get("/partners/other_agent/?tab=grades").content.decode()
    assert number in page
    assert LINKED.findall(page) == ([number] if linked else [])
