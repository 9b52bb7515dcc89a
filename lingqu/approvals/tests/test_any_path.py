"""Whatever people try, in whatever order: what is approved was approved by the right people, and never by the one who asked."""

from __future__ import annotations

import random
from contextlib import suppress

from django.db import transaction

from lingqu.approvals.actions import (
    Answer,
    Resubmission,
    add_signer,
    cast_vote,
    close_vote,
    decide_step,
    forward_step,
    resubmit_approval,
    withdraw_approval,
)
from lingqu.approvals.models import ApprovalStep, Signer
from lingqu.approvals.states import Ballot, StepKind, StepState
from lingqu.approvals.tests.stories import CHAIN, Walk, ask
from lingqu.base.refusal import Refusal
from tests.world import World

PEOPLE = ("manager", "deputy", "director", "board", "other_board", "finance", "representative", "agent_owner")
VERBS = (*["approve"] * 12, *["vote"] * 12, *["close"] * 4, *["resubmit"] * 3, "refuse", "send_back", "forward", "add", "withdraw")
BALLOTS = (Ballot.YES, Ballot.YES, Ballot.YES, Ballot.NO, Ballot.ABSTAIN)
TRIES = 120


def attempt(walk: Walk, verb: str, who: str, chance: random.Random) -> None:
    """Try one verb as one person; a refusal is an answer, too."""
    world = walk.world
    by, other = world.who(who), world.people[chance.choice(PEOPLE)]
    step = ApprovalStep.objects.filter(approval=walk.approval).order_by("-round", "-opened_at").first()
    assert step is not None
    seen = ApprovalStep.objects.filter(approval=walk.approval, state=StepState.OPEN.value).first() or step
    with suppress(Refusal), transaction.atomic():
        if verb in {"approve", "refuse", "send_back"}:
            decide_step(walk.approval.pk, Answer(seen.pk, verb, "理由"), by=by, at=world.at)
        elif verb == "forward":
            forward_step(walk.approval.pk, seen.pk, to=other, reason="理由", by=by, at=world.at)
        elif verb == "add":
            add_signer(walk.approval.pk, seen.pk, person=other, reason="理由", by=by, at=world.at)
        elif verb == "vote":
            cast_vote(walk.approval.pk, seen.pk, ballot=chance.choice(BALLOTS), remark="", by=by, at=world.at)
        elif verb == "close":
            close_vote(walk.approval.pk, seen.pk, minutes="纪要", by=by, at=world.at)
        elif verb == "resubmit":
            resubmit_approval(walk.approval.pk, Resubmission("f2"), by=by, at=world.at)
        elif chance.random() < 0.1:
            withdraw_approval(walk.approval.pk, reason="", by=by, at=world.at)


def check(walk: Walk, asker: int) -> None:
    state = walk.state
    places = Signer.objects.filter(step__approval=walk.approval)
    assert not places.filter(answered_by=asker).exclude(answer="").exists()
    steps = list(ApprovalStep.objects.filter(approval=walk.approval, round=walk.approval.round).order_by("position"))
    opened = [step for step in steps if step.state == StepState.OPEN.value]
    assert len(opened) == (1 if state == "open" else 0)
    if state != "approved":
        return
    assert [step.key for step in steps] == [step.key for step in CHAIN.steps]
    for step in steps:
        yes = "yes" if step.kind == StepKind.VOTE.value else "approve"
        said = step.signers.filter(active=True, answer=yes).exclude(answered_by=asker).count()
        assert step.state == StepState.PASSED_OVER.value or said
        assert not step.signers.filter(active=True, role="added").exclude(answer=yes).exists() or step.kind == StepKind.VOTE.value


def wander(world: World, seed: int) -> str:
    """Try many verbs as many people, checking after each; return the state at the end."""
    chance = random.Random(seed)
    asker = chance.choice(("manager", "director", "deputy"))
    walk = ask(world, by=asker, subject=seed + 1)
    for _ in range(TRIES):
        attempt(walk, chance.choice(VERBS), chance.choice(PEOPLE), chance)
        check(walk, world.people[asker].pk)
    return walk.state


def test_no_path_leads_round_the_signers(world: World) -> None:
    """Some of the paths end in a yes, some in a no: the checks above saw both."""
    ends = [wander(world, seed) for seed in range(16)]
    assert {"approved", "refused"} <= set(ends), ends
