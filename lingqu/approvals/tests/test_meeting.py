"""A committee votes: with a quorum, by its members, once each; the head closes with minutes."""

from __future__ import annotations

import pytest

from lingqu.approvals.actions import close_vote
from lingqu.approvals.rules import Committee, count_votes, vote_passes
from lingqu.approvals.states import Ballot
from lingqu.approvals.tests.stories import MEETING, Walk, ask
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
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
