"""Pages and requests in a database with a long history: how long people wait for a page, and whether ordering stays as fast."""

from __future__ import annotations

import time
from typing import Any, Final

from lingqu.bench.batch import load_django
from lingqu.bench.crew import Crew
from lingqu.bench.history import Report, grow
from lingqu.bench.publisher import Publisher, make_publisher
from lingqu.bench.scratch import lingqu, scratch
from lingqu.bench.web import Browser, make_web_load
from lingqu.config.home import web_port

FEW: Final = 10_000
TIMES: Final = 40
WARM: Final = 4
SECONDS: Final = 5.0
ROUNDS: Final = 3
GOAL_MS: Final = 100.0
OK: Final = 200
PAGES: Final = {
    "home": "/",
    "orders": "/orders/",
    "orders_open": "/orders/?state=accepted",
    "orders_found": "/orders/?q=JH-2026-0042",
    "partners": "/partners/",
    "partner": "/partners/P007/",
    "receipts": "/receipts/",
    "deliveries": "/deliveries/",
    "desk": "/credit/",
    "stock": "/stock/",
    "search": "/search?q=P01",
}
"""The pages that people open all day, asked as somebody who is representative and finance head in one."""


def run_pages(*, orders: int, report: Report) -> dict[str, Any]:
    """Measure on a scratch installation with about `orders` orders of ten lines each, and return the figures.

    `pages_ms` gives the 95th of a hundred waits for each page over HTTP on this machine, in milliseconds; `http_kept` is the rate of
    requests at `orders` as a part of the rate at 10,000. `ok` is false when a page was not answered or `lingqu verify` found something.
    """
    with scratch() as home:
        lingqu("serve")
        load_django()
        publisher = make_publisher(home)
        _give_finance(publisher)
        few = grow(home, publisher, min(FEW, orders), report)
        before = _rate()
        grown = grow(home, publisher, orders - few["orders"], report) if orders > FEW else few
        after = _rate()
        waits, wrong = _waits(publisher)
        begun = time.monotonic()
        bad = _verify()
        verified = time.monotonic() - begun
    for name, wait in waits.items():
        report(f"{name:16} {wait:7.1f} ms")
    return {
        "ok": not wrong and not bad,
        "orders": grown["orders"],
        "pages_ms": waits,
        "pages_over_goal": sorted(name for name, wait in waits.items() if wait > GOAL_MS),
        "http_few": round(before, 1),
        "http_many": round(after, 1),
        "http_kept": round(after / before, 2),
        "grown": grown,
        "verify_seconds": round(verified, 1),
        "wrong": wrong,
        "verify_wrong": bad,
    }


def _give_finance(publisher: Publisher) -> None:
    from lingqu.bench.publisher import AT, START
    from lingqu.organisation.actions import give_post
    from lingqu.organisation.models import Person
    from lingqu.organisation.states import PostCode

    person = Person.objects.select_related("firm").get(pk=publisher.people[0])
    give_post(person, PostCode.FINANCE, firm=person.firm, since=START, at=AT, by=None)


def _rate() -> float:
    """Return the requests a second over HTTP, the best of three short rounds."""
    crew = Crew(make_web_load, 1)
    try:
        crew.wait_ready()
        crew.work(1.0)
        return max(sum(work.done / work.seconds for work in crew.work(SECONDS)) for _ in range(ROUNDS))
    finally:
        crew.end()


def _waits(publisher: Publisher) -> tuple[dict[str, float], list[str]]:
    browser = Browser(web_port())
    browser.sign_in(publisher.logins[0], publisher.password)
    waits: dict[str, float] = {}
    wrong: list[str] = []
    for name, path in PAGES.items():
        times = []
        for number in range(WARM + TIMES):
            begun = time.monotonic()
            status, _, _ = browser.get(path)
            if number >= WARM:
                times.append((time.monotonic() - begun) * 1000)
            if status != OK:
                wrong.append(f"{path}: {status}")
                break
        waits[name] = round(sorted(times)[int(len(times) * 0.95)], 1) if times else 0.0
    return waits, wrong


def _verify() -> list[str]:
    try:
        lingqu("verify")
    except RuntimeError as found:
        return [str(found)[:2000]]
    return []
