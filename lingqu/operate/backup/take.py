"""Taking a backup while the product serves."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tarfile
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from psycopg.conninfo import make_conninfo

from lingqu.base.clock import now
from lingqu.config.home import Home, connection, named_server
from lingqu.operate import archiving, folder, postgres, roles, schema
from lingqu.operate.backup import kept, pieces
from lingqu.operate.backup.kept import DUMP, SERVER, Kept, Told
from lingqu.operate.connecting import Connection
from lingqu.operate.postgres_files import program
from lingqu.operate.said import Report, refusal, say

DAYS_KEPT: Final = 14
TOOL_SECONDS: Final = 6 * 3600
FILES: Final = "files.tar"
# Made anew in every installation, or of no use in another one.
LEFT_OUT: Final = frozenset({"database", "static", "logs", "run", "server.json", archiving.NOTE, kept.PLACE, "doctor.json"})
# A file that another process is writing under the name of its number, and that may be gone when it is to be packed.
IN_WRITING: Final = re.compile(r".+\.\d+")
# Those that the owner of a database may make anew; what only an administrator can make is none of ours.
EXTENSIONS: Final = """
SELECT one.extname FROM pg_extension one
  JOIN pg_available_extension_versions known ON known.name = one.extname AND known.version = one.extversion
 WHERE known.trusted AND one.extname <> 'plpgsql'
"""
GROWING: Final = ("ledger_posting", "audit_fact", "django_migrations")
"""Tables in which rows are added and never removed."""


def take(home: Home, *, to: Path | None = None, report: Report | None = None) -> dict[str, Any]:
    """Take a backup of an installation, remove those older than 14 days, and return what was done.

    Of the embedded server: all its files with checksums, verified, and from now on its log, so that any second since can be had. Of a
    named server: a dump, which has one moment only. Beside it the data folder's own files, the secrets included. The folder `to` is
    remembered. Refuses a second backup at the same time, a disk without room, a server that does not run.
    """
    begun = time.monotonic()
    folder.require_marker(home)
    place = (to or kept.backups_folder(home)).resolve()
    kept.prepare_folder(home, place)
    with kept.alone(place):
        kept.clear_unfinished(place)
        making = place / kept.making_name()
        made = (_dump if named_server() else _copy_server)(home, place, making, report)
        pruned = prune(home, place, at=made.told.made_at)
        kept.remember(home, place)
    return {
        "backup": made.name, "path": str(made.path), "kind": made.told.kind, "bytes": made.size, "database_bytes": made.told.database_bytes,
        "point_in_time": bool(made.told.archive), "pruned": pruned, "kept": len(kept.kept_in(place)),
        "seconds": round(time.monotonic() - begun, 1),
    }  # fmt: skip


def prune(home: Home, place: Path, *, at: datetime) -> list[str]:
    """Remove backups that no moment of the last 14 days needs, and what of the archive no backup needs; return the names that went.

    The newest of the older ones stays: the first of the fourteen days begins with it.
    """
    known = kept.kept_in(place)
    line = at - timedelta(days=DAYS_KEPT)
    older = [one for one in known if one.told.made_at < line]
    for one in older[:-1]:
        # First under a name that is none of a backup, so that a half-removed one is never taken for a whole one.
        doomed = one.path.with_name(f"{kept.MAKING}{one.name}")
        one.path.rename(doomed)
        shutil.rmtree(doomed)
    left = [one for one in known if one not in older[:-1]]
    current = archiving.archive_folder(home)
    for archive in place.glob(f"{pieces.PREFIX}*"):
        needing = [one.told.needed_from for one in left if one.told.archive == archive.name]
        if needing:
            pieces.prune(archive, min(needing, key=lambda name: name[8:]))
        elif archive != current:
            shutil.rmtree(archive)
    return [one.name for one in older[:-1]]


def _copy_server(home: Home, place: Path, making: Path, report: Report | None) -> Kept:
    """Copy the embedded server's files with `pg_basebackup`, checked by `pg_verifybackup`."""
    if not postgres.running(home):
        raise refusal("database_stopped", "数据库没有运行，请先运行 lingqu serve。", "The database does not run; run lingqu serve first.")
    begun_at = now()
    with roles.connect(home, "owner") as owner:
        facts = _facts(owner)
        kept.need_space(place, facts["database_bytes"])
        if _value(owner, "SELECT current_setting('archive_mode')") != "on":
            raise refusal(
                "archive_off",
                "数据库由较早版本启动，尚不能归档：请运行 lingqu stop，再运行 lingqu serve。",
                "The database was started by an earlier version and keeps no archive yet: run lingqu stop, then lingqu serve.",
            )
        archive = pieces.begin(home, place)
        segment_bytes = int(_value(owner, "SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size'"))
    say(report, "正在备份数据库（{mb} MB）", "Copying the database ({mb} MB)", mb=facts["database_bytes"] // kept.CHUNK)
    making.mkdir(mode=0o700)
    parts = postgres.superuser(home)
    words: list[str | Path] = [program("pg_basebackup"), "--pgdata", making / SERVER, "--format=tar", "--compress=client-gzip:1"]
    words += ["--wal-method=stream", "--checkpoint=fast", "--manifest-checksums=SHA256", "--no-password"]
    words += ["--host", parts["host"], "--port", parts["port"], "--username", parts["user"], "--label", making.name]
    run_tool(words, password=parts["password"])
    say(report, "正在核对备份", "Verifying the copy")
    run_tool([program("pg_verifybackup"), "--quiet", "--no-parse-wal", making / SERVER])
    ranges = json.loads((making / SERVER / "backup_manifest").read_text("utf-8"))["WAL-Ranges"]
    first, last = (
        pieces.segment_of(entry[key], entry["Timeline"], segment_bytes)
        for entry, key in ((ranges[0], "Start-LSN"), (ranges[-1], "End-LSN"))
    )
    _pack_files(home, making)
    told = {"archive": archive.name, "needed_from": first, "end_segment": last, "segment_bytes": segment_bytes}
    return _finish(home, making, SERVER, begun_at, facts | told)


def _dump(home: Home, place: Path, making: Path, report: Report | None) -> Kept:
    """Dump a named server's database as its owner."""
    begun_at = now()
    with roles.connect(home, "owner") as owner:
        facts = _facts(owner)
        extensions = [row[0] for row in owner.execute(EXTENSIONS)]
    kept.need_space(place, facts["database_bytes"])
    say(
        report,
        "DATABASE_URL 指定的服务器：作转储（{mb} MB），只含此刻，不能恢复到任意时间；要到秒，请由该服务器自己归档 WAL。",
        "The server of DATABASE_URL: dumping it ({mb} MB). A dump has this moment only; for any second, that server must archive its WAL.",
        mb=facts["database_bytes"] // kept.CHUNK,
    )
    making.mkdir(mode=0o700)
    parts = connection(home, "owner")
    words: list[str | Path] = [
        program("pg_dump"),
        "--format=custom",
        "--compress=gzip:1",
        "--no-password",
        "--file",
        making / "database.dump",
    ]
    words += ["--schema=public", *(f"--extension={name}" for name in extensions), "--dbname", without_password(parts)]
    run_tool(words, password=parts.get("password", ""))
    # A dump that ends early has no table of contents that can be read to its end.
    run_tool([program("pg_restore"), "--list", "--file", os.devnull, making / "database.dump"])
    _pack_files(home, making)
    return _finish(home, making, DUMP, begun_at, facts)


def _facts(owner: Connection) -> dict[str, Any]:
    rows = {name: int(_value(owner, f"SELECT count(*) FROM {name}")) for name in GROWING}  # noqa: S608 - names of our own tables
    return {
        "server": str(_value(owner, "SHOW server_version")).split()[0],
        "migrations": len(schema.applied_migrations(owner)),
        "database_bytes": int(_value(owner, "SELECT pg_database_size(current_database())")),
        "rows": rows,
    }


def _value(asked: Connection, question: str) -> Any:  # noqa: ANN401 - whatever the column holds
    row = asked.execute(question.encode()).fetchone()
    return None if row is None else row[0]


def _pack_files(home: Home, making: Path) -> None:
    """Pack the data folder's own files, the secrets among them; what is made anew everywhere stays behind."""
    path = making / FILES
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw, tarfile.open(fileobj=raw, mode="w") as packed:
        for entry in sorted(home.path.iterdir()):
            if entry.name not in LEFT_OUT and not entry.name.startswith("database.new") and not IN_WRITING.fullmatch(entry.name):
                packed.add(entry, arcname=entry.name)


def _finish(home: Home, making: Path, kind: str, begun_at: datetime, facts: dict[str, Any]) -> Kept:
    for path in making.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    told = Told(
        format=kept.FORMAT, kind=kind, begun_at=begun_at, made_at=now(), product=version("lingqu"), files=kept.files_below(making),
        home=str(home.path), **facts,
    )  # fmt: skip
    return kept.finish(making, told)


def without_password(parts: Mapping[str, str]) -> str:
    """Return connection parameters as the programs take them; a password on a command line could be read by everybody on the machine."""
    return make_conninfo("", **{name: value for name, value in parts.items() if name != "password"})


def run_tool(words: list[str | Path], *, password: str = "") -> str:
    """Run a program of PostgreSQL and return what it said; the password goes by its environment. Refuses with its last words."""
    environment = postgres.environment() | ({"PGPASSWORD": password} if password else {})
    done = subprocess.run(
        [str(word) for word in words], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd="/", env=environment,
        timeout=TOOL_SECONDS,
    )  # fmt: skip
    if done.returncode != 0:
        name = Path(words[0]).name
        raise refusal(
            "tool_failed",
            "{name} 失败：{said}",
            "{name} failed: {said}",
            name=name,
            said="\n".join(done.stderr.strip().splitlines()[-5:]) or done.stdout.strip()[-500:],
        )
    return done.stdout
