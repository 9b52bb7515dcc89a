"""A version is issued while orders are being decided: each decision stands under exactly one version, and says so for ever."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import msgspec
import pytest
from django.db import connections

from lingqu.base.decision import encode
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.operate.verify import run_checks
from lingqu.orders.actions import submit_orders
from lingqu.orders.models import Order, StoredDecision
from lingqu.orders.rules import RequestFacts, decide
from lingqu.policy.actions import edit_draft
from lingqu.policy.models import Draft, DraftChange, Reading, Version
from lingqu.policy.queries import draft_regulation, regulation_by_reference, regulation_in_force
from lingqu.policy.rules import AnswerGap, Regulation, SetLaw, SetParameter
from tests.promises.test_two_at_once import at_once
from tests.regulation import drafted, issued, sent
from tests.world import World, build_world

THREADS = 8
EACH = 12


def raised(world: World) -> SetParameter:
    """The credit table with a limit of one yuan for grade A: every request of the agent fails under it."""
    table = msgspec.to_builtins(world.regulation.parameters.grades)
    return SetParameter("grades", table | {"A": table["A"] | {"limit": "1.00"}})


def decided_again(stored: StoredDecision, regulation: Regulation) -> str:
    return encode(decide(msgspec.json.decode(stored.facts, type=RequestFacts), regulation).decision)


def test_every_decision_stands_under_exactly_one_version(race_database: str) -> None:
    world = build_world()
    first = world.regulation.reference
    draft = drafted(world, SetParameter("discounts", {"agent": {"A": {"rule_bp": 5_000, "floor_bp": 5_500}}, "retailer": {}}))
    approval = sent(world, draft)
    world.sign(approval, "deputy")
    world.sign(approval, "director")
    world.vote(approval, director="yes", deputy="yes", board="yes")
    owner, on = world.who("agent_owner"), world.at.date()
    asked = [[world.ask("agent", {0: 1}) for _ in range(EACH)] for _ in range(THREADS)]
    start, half = threading.Barrier(THREADS + 1), threading.Semaphore(0)

    def order(mine: list) -> None:
        start.wait(60)
        try:
            for number, one in enumerate(mine):
                if number == EACH // 2:
                    half.release()
                submit_orders([one], regulation=regulation_in_force(on=on), by=owner, at=world.at)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        running = [pool.submit(order, mine) for mine in asked]
        start.wait(60)
        for _ in range(2):
            half.acquire(timeout=60)
        world.close(approval, "一致同意。")
        for each in running:
            each.result(120)
    second = world.regulation.reference
    stored = list(StoredDecision.objects.select_related("order"))
    versions = Counter(one.regulation for one in stored)
    assert (len(stored), set(versions)) == (THREADS * EACH, {first, second})
    for one in stored:
        assert one.decision == decided_again(one, regulation_by_reference(one.regulation))
        assert one.order.net == {first: Decimal("62.40"), second: Decimal("48.00")}[one.regulation]
        assert f'"regulation":"{one.regulation}"' in one.decision
    assert Version.objects.filter(pack="publisher").count() == 2
    assert all(check["ok"] for check in run_checks())


def test_negative_control_a_decision_under_the_other_version_would_be_found(world: World) -> None:
    world.submit("agent", {0: 1})
    issued(world, raised(world), SetParameter("trigger_grace_days", 5))
    stored = StoredDecision.objects.get()
    other = msgspec.structs.replace(world.regulation, reference=stored.regulation)
    assert decided_again(stored, regulation_by_reference(stored.regulation)) == stored.decision
    loose = msgspec.structs.replace(other, laws=other.laws | {"area": msgspec.structs.replace(other.laws["area"], enabled=False)})
    assert decided_again(stored, loose) != stored.decision


def test_stored_facts_replay_byte_for_byte_after_new_versions(world: World) -> None:
    world.submit("agent", {0: 1})
    issued(world, AnswerGap("G-01", Text("一单一批。", "One request, one batch.")))
    world.submit("agent", {0: 1})
    issued(world, SetLaw("price", enabled=False), SetLaw("overdue", enabled=True, waivable_by="manager"))
    world.submit("agent", {0: 1})
    stored = list(StoredDecision.objects.order_by("pk"))
    assert [one.regulation.split("/")[1] for one in stored] == ["1", "2", "3"]
    assert [one.decision for one in stored] == [decided_again(one, regulation_by_reference(one.regulation)) for one in stored]
    assert ['"G-01"' in one.decision for one in stored] == [True, False, False]
    assert ["not_applicable" in one.decision for one in stored] == [False, False, True]


def test_many_close_the_meeting_and_one_version_is_issued(race_database: str) -> None:
    world = build_world()
    draft = drafted(world, SetParameter("answer_days", 3))
    approval = sent(world, draft)
    world.sign(approval, "deputy")
    world.sign(approval, "director")
    world.vote(approval, director="yes", deputy="yes", board="yes")
    step, by = world.step_of(approval).pk, world.who("director")

    def close() -> object:
        from lingqu.approvals.actions import close_vote

        return close_vote(approval, step, minutes="通过。", by=by, at=world.at)

    outcomes = at_once([close] * THREADS)
    assert outcomes["done"] == 1
    assert Version.objects.filter(pack="publisher", number=2).count() == 1
    assert Reading.objects.filter(version__number=2).count() == Reading.objects.count() > 0


def test_many_edit_one_draft_and_nothing_is_lost(race_database: str) -> None:
    world = build_world()
    draft = drafted(world, SetParameter("answer_days", 3))
    seen = draft.revision
    people = [world.who("manager"), world.who("director")]

    def edit(number: int) -> object:
        edits = [SetParameter("trigger_grace_days", 4 + number)]
        return edit_draft(draft.pk, revision=seen, edits=edits, by=people[number % 2], at=world.at)

    outcomes = at_once([lambda number=number: edit(number) for number in range(THREADS)])  # type: ignore[misc]
    assert outcomes == {"done": 1, "draft_changed": THREADS - 1}
    draft = Draft.objects.get(pk=draft.pk)
    (kept,) = DraftChange.objects.filter(draft=draft, revision=seen + 1)
    assert (draft.revision, draft.changed_by_id) == (seen + 1, kept.by_id)
    assert draft_regulation(draft).parameters.answer_days == 3


def test_while_one_sends_another_edits(race_database: str) -> None:
    world = build_world()
    draft = drafted(world, SetParameter("answer_days", 3))
    manager, director = world.who("manager"), world.who("director")

    def edit() -> object:
        edits = [SetParameter("answer_days", 4)]
        return edit_draft(draft.pk, revision=draft.revision, edits=edits, by=director, at=world.at)

    def send() -> object:
        from lingqu.policy.actions import send_draft

        return send_draft(draft.pk, revision=draft.revision, by=manager, at=world.at)

    outcomes = at_once([edit, send])
    after = Draft.objects.get(pk=draft.pk)
    if after.state == "in_approval":
        assert (outcomes, draft_regulation(after).parameters.answer_days) == ({"done": 1, "wrong_state": 1}, 3) or (
            outcomes == {"done": 1, "draft_changed": 1}
        )
    else:
        assert (outcomes, draft_regulation(after).parameters.answer_days) == ({"done": 1, "draft_changed": 1}, 4)


def test_a_first_draft_is_started_once(race_database: str) -> None:
    world = build_world()
    from lingqu.policy.actions import start_draft

    people = [world.who("manager"), world.who("director")]
    outcomes = at_once(
        [lambda number=number: start_draft("publisher", by=people[number % 2], at=world.at) for number in range(THREADS)]  # type: ignore[misc]
    )
    assert outcomes == {"done": 1, "draft_exists": THREADS - 1}


def test_an_order_of_the_morning_is_accepted_in_the_afternoon_under_the_new_version(world: World) -> None:
    outcome = world.submit("agent", {0: 1})
    issued(world, SetParameter("trigger_grace_days", 7))
    order = world.accept(outcome)
    assert Order.objects.get(pk=order.pk).state == "accepted"
    assert StoredDecision.objects.get(order=order).regulation.startswith("publisher/1/")
    with pytest.raises(Refusal):
        world.accept(outcome)


def test_a_law_that_is_switched_off_stops_nobody(world: World) -> None:
    request = {0: 1}
    world.partners["agent"].__class__.objects.filter(pk=world.partners["agent"].pk).update(areas=["11"])
    stopped = world.submit("agent", request)
    issued(world, SetLaw("area", enabled=False))
    passed = world.submit("agent", request)
    outcomes = [StoredDecision.objects.get(order=one.order) for one in (stopped, passed)]
    assert [one.failed for one in outcomes] == ["area", ""]
    assert "not_applicable" in outcomes[1].decision
