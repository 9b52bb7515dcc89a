"""An approval walks its chain: in order, by the right people, never by the one who asked."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest

from lingqu.approvals.actions import (
    Answer,
    Resubmission,
    add_signer,
    decide_step,
    forward_step,
    resubmit_approval,
    void_approvals,
    withdraw_approval,
)
from lingqu.approvals.actions import deciding as deciding_module
from lingqu.approvals.models import Approval, Signer
from lingqu.approvals.queries import approvals_seen_by, waiting_for
from lingqu.approvals.rules import Who
from lingqu.approvals.states import Ballot
from lingqu.approvals.tests.stories import APPROVAL, CHAIN, SHORT, ask
from lingqu.audit.models import Fact
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.notices.queries import unread_count
from lingqu.organisation.actions import delegate, enter_person, give_post
from lingqu.organisation.models import SignIn
from lingqu.organisation.states import PostCode
from tests.world import World

DAY = timedelta(days=1)


def refused(walk_or_call: object, *arguments: object) -> str:
    with pytest.raises(Refusal) as told:
        walk_or_call(*arguments)  # type: ignore[operator]
    return told.value.code


def lend(world: World, absent: str, stand_in: str, post: PostCode) -> None:
    first = world.at.date()
    delegate(
        world.people[absent], stand_in=world.people[stand_in], post=post, first=first, last=first + 7 * DAY, reason="出差",
        at=world.at, by=world.people[absent],
    )  # fmt: skip


def test_each_step_opens_when_the_one_before_said_yes(world: World) -> None:
    walk = ask(world)
    assert (walk.states(), walk.signers()) == ({"review": "open", "approval": "waiting", "meeting": "waiting"}, {"deputy"})
    walk.say("deputy")
    assert (walk.states(), walk.signers()) == ({"review": "approved", "approval": "open", "meeting": "waiting"}, {"director"})
    walk.say("director")
    assert walk.signers() == {"director", "deputy", "board", "other_board"}


def test_what_waits_for_whom(world: World) -> None:
    walk = ask(world)
    waits = {name for name in ("director", "deputy", "manager", "board") if waiting_for(world.who(name)).exists()}
    walk.say("deputy")
    later = {name for name in ("director", "deputy", "manager", "board") if waiting_for(world.who(name)).exists()}
    assert (waits, later) == ({"deputy"}, {"director"})


@pytest.mark.parametrize("who", ["manager", "director", "finance", "agent_owner", "retailer_owner"])
def test_a_step_is_answered_only_by_its_signers(world: World, who: str) -> None:
    walk = ask(world)
    assert refused(walk.say, who) in {"forbidden", "own_request"}
    assert walk.states()["review"] == "open"


def test_the_asker_does_not_decide_even_when_they_hold_the_post(world: World) -> None:
    give_post(world.people["manager"], PostCode.DEPUTY, firm=world.hq, since=date(2026, 1, 5), at=world.at, by=None)
    walk = ask(world)
    assert (walk.signers(), refused(walk.say, "manager")) == ({"deputy"}, "own_request")


def test_the_asker_does_not_decide_as_stand_in(world: World) -> None:
    lend(world, "deputy", "manager", PostCode.DEPUTY)
    walk = ask(world)
    assert refused(walk.say, "manager") == "own_request"


def test_nobody_decides_as_stand_in_of_the_asker(world: World) -> None:
    lend(world, "deputy", "finance", PostCode.DEPUTY)
    walk = ask(world, by="deputy", chain=CHAIN)
    assert (walk.states()["review"], refused(walk.say, "finance")) == ("passed_over", "forbidden")


def test_the_guard_against_own_requests_is_what_stops_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: without the guard, the asker who stands in for the deputy would pass their own request."""
    lend(world, "deputy", "manager", PostCode.DEPUTY)
    walk = ask(world)
    monkeypatch.setattr(deciding_module, "is_own", lambda who, approval: False)
    walk.say("manager")
    assert walk.states()["review"] == "approved"


def test_a_stand_in_decides_for_the_absent_and_the_record_says_so(world: World) -> None:
    lend(world, "deputy", "finance", PostCode.DEPUTY)
    walk = ask(world)
    walk.say("finance")
    place = Signer.objects.get(step__approval=walk.approval, step__key="review")
    assert (place.person_id, place.answered_by_id) == (world.people["deputy"].pk, world.people["finance"].pk)
    fact = Fact.objects.get(subject="approval", verb="approve")
    assert (fact.person, fact.on_behalf_of) == (world.people["finance"].pk, world.people["deputy"].pk)


def test_a_route_on_which_only_the_asker_could_decide_is_refused(world: World) -> None:
    assert refused(lambda: ask(world, SHORT, by="deputy")) == "nobody_can_decide"
    assert not Approval.objects.exists()


def test_refusing_needs_a_reason_and_ends_it(world: World) -> None:
    walk = ask(world)
    step = walk.step
    assert (
        refused(lambda: decide_step(walk.approval.pk, Answer(step.pk, "refuse", "  "), by=world.who("deputy"), at=world.at)) == "bad_input"
    )
    walk.say("deputy", "refuse", "数字不对")
    assert (walk.state, walk.approval.ended_because, walk.states()["approval"]) == ("refused", "数字不对", "waiting")


def test_sent_back_it_returns_to_its_asker_and_begins_anew(world: World) -> None:
    walk = ask(world)
    walk.say("deputy")
    walk.say("director", "send_back", "补充理由")
    assert (walk.state, waiting_for(world.who("director")).exists()) == ("sent_back", False)
    again = Resubmission("f2", reason="已补充")
    with pytest.raises(Refusal):
        resubmit_approval(walk.approval.pk, again, by=world.who("deputy"), at=world.at)
    resubmit_approval(walk.approval.pk, again, by=world.who("manager"), at=world.at)
    assert (walk.state, walk.approval.round, walk.approval.ended_because, walk.states()["review"]) == ("open", 2, "", "open")


def test_only_the_asker_withdraws(world: World) -> None:
    walk = ask(world)
    with pytest.raises(Refusal):
        withdraw_approval(walk.approval.pk, reason="", by=world.who("deputy"), at=world.at)
    withdraw_approval(walk.approval.pk, reason="不再需要", by=world.who("manager"), at=world.at)
    assert (walk.state, walk.states()["review"]) == ("withdrawn", "void")


def test_a_change_of_the_document_voids_it(world: World) -> None:
    walk = ask(world)
    walk.say("deputy")
    seen = walk.step.pk
    reason = Text("内容已变更", "the content has changed")
    assert void_approvals("test", 1, reason=reason, by=None, at=world.at) == 1
    assert refused(lambda: decide_step(walk.approval.pk, Answer(seen, "approve"), by=world.who("director"), at=world.at)) == "wrong_state"
    assert walk.state == "void"


def test_a_document_has_one_approval_on_its_way(world: World) -> None:
    ask(world)
    assert refused(lambda: ask(world)) == "approval_on_its_way"


def test_passed_on_it_waits_for_the_other(world: World) -> None:
    walk = ask(world)
    forward_step(walk.approval.pk, walk.step.pk, to=world.people["finance"], reason="涉及账款", by=world.who("deputy"), at=world.at)
    assert (walk.signers(), refused(walk.say, "deputy")) == ({"finance"}, "forbidden")
    walk.say("finance")
    assert walk.states()["review"] == "approved"


@pytest.mark.parametrize("to", ["manager", "agent_owner", "deputy"])
def test_it_is_not_passed_on_to_the_asker_an_outsider_or_oneself(world: World, to: str) -> None:
    walk = ask(world)
    call = lambda: forward_step(walk.approval.pk, walk.step.pk, to=world.people[to], reason="x", by=world.who("deputy"), at=world.at)  # noqa: E731
    assert refused(call) in {"own_request", "bad_input"}


@pytest.mark.parametrize("gone", ["no post", "disabled"])
def test_it_goes_to_nobody_without_a_post_or_who_signs_in_no_more(world: World, gone: str) -> None:
    walk = ask(world)
    newcomer = enter_person("待岗人员", firm=world.hq, at=world.at, by=None)
    if gone == "disabled":
        give_post(newcomer, PostCode.WAREHOUSE, firm=world.hq, since=world.at.date(), at=world.at, by=None)
        SignIn.objects.create(login="newcomer", person=newcomer, is_active=False)
    approval, step, by = walk.approval.pk, walk.step.pk, world.who("deputy")
    assert refused(lambda: forward_step(approval, step, to=newcomer, reason="x", by=by, at=world.at)) == "bad_input"
    assert refused(lambda: add_signer(approval, step, person=newcomer, reason="x", by=by, at=world.at)) == "bad_input"
    assert walk.signers() == {"deputy"}


def test_a_stand_in_sees_what_the_lent_post_signs_and_nothing_else_of_the_absent(world: World) -> None:
    """Who stands in for the director, deputy or manager sees what these posts watch over: here one that watches over nothing is lent."""
    lend(world, "finance", "warehouse", PostCode.FINANCE)
    of_finance = msgspec.structs.replace(APPROVAL, who=Who(post="finance"))
    lent, asked = ask(world, msgspec.structs.replace(CHAIN, steps=(of_finance,))), ask(world, subject=2, by="finance")
    passed_on = ask(world, subject=3)
    forward_step(passed_on.approval.pk, passed_on.step.pk, to=world.people["finance"], reason="x", by=world.who("deputy"), at=world.at)
    seen = [set(approvals_seen_by(world.who(name)).values_list("pk", flat=True)) for name in ("warehouse", "finance")]
    assert seen == [{lent.approval.pk}, {lent.approval.pk, asked.approval.pk, passed_on.approval.pk}]


@pytest.mark.parametrize(("amount", "code"), [("100", "no_step"), ("1000.01", "")])
def test_a_route_without_any_step_for_the_amount_is_refused(world: World, amount: str, code: str) -> None:
    steps = tuple(msgspec.structs.replace(step, over=Decimal(1000)) for step in CHAIN.steps)
    chain = msgspec.structs.replace(CHAIN, steps=steps)
    assert (refused(lambda: ask(world, chain, amount=amount)) if code else ask(world, chain, amount=amount).state and "") == code
    assert Approval.objects.exists() is not bool(code)


def test_an_added_signer_must_agree_too(world: World) -> None:
    walk = ask(world)
    add_signer(walk.approval.pk, walk.step.pk, person=world.people["finance"], reason="请核数字", by=world.who("deputy"), at=world.at)
    walk.say("deputy")
    assert walk.states()["review"] == "open"
    walk.say("finance")
    assert walk.states()["review"] == "approved"


def test_what_was_asked_in_addition_and_passed_on_does_not_replace_those_in_charge(world: World) -> None:
    walk = ask(world)
    approval, step = walk.approval.pk, walk.step.pk
    add_signer(approval, step, person=world.people["finance"], reason="请核数字", by=world.who("deputy"), at=world.at)
    forward_step(approval, step, to=world.people["researcher"], reason="由研究人员核", by=world.who("finance"), at=world.at)
    walk.say("researcher")
    assert walk.states()["review"] == "open"
    walk.say("deputy")
    assert walk.states()["review"] == "approved"


def test_a_stand_in_still_sees_what_they_signed(world: World) -> None:
    lend(world, "deputy", "finance", PostCode.DEPUTY)
    walk = ask(world)
    walk.say("finance")
    world.at += 30 * DAY
    assert approvals_seen_by(world.who("finance")).filter(pk=walk.approval.pk).exists()


def test_what_is_decided_asks_nobody_any_more(world: World) -> None:
    lend(world, "deputy", "finance", PostCode.DEPUTY)
    walk = ask(world)
    asked = [unread_count(world.people[name].pk) for name in ("deputy", "finance", "director")]
    walk.say("finance")
    assert (asked, [unread_count(world.people[name].pk) for name in ("deputy", "finance", "director")]) == ([1, 1, 0], [0, 0, 1])
    withdraw_approval(walk.approval.pk, reason="", by=world.who("manager"), at=world.at)
    assert unread_count(world.people["director"].pk) == 0


def test_an_answer_to_a_step_that_is_over_changes_nothing(world: World) -> None:
    walk = ask(world)
    seen = walk.step.pk
    walk.say("deputy")
    assert refused(lambda: decide_step(walk.approval.pk, Answer(seen, "approve"), by=world.who("deputy"), at=world.at)) == "step_gone"


def test_the_director_who_drafts_is_passed_over_and_the_others_decide(world: World) -> None:
    walk = ask(world, by="director")
    walk.say("deputy")
    assert walk.states() == {"review": "approved", "approval": "passed_over", "meeting": "open"}
    assert walk.signers() == {"deputy", "board", "other_board"}


def test_every_verb_leaves_a_fact(world: World) -> None:
    walk = ask(world)
    walk.say("deputy")
    walk.say("director")
    walk.vote("board", Ballot.YES)
    assert list(Fact.objects.filter(subject="approval").order_by("id").values_list("verb", flat=True)) == [
        "ask",
        "approve",
        "approve",
        "vote",
    ]
