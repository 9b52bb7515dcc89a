"""The doctor looks: reads settings, files and the database, and changes nothing but its own note of the clock."""

from __future__ import annotations

import json
import shutil
import stat
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from lingqu.base.calendar import china_day
from lingqu.base.clock import now
from lingqu.base.refusal import Refusal
from lingqu.base.text import alike
from lingqu.config.home import Home, named_server
from lingqu.config.starting import weak_secrets
from lingqu.operate import archiving, folder, roles, schema
from lingqu.operate.backup import kept
from lingqu.operate.connecting import Connection
from lingqu.operate.doctor.facts import NOTHING, Disk, Facts, Files, Queue, Server, Settings
from lingqu.operate.said import refusal
from lingqu.operate.setup import load_django

CLOCK: Final = "clock.json"
LOOK_SECONDS: Final = 10
SHOWN: Final = ("fsync", "full_page_writes", "synchronous_commit", "default_transaction_isolation", "archive_mode")

POWERS: Final = """
SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication FROM pg_roles WHERE rolname = current_user
"""
POWER_NAMES: Final = ("SUPERUSER", "BYPASSRLS", "CREATEDB", "CREATEROLE", "REPLICATION")
OWNED: Final = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND pg_has_role(current_user, relowner, 'MEMBER')
 ORDER BY relname LIMIT 6
"""
LEDGER: Final = """
SELECT relname || ' ' || kind FROM pg_class, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS kind
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname LIKE 'ledger\\_%%'
   AND has_table_privilege(current_user, oid, kind) ORDER BY 1 LIMIT 6
"""
QUEUE: Final = """
SELECT count(*) FILTER (WHERE status = 'todo'),
    coalesce(extract(epoch FROM now() - (
        SELECT coalesce(one.scheduled_at, (SELECT min(told.at) FROM procrastinate_events told WHERE told.job_id = one.id))
          FROM procrastinate_jobs one WHERE one.status = 'todo' AND (one.scheduled_at IS NULL OR one.scheduled_at <= now())
         ORDER BY one.id LIMIT 1)), 0)::float,
    (SELECT count(*) FROM procrastinate_events WHERE type = 'failed' AND at > now() - interval '1 day'),
    count(*) FILTER (WHERE status = 'doing' AND NOT EXISTS (
        SELECT FROM procrastinate_workers w WHERE w.id = worker_id AND w.last_heartbeat > now() - interval '60 seconds')),
    (SELECT extract(epoch FROM now() - max(last_heartbeat))::float FROM procrastinate_workers)
  FROM procrastinate_jobs WHERE status IN ('todo', 'doing')
"""
ARCHIVER: Final = """
SELECT CASE WHEN last_failed_time > coalesce(last_archived_time, '-infinity') THEN greatest(failed_count, 1) ELSE 0 END,
    CASE WHEN last_failed_time > coalesce(last_archived_time, '-infinity')
         THEN extract(epoch FROM now() - coalesce(last_archived_time, stats_reset, last_failed_time))::float ELSE 0 END
  FROM pg_stat_archiver
"""
FIGURES: Final = """
SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'), current_setting('max_connections')::int,
    (SELECT max(age(datfrozenxid)) FROM pg_database),
    extract(epoch FROM (SELECT at FROM audit_fact ORDER BY id DESC LIMIT 1) - now())::float
"""
FACTORS: Final = """
SELECT count(*), count(*) FILTER (WHERE s.second_factor_at IS NULL)
  FROM organisation_signin s JOIN organisation_person p ON p.id = s.person_id JOIN organisation_firm f ON f.id = p.firm_id
 WHERE s.is_active AND f.kind = 'hq'
"""


def look(home: Home) -> Facts:
    """Return what there is to see of an installation at this moment. Refuses a folder that is none; an absent database is told."""
    folder.require_marker(home)
    if not home.secrets_file.exists():
        raise refusal(
            "not_installed", "{path} 不是灵渠的安装，请检查 LINGQU_HOME。", "{path} is no installation; check LINGQU_HOME.", path=home.path
        )
    load_django(home)
    at = now()
    server, unreachable = None, NOTHING
    try:
        with roles.connect(home, "app") as asked:
            asked.execute(f"SET statement_timeout = '{LOOK_SECONDS}s'".encode())
            server = look_at_server(asked, on_year=china_day(at).year)
    except Refusal as refused:
        unreachable = refused.text
    except psycopg.Error as error:
        unreachable = alike((str(error).splitlines() or [type(error).__name__])[0])
    return Facts(
        at=at, on=china_day(at), settings=look_at_settings(home), files=look_at_files(home), server=server, unreachable=unreachable
    )


def look_at_settings(home: Home) -> Settings:
    """Return what the installation was told, and which private files others may read. Django must be loaded."""
    from django.conf import settings

    private = [home.secrets_file, home.logs, folder.run_folder(home), *([home.database] if home.database.exists() else [])]
    open_files = [str(path) for path in private if path.exists() and stat.S_IMODE(path.stat().st_mode) & folder.OTHERS_MAY_ANYTHING]
    if stat.S_IMODE(home.path.stat().st_mode) & folder.OTHERS_MAY_WRITE:
        open_files.append(str(home.path))
    return Settings(
        open_files=tuple(open_files),
        weak_secrets=weak_secrets(home.secrets()),
        debug=bool(settings.DEBUG),
        hosts=tuple(settings.ALLOWED_HOSTS),
        origins=tuple(settings.CSRF_TRUSTED_ORIGINS),
        proxies=len(getattr(settings, "PROXIES", ())),
        secure_cookies=bool(settings.SESSION_COOKIE_SECURE),
        second_factor=str(getattr(settings, "SECOND_FACTOR", "off")),
        demo=bool(settings.DEMO),
    )


def look_at_files(home: Home) -> Files:
    """Return what stands in the data folder and among the backups, and by how much the clock was set since the last look."""
    place = kept.backups_folder(home)
    known = kept.kept_in(place)
    told = _read(home.path / kept.DRILLED)
    archive = archiving.archive_folder(home)
    disks = [_disk("data", home.path), *([_disk("backups", place)] if place.is_dir() else [])]
    return Files(
        disks=tuple(disks),
        embedded=not named_server(),
        backups=len(known),
        first_backup_at=known[0].told.made_at if known else None,
        last_backup_at=known[-1].told.made_at if known else None,
        last_backup_kind=known[-1].told.kind if known else "",
        archiving=archive is not None,
        archive_there=archive is None or archive.is_dir(),
        drill_at=_moment(told.get("at")),
        drill_ok=bool(told["ok"]) if "ok" in told else None,
        drill_seconds=float(told.get("seconds", 0.0)),
        restored_at=_moment(_read(home.path / kept.RESTORED).get("at")),
        clock_moved=_clock_moved(home),
    )


def look_at_server(asked: Connection, *, on_year: int) -> Server:
    """Return what the application's role sees of its database."""
    from lingqu.config.watch.tables import migrations_on_disk

    row = asked.execute("SELECT clock_timestamp()").fetchone()
    skew = (row[0] - now()).total_seconds() if row else 0.0
    said = {name: str(_one(asked, "SELECT current_setting(%s)", name)) for name in SHOWN}
    powers = asked.execute(POWERS).fetchone() or ()
    connections, most, age, ahead = asked.execute(FIGURES).fetchone() or (0, 1, 0, None)
    failed, waits = asked.execute(ARCHIVER).fetchone() or (0, 0.0)
    accounts, without = asked.execute(FACTORS).fetchone() or (0, 0)
    return Server(
        version=asked.info.server_version,
        version_words=str(_one(asked, "SHOW server_version")).split()[0],
        settings=said,
        role_powers=tuple(name for name, held in zip(POWER_NAMES, powers, strict=True) if held),
        owned=tuple(row[0] for row in asked.execute(OWNED)),
        ledger_rights=tuple(row[0] for row in asked.execute(LEDGER)),
        wrong_grants=tuple(sorted(roles.wrong_grants(asked))),
        migrations_missing=len(migrations_on_disk() - schema.applied_migrations(asked)),
        skew_seconds=skew,
        last_fact_ahead=float(ahead or 0.0),
        connections=connections,
        max_connections=most,
        oldest_transaction=age,
        archive_failed=failed,
        archive_waiting_seconds=waits or 0.0,
        queue=Queue(*(asked.execute(QUEUE).fetchone() or ())),
        years_known=_years(asked, on_year),
        signs_in=accounts,
        without_second_factor=without,
    )


def _years(asked: Connection, year: int) -> tuple[int, ...]:
    from lingqu.base.calendar import WorkingCalendar

    brought = {one for one in (year, year + 1) if WorkingCalendar().is_published(one)}
    return tuple(sorted(brought | {row[0] for row in asked.execute("SELECT DISTINCT year FROM duties_calendaryear")}))


def _one(asked: Connection, question: str, *values: object) -> Any:  # noqa: ANN401 - whatever the column holds
    row = asked.execute(question.encode(), values or None).fetchone()
    return None if row is None else row[0]


def _disk(what: str, path: Path) -> Disk:
    usage = shutil.disk_usage(path)
    return Disk(what, usage.free, usage.total)


def _read(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _moment(words: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(words))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _clock_moved(home: Home) -> float:
    """Return by how many seconds the clock was set since the last look of this boot, and remember this look."""
    boot_file, path = Path("/proc/sys/kernel/random/boot_id"), folder.run_folder(home) / CLOCK
    boot = boot_file.read_text("ascii").strip() if boot_file.exists() else ""
    shown, passed = time.time(), time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
    before = _read(path)
    if path.parent.is_dir():
        kept.write_whole(path, json.dumps({"boot": boot, "shown": shown, "passed": passed}).encode())
    if not boot or before.get("boot") != boot:
        return 0.0
    return round((shown - float(before["shown"])) - (passed - float(before["passed"])), 1)
