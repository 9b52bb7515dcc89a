"""From the files of a backup to a server that has recovered to the wanted moment: in a data folder of its own, not served by anybody."""

from __future__ import annotations

import os
import shutil
import tarfile
import time
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final, NoReturn

import psycopg

from lingqu.base.calendar import CHINA
from lingqu.base.refusal import Refusal
from lingqu.config.home import Home, connection
from lingqu.operate import folder, postgres, roles
from lingqu.operate.backup import kept, pieces
from lingqu.operate.backup.kept import SERVER, Kept
from lingqu.operate.backup.take import FILES, run_tool, without_password
from lingqu.operate.connecting import open_connection
from lingqu.operate.postgres_files import program
from lingqu.operate.said import Report, refusal, say

ARCHIVED: Final = "archived"
FETCH: Final = f'test -f "{ARCHIVED}/%f.gz" && gzip -dc "{ARCHIVED}/%f.gz" > "%p"'
RECOVERY_SECONDS: Final = 6 * 3600
TOO_SHORT: Final = "recovery ended before configured recovery target was reached"
POLL_SECONDS: Final = 0.2


def recover(source: Kept, fresh: Home, *, to: datetime | None, report: Report | None = None) -> dict[str, Any]:
    """Unpack a backup of an embedded server into the empty data folder `fresh`, verify it, and let its server recover.

    `to` is the moment: what was confirmed by then is there, nothing later; None means as far as the archive reaches. Afterwards the server
    runs, out of recovery. Returns the seconds of each part and how far it came. Refuses what is damaged, and a time the backup cannot have.
    """
    archive = source.path.parent / source.told.archive
    reach = pieces.reach_of(archive, source.told.needed_from, source.told.segment_bytes)
    check_time(source, reach, to)
    kept.need_space(fresh.path.parent, 2 * source.told.database_bytes + sum(path.stat().st_size for path in reach.pieces))
    marks = [time.monotonic()]
    say(report, "正在核对并解开备份 {name}", "Checking and unpacking the backup {name}", name=source.name)
    kept.check_whole(source)
    unpack_files(source, fresh)
    _unpack_server(source, fresh)
    marks.append(time.monotonic())
    say(report, "正在逐块核对数据库文件（pg_verifybackup）", "Verifying the database files (pg_verifybackup)")
    run_tool([program("pg_verifybackup"), "--quiet", fresh.database])
    marks.append(time.monotonic())
    count = pieces.copy_checked(reach, archive, fresh.database / ARCHIVED)
    say(report, "正在恢复（{count} 段归档）", "Recovering ({count} pieces of the archive)", count=count)
    reached = _run_recovery(fresh, to, report)
    marks.append(time.monotonic())
    names = ("unpack_s", "verify_backup_s", "recover_s")
    parts = {name: round(after - before, 1) for name, before, after in zip(names, marks, marks[1:], strict=False)}
    return parts | {"pieces": count, "reached": reached}


def check_time(source: Kept, reach: pieces.Reach, to: datetime | None) -> None:
    """Refuse a moment before the backup ended, one to come, and an archive with a hole in it where no moment is named."""
    if to is None and reach.missing:
        raise refusal(
            "archive_hole",
            "归档缺少 {missing}：只能恢复到 {until} 为止，请用 --to 指定不晚于它的时间，或改用更新的备份。",
            "The archive lacks {missing}: it reaches to {until} only. Name a time not after it with --to, or use a newer backup.",
            missing=reach.missing,
            until=china_words(datetime.fromtimestamp(reach.until, UTC)),
        )
    if to is not None and to < source.told.made_at.replace(microsecond=0):
        raise refusal(
            "before_backup",
            "备份 {name} 完成于 {made}，不能恢复到更早的 {to}：请改用更早的备份。",
            "The backup {name} was finished at {made} and cannot go back to {to}: use an earlier one.",
            name=source.name,
            made=china_words(source.told.made_at),
            to=china_words(to),
        )


def unpack_files(source: Kept, fresh: Home) -> None:
    """Make the data folder and put its own files there, the secrets readable by their owner only."""
    folder.prepare(fresh)
    _unpack(source.path / FILES, fresh.path)
    fresh.secrets_file.chmod(0o600)


def china_words(moment: datetime) -> str:
    """Return a moment as people here read it, to the second, with its offset."""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S%z}"


def _unpack(archive: Path, to: Path) -> None:
    """Unpack plain files and folders; nothing may lie outside `to`. Python before 3.11.4 has no filter of its own for that."""
    with tarfile.open(archive) as packed:
        packed.extraction_filter = getattr(tarfile, "data_filter", None)
        for member in packed:
            name = PurePosixPath(member.name)
            if name.is_absolute() or ".." in name.parts or not (member.isfile() or member.isdir()):
                raise refusal(
                    "damaged_backup", "备份里有不该有的 {name}。", "The backup holds {name}, which no backup does.", name=member.name
                )
            # The server's user gets it when the server starts.
            member.uid, member.gid, member.uname, member.gname = os.getuid(), os.getgid(), "", ""
            packed.extract(member, to)


def _unpack_server(source: Kept, fresh: Home) -> None:
    fresh.database.mkdir(mode=0o700)
    for name, to in (("base.tar.gz", fresh.database), ("pg_wal.tar.gz", fresh.database / "pg_wal")):
        _unpack(source.path / SERVER / name, to)
    shutil.copyfile(source.path / SERVER / "backup_manifest", fresh.database / "backup_manifest")
    for path in fresh.database.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)


def _run_recovery(fresh: Home, to: datetime | None, report: Report | None) -> str | None:
    """Let the server read the archive up to the moment and become an ordinary one; return the time of the last thing it brought back."""
    kept.write_whole(fresh.database / "recovery.signal", b"")
    settings = {"restore_command": FETCH, "recovery_target_action": "promote", "archive_mode": "off"}
    if to is not None:
        settings["recovery_target_time"] = to.astimezone(UTC).isoformat(sep=" ")
    try:
        postgres.start(fresh, report, settings=settings)
        reached = _wait_recovered(fresh)
    except (Refusal, psycopg.OperationalError) as failed:
        if to is not None and TOO_SHORT in folder.log_tail(fresh, postgres.LOG, lines=40):
            _refuse_too_late(fresh, to)
        if isinstance(failed, Refusal):
            raise
        raise refusal(
            "recovery_failed",
            "恢复中断，数据库日志末尾：\n{tail}",
            "The recovery broke off; the end of the database's log:\n{tail}",
            tail=folder.log_tail(fresh, postgres.LOG),
        ) from None
    shutil.rmtree(fresh.database / ARCHIVED)
    return reached


def _wait_recovered(fresh: Home) -> str | None:
    deadline = time.monotonic() + RECOVERY_SECONDS
    with open_connection(postgres.superuser(fresh)) as asked:
        while time.monotonic() < deadline:
            recovering, last = asked.execute("SELECT pg_is_in_recovery(), pg_last_xact_replay_timestamp()").fetchone() or (True, None)
            if not recovering:
                return china_words(last) if last else None
            time.sleep(POLL_SECONDS)
    raise refusal("recovery_slow", "恢复六小时仍未完成。", "The recovery did not end within six hours.")


def _refuse_too_late(fresh: Home, to: datetime) -> NoReturn:
    last = next((line for line in reversed(folder.log_tail(fresh, postgres.LOG, lines=60).splitlines()) if "last completed" in line), "")
    raise refusal(
        "after_archive",
        "归档在 {to} 之后没有内容（最后一笔：{last}）：请指定更早的时间，或不用 --to 以恢复全部。",
        "The archive holds nothing after {to} (the last there is: {last}): name an earlier time, or leave --to out to restore all of it.",
        to=china_words(to),
        last=last.rpartition("at log time ")[2] or "—",
    ) from None


def count_rows(home: Home) -> dict[str, int]:
    """Return the exact number of rows of every table of ours, as the owner counts them."""
    with roles.connect(home, "owner") as owner:
        names = [row[0] for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")]
        counts = {}
        for name in names:
            row = owner.execute(f'SELECT count(*) FROM public."{name}"'.encode()).fetchone()  # noqa: S608 - a name from the catalogue
            counts[name] = int(row[0]) if row else 0
    return counts


def load_dump(source: Kept, fresh: Home, report: Report | None = None) -> dict[str, Any]:
    """Load a dump that was found whole into the database of `fresh`: the embedded server's, or the empty one that `DATABASE_URL` names.

    Refuses a database that holds tables.
    """
    begun = time.monotonic()
    with roles.connect(fresh, "owner") as owner:
        row = owner.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        if row != (0,):
            raise refusal(
                "database_not_empty",
                "数据库 {name} 不是空的：请在 DATABASE_URL 中指定一个空数据库，恢复不会覆盖数据。",
                "The database {name} is not empty: name an empty one in DATABASE_URL; a restore never overwrites data.",
                name=owner.info.dbname,
            )
    say(report, "正在载入转储", "Loading the dump")
    parts = connection(fresh, "owner")
    words: list[str | Path] = [program("pg_restore"), "--exit-on-error", "--no-owner", "--no-privileges", "--no-password"]
    words += ["--dbname", without_password(parts)]
    with_schema = _without_schema(source, fresh)
    run_tool([*words, "--use-list", with_schema, source.path / "database.dump"], password=parts.get("password", ""))
    with_schema.unlink()
    return {"load_s": round(time.monotonic() - begun, 1), "reached": china_words(source.told.begun_at)}


def _without_schema(source: Kept, fresh: Home) -> Path:
    """Write the list of what to load: all but the schema `public` itself, which every database has."""
    listed = run_tool([program("pg_restore"), "--list", source.path / "database.dump"])
    path = folder.run_folder(fresh) / "to-load.list"
    path.write_text("\n".join(line for line in listed.splitlines() if " SCHEMA - public " not in line and "COMMENT - SCHEMA" not in line))
    return path
