"""Who asks too fast waits; nobody else does, nothing is looked up for it, and a proxy's word counts only when the proxy is listed."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from lingqu.config import rates
from lingqu.config.limits import Rate
from lingqu.config.proxies import client_address, networks
from lingqu.config.rates import Buckets, Remembered
from lingqu.organisation.models import SignIn
from tests.pages import SitDown
from tests.world import World


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def test_a_bucket_gives_what_is_in_it_and_then_by_the_second() -> None:
    clock = Clock()
    buckets = Buckets(Rate(10, 20), parts=2, clock=clock)
    assert [buckets.take("wen") for _ in range(10)] == [0.0] * 10
    assert buckets.take("wen") == pytest.approx(0.2)
    assert buckets.take("lu") == 0.0
    clock.at += 1
    assert [buckets.take("wen") for _ in range(5)] == [0.0] * 5
    assert buckets.take("wen") > 0
    clock.at += 1_000
    assert [buckets.take("wen") for _ in range(11)][:10] == [0.0] * 10


def test_what_was_not_asked_for_longest_is_forgotten() -> None:
    known: Remembered[int] = Remembered(2)
    known.put("a", 1)
    known.put("b", 2)
    assert known.get("a") == 1
    known.put("c", 3)
    assert [known.get(key) for key in ("a", "b", "c")] == [1, None, 3]


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Rates of few at once and one a second, by a clock that stands."""
    monkeypatch.setattr(rates, "Buckets", partial(Buckets, clock=Clock()))
    settings.RATES = True
    monkeypatch.setattr(rates, "PERSON", Rate(2, 8))
    monkeypatch.setattr(rates, "ADDRESS", Rate(2, 40))
    monkeypatch.setattr(rates, "PROBE", Rate(2, 6))


def test_a_person_too_fast_is_told_when_to_come_again_and_another_is_not(narrow: None, world: World, at_desk: SitDown) -> None:
    hasty, calm = at_desk("agent_owner"), at_desk("finance")
    hasty.handler.load_middleware()
    calm.handler = hasty.handler
    answers = [hasty.get("/notices/settings") for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2  # the first showed who asks
    assert answers[-1].headers["Retry-After"] == "1"
    assert "请在 1 秒后再试；" in answers[-1].content.decode()
    hasty.cookies.load({configured.LANGUAGE_COOKIE_NAME: "en"})
    assert "Try again in 1 s;" in hasty.get("/notices/settings").content.decode()
    assert calm.get("/notices/settings").status_code == 200


def test_two_sessions_of_a_person_share_what_they_have(narrow: None, world: World, at_desk: SitDown) -> None:
    one, other = at_desk("agent_owner"), Client()
    other.force_login(SignIn.objects.get(person=world.people["agent_owner"]), backend=configured.AUTHENTICATION_BACKENDS[0])
    one.handler.load_middleware()
    other.handler = one.handler
    told = [browser.get("/notices/settings").status_code for browser in (one, other) * 4]
    assert told == [200] * 6 + [429] * 2


def test_being_told_to_wait_costs_no_statement_and_nor_does_counting(narrow: None, world: World, at_desk: SitDown) -> None:
    browser = at_desk("agent_owner")
    with CaptureQueriesContext(connection) as seen:
        browser.get("/notices/settings")
    first = len(seen)
    with CaptureQueriesContext(connection) as seen:
        browser.get("/notices/settings")
    assert len(seen) == first
    for _ in range(6):
        browser.get("/notices/settings")
    with CaptureQueriesContext(connection) as seen:
        assert browser.get("/notices/settings").status_code == 429
    assert len(seen) == 0


@pytest.mark.django_db
def test_an_address_too_fast_waits_as_a_page_and_as_a_problem(narrow: None, client: Client) -> None:
    told = [client.get("/nothing", REMOTE_ADDR="10.0.0.9").status_code for _ in range(22)]
    assert told == [404] * 20 + [429] * 2
    problem = client.get("/api/v1/me", REMOTE_ADDR="10.0.0.9", headers={"accept-language": "en"})
    assert (problem.status_code, problem.headers["Content-Type"], problem.json()["code"]) == (429, "application/problem+json", "too_fast")
    assert problem.headers["Retry-After"] == "1"
    assert client.get("/nothing", REMOTE_ADDR="10.0.0.10").status_code == 404
    assert client.get("/health", REMOTE_ADDR="10.0.0.9").status_code == 200


@pytest.mark.django_db
def test_probes_have_a_rate_of_their_own_and_only_life_is_free(narrow: None, client: Client) -> None:
    told = [client.get(path, REMOTE_ADDR="10.0.0.9").status_code for path in ("/ready", "/metrics", "/ready", "/ready", "/metrics")]
    assert (told[0] in (200, 503), told[1:]) == (True, [404, told[0], 429, 429])
    assert client.get("/ready", REMOTE_ADDR="10.0.0.10").status_code == told[0]
    assert {client.get("/health", REMOTE_ADDR="10.0.0.9").status_code for _ in range(60)} == {200}
    pages = [client.get("/healthy", REMOTE_ADDR="10.0.0.9").status_code for _ in range(21)]
    assert pages == [404] * 20 + [429]


@pytest.mark.parametrize(
    ("remote", "told", "found"),
    [
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "8.8.8.8, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "8.8.8.8, 198.51.100.1, 10.0.0.3", "198.51.100.1"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.2", "8.8.8.8, nonsense", "10.0.0.2"),
        ("10.0.0.2", "8.8.8.8, nonsense, 10.0.0.3", "10.0.0.3"),
        ("10.0.0.2", "::ffff:198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_address_is_the_last_that_no_listed_proxy_has(remote: str, told: str, found: str) -> None:
    assert client_address(remote, told, networks("10.0.0.0/8")) == found


def test_a_list_of_proxies_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(ValueError, match="proxy"):
        networks("proxy.example")


@pytest.mark.django_db
def test_what_a_stranger_says_of_scheme_and_host_is_not_believed(client: Client, settings: Any) -> None:
    seen: list[Any] = []
    from lingqu.config.proxies import ProxyMiddleware

    look = ProxyMiddleware(lambda request: seen.append((request.is_secure(), request.META["REMOTE_ADDR"], request.get_host())))  # type: ignore[func-returns-value, arg-type, return-value]
    sent = {"x-forwarded-proto": "https", "x-forwarded-for": "198.51.100.1", "x-forwarded-host": "evil.example"}
    look(RequestFactory().get("/", headers=sent))
    settings.PROXIES = networks("127.0.0.1")
    look(RequestFactory().get("/", headers=sent))
    assert seen == [(False, "127.0.0.1", "testserver"), (True, "198.51.100.1", "testserver:80")]


@pytest.mark.django_db
def test_what_is_too_large_is_answered_before_it_is_read(client: Client) -> None:
    assert client.get("/orders/?q=" + "x" * 9_000).status_code == 414
    assert client.get("/orders/", headers={"x-long": "x" * 9_000}).status_code == 431
    assert client.get("/orders/", headers={f"x-long-{number}": "x" * 7_000 for number in range(5)}).status_code == 431
    for length, kind, status in (
        ("3000000", "application/x-www-form-urlencoded", 413), ("9" * 30, "text/plain", 413), ("-1", "text/plain", 413),
        ("0" * 20 + "9" * 9, "text/plain", 413),
        ("60000000", "multipart/form-data; boundary=b", 413),
    ):  # fmt: skip
        answer = client.generic("POST", "/accounts/login/", b"x", content_type=kind, CONTENT_LENGTH=length)
        assert answer.status_code == status, (length, kind)
    problem = client.generic("POST", "/api/v1/orders", b"{}", content_type="application/json", CONTENT_LENGTH="3000000")
    assert (problem.status_code, problem.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("origins", "secure", "seconds"),
    [
        ("https://channel.example.com", True, 31_536_000),
        ("https://a.example, https://b.example", True, 31_536_000),
        ("http://channel.example.com", False, 0),
        ("", False, 0),
    ],
)
def test_behind_tls_cookies_are_secure_and_browsers_keep_to_it(origins: str, *, secure: bool, seconds: int) -> None:
    asked = (
        "from lingqu.config import settings as told; "
        "print(told.SESSION_COOKIE_SECURE, told.CSRF_COOKIE_SECURE, told.SECURE, told.SECURE_HSTS_SECONDS)"
    )
    environment = os.environ | {"LINGQU_ORIGINS": origins}
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, env=environment).stdout
    assert said.split() == [str(secure)] * 3 + [str(seconds)]


@pytest.mark.django_db
def test_behind_tls_the_language_is_kept_for_tls_only(client: Client, settings: Any) -> None:
    settings.SECURE = True
    answer = client.post("/language", {"language": "en"})
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME]["secure"]
