"""A committee votes: with a quorum, by its members, once each; the head closes with minutes."""

from __future__ import annotations

import pytest

from lingqu.approvals.actions import close_vote, refresh_signers
from lingqu.approvals.rules import Committee, count_votes, vote_passes
from lingqu.approvals.states import Ballot
from lingqu.approvals.tests.stories import MEETING, Walk, ask
from lingqu.audit.queries import facts_of
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.notices.models import Notice
from lingqu.organisation.actions import delegate, end_delegation, give_post
from lingqu.organisation.models import Delegation
from lingqu.organisation.states import PostCode
from tests.world import World


def meeting(world: World, *, by: str = "manager") -> Walk:
    walk = ask(world, by=by)
    walk.say("deputy")
    if by != "director":
        walk.say("director")
    return walk


def close(walk: Walk, who: str = "director", minutes: str = "会议纪要：讨论后表决。") -> None:
    close_vote(walk.approval.pk, walk.step.pk, minutes=minutes, by=walk.world.who(who), at=walk.world.at)


def code_of_closing(walk: Walk, who: str = "director", minutes: str = "纪要") -> str:
    with pytest.raises(Refusal) as told:
        close(walk, who, minutes)
    return told.value.code


def test_without_quorum_nothing_passes_and_the_meeting_goes_on(world: World) -> None:
    walk = meeting(world)
    walk.vote("board", Ballot.YES)
    walk.vote("deputy", Ballot.YES)
    assert (code_of_closing(walk), walk.state) == ("no_quorum", "open")
    walk.vote("director", Ballot.YES)
    close(walk)
    assert walk.state == "approved"


def test_refused_in_the_meeting(world: World) -> None:
    walk = meeting(world)
    walk.vote("board", Ballot.NO)
    walk.vote("other_board", Ballot.NO)
    walk.vote("director", Ballot.YES)
    close(walk)
    assert (walk.state, "同意 1，反对 2" in walk.approval.ended_because) == ("refused", True)


def test_a_tie_does_not_pass(world: World) -> None:
    walk = meeting(world)
    for who, ballot in (("board", Ballot.NO), ("other_board", Ballot.NO), ("director", Ballot.YES), ("deputy", Ballot.YES)):
        walk.vote(who, ballot)
    close(walk)
    assert walk.state == "refused"


def test_a_vote_may_be_changed_until_the_meeting_is_closed(world: World) -> None:
    walk = meeting(world)
    walk.vote("board", Ballot.NO)
    walk.vote("board", Ballot.YES)
    assert walk.step.signers.get(person=world.people["board"]).answer == "yes"


def test_minutes_are_needed_and_only_the_head_closes(world: World) -> None:
    walk = meeting(world)
    for who in ("board", "other_board", "director"):
        walk.vote(who, Ballot.YES)
    assert (code_of_closing(walk, minutes=" "), code_of_closing(walk, "deputy")) == ("bad_input", "forbidden")


def test_a_stranger_and_the_asker_do_not_vote(world: World) -> None:
    walk = meeting(world, by="director")
    for who in ("director", "finance", "agent_owner"):
        with pytest.raises(Refusal):
            walk.vote(who, Ballot.YES)
    for who in ("deputy", "board", "other_board"):
        walk.vote(who, Ballot.YES)
    close(walk)
    assert walk.state == "approved"


def test_one_signature_does_not_replace_a_vote(world: World) -> None:
    walk = meeting(world)
    with pytest.raises(Refusal) as told:
        walk.say("director")
    assert told.value.code == "needs_vote"


@pytest.mark.parametrize(
    ("ballots", "quorum", "passes"),
    [
        (["yes", "yes", "yes", "", ""], True, True),
        (["yes", "yes", "", "", ""], False, False),
        (["yes", "yes", "no", "abstain", ""], True, False),
        (["yes", "yes", "yes", "no", "no"], True, True),
        (["abstain", "abstain", "abstain", "", ""], True, False),
    ],
)
def test_votes_counted_by_hand(ballots: list[str], *, quorum: bool, passes: bool) -> None:
    count = count_votes(MEETING, ballots)
    assert (count.needed, count.has_quorum, vote_passes(MEETING, count)) == (3, quorum, passes)


def test_a_quorum_of_nothing_still_needs_one_vote() -> None:
    nobody = Committee("x", Text("会", "x"), "M-4", ("board",), "board", 0, 0)
    assert not count_votes(nobody, ["", ""]).has_quorum


def lend_board(world: World, absent: str) -> Delegation:
    first = world.at.date()
    return delegate(
        world.people[absent], stand_in=world.people["finance"], post=PostCode.BOARD, first=first, last=first, reason="出差",
        at=world.at, by=world.people[absent],
    )  # fmt: skip


def vote_for_two_in_turn(world: World) -> Walk:
    walk = meeting(world)
    lent = lend_board(world, "board")
    walk.vote("finance", Ballot.YES)
    end_delegation(lent.pk, by=world.people["board"], at=world.at)
    lend_board(world, "other_board")
    return walk


def test_who_stands_in_for_two_members_in_turn_votes_once(world: World) -> None:
    walk = vote_for_two_in_turn(world)
    with pytest.raises(Refusal) as told:
        walk.vote("finance", Ballot.YES)
    assert told.value.code == "answered"
    assert walk.step.signers.exclude(answer="").count() == 1


def test_negative_control_without_the_guard_the_second_vote_would_count(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = vote_for_two_in_turn(world)
    monkeypatch.setattr("lingqu.approvals.actions.voting.voted_elsewhere", lambda *_: False)
    walk.vote("finance", Ballot.YES)
    assert walk.step.signers.exclude(answer="").count() == 2


def test_who_voted_for_an_absent_member_and_becomes_one_votes_once(world: World) -> None:
    walk = meeting(world)
    lend_board(world, "board")
    walk.vote("finance", Ballot.YES)
    give_post(world.people["finance"], PostCode.BOARD, firm=world.hq, since=world.at.date(), at=world.at, by=None)
    refresh_signers(walk.step.pk, at=world.at)
    with pytest.raises(Refusal):
        walk.vote("finance", Ballot.YES)


def test_who_stands_in_for_two_members_at_once_votes_once_and_may_change_it(world: World) -> None:
    walk = meeting(world)
    lend_board(world, "other_board")
    walk.vote("finance", Ballot.NO)
    lend_board(world, "board")
    walk.vote("finance", Ballot.YES)
    assert list(walk.step.signers.exclude(answer="").values_list("answer", flat=True)) == ["yes"]


def test_who_closes_for_the_absent_head_is_recorded_with_them(world: World) -> None:
    walk = meeting(world)
    for who in ("board", "other_board", "deputy"):
        walk.vote(who, Ballot.YES)
    first = world.at.date()
    delegate(
        world.people["director"], stand_in=world.people["finance"], post=PostCode.DIRECTOR, first=first, last=first, reason="出差",
        at=world.at, by=world.people["director"],
    )  # fmt: skip
    close(walk, "finance")
    (closed,) = [fact for fact in facts_of("approval", walk.approval.pk) if fact.verb == "close_vote"]
    assert (closed.person, closed.on_behalf_of) == (world.people["finance"].pk, world.people["director"].pk)


def test_the_asker_is_told_in_one_language_why_the_meeting_refused(world: World) -> None:
    walk = meeting(world)
    for who in ("board", "other_board", "deputy"):
        walk.vote(who, Ballot.NO)
    close(walk)
    told = Notice.objects.get(person=world.people["manager"], key__endswith="refused")
    assert (told.body_zh, told.body_en) == ("会议未通过：同意 0，反对 3，弃权 0", "not passed by the meeting: 0 yes, 3 no, 0 abstained")
