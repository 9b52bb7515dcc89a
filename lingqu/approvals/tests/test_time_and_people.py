"""What time and people do to an open step: it is handed up when late, and follows who holds the post."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import msgspec
import pytest
from django.db import connection, transaction

from lingqu.approvals import queries
from lingqu.approvals.actions import Answer, add_signer, decide_step, escalate_step, forward_step, late, refresh_signers
from lingqu.approvals.jobs import look_after_steps
from lingqu.approvals.models import ApprovalStep
from lingqu.approvals.queries import late_steps, waiting_for
from lingqu.approvals.tests.stories import Walk, ask
from lingqu.base.calendar import CHINA
from lingqu.base.refusal import Refusal
from lingqu.organisation.actions import enter_person, give_post
from lingqu.organisation.models import PostHolding, SignIn
from lingqu.organisation.queries import acting
from lingqu.organisation.states import PostCode
from tests.world import World, build_world


def test_the_clock_counts_working_days(world: World) -> None:
    walk = ask(world)
    assert walk.step.due_at is not None
    assert walk.step.due_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") == "2026-11-26 00:00"  # Monday + 2 working days, 24:00


def test_a_late_step_is_handed_up_once(world: World) -> None:
    walk = ask(world)
    world.at += timedelta(days=2)
    assert late_steps(at=world.at) == []
    world.at += timedelta(days=2)
    (late,) = late_steps(at=world.at)
    assert (escalate_step(late, at=world.at), escalate_step(late, at=world.at), late_steps(at=world.at)) == (True, False, [])
    assert walk.signers() == {"deputy", "director"}
    walk.say("director")
    assert walk.states()["review"] == "approved"


def test_a_new_holder_of_the_post_comes_in_and_the_old_one_goes_out(world: World) -> None:
    walk = ask(world)
    newcomer = enter_person("新任副主任", firm=world.hq, at=world.at, by=None)
    world.people["newcomer"] = newcomer
    today = world.at.date()
    PostHolding.objects.filter(person=world.people["deputy"]).update(period=(today - timedelta(days=300), today))
    give_post(newcomer, PostCode.DEPUTY, firm=world.hq, since=today, at=world.at, by=None)
    assert (refresh_signers(walk.step.pk, at=world.at), refresh_signers(walk.step.pk, at=world.at)) == (True, False)
    assert walk.signers() == {"newcomer"}


def test_a_vacant_post_waits_for_somebody_to_be_appointed(world: World) -> None:
    PostHolding.objects.filter(person=world.people["deputy"]).delete()
    walk = ask(world)
    assert walk.signers() == set()
    give_post(world.people["finance"], PostCode.DEPUTY, firm=world.hq, since=world.at.date(), at=world.at, by=None)
    refresh_signers(walk.step.pk, at=world.at)
    assert waiting_for(world.who("finance")).count() == 1


def test_who_comes_back_to_the_post_signs_again_and_who_passed_their_part_on_does_not(world: World) -> None:
    walk = ask(world)
    today, held = world.at.date(), PostHolding.objects.get(person=world.people["deputy"])
    PostHolding.objects.filter(pk=held.pk).update(period=(today - timedelta(days=300), today))
    refresh_signers(walk.step.pk, at=world.at)
    assert walk.signers() == set()
    PostHolding.objects.filter(pk=held.pk).update(period=held.period)
    assert (refresh_signers(walk.step.pk, at=world.at), refresh_signers(walk.step.pk, at=world.at)) == (True, False)
    assert walk.signers() == {"deputy"}
    forward_step(walk.approval.pk, walk.step.pk, to=world.people["finance"], reason="出差", by=world.who("deputy"), at=world.at)
    assert not refresh_signers(walk.step.pk, at=world.at)
    assert walk.signers() == {"finance"}


def leaves(world: World, name: str) -> None:
    """Somebody holds no post from today on."""
    today = world.at.date()
    PostHolding.objects.filter(person=world.people[name]).update(period=(today - timedelta(days=300), today))


def adds(walk: Walk, by: str, name: str) -> None:
    world = walk.world
    add_signer(walk.approval.pk, walk.step.pk, person=world.people[name], reason="请核", by=world.who(by), at=world.at)


def refreshed(walk: Walk) -> tuple[bool, bool]:
    """Whether a look changed something, and whether a second one right after it did."""
    return refresh_signers(walk.step.pk, at=walk.world.at), refresh_signers(walk.step.pk, at=walk.world.at)


def succeeds(world: World, name: str, post: PostCode) -> None:
    give_post(world.people[name], post, firm=world.hq, since=world.at.date(), at=world.at, by=None)


@pytest.mark.parametrize("said_yes", [False, True])
def test_a_successor_who_was_asked_in_addition_takes_charge_and_decides_anew(world: World, *, said_yes: bool) -> None:
    walk = ask(world)
    adds(walk, "deputy", "finance")
    if said_yes:
        walk.say("finance")
    leaves(world, "deputy")
    succeeds(world, "finance", PostCode.DEPUTY)
    assert (refreshed(walk), walk.signers(), walk.states()["review"]) == ((True, False), {"finance"}, "open")
    assert waiting_for(world.who("finance")).count() == 1
    walk.say("finance")
    assert walk.states()["review"] == "approved"


def test_while_somebody_else_is_in_charge_who_was_asked_in_addition_stays_that(world: World) -> None:
    walk = ask(world)
    adds(walk, "deputy", "finance")
    succeeds(world, "finance", PostCode.DEPUTY)
    assert refreshed(walk) == (False, False)
    walk.say("finance")
    assert walk.states()["review"] == "open"
    walk.say("deputy")
    assert walk.states()["review"] == "approved"


def test_where_somebody_leaves_whose_yes_was_wanted_too_who_is_in_charge_decides_anew(world: World) -> None:
    walk = ask(world)
    adds(walk, "deputy", "finance")
    walk.say("deputy")
    leaves(world, "finance")
    assert (refreshed(walk), walk.signers(), walk.states()["review"]) == ((True, False), {"deputy"}, "open")
    walk.say("deputy")
    assert walk.states()["review"] == "approved"


def test_a_disabled_sign_in_is_gone_too(world: World) -> None:
    walk = ask(world)
    adds(walk, "deputy", "finance")
    SignIn.objects.create(login="finance", person=world.people["finance"], is_active=False)
    assert (refreshed(walk), walk.signers()) == ((True, False), {"deputy"})


def test_what_was_passed_on_to_somebody_who_left_comes_back(world: World) -> None:
    walk = ask(world)
    forward_step(walk.approval.pk, walk.step.pk, to=world.people["finance"], reason="出差", by=world.who("deputy"), at=world.at)
    leaves(world, "finance")
    assert (refreshed(walk), walk.signers()) == ((True, False), {"deputy"})
    walk.say("deputy")
    assert walk.states()["review"] == "approved"


def test_negative_control_were_nobody_put_in_charge_the_step_would_be_stuck(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    right = late._change
    monkeypatch.setattr(late, "_change", lambda *given, **named: msgspec.structs.replace(right(*given, **named), charged=()))
    walk = ask(world)
    adds(walk, "deputy", "finance")
    leaves(world, "deputy")
    succeeds(world, "finance", PostCode.DEPUTY)
    refreshed(walk)
    walk.say("finance")
    assert walk.states()["review"] == "open"


def test_the_job_looks_at_every_open_step_however_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_LATE", 2)
    walks = [ask(world, subject=number) for number in range(1, 6)]
    leaves(world, "deputy")
    succeeds(world, "finance", PostCode.DEPUTY)
    assert look_after_steps(0) == len(walks)
    assert [walk.signers() for walk in walks] == [{"finance"}] * len(walks)


def test_two_deciding_at_once_make_one_decision(race_database: str) -> None:
    with transaction.atomic():
        world = build_world()
        give_post(world.people["finance"], PostCode.DEPUTY, firm=world.hq, since=world.at.date(), at=world.at, by=None)
    with transaction.atomic():
        walk = ask(world)
    step, people = walk.step.pk, [world.who("deputy"), acting(world.people["finance"], on=world.at.date())]
    barrier, came_out = Barrier(2), []

    def decide(place: int) -> None:
        barrier.wait()
        try:
            decide_step(walk.approval.pk, Answer(step, "approve" if place else "refuse", "x"), by=people[place], at=world.at)
            came_out.append("decided")
        except Refusal as refusal:
            came_out.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=decide, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = sorted(came_out)
    assert (first, second in {"step_gone", "wrong_state"}) == ("decided", True)
    answered = ApprovalStep.objects.get(pk=step).signers.exclude(answer="").count()
    assert answered == 1
