"""Whether there is a name cannot be told by the clock: unknown names, wrong passwords and disabled people take the same time."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import RequestFactory

from lingqu.organisation import sign_in
from lingqu.organisation.models import SignIn
from lingqu.organisation.sign_in import ClosedDoorAdapter
from lingqu.organisation.tests.conftest import PASSWORD
from tests.pages import counted

Give = Callable[[str], SignIn]
MOST_APART = 1.1
KINDS = (("agent_owner", "a wrong one"), ("nobody-there", "a wrong one"), ("agent_clerk", PASSWORD))
"""A name with a wrong password, no name at all, and the right password of somebody who was disabled."""


class LightHasher(Argon2PasswordHasher):
    """The hash of an installation with a tenth of its work: what else differs is seen all the better."""

    time_cost, memory_cost, parallelism = 2, 10_240, 1


@pytest.fixture
def light(quick_passwords: None, settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.LightHasher"]


@pytest.fixture
def people(account: Give, settings: Any) -> None:
    settings.MOST_FAILURES_PER_NAME = settings.MOST_FAILURES_PER_ADDRESS = 100_000
    known = account("agent_owner")
    gone = account("agent_clerk")
    for one in (known, gone):
        one.set_password(PASSWORD)
        one.save()
    SignIn.objects.filter(pk=gone.pk).update(is_active=False)


def medians(samples: int, clock: Callable[[], float]) -> list[float]:
    """Sign in by each kind in turn, so that what else the machine does falls on all alike; return the median seconds of each."""
    request, adapter = RequestFactory().post("/accounts/login/"), ClosedDoorAdapter()
    told: list[list[float]] = [[] for _ in KINDS]
    for round_number in range(samples + 1):
        for place in range(len(KINDS)):
            kind = (place + round_number) % len(KINDS)
            begun = clock()
            assert adapter.authenticate(request, username=KINDS[kind][0], password=KINDS[kind][1]) is None
            if round_number:
                told[kind].append(clock() - begun)
    return [median(one) for one in told]


def apart(samples: int, clock: Callable[[], float] = process_time) -> float:
    """How many times the slowest kind takes as long as the quickest; by default in time of this process, which others cannot stretch."""
    found = medians(samples, clock)
    return max(found) / min(found)


@pytest.mark.usefixtures("light", "people")
def test_known_unknown_and_disabled_take_the_same_time() -> None:
    assert min(apart(15) for _ in range(2)) < MOST_APART


@pytest.mark.usefixtures("light", "people")
def test_known_unknown_and_disabled_ask_the_database_the_same() -> None:
    request, adapter, asked = RequestFactory().post("/accounts/login/"), ClosedDoorAdapter(), []
    for login, password in KINDS:
        with counted() as statements:
            adapter.authenticate(request, username=login, password=password)
        asked.append([words.split("WHERE")[0] for words in statements if "SAVEPOINT" not in words])
    assert asked[0] == asked[1] == asked[2]


@pytest.mark.soak
@pytest.mark.usefixtures("real_passwords", "people")
def test_known_unknown_and_disabled_take_the_same_time_in_the_long_run() -> None:
    assert apart(500, perf_counter) < MOST_APART


@pytest.mark.parametrize("answer_early", [lambda found: found is None, lambda found: found is not None and not found.is_active])
@pytest.mark.usefixtures("light", "people")
def test_negative_control_an_early_answer_is_seen(monkeypatch: pytest.MonkeyPatch, answer_early: Callable[[SignIn | None], bool]) -> None:
    """To unknown names, or to people who were disabled."""
    right = sign_in._is_password_of
    monkeypatch.setattr(sign_in, "_is_password_of", lambda found, password: not answer_early(found) and right(found, password))
    assert min(apart(3) for _ in range(2)) > 1.5
