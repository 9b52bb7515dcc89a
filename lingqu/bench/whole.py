"""`lingqu bench`: the whole table, with a long history, and where the time of the two slowest pages goes."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any, Final

from lingqu.bench.batch import make_batch_load, make_decision_load
from lingqu.bench.crew import Crew
from lingqu.bench.grown import Histories, close_connections, histories
from lingqu.bench.limit import make_load, make_yardstick
from lingqu.bench.pages import GOAL_MS, PAGES, measure_pages
from lingqu.bench.profile import profile_pages
from lingqu.bench.run import MIB, MOST_TOLD, PROCESSES, Plan, Report, Series, crews_of, measure, tell, web_usage
from lingqu.bench.scratch import lingqu, scratch
from lingqu.bench.table import measure_table
from lingqu.bench.web import CLIENTS, make_web_load
from lingqu.config.home import connection

ORDERS: Final = 1_000_000
STARTS: Final = 3
WORST: Final = 2
PLAN: Final = Plan(rounds=6, seconds=5.0, ends_after=300.0, turns=("limit", "http_few", "http_many", "limit", "batch", "decisions"))


def run_whole(*, orders: int, keep: Path | None, report: Report) -> dict[str, Any]:
    """Measure on scratch installations of our own with 10,000 and with about `orders` orders, and return all figures.

    `http_kept` is the rate of requests over HTTP with the long history as a part of that with 10,000 orders, both measured by turns in one
    run; the other ratios are those of `run_bench`, with `http_ratio` at 10,000 orders and `batch_ratio` at `orders`. `pages_ms` are 95th of
    a hundred waits with thousands of requests waiting. `ok` is false when a client saw an error or `lingqu verify` found something.
    """
    begun = time.monotonic()
    with histories(orders=orders, keep=keep, report=report) as grown:
        starts = [_start_seconds(grown) for _ in range(STARTS)]
        series = _rates(grown, report)
        memory, _ = web_usage(grown.many.home)
        pages, wrong = measure_pages(grown.publisher, grown.many.port)
        worst = sorted(pages, key=lambda name: -pages[name])[:WORST]
        profiles = profile_pages(grown.publisher, {name: PAGES[name] for name in worst})
        table = measure_table(connection(grown.few.home, "owner"), report)
        verify_seconds, bad = _verify()
    demo = _demo_seconds(report)
    wrong += [what for one in series.values() for what in one.wrong][:MOST_TOLD]
    figures = _speeds(series) | {
        "pages_ms": pages, "pages_over_goal": sorted(name for name, wait in pages.items() if wait > GOAL_MS), **table,
        "rss_mb": round(memory / MIB, 1), "start_s": round(statistics.median(starts), 1), "demo_s": round(demo, 1),
        "verify_s": round(verify_seconds, 1),
    }  # fmt: skip
    return {
        "ok": not wrong and not bad, "orders": grown.grown["orders"], **figures, "worst": profiles, "grown": grown.grown,
        "rounds": {name: [round(rate, 1) for rate in one.rates] for name, one in series.items()},
        "http_ms": series["http_many"].waits(), "wrong": wrong, "verify_wrong": bad, "seconds": round(time.monotonic() - begun, 1),
    }  # fmt: skip


def _rates(grown: Histories, report: Report) -> dict[str, Series]:
    yardstick = connection(grown.few.home, "owner")
    make_yardstick(yardstick)
    with crews_of({
        "limit": lambda: Crew(make_load, CLIENTS, yardstick),
        "http_few": lambda: Crew(make_web_load, 1, grown.few),
        "http_many": lambda: Crew(make_web_load, 1, grown.many),
        "batch": lambda: Crew(make_batch_load, PROCESSES),
        "decisions": lambda: Crew(make_decision_load, PROCESSES),
    }) as crews:  # fmt: skip
        return measure(crews, PLAN, time.monotonic(), report)


def _speeds(series: dict[str, Series]) -> dict[str, float]:
    limit, few, many, batch = (series[name].median for name in ("limit", "http_few", "http_many", "batch"))
    kept = [one / other for one, other in zip(series["http_many"].rates, series["http_few"].rates, strict=True)]
    return {
        "limit": round(limit, 1), "http_few": round(few, 1), "http_many": round(many, 1), "http_ratio": round(few / limit, 3),
        "http_kept": round(statistics.median(kept), 2), "batch": round(batch, 1), "batch_ratio": round(batch / limit, 3),
        "decisions_per_s": round(series["decisions"].median),
    }  # fmt: skip


def _start_seconds(grown: Histories) -> float:
    """Return how long `lingqu serve` takes from nothing running until the first page is answered."""
    lingqu("stop", at=grown.few)
    begun = time.monotonic()
    lingqu("serve", at=grown.few)
    return time.monotonic() - begun


def _demo_seconds(report: Report) -> float:
    """Return how long `lingqu demo` takes on a fresh folder until it can be opened."""
    tell(report, "正在建演示…", "Making the demo …")
    close_connections()
    with scratch():
        begun = time.monotonic()
        lingqu("demo")
        return time.monotonic() - begun


def _verify() -> tuple[float, list[str]]:
    begun = time.monotonic()
    try:
        lingqu("verify")
    except RuntimeError as found:
        return time.monotonic() - begun, [str(found)[:2000]]
    return time.monotonic() - begun, []
