"""Background jobs: procrastinate on the same database, so a job deferred in a transaction exists only if that transaction commits."""

from __future__ import annotations

from procrastinate.contrib.django import app

__all__ = ["app"]
