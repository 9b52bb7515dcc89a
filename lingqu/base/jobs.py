"""Background jobs: procrastinate on the same database, so a job deferred in a transaction exists only if that transaction commits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from procrastinate.contrib.django import app

Item = TypeVar("Item")
logger = logging.getLogger("lingqu.jobs")


def for_each(items: Iterable[Item], do: Callable[[Item], int]) -> int:
    """Do something for every one of a run and return the sum of the answers; each is a transaction of its own.

    One that fails stops none of those after it: it is logged, all others are done, and then the run fails with the first of the errors,
    so that it is seen among the jobs. What was not done is found again by the next run.
    """
    done, failures = 0, []
    for item in items:
        try:
            done += do(item)
        except Exception as failure:
            logger.exception("%r could not be done in this run", item)
            failures.append(failure)
    if failures:
        raise failures[0]
    return done


__all__ = ["app", "for_each"]
