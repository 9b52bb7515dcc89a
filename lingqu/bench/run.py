"""`lingqu bench --quick`: what the product does in a second, and what part that is of what PostgreSQL could do on this machine."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import psutil
import psycopg

from lingqu.base.text import Text
from lingqu.bench.batch import make_batch_load, make_decision_load
from lingqu.bench.crew import Crew, Work
from lingqu.bench.limit import make_load, make_yardstick
from lingqu.bench.publisher import make_publisher
from lingqu.bench.scratch import here, lingqu, scratch
from lingqu.bench.table import measure_table
from lingqu.bench.web import CLIENTS, make_web_load
from lingqu.config.home import Home, connection

PROCESSES: Final = 2
WARM_UP_SECONDS: Final = 1.0
SHORTEST_SECONDS: Final = 0.5
MOST_TOLD: Final = 5
MIB: Final = 1024 * 1024
Report = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How often everything is measured, how long each time at most, after how many seconds in all the measuring ends, and one round.

    A round goes by turns, so that a moment in which the machine is slow falls on the limit and on ours alike.
    """

    rounds: int
    seconds: float
    ends_after: float
    turns: tuple[str, ...] = ("limit", "http", "limit", "batch", "decisions")

    def turn(self, spent: float, rounds_left: int) -> float:
        """Return how long the next turns last, when so much time is spent and so many rounds are to come."""
        return max(min(self.seconds, (self.ends_after - spent) / rounds_left / len(self.turns)), SHORTEST_SECONDS)


QUICK: Final = Plan(rounds=3, seconds=2.0, ends_after=40.0)


@dataclass
class Series:
    """The rounds of one load."""

    rates: list[float] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)

    def add(self, works: list[Work]) -> float:
        """Take in what the workers did in a round and return it as a rate: done in a second, by all together."""
        rate = sum(work.done / work.seconds for work in works)
        self.rates.append(rate)
        self.works += works
        return rate

    @property
    def median(self) -> float:
        """Return the middle one of the rates."""
        return statistics.median(self.rates)

    @property
    def wrong(self) -> list[str]:
        """Return what went wrong."""
        return [what for work in self.works for what in work.wrong]

    def waits(self) -> dict[str, float]:
        """Return how long the half, 95 and 99 of a hundred, and all waited at most, in milliseconds."""
        waits = sorted(wait for work in self.works for wait in work.waits) or [0.0]
        places = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
        return {name: round(waits[min(int(len(waits) * part), len(waits) - 1)], 1) for name, part in places.items()}


def run_bench(*, report: Report) -> dict[str, Any]:
    """Measure on a scratch installation of its own, without a history, and return the figures; it ends within 70 seconds.

    `limit`, `http`, `batch` are orders of ten lines a second, `http_ratio` and `batch_ratio` parts of the limit, `decisions_per_s` pure
    decisions with pricing, `rss_mb` the resident memory of the web processes after the run, `table_ratio` how many times as long as the
    bare way a workbook of 100,000 rows takes to be checked and stored. `ok` is false when anything went wrong.
    """
    begun = time.monotonic()
    tell(report, "正在准备专用的临时安装…", "Making a scratch installation …")
    with scratch() as home:
        lingqu("serve")
        _make_ready(home)
        with crews_of({
            "limit": lambda: Crew(make_load, CLIENTS, connection(home, "owner")),
            "http": lambda: Crew(make_web_load, 1, here()),
            "batch": lambda: Crew(make_batch_load, PROCESSES),
            "decisions": lambda: Crew(make_decision_load, PROCESSES),
        }) as crews:  # fmt: skip
            series = measure(crews, QUICK, begun, report)
            memory, processor = web_usage(home)
        held = _requests_by_state(home)
        table = measure_table(connection(home, "owner"), report)
    figures = _figures(series) | {"rss_mb": round(memory / MIB, 1)} | table
    details = {
        "errors": sum(len(one.wrong) for one in series.values()),
        "first_errors": [what for one in series.values() for what in one.wrong][:MOST_TOLD],
        "http_ms": series["http"].waits(),
        "batch_ms": series["batch"].waits(),
        "http_client_cpu": _client_share(series["http"]),
        "web_cpu_seconds": round(processor, 1),
        "requests_by_state": held,
        "rounds": {name: [round(rate, 1) for rate in one.rates] for name, one in series.items()},
        "seconds": round(time.monotonic() - begun, 1),
    }
    ok = not details["errors"] and set(held) == {"held"}
    return {"ok": ok, **figures, **details}


def _make_ready(home: Home) -> None:
    from lingqu.bench.batch import load_django

    load_django()
    make_publisher(home)
    make_yardstick(connection(home, "owner"))


@contextmanager
def crews_of(makers: Mapping[str, Callable[[], Crew]]) -> Iterator[dict[str, Crew]]:
    """Start the workers of all loads, and end them when the block is left, however it is left."""
    crews: dict[str, Crew] = {}
    try:
        for name, make in makers.items():
            crews[name] = make()
        for crew in crews.values():
            crew.wait_ready()
        yield crews
    finally:
        for crew in crews.values():
            crew.end()


def measure(crews: dict[str, Crew], plan: Plan, begun: float, report: Report) -> dict[str, Series]:
    """Let the loads work by turns, round after round, and return what each did."""
    series = {name: Series() for name in crews}
    for crew in crews.values():
        crew.work(WARM_UP_SECONDS)
    for number in range(1, plan.rounds + 1):
        seconds = plan.turn(time.monotonic() - begun, plan.rounds + 1 - number)
        for name in plan.turns:
            series[name].add(crews[name].work(seconds))
        rates = ", ".join(f"{name} {one.rates[-1]:.0f}/s" for name, one in series.items())
        tell(report, "第 {number} 轮：{rates}", "Round {number}: {rates}", number=number, rates=rates)
    return series


def _figures(series: dict[str, Series]) -> dict[str, float]:
    limit, http, batch = (series[name].median for name in ("limit", "http", "batch"))
    return {
        "limit": round(limit, 1),
        "http": round(http, 1),
        "http_ratio": round(http / limit, 3),
        "batch": round(batch, 1),
        "batch_ratio": round(batch / limit, 3),
        "decisions_per_s": round(series["decisions"].median),
    }


def _client_share(http: Series) -> float:
    """Return how much of one core the HTTP client took for itself."""
    return round(sum(work.cpu for work in http.works) / sum(work.seconds for work in http.works), 2)


def web_usage(home: Home) -> tuple[int, float]:
    """Return resident bytes and processor seconds of the web server's processes."""
    leader = psutil.Process(json.loads((home.path / "run" / "web.json").read_text("utf-8"))["pid"])
    family = [leader, *leader.children(recursive=True)]
    return sum(one.memory_info().rss for one in family), sum(sum(one.cpu_times()[:2]) for one in family)


def _requests_by_state(home: Home) -> dict[str, int]:
    with psycopg.connect(**connection(home, "owner")) as owner:  # type: ignore[arg-type]
        return dict(owner.execute("SELECT state, count(*) FROM orders_order GROUP BY state").fetchall())


def tell(report: Report, zh: str, en: str, **values: object) -> None:
    """Tell a line in the language of the terminal."""
    report(str(Text(zh, en).fill(**values)))
