"""Who fails too often is put off: by name and by address, whatever they try and whichever process they meet."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from lingqu.base.clock import now
from lingqu.base.refusal import TooMany
from lingqu.organisation import sign_in
from lingqu.organisation.actions import begin_try, forget_tries, take_back_try
from lingqu.organisation.models import FailedTry, SignIn
from lingqu.organisation.rules import network_of
from lingqu.organisation.tests.conftest import PASSWORD, REAL_HASHERS, Browser
from tests.world import World

Give = Callable[[str], SignIn]
Open = Callable[..., Browser]
MINUTE = timedelta(minutes=1)
VALUES = re.compile('value="[^"]*"')


def fail(browser: Browser, login: str, times: int) -> list[int]:
    return [browser.sign_in(login, "a wrong one").status_code for _ in range(times)]


@pytest.mark.parametrize("login", ["agent_owner", "AGENT_OWNER", "nobody-of-this-name"])
def test_the_eleventh_failure_of_a_name_is_put_off_with_a_time(account: Give, browser: Open, login: str) -> None:
    account("agent_owner")
    assert fail(browser(), login, 10) == [200] * 10
    answer = browser("192.0.2.7").sign_in(login, PASSWORD)
    assert answer.status_code == 429
    assert 14 * 60 < int(answer.headers["Retry-After"]) <= 15 * 60
    assert "15 分钟后再试" in answer.content.decode()
    assert FailedTry.objects.count() == 10


def test_the_right_password_does_not_wipe_out_what_a_guesser_tried(account: Give, browser: Open) -> None:
    account("agent_owner")
    assert fail(browser("192.0.2.7"), "agent_owner", 9) == [200] * 9
    own = browser()
    assert own.sign_in("agent_owner").status_code == 302
    assert fail(browser("192.0.2.7"), "agent_owner", 2) == [200, 429]
    assert own.is_in()


def test_a_hundred_failures_of_an_address_are_its_last(account: Give, browser: Open) -> None:
    account("agent_owner")
    for number in range(100):
        begin_try(f"name{number}", "192.0.2.9", at=now())
    assert browser("192.0.2.9").sign_in("agent_owner").status_code == 429
    assert browser("192.0.2.10").sign_in("agent_owner").status_code == 302


def test_wrong_tokens_and_wrong_links_count_for_the_address(world: World, browser: Open) -> None:
    program = Client(REMOTE_ADDR="192.0.2.9")
    ask = lambda: program.get("/api/v1/me", headers={"Authorization": "Bearer lq_0_x"})  # noqa: E731
    assert [ask().status_code for _ in range(60)] == [401] * 60
    visitor = browser("192.0.2.9")
    assert [visitor.get(reverse(name, args=["x"])).status_code for name in ("invitation", "reset_link") for _ in range(20)] == [404] * 40
    put_off = ask()
    assert (put_off.status_code, put_off.json()["code"]) == (429, "too_many_tries")
    assert int(put_off.headers["Retry-After"]) > 0
    assert visitor.get(reverse("reset_link", args=["x"])).status_code == 429
    assert program.get("/api/v1/me").status_code == 401


def test_after_a_quarter_of_an_hour_one_may_try_again(db: None) -> None:
    at = now()
    for number in range(10):
        begin_try("somebody", "192.0.2.7", at=at + number * MINUTE / 2)
    with pytest.raises(TooMany) as told:
        begin_try("somebody", "192.0.2.7", at=at + 5 * MINUTE)
    assert told.value.seconds == 10 * 60 + 1
    begun = begin_try("somebody", "192.0.2.7", at=at + timedelta(seconds=told.value.seconds) + 5 * MINUTE)
    with pytest.raises(TooMany):
        begin_try("somebody", "192.0.2.7", at=at + timedelta(seconds=told.value.seconds) + 5 * MINUTE)
    take_back_try(begun)
    assert FailedTry.objects.count() == 10


def test_tries_are_forgotten_after_a_day_and_tell_no_names(db: None) -> None:
    at = now()
    begin_try("somebody", "192.0.2.7", at=at - timedelta(hours=25))
    kept = FailedTry.objects.get(pk=begin_try("somebody", "192.0.2.7", at=at - timedelta(hours=23)))
    assert forget_tries(at=at) == 1
    assert FailedTry.objects.get() == kept
    assert "somebody" not in kept.name + kept.address
    assert "192" not in kept.address


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("::ffff:192.0.2.7", "192.0.2.7"), ("unix", "unix"), ("", "")],
)
def test_a_household_counts_as_one_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_unknown_wrong_and_disabled_are_answered_alike(account: Give, browser: Open) -> None:
    account("agent_owner")
    gone = account("agent_clerk")
    SignIn.objects.filter(pk=gone.pk).update(is_active=False)
    answers = [
        browser().sign_in(login, password)
        for login, password in (("agent_owner", "a wrong one"), ("nobody", PASSWORD), ("agent_clerk", PASSWORD), ("agent_clerk", "no"))
    ]
    pages = {VALUES.sub("", answer.content.decode()) for answer in answers}
    assert {answer.status_code for answer in answers} == {200}
    assert len(pages) == 1


def test_the_password_of_nobody_is_hashed_as_that_of_somebody(real_passwords: None) -> None:
    known = SignIn(login="x")
    known.set_password("x")
    assert sign_in._nobodys_password(REAL_HASHERS[0]).split("$")[:4] == known.password.split("$")[:4]


def test_many_at_once_are_no_more_than_one_by_one(race_database: str) -> None:
    """Ten may fail, whoever is fastest: forty begin at the same moment."""
    passed: list[int] = []

    def guess() -> None:
        try:
            passed.append(begin_try("somebody", "192.0.2.7", at=now()))
        except TooMany:
            pass
        finally:
            connection.close()

    guessers = [threading.Thread(target=guess) for _ in range(40)]
    for one in guessers:
        one.start()
    for one in guessers:
        one.join()
    assert len(passed) == 10
