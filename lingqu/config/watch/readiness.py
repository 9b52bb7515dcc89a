"""Whether an installation can do its work now, and the figures of the moment that stand in the database."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import DatabaseError, InterfaceError, connection
from django.db.backends.utils import CursorWrapper

from lingqu.config.watch.metrics import Figure
from lingqu.config.watch.tables import migrations_on_disk

HEARTBEAT_SECONDS: Final = 60
LEAST_BYTES: Final = 500 * 1024 * 1024
BACKUPS: Final = "backups.json"
DECISIONS_LOOKED_AT: Final = 20_000
FINE: Final = "ok"

_WORKER: Final = "SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"
_JOBS: Final = "SELECT status::text, count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1"
_OLDEST: Final = """
SELECT extract(
    epoch FROM now() - coalesce(job.scheduled_at, (SELECT min(told.at) FROM procrastinate_events told WHERE told.job_id = job.id))
)
FROM procrastinate_jobs job WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now()) ORDER BY job.id LIMIT 1
"""
_CONNECTIONS: Final = "SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1"
_DECISIONS: Final = """
SELECT verdict, count(*) FROM orders_storeddecision
WHERE id > (SELECT coalesce(max(id), 0) - %s FROM orders_storeddecision) AND at > now() - interval '1 day' GROUP BY 1
"""


def checks(home: Path) -> dict[str, str]:
    """Return what an installation needs, each `ok` or a word for what is wrong; no names, no addresses, no words of an error."""
    found = {"database": "unreachable", "migrations": "unknown", "worker": "unknown"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            found["database"] = FINE
            cursor.execute("SELECT app, name FROM django_migrations")
            found["migrations"] = FINE if migrations_on_disk() <= set(cursor.fetchall()) else "missing"
            cursor.execute(_WORKER)
            (age,) = cursor.fetchone()
            found["worker"] = "none" if age is None else FINE if age <= HEARTBEAT_SECONDS else "silent"
    except (DatabaseError, InterfaceError):
        connection.close()
    found["disk"] = FINE if shutil.disk_usage(home).free >= LEAST_BYTES else "full"
    return found


def figures(home: Path, at: datetime) -> list[Figure]:
    """Return the figures of the moment: jobs, connections, decisions, backups; without those of a database that is away."""
    told: list[Figure] = []
    try:
        with connection.cursor() as cursor:
            told = [
                ("lingqu_jobs", "Background jobs by state.", ("state",), _counted(cursor, _JOBS)),
                ("lingqu_database_connections", "Connections to the database by state.", ("state",), _counted(cursor, _CONNECTIONS)),
                (
                    "lingqu_credit_decisions_last_day",
                    f"Decisions on requests within a day by verdict, among the last {DECISIONS_LOOKED_AT}.",
                    ("verdict",),
                    _counted(cursor, _DECISIONS, DECISIONS_LOOKED_AT),
                ),
            ]
            cursor.execute(_OLDEST)
            (waiting,) = cursor.fetchone() or (0,)
            told.append(("lingqu_oldest_job_seconds", "How long the job waits that is due for longest.", (), [((), float(waiting or 0))]))
        reached = 1.0
    except (DatabaseError, InterfaceError):
        connection.close()
        reached = 0.0
    told.append(("lingqu_database_up", "Whether the database answers.", (), [((), reached)]))
    told.append(("lingqu_disk_free_bytes", "Free space where the data folder lies.", (), [((), float(shutil.disk_usage(home).free))]))
    age = backup_age(home, at)
    if age is not None:
        told.append(("lingqu_backup_age_seconds", "Time since the last backup that ended well.", (), [((), age)]))
    return told


def _counted(cursor: CursorWrapper, query: str, *values: int) -> list[tuple[tuple[str, ...], float]]:
    cursor.execute(query, values)
    return [((str(label),), float(number)) for label, number in cursor.fetchall()]


def backup_age(home: Path, at: datetime) -> float | None:
    """Return the seconds since the last backup that ended well, None when nothing tells of one."""
    try:
        last = datetime.fromisoformat(json.loads((home / BACKUPS).read_text("utf-8"))["last"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return (at - last).total_seconds() if last.tzinfo else None
