"""A key of the caller makes a call happen once: repeated, doubled at the same moment, killed before the answer, and after seven days."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connections, transaction

from lingqu.audit.models import Fact
from lingqu.credit.models import Receipt
from lingqu.orders.models import Delivery, Order
from lingqu.organisation import actions
from lingqu.organisation.actions import answer_once, forget_answers, make_token
from lingqu.organisation.models import KeptAnswer, SignIn
from lingqu.organisation.queries import Answer, Claim, answers_to
from lingqu.organisation.states import Scope
from tests.api.conftest import AtProgram, Program
from tests.world import World, build_world

ORDER = {"key": "erp-1", "lines": [{"product": "QH26-100", "copies": "10.00"}]}
RECEIPT = {"key": "bank-1", "partner": "agent", "amount": "100.00", "received_on": "2026-11-23"}


def ready(world: World) -> str:
    """Return the number of a request that was accepted."""
    made = world.submit("agent", {0: 10})
    world.accept(made)
    return made.number


def verbs(world: World) -> dict[str, tuple[str, str, Any, int]]:
    """Every call that changes something: who, address, body, status."""
    number = ready(world)
    waiting = [world.submit("other_agent", {2: 1}).number for _ in range(2)]
    own = world.submit("agent", {2: 1}).number
    return {
        "submit": ("agent_owner", "/orders", ORDER, 201),
        "batch": ("agent_owner", "/orders/batch", {"items": [ORDER | {"key": f"erp-{place}"} for place in range(3)]}, 200),
        "withdraw": ("agent_owner", f"/orders/{own}/withdraw", {}, 200),
        "accept": ("representative", f"/orders/{waiting[0]}/accept", {"ship_on": "2026-11-24"}, 200),
        "decline": ("representative", f"/orders/{waiting[1]}/decline", {"reason": "停印"}, 200),
        "ship": ("warehouse", f"/orders/{number}/ship", {"lines": [{"line": 1, "copies": "4.00"}]}, 201),
        "receipt": ("finance", "/receipts", RECEIPT, 201),
    }


@pytest.mark.parametrize("verb", ["submit", "batch", "withdraw", "accept", "decline", "ship", "receipt"])
def test_the_same_call_again_is_answered_alike_and_does_nothing(world: World, at_program: AtProgram, verb: str) -> None:
    who, path, body, status = verbs(world)[verb]
    program = at_program(who)
    first = program.post(path, body, key="k-1")
    assert first.status_code == status, first.told
    before = (Order.objects.count(), Delivery.objects.count(), Receipt.objects.count(), Fact.objects.count())
    world.at += timedelta(days=6, hours=23)
    again = program.post(path, body, key="k-1")
    assert (again.status_code, again.content, again.headers["Content-Type"]) == (status, first.content, first.headers["Content-Type"])
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert before == (Order.objects.count(), Delivery.objects.count(), Receipt.objects.count(), Fact.objects.count())


def test_written_otherwise_it_is_the_same_call(world: World, at_program: AtProgram) -> None:
    program = at_program("agent_owner")
    first = program.post("/orders", ORDER, key="k-1")
    again = program.post("/orders", json.dumps(dict(reversed(ORDER.items())), indent=2), key="k-1")
    assert again.content == first.content


@pytest.mark.parametrize(("path", "body"), [("/orders", ORDER | {"note": "急"}), ("/orders/batch", {"items": [ORDER]})])
def test_a_key_that_was_used_for_something_else_is_refused(world: World, at_program: AtProgram, path: str, body: Any) -> None:
    program = at_program("agent_owner")
    program.post("/orders", ORDER, key="k-1")
    answer = program.post(path, body, key="k-1")
    assert (answer.status_code, answer.told["code"], answer.told["field"]) == (422, "key_used", "Idempotency-Key")
    assert Order.objects.count() == 1


def test_a_key_belongs_to_the_person(world: World, at_program: AtProgram) -> None:
    first = at_program("agent_owner").post("/orders", ORDER, key="k-1")
    other = at_program("other_agent_owner").post("/orders", ORDER, key="k-1")
    assert first.told["number"] != other.told["number"]


def test_another_token_of_the_person_gets_the_same_answer(world: World, at_program: AtProgram) -> None:
    first = at_program("agent_owner").post("/orders", ORDER, key="k-1")
    assert at_program("agent_owner").post("/orders", ORDER, key="k-1").content == first.content


def test_a_refusal_is_refused_alike(world: World, at_program: AtProgram) -> None:
    number = ready(world)
    program = at_program("agent_owner")
    first = program.post(f"/orders/{number}/withdraw", {}, key="k-1")
    again = program.post(f"/orders/{number}/withdraw", {}, key="k-1")
    assert (first.status_code, first.told["code"]) == (409, "wrong_state")
    assert (again.status_code, again.content) == (first.status_code, first.content)


def test_what_was_not_understood_keeps_no_key(world: World, at_program: AtProgram) -> None:
    program = at_program("agent_owner")
    assert program.post("/orders", ORDER | {"more": 1}, key="k-1").status_code == 422
    assert program.post("/orders", ORDER, key="k-1").status_code == 201


def test_a_request_of_the_same_own_key_is_the_same_request(world: World, at_program: AtProgram) -> None:
    program = at_program("agent_owner")
    first = program.post("/orders", ORDER)
    again = program.post("/orders", ORDER)
    assert (again.status_code, again.told) == (201, first.told | {"repeated": True})


def test_answers_are_kept_for_seven_days(world: World, at_program: AtProgram) -> None:
    program = at_program("agent_owner")
    program.post("/orders", ORDER, key="k-1")
    assert forget_answers(at=world.at + timedelta(days=7)) == 0
    assert forget_answers(at=world.at + timedelta(days=7, seconds=1)) == 1
    assert KeptAnswer.objects.count() == 0


def test_a_breakdown_keeps_no_answer(world: World, at_program: AtProgram, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **more: Any) -> None:
        raise ZeroDivisionError

    program = at_program("agent_owner")
    with monkeypatch.context() as patch:
        patch.setattr("lingqu.orders.api.submitting.submit_orders", broken)
        with pytest.raises(ZeroDivisionError):
            program.post("/orders", ORDER, key="k-1")
    assert KeptAnswer.objects.count() == 0
    assert program.post("/orders", ORDER, key="k-1").status_code == 201


def test_a_busy_database_is_told_and_the_same_key_may_come_again(
    world: World, at_program: AtProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*args: Any, **more: Any) -> None:
        raise OperationalError

    program = at_program("agent_owner")
    with monkeypatch.context() as patch:
        patch.setattr("lingqu.orders.api.submitting.submit_orders", busy)
        answer = program.post("/orders", ORDER, key="k-1")
    assert (answer.status_code, answer.told["code"], answer.headers["Retry-After"]) == (503, "busy", "5")
    assert program.post("/orders", ORDER, key="k-1").status_code == 201


# ------------------------------------------------------------------------------------------------------- at once, and killed


def started(race_database: str) -> tuple[World, dict[str, str]]:
    """Build the world for real in a database of its own; return it with tokens by person."""
    world = build_world()
    secrets = {}
    for name in ("agent_owner", "warehouse", "finance"):
        SignIn.objects.create(person=world.people[name], login=name)
        last = world.at.date() + timedelta(days=30)
        secrets[name] = make_token("ERP", scopes=tuple(Scope), last_day=last, by=world.who(name), at=world.at)[1]
    return world, secrets


def at_once(many: int, do: Callable[[], Any]) -> list[Any]:
    """Do the same in many threads at the same moment."""
    gate, results = threading.Barrier(many), []

    def run() -> None:
        gate.wait()
        try:
            results.append(do())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def story_time(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.world import MONDAY

    monkeypatch.setattr("lingqu.documents.api.gate.now", lambda: MONDAY)


@pytest.mark.usefixtures("story_time")
def test_fifty_at_once_with_the_same_key_do_it_once(race_database: str) -> None:
    world, secrets = started(race_database)
    number = ready(world)
    program = Program(secrets["warehouse"])
    body = {"lines": [{"line": 1, "copies": "1.00"}]}
    answers = at_once(50, lambda: program.post(f"/orders/{number}/ship", body, key="k-1"))
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert Delivery.objects.count() == 1


def kept_outside(claim: Claim, make: Callable[[], Answer], *, at: Any) -> Answer:
    """The defect: what is done commits first, the answer is kept afterwards."""
    kept = answers_to(claim)
    if kept:
        return Answer(kept.status, kept.media_type, kept.body, repeated=True)
    with transaction.atomic():
        answer = make()
    die = os.environ.get("DIE_HERE")
    if die:
        os.kill(os.getpid(), signal.SIGKILL)
    with transaction.atomic():
        values = {"status": answer.status, "media_type": answer.media_type, "body": answer.body, "at": at}
        KeptAnswer.objects.get_or_create(
            person_id=claim.person, key=claim.key, part=claim.part, defaults=values | {"route": claim.route, "asked": claim.asked}
        )
    return answer


@pytest.mark.usefixtures("story_time")
def test_kept_outside_the_transaction_it_would_be_done_more_than_once(race_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world, secrets = started(race_database)
    number = ready(world)
    monkeypatch.setattr("lingqu.documents.api.keeping.answer_once", kept_outside)
    program = Program(secrets["warehouse"])
    body = {"lines": [{"line": 1, "copies": "1.00"}]}
    at_once(10, lambda: program.post(f"/orders/{number}/ship", body, key="k-1"))
    assert Delivery.objects.count() > 1


CHILD = """
import os, signal, sys
import django
django.setup()
from datetime import datetime
from tests.api import test_once
from tests.api.conftest import Program
from lingqu.documents.api import gate, keeping
from tests.world import MONDAY
gate.now = lambda: MONDAY
secret, number, outside = sys.argv[1:]
if outside == "outside":
    os.environ["DIE_HERE"] = "1"
    keeping.answer_once = test_once.kept_outside
else:
    def die(answer):
        os.kill(os.getpid(), signal.SIGKILL)
    keeping._respond = die
Program(secret).post(f"/orders/{number}/ship", {"lines": [{"line": 1, "copies": "1.00"}]}, key="k-1")
"""


def killed(race_database: str, secret: str, number: str, how: str) -> None:
    """Ship in a process that is killed between the commit and the answer."""
    more = {
        "LINGQU_DATABASE_NAME": race_database, "DJANGO_SETTINGS_MODULE": "lingqu.config.settings", "PYTHONPATH": str(Path.cwd()),
        "LINGQU_HOSTS": "localhost",
    }  # fmt: skip
    asked = [sys.executable, "-c", CHILD, secret, number, how]
    done = subprocess.run(asked, env=os.environ | more, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.usefixtures("story_time")
@pytest.mark.parametrize(("how", "deliveries", "repeated"), [("inside", 1, True), ("outside", 2, False)])
def test_killed_between_commit_and_answer_it_is_done_once(race_database: str, how: str, deliveries: int, repeated: bool) -> None:
    """The second case is the control: kept outside the transaction, the goods would leave twice."""
    world, secrets = started(race_database)
    number = ready(world)
    killed(race_database, secrets["warehouse"], number, how)
    again = Program(secrets["warehouse"]).post(f"/orders/{number}/ship", {"lines": [{"line": 1, "copies": "1.00"}]}, key="k-1")
    assert again.status_code == 201
    assert (Delivery.objects.count(), again.headers.get("Idempotency-Replayed") == "true") == (deliveries, repeated)


@pytest.mark.usefixtures("story_time")
def test_a_batch_that_broke_off_goes_on_where_it_stopped(race_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, secrets = started(race_database)
    program = Program(secrets["agent_owner"])
    items = [{"key": f"erp-{place}", "lines": [{"product": "QH26-102", "copies": "1.00"}]} for place in range(250)]
    calls = []

    def breaks(claim: Claim, make: Callable[[], Answer], *, at: Any) -> Answer:
        calls.append(claim.part)
        if claim.part == 2:
            raise ZeroDivisionError
        return answer_once(claim, make, at=at)

    with monkeypatch.context() as patch:
        patch.setattr("lingqu.documents.api.keeping.answer_once", breaks)
        with pytest.raises(ZeroDivisionError):
            program.post("/orders/batch", {"items": items}, key="k-1")
    assert Order.objects.count() == 200
    done = program.post("/orders/batch", {"items": items}, key="k-1")
    assert (done.told["submitted"], done.told["repeated"], done.told["refused"]) == (250, 0, 0)
    assert Order.objects.count() == 250
    assert program.post("/orders/batch", {"items": items}, key="k-1").content == done.content


def test_the_lock_of_a_key_ends_with_its_transaction(world: World) -> None:
    """Nothing of it is left for the next call on the same connection."""
    claim = Claim(world.people["agent_owner"].pk, "k-1", "POST /x", "0" * 64)
    assert actions.answer_once(claim, lambda: Answer(200, "application/json", "{}"), at=world.at).repeated is False
    assert actions.answer_once(claim, lambda: Answer(500, "", ""), at=world.at).body == "{}"


def test_money_is_entered_once(world: World, at_program: AtProgram) -> None:
    program = at_program("finance")
    first = program.post("/receipts", RECEIPT, key="k-1")
    assert first.status_code == 201, first.told
    assert program.post("/receipts", RECEIPT, key="k-2").told == first.told
    assert Receipt.objects.get().amount == Decimal("100.00")
