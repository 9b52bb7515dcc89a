"""Figures for Prometheus: counted in memory, or in files that all web processes and the worker share (PROMETHEUS_MULTIPROC_DIR)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)
METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))

REQUESTS: Final = Histogram(
    "lingqu_request_seconds", "Time to answer a request, by route, method and status.", ("route", "method", "status"), buckets=BUCKETS
)
JOBS: Final = Histogram("lingqu_job_seconds", "Time of a background job, by task and how it ended.", ("task", "status"))
REFUSED: Final = Counter("lingqu_too_fast", "Requests answered 429, by what was too fast: person or address.", ("whose",))

Figure = tuple[str, str, tuple[str, ...], Iterable[tuple[tuple[str, ...], float]]]
"""A figure of the moment: name, what it says, names of its labels, and its values by label."""


def observe_request(route: str, method: str, status: int, seconds: float) -> None:
    """Count an answered request."""
    REQUESTS.labels(route, method, str(status)).observe(seconds)


def observe_job(task: str, status: str, seconds: float) -> None:
    """Count an ended job."""
    JOBS.labels(task, status).observe(seconds)


def count_refused(whose: str) -> None:
    """Count a request that came too fast."""
    REFUSED.labels(whose).inc()


class _OfTheMoment(Collector):
    def __init__(self, figures: Iterable[Figure]) -> None:
        self.figures = figures

    def collect(self) -> Iterator[Metric]:
        for name, words, labels, values in self.figures:
            family = GaugeMetricFamily(name, words, labels=labels)
            for label, value in values:
                family.add_metric(label, value)
            yield family


def written(figures: Iterable[Figure]) -> bytes:
    """Return all figures in Prometheus' text format: those counted, of all processes where they share, and those of the moment."""
    of_moment = CollectorRegistry()
    of_moment.register(_OfTheMoment(figures))
    counted = REGISTRY
    if os.environ.get(SHARED):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    return generate_latest(counted) + generate_latest(of_moment)
