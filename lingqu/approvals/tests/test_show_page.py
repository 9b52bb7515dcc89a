"""The page of one approval: who sees it, what it tells, and that it keeps to one language."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from lingqu.approvals.actions import add_signer, close_vote, forward_step, void_approvals
from lingqu.approvals.present.places import place_in
from lingqu.approvals.queries import whole_approval
from lingqu.approvals.states import Ballot, StepKind
from lingqu.approvals.tests.stories import CHAIN, Walk, ask
from lingqu.approvals.tests.telling import lend
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.organisation.states import PostCode
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World


def test_signed_out_people_are_sent_to_the_sign_in(world: World) -> None:
    answer = Client().get(f"/approvals/{ask(world).approval.number}")
    assert (answer.status_code, answer.headers["Location"].startswith("/accounts/login/")) == (302, True)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("deputy", 200),
        ("manager", 200),
        ("director", 200),
        ("board", 404),
        ("finance", 404),
        ("agent_owner", 404),
        ("retailer_owner", 404),
    ],
)
def test_who_sees_it(world: World, at_desk: SitDown, name: str, status: int) -> None:
    number = ask(world).approval.number
    browser = at_desk(name)
    assert (browser.get(f"/approvals/{number}").status_code, browser.get(f"/approvals/{number}/fold").status_code) == (status, status)


@pytest.mark.parametrize("number", ["SP-2026-9999", "x", "%00", "9" * 300])
def test_what_is_not_there_is_not_found(world: World, at_desk: SitDown, number: str) -> None:
    ask(world)
    assert at_desk("director").get(f"/approvals/{number}").status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["deputy", "manager", "director"])
def test_the_page_keeps_to_one_language(world: World, at_desk: SitDown, name: str, language: str) -> None:
    walk = ask(world)
    lend(world, "deputy", "finance", PostCode.DEPUTY)
    add_signer(walk.approval.pk, walk.step.pk, person=world.people["warehouse"], reason="-", by=world.who("deputy"), at=world.at)
    forward_step(walk.approval.pk, walk.step.pk, to=world.people["researcher"], reason="-", by=world.who("deputy"), at=world.at)
    browser = at_desk(name, language=language)
    pages = [browser.get(f"/approvals/{walk.approval.number}").content.decode()]
    walk.say("warehouse", reason="-")
    walk.say("researcher", reason="-")
    walk.say("director", reason="-")
    pages.append(browser.get(f"/approvals/{walk.approval.number}").content.decode())
    pages.append(browser.get(f"/approvals/{walk.approval.number}/fold").content.decode())
    for who, ballot in (("board", Ballot.NO), ("other_board", Ballot.NO), ("director", Ballot.YES)):
        walk.vote(who, ballot)
    close_vote(walk.approval.pk, walk.step.pk, minutes="-", by=world.who("director"), at=world.at)
    pages.append(browser.get(f"/approvals/{walk.approval.number}").content.decode())
    assert [of_the_other_language(page, language, world) for page in pages] == [[], [], [], []]


def test_the_page_tells_the_route_its_clock_and_the_clause(world: World, at_desk: SitDown) -> None:
    walk = ask(world, amount="6840.00")
    lend(world, "deputy", "finance", PostCode.DEPUTY)
    page = at_desk("manager").get(f"/approvals/{walk.approval.number}").content.decode()
    words = spoken(page)
    for told in (
        "试行办法",
        "审批中",
        "6,840.00",
        "审核",
        "限 11-25 24:00",
        "deputy 主管营销副主任 finance 代 未签",
        "剩 2 天 15 小时",
        "提交审批",
    ):
        assert told in words
    assert 'href="/regulation/publisher/v1/M-4"' in page
    assert "不能审批自己的申请" in words


def test_what_was_answered_stands_with_its_reason_time_and_for_whom(world: World, at_desk: SitDown) -> None:
    walk = ask(world)
    lend(world, "deputy", "finance", PostCode.DEPUTY)
    world.at += timedelta(hours=2)
    walk.say("finance", reason="数字已核对")
    words = spoken(at_desk("manager").get(f"/approvals/{walk.approval.number}").content.decode())
    assert "deputy 主管营销副主任 finance 代签：同意 11-23 11:00 数字已核对" in words
    assert "用时 2 小时" in words
    assert "审核：同意 11-23 11:00 · finance（代 deputy）" in words


def test_an_earlier_round_stays_to_be_read(world: World, at_desk: SitDown) -> None:
    walk = ask(world)
    walk.say("deputy", "send_back", "请补附件")
    browser = at_desk("manager")
    words = spoken(browser.get(f"/approvals/{walk.approval.number}").content.decode())
    assert "已退回修改 请补附件" in words
    assert "修改后重新提交" in words


def test_a_void_one_says_why_in_the_language_of_the_page(world: World, at_desk: SitDown) -> None:
    walk = ask(world)
    void_approvals("test", 1, reason=Text("内容已变更", "the content has changed"), by=None, at=world.at)
    told = [
        spoken(at_desk("manager", language=language).get(f"/approvals/{walk.approval.number}").content.decode())
        for language in ("zh", "en")
    ]
    assert ("已失效 内容已变更" in told[0], "Void the content has changed" in told[1]) == (True, True)


def test_a_reason_with_a_stroke_is_not_taken_for_two_languages(world: World, at_desk: SitDown) -> None:
    walk = ask(world)
    walk.say("deputy", "refuse", "一式两份 / 缺一份")
    words = [
        spoken(at_desk("manager", language=language).get(f"/approvals/{walk.approval.number}").content.decode())
        for language in ("zh", "en")
    ]
    assert ["一式两份 / 缺一份" in one for one in words] == [True, True]


def test_the_page_takes_as_many_statements_for_one_step_as_for_many_signers(world: World, at_desk: SitDown) -> None:
    walk = ask(world)
    browser = at_desk("deputy")
    browser.get(f"/approvals/{walk.approval.number}")
    with counted() as few:
        browser.get(f"/approvals/{walk.approval.number}")
    for name in ("finance", "warehouse", "researcher", "board", "director"):
        add_signer(walk.approval.pk, walk.step.pk, person=world.people[name], reason="x", by=world.who("deputy"), at=world.at)
    with counted() as many:
        browser.get(f"/approvals/{walk.approval.number}")
    assert len(many) == len(few)


def lets(world: World, walk: Walk, name: str) -> bool:
    """Whether the kernel takes an answer of the person now; what it did is undone."""
    try:
        with transaction.atomic():
            if walk.step.kind == StepKind.VOTE.value:
                walk.vote(name, Ballot.YES)
            else:
                walk.say(name)
            transaction.set_rollback(True)
    except Refusal:
        return False
    return True


@pytest.mark.parametrize("name", ["director", "deputy", "manager", "finance", "warehouse", "board", "agent_owner"])
def test_whom_the_page_offers_to_answer_is_whom_the_deciding_lets(world: World, name: str) -> None:
    """What the page offers, the kernel must let; what it does not offer, the kernel must refuse: for every person and step."""
    lend(world, "deputy", "finance", PostCode.DEPUTY)
    lend(world, "director", "warehouse", PostCode.DIRECTOR)
    lend(world, "board", "manager", PostCode.BOARD)
    walk, found = ask(world, CHAIN), []
    for signer in ("deputy", "director", ""):
        who, step = world.who(name), walk.step
        offered = place_in(step, whole_approval(walk.approval.number, by=world.who("director")), who) is not None
        found.append((offered, lets(world, walk, name)))
        if signer:
            walk.say(signer)
    assert [page for page, _ in found] == [kernel for _, kernel in found]
