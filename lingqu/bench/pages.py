"""How long people wait for a page in a database with a long history, and where the time of the slowest goes."""

from __future__ import annotations

import time
from typing import Final

from lingqu.bench.publisher import Publisher
from lingqu.bench.web import Browser

TIMES: Final = 40
WARM: Final = 4
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


def measure_pages(publisher: Publisher, port: int) -> tuple[dict[str, float], list[str]]:
    """Return the 95th of a hundred waits for each page over HTTP on this machine, in milliseconds, and which were not answered."""
    browser = Browser(port)
    browser.sign_in(publisher.logins[0], publisher.password)
    waits: dict[str, list[float]] = {name: [] for name in PAGES}
    wrong: set[str] = set()
    # By turns, so that a moment in which the machine is slow does not fall on one page alone.
    for number in range(WARM + TIMES):
        for name, path in PAGES.items():
            begun = time.monotonic()
            status, _, _ = browser.get(path)
            if number >= WARM:
                waits[name].append((time.monotonic() - begun) * 1000)
            if status != OK:
                wrong.add(f"{path}: {status}")
    return {name: round(sorted(times)[int(len(times) * 0.95)], 1) for name, times in waits.items()}, sorted(wrong)
