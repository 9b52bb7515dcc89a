"""P23: one client that asks fifty times a second is told to wait, and nobody else notices."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from lingqu.bench.web import Browser
from tests.installation import Installation

PAGE = "/orders/"
A_SECOND = 50
SECONDS = 12.0
CALM_PAUSE = 0.15


@pytest.fixture
def open_installation(tmp_path: Path) -> Iterator[Installation]:
    """A demo that keeps the rates, as it does outside of tests."""
    tmp_path.chmod(0o755)
    installation = Installation(tmp_path / "home")
    installation.environment["LINGQU_RATES"] = "on"
    try:
        installation.open_demo()
        yield installation
    finally:
        installation.end()


def signed_in(installation: Installation, login: str) -> Browser:
    browser = Browser(installation.port)
    browser.sign_in(login, installation.people[login]["password"])
    return browser


def calm(browsers: list[Browser]) -> float:
    """Ask as people do, by turns; return the time in seconds that 95 of 100 answers keep."""
    took = []
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        for browser in browsers:
            begun = time.perf_counter()
            status, _, _ = browser.get(PAGE)
            took.append(time.perf_counter() - begun)
            assert status == 200
            time.sleep(CALM_PAUSE)
    return sorted(took)[int(len(took) * 0.95)]


@pytest.mark.soak
def test_a_hasty_client_waits_and_nobody_else_does(open_installation: Installation) -> None:
    people = [signed_in(open_installation, login) for login in ("fang", "zheng", "lin", "wen")]
    hasty = [signed_in(open_installation, "qin") for _ in range(4)]
    for browser in [*people, *hasty]:
        browser.get(PAGE)
    alone = min(calm(people) for _ in range(2))
    over, told = threading.Event(), Counter[int]()

    def ask(browser: Browser) -> None:
        due = time.monotonic()
        while not over.is_set():
            told[browser.get(PAGE)[0]] += 1
            due += len(hasty) / A_SECOND
            time.sleep(max(0.0, due - time.monotonic()))

    threads = [threading.Thread(target=ask, args=(browser,)) for browser in hasty]
    for thread in threads:
        thread.start()
    time.sleep(12)  # until what was saved up is used up
    told.clear()
    beside = min(calm(people) for _ in range(2))
    over.set()
    for thread in threads:
        thread.join()
    assert set(told) == {200, 429}
    assert told[429] > told[200] / 2
    assert beside <= 2 * alone, f"p95 {beside * 1_000:.0f} ms beside a hasty client, {alone * 1_000:.0f} ms alone, {dict(told)}"
