"""Approvals among what waits at home: in one order with the requests, decided in the row, counted in the menu."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from lingqu.approvals.actions import Answer, NewApproval, decide_step, request_approval
from lingqu.approvals.models import Approval, ApprovalStep
from lingqu.approvals.rules import Chain, Step, Who
from lingqu.approvals.states import StepState
from lingqu.base.text import Text
from lingqu.organisation.actions import delegate
from lingqu.organisation.states import PostCode
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World

REVIEW = Step("review", Text("审核", "Review"), Who(post="deputy"), days=2)
CHAIN = Chain(
    "test", Text("试行流程", "A procedure"), "M-4", (REVIEW, Step("approval", Text("批准", "Approval"), Who(post="director"), days=3))
)


def ask(world: World, *, subject: int = 1, by: str = "manager", amount: str = "") -> Approval:
    new = NewApproval(
        "test", subject, Text("试行办法", "A trial rule"), "/", world.hq.pk, "f1", amount=Decimal(amount) if amount else None
    )  # fmt: skip
    return request_approval(new, chain=CHAIN, committees={}, regulation="publisher/1/x", by=world.who(by), at=world.at)


def step_of(approval: Approval) -> ApprovalStep:
    return ApprovalStep.objects.get(approval=approval, state=StepState.OPEN.value)


def due(approval: Approval, at: datetime) -> None:
    ApprovalStep.objects.filter(pk=step_of(approval).pk).update(due_at=at)


def stand_in(world: World, name: str) -> None:
    """Let somebody stand in for the deputy."""
    today = world.at.date()
    delegate(
        world.people["deputy"], stand_in=world.people[name], post=PostCode.DEPUTY, first=today, last=today, reason="出差", at=world.at,
        by=world.people["deputy"],
    )  # fmt: skip


def menu_count(page: str) -> str:
    words = spoken(page)
    return words.split("秩序 审批", 1)[1].split("职责", 1)[0].strip()


def test_what_waits_for_the_director_stands_first_and_open(world: World, at_desk: SitDown) -> None:
    number = world.submit("agent", {0: 5_000}).number
    asked = ask(world)
    decide_step(asked.pk, Answer(step_of(asked).pk, "approve"), by=world.who("deputy"), at=world.at)
    due(asked, world.at + timedelta(hours=2))
    page = at_desk("director").get("/").content.decode()
    assert f'id="{number}"' not in page  # nobody has asked for the special signature yet
    assert f'action="/approvals/{asked.number}/decide/approve"' in page
    assert "等我处理 1 件" in spoken(page)


def test_it_is_decided_in_the_row(world: World, at_desk: SitDown) -> None:
    asked = ask(world)
    browser = at_desk("deputy")
    fold = browser.get(f"/approvals/{asked.number}/fold").content.decode()
    assert 'name="back" value="home"' in fold
    answer = browser.post(f"/approvals/{asked.number}/decide/approve", {"step": step_of(asked).pk, "back": "home"}, follow=True)
    assert f"您已同意 {asked.number}" in answer.content.decode()
    assert step_of(asked).key == "approval"


@pytest.mark.parametrize(
    "name", ["deputy", "board", "finance", "warehouse", "researcher", "agent_owner", "retailer_owner", "retailer_clerk"]
)
def test_nobody_finds_an_approval_that_is_not_theirs(world: World, at_desk: SitDown, name: str) -> None:
    asked = ask(world)
    page = at_desk(name).get("/").content.decode()
    assert (asked.number in page) is (name == "deputy")


def test_a_stand_in_finds_it_at_home_and_in_the_count(world: World, at_desk: SitDown) -> None:
    ask(world)
    before = menu_count(at_desk("finance").get("/").content.decode())
    stand_in(world, "finance")
    after = menu_count(at_desk("finance").get("/").content.decode())
    assert (before, after) == ("", "1")


def test_the_menu_counts_each_once_and_says_late(world: World, at_desk: SitDown) -> None:
    stand_in(world, "director")
    asked, _ = ask(world, subject=1), ask(world, subject=2)
    ask(world, subject=3, by="director")
    due(asked, world.at - timedelta(hours=1))
    counts = {name: menu_count(at_desk(name).get("/").content.decode()) for name in ("deputy", "director", "manager")}
    assert counts == {"deputy": "3 迟", "director": "2 迟", "manager": ""}


@pytest.mark.parametrize(
    ("name", "there"), [("director", True), ("warehouse", True), ("agent_owner", True), ("agent_clerk", False), ("retailer_owner", True)]
)
def test_the_menu_offers_approvals_and_duties_to_whom_they_concern(world: World, at_desk: SitDown, name: str, *, there: bool) -> None:
    page = at_desk(name).get("/").content.decode()
    assert ['class="menu-item" href="/approvals/"' in page, 'class="menu-item" href="/duties/"' in page] == [there, there]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_home_with_approvals_keeps_to_one_language(world: World, at_desk: SitDown, language: str) -> None:
    ask(world)
    ask(world, subject=2, amount="12.00")
    page = at_desk("deputy", language=language).get("/").content.decode()
    assert of_the_other_language(page, language, world) == []


def test_one_approval_takes_as_many_statements_as_many(world: World, at_desk: SitDown) -> None:
    ask(world)
    browser = at_desk("deputy")
    browser.get("/")
    with counted() as one:
        browser.get("/")
    for subject in range(2, 30):
        ask(world, subject=subject)
    with counted() as many:
        browser.get("/")
    assert len(many) == len(one)


def test_more_than_a_page_of_them_points_to_the_list(world: World, at_desk: SitDown) -> None:
    for subject in range(1, 33):
        ask(world, subject=subject)
    words = spoken(at_desk("deputy").get("/").content.decode())
    assert "还有更多等我审批的，看全部" in words
