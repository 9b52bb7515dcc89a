"""The verbs on the page: who may press them, double clicks and two tabs do no harm, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from lingqu.approvals.models import Approval, Signer
from lingqu.approvals.states import Ballot
from lingqu.approvals.tests.stories import Walk, ask
from lingqu.approvals.tests.telling import lend, press
from lingqu.audit.models import Fact
from lingqu.organisation.states import PostCode
from tests.pages import SitDown, counted
from tests.world import World

OFFERS = ("decide", "forward", "add", "vote", "close", "withdraw")
EVERYBODY = ("manager", "deputy", "finance", "director", "warehouse", "board", "agent_owner", "retailer_clerk")


def in_review(world: World) -> Walk:
    """Asked by the manager, at the deputy's step; finance stands in for the deputy, the director supervises."""
    lend(world, "deputy", "finance", PostCode.DEPUTY)
    return ask(world)


def in_meeting(world: World) -> Walk:
    walk = in_review(world)
    walk.say("deputy")
    walk.say("director")
    return walk


def sent_back(world: World) -> Walk:
    walk = in_review(world)
    walk.say("deputy", "send_back", "补充")
    return walk


def voted(world: World) -> Walk:
    walk = in_meeting(world)
    for who in ("board", "other_board", "deputy"):
        walk.vote(who, Ballot.YES)
    return walk


SIGNERS = {"deputy", "finance"}
MEMBERS = {"director", "deputy", "finance", "board"}
VERBS: dict[str, tuple[Callable[[World], Walk], str, dict[str, object], set[str]]] = {
    "approve": (in_review, "decide/approve", {}, SIGNERS),
    "refuse": (in_review, "decide/refuse", {"reason": "数字不对"}, SIGNERS),
    "send_back": (in_review, "decide/send_back", {"reason": "补充"}, SIGNERS),
    "forward": (in_review, "forward", {"person": "researcher", "reason": "由其核"}, SIGNERS),
    "add": (in_review, "add", {"person": "researcher", "reason": "请核"}, SIGNERS),
    "vote": (in_meeting, "vote/yes", {}, MEMBERS),
    "close": (voted, "close", {"reason": "会议纪要"}, {"director"}),
    "withdraw": (in_review, "withdraw", {}, {"manager"}),
    "withdraw_sent_back": (sent_back, "withdraw", {}, {"manager"}),
}


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("verb", VERBS)
def test_exactly_those_who_may_do_it(world: World, at_desk: SitDown, verb: str, name: str) -> None:
    make, address, typed, allowed = VERBS[verb]
    walk = make(world)
    typed = {key: world.people[str(value)].pk if key == "person" else value for key, value in typed.items()}
    step = walk.approval.steps.filter(state="open").first() or walk.approval.steps.get(key="review")
    before = Fact.objects.filter(subject="approval").count()
    status, _ = press(at_desk, walk, name, address, step=step.pk, **typed)
    done = Fact.objects.filter(subject="approval").count() > before
    assert (done, status in ({200} if name in allowed else {403, 404, 409})) == (name in allowed, True)


@pytest.mark.parametrize("name", ["deputy", "finance"])
def test_the_page_offers_what_may_be_done_and_only_that(world: World, at_desk: SitDown, name: str) -> None:
    walk = in_review(world)
    page = at_desk(name).get(f"/approvals/{walk.approval.number}").content.decode()
    offered = [verb for verb in OFFERS if f'action="/approvals/{walk.approval.number}/{verb}' in page]
    assert offered == ["decide", "forward", "add"]
    assert ("代 deputy 签" in page) is (name == "finance")


def test_the_asker_is_offered_to_take_it_back_and_nothing_more(world: World, at_desk: SitDown) -> None:
    walk = in_review(world)
    page = at_desk("manager").get(f"/approvals/{walk.approval.number}").content.decode()
    offered = [verb for verb in OFFERS if f'action="/approvals/{walk.approval.number}/{verb}' in page]
    assert offered == ["withdraw"]


def test_two_clicks_on_one_button_are_one_answer(world: World, at_desk: SitDown) -> None:
    walk = in_review(world)
    step = walk.step.pk
    first, _ = press(at_desk, walk, "deputy", "decide/approve")
    second, words = press(at_desk, walk, "deputy", "decide/approve", step=step)
    assert (first, second, Fact.objects.filter(verb="approve").count()) == (200, 409, 1)
    assert "此步已由他人办结" in words


def test_of_two_tabs_the_later_one_learns_of_the_first_and_keeps_its_words(world: World, at_desk: SitDown) -> None:
    walk = in_review(world)
    step = walk.step.pk
    press(at_desk, walk, "finance", "decide/approve")
    status, words = press(at_desk, walk, "deputy", "decide/refuse", reason="我写了很久的理由", step=step)
    assert (status, walk.state, "您刚才填写的" in words, "我写了很久的理由" in words) == (409, "open", True, True)


@pytest.mark.parametrize(
    ("verb", "typed", "kept"),
    [
        ("decide/refuse", {"reason": "  "}, "不同意或退回时请写明理由"),
        ("decide/nonsense", {"reason": "写了一半"}, "写了一半"),
        ("vote/nonsense", {"reason": "写了一半"}, "写了一半"),
        ("forward", {"person": "", "reason": "转交理由"}, 'value="转交理由"'),
        ("forward", {"person": "999999999999999999", "reason": "转交理由"}, 'value="转交理由"'),
        ("add", {"person": "x", "reason": "加签理由"}, 'value="加签理由"'),
        ("vote/yes", {"reason": "我的意见"}, "我的意见"),
    ],
)
def test_a_refused_verb_keeps_what_was_typed(world: World, at_desk: SitDown, verb: str, typed: dict[str, str], kept: str) -> None:
    walk = in_review(world)
    answer = at_desk("deputy").post(f"/approvals/{walk.approval.number}/{verb}", {"step": walk.step.pk, **typed})
    assert (answer.status_code in {409, 422}, kept in answer.content.decode(), walk.states()["review"]) == (True, True, "open")


def test_the_chosen_person_stays_chosen(world: World, at_desk: SitDown) -> None:
    walk = in_review(world)
    person = world.people["researcher"].pk
    page = at_desk("deputy").post(
        f"/approvals/{walk.approval.number}/forward", {"step": walk.step.pk, "person": person, "reason": " "}
    ).content.decode()  # fmt: skip
    assert re.search(rf'<option value="{person}"\s+selected', page)


def test_minutes_without_a_quorum_are_not_lost(world: World, at_desk: SitDown) -> None:
    walk = in_meeting(world)
    answer = at_desk("director").post(f"/approvals/{walk.approval.number}/close", {"step": walk.step.pk, "reason": "三页长的纪要"})
    page = answer.content.decode()
    assert (answer.status_code, "未达法定人数" in page, "三页长的纪要</textarea>" in page, walk.state) == (409, True, True, "open")


@pytest.mark.parametrize("to", ["manager", "agent_owner", "deputy"])
def test_it_is_not_passed_on_to_the_asker_an_outsider_or_oneself(world: World, at_desk: SitDown, to: str) -> None:
    walk = in_review(world)
    status, _ = press(at_desk, walk, "deputy", "forward", person=world.people[to].pk, reason="理由")
    assert (status in {403, 422}, walk.signers()) == (True, {"deputy"})


def test_a_character_that_no_database_takes_is_left_out(world: World, at_desk: SitDown) -> None:
    walk = in_review(world)
    press(at_desk, walk, "deputy", "decide/refuse", reason="不\x00对")
    assert Signer.objects.get(answer="refuse").remark == "不对"


@pytest.mark.parametrize("step", ["", "x", "-1", "9" * 40, "1e3"])
def test_a_step_that_nobody_saw_is_refused(world: World, at_desk: SitDown, step: str) -> None:
    walk = in_review(world)
    answer = at_desk("deputy").post(f"/approvals/{walk.approval.number}/decide/approve", {"step": step})
    assert (answer.status_code, walk.states()["review"]) == (409, "open")


def test_a_get_does_nothing(world: World, at_desk: SitDown) -> None:
    walk = in_review(world)
    assert [
        at_desk("deputy").get(f"/approvals/{walk.approval.number}/{verb}").status_code
        for verb in ("decide/approve", "vote/yes", "withdraw")
    ] == [405] * 3


def test_from_home_one_comes_back_home(world: World, at_desk: SitDown) -> None:
    walk = in_review(world)
    answer = at_desk("deputy").post(f"/approvals/{walk.approval.number}/decide/approve", {"step": walk.step.pk, "back": "home"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_vote_shows_how_it_stands_and_may_be_changed(world: World, at_desk: SitDown) -> None:
    walk = in_meeting(world)
    status, words = press(at_desk, walk, "board", "vote/no", reason="不同意改动")
    assert (status, "成员 4 须有表决 3 已表决 1" in words, "您已投： 反对 ，会议结束前可改投" in words) == (200, True, True)
    _, words = press(at_desk, walk, "board", "vote/yes")
    assert "同意 1 反对 0" in words


def test_deciding_takes_the_same_statements_however_many_approvals_there_are(world: World, at_desk: SitDown) -> None:
    walks = [ask(world, subject=number) for number in range(1, 4)]
    deputy = at_desk("deputy")
    sent = []
    for walk in walks[:2]:
        with counted() as statements:
            deputy.post(f"/approvals/{walk.approval.number}/decide/approve", {"step": walk.step.pk})
        sent.append(len(statements))
    assert sent[0] == sent[1]
    assert Approval.objects.filter(steps__state="approved").count() == 2
