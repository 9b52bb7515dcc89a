"""A drill: the newest backup is restored beside the installation, proved, measured, and thrown away. A backup without one is a hope."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from lingqu.base.clock import now
from lingqu.base.refusal import Refusal
from lingqu.config.home import DATABASE_NAME, Home
from lingqu.operate import folder, postgres
from lingqu.operate.backup import kept
from lingqu.operate.backup.kept import Kept
from lingqu.operate.backup.recover import count_rows
from lingqu.operate.backup.restore import lend_static, load, prove, remove
from lingqu.operate.backup.take import run_tool
from lingqu.operate.connecting import open_connection
from lingqu.operate.postgres_files import program
from lingqu.operate.said import Report, refusal, say

SCRATCH: Final = ".drill"
# What would lead to a server of the operator's own: a drill uses one of its own in any case.
FORGOTTEN: Final = ("DATABASE_URL", "LINGQU_DATABASE_NAME", "LINGQU_DATABASE_ROLE")
MOST_TOLD: Final = 5
MOST_WORDS: Final = 300


def drill(home: Home, *, source: Kept | None = None, report: Report | None = None) -> dict[str, Any]:
    """Restore a backup (the newest unless `source` is given) into a scratch data folder with a server of its own; return how it went.

    `ok` says whether the copy verified, no table that only grows has lost rows, every check of `lingqu verify` passed, and every index
    fits its table (amcheck, where the server has it). Nothing is served and no job runs, so nothing is sent. The result is kept in the
    data folder for the doctor; of a drill that was refused, that it was. Nothing else stays.
    """
    begun, at = time.monotonic(), now()
    folder.require_marker(home)
    place = source.path.parent if source else kept.backups_folder(home)
    told: dict[str, Any] = {"at": at.isoformat(), "ok": False}
    try:
        with kept.alone(_existing(place)):
            chosen = source or kept.find(place, "latest")
            told |= {"backup": chosen.name, "kind": chosen.told.kind, "database_bytes": chosen.told.database_bytes}
            with _scratch(home) as fresh:
                told |= _tried(home, chosen, fresh, report)
    finally:
        told["seconds"] = round(time.monotonic() - begun, 1)
        kept.write_whole(home.path / kept.DRILLED, json.dumps(told, ensure_ascii=False).encode())
    return told


def _tried(home: Home, source: Kept, fresh: Home, report: Report | None) -> dict[str, Any]:
    parts = load(source, fresh, to=None, report=report)
    reached, pieces = parts.pop("reached"), parts.pop("pieces", 0)
    lend_static(home, fresh)
    say(report, "正在清点行数", "Counting rows")
    rows = count_rows(fresh)
    lost = lost_rows(source.told.rows, rows)
    say(report, "正在核对数据（lingqu verify）", "Proving the data (lingqu verify)")
    begun = time.monotonic()
    checks = prove(fresh)
    wrong = [check["key"] for check in checks if not check["ok"]]
    parts["verify_s"] = round(time.monotonic() - begun, 1)
    say(report, "正在核对索引（amcheck）", "Checking the indexes (amcheck)")
    begun = time.monotonic()
    indexes = _check_indexes(fresh)
    parts["amcheck_s"] = round(time.monotonic() - begun, 1)
    return {
        "ok": not lost and not wrong and indexes in {"ok", "absent"}, "reached": reached, "pieces": pieces,
        "tables": len(rows), "rows": sum(rows.values()),
        "lost_rows_in": lost, "checks": len(checks), "wrong": wrong[:MOST_TOLD], "amcheck": indexes, "parts": parts,
    }  # fmt: skip


def lost_rows(least: Mapping[str, int], rows: Mapping[str, int]) -> list[str]:
    """Return the tables that have fewer rows than when the backup began, though they only ever grow."""
    return [name for name, count in least.items() if rows.get(name, 0) < count]


def _check_indexes(fresh: Home) -> str:
    """Return `ok`, `absent` where the server has no amcheck, or the first words of what it found."""
    parts = postgres.superuser(fresh, database=DATABASE_NAME)
    with open_connection(parts) as asked:
        if asked.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'").fetchone() is None:
            return "absent"
    words: list[str | Path] = [program("pg_amcheck"), "--install-missing", "--heapallindexed", "--no-password", "--host", parts["host"]]
    words += ["--port", parts["port"], "--username", parts["user"], "--database", DATABASE_NAME]
    try:
        run_tool(words, password=parts["password"])
    except Refusal as found:
        return found.text.en[:MOST_WORDS]
    return "ok"


def _existing(place: Path) -> Path:
    if not place.is_dir():
        raise refusal(
            "no_backup_yet",
            "{place} 里还没有备份，请先运行 lingqu backup。",
            "There is no backup in {place} yet; run lingqu backup first.",
            place=place,
        )
    return place


@contextmanager
def _scratch(home: Home) -> Iterator[Home]:
    """Give a data folder beside `home`, without a server of the operator's own; it is ended and removed however the block is left."""
    fresh = Home(home.path.with_name(f"{home.path.name}{SCRATCH}"))
    before = {name: os.environ.pop(name) for name in FORGOTTEN if name in os.environ}
    remove(fresh)
    try:
        yield fresh
    finally:
        remove(fresh)
        os.environ.update(before)
