"""The way back: a backup becomes an installation that serves."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from lingqu.base.calendar import CHINA
from lingqu.base.clock import now
from lingqu.base.text import Text
from lingqu.config.home import Home, named_server
from lingqu.operate import folder, postgres, processes, roles
from lingqu.operate.backup import kept
from lingqu.operate.backup.kept import DUMP, Kept
from lingqu.operate.backup.quieten import quieten
from lingqu.operate.backup.recover import china_words, load_dump, recover, unpack_files
from lingqu.operate.said import Report, refusal, say
from lingqu.operate.setup import environment

FRESH: Final = ".restoring"
VERIFY_SECONDS: Final = 6 * 3600
# What the settings or a first `prepare` leave in a data folder that never served.
HOLDS_NOTHING: Final = frozenset({folder.MARKER, "logs", "run", ".gitignore", ".gitkeep", "lost+found"})


def read_time(words: str) -> datetime:
    """Return the moment that is meant by `2026-11-23 12:30:05` (China time) or with an offset, to the second.

    Refuses other words and a moment to come.
    """
    try:
        moment = datetime.fromisoformat(re.sub(r"\s+(?=[+-])", "", words.strip()))
    except ValueError:
        raise refusal(
            "bad_time",
            "无法识别时间“{words}”，应形如 2026-11-23 12:30:05（北京时间）或 2026-11-23T04:30:05+00:00。",
            "The time “{words}” cannot be understood; write 2026-11-23 12:30:05 (China time) or 2026-11-23T04:30:05+00:00.",
            words=words,
        ) from None
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=CHINA)).replace(microsecond=0)
    if moment > now():
        raise refusal("time_to_come", "{to} 还没有到来。", "{to} is still to come.", to=china_words(moment))
    return moment


def restore(
    source: Kept, home: Home, *, to: datetime | None = None, move_aside: bool = False, report: Report | None = None
) -> dict[str, Any]:
    """Make the installation of a backup anew in `home`, prove it with `lingqu verify`, and return what was done; nothing is served yet.

    It is made in a folder beside and renamed at the end, so a restore that was killed leaves `home` as it was. A folder that holds data is
    refused, or with `move_aside` stopped and renamed. Messages that waited to be sent are given up and sessions end: see `quieten`.
    """
    begun = time.monotonic()
    _check_target(source, home, to, move_aside=move_aside)
    with kept.alone(source.path.parent), beside(home) as fresh:
        at = now()
        parts = load(source, fresh, to=to, report=report)
        reached = parts["reached"] or china_words(source.told.made_at)
        calm = quieten(fresh, backup=source.name, to=china_words(to) if to else reached, at=at)
        if not named_server():
            postgres.stop(fresh)
        told = {"backup": source.name, "to": china_words(to) if to else None, "reached": reached, "at": at.isoformat(), **calm}
        kept.write_whole(fresh.path / kept.RESTORED, json.dumps(told).encode())
        kept.remember(fresh, source.path.parent)
        lend_static(home, fresh)
        aside = _make_room(home, move_aside=move_aside, report=report)
        fresh.path.rename(home.path)
        kept.sync(home.path.parent)
    say(report, "正在核对恢复后的数据（lingqu verify）", "Proving what was restored (lingqu verify)")
    checks = prove(home)
    return {
        **told, "ok": all(check["ok"] for check in checks), "home": str(home.path), "moved_aside": str(aside) if aside else None,
        "parts": parts, "checks": checks, "seconds": round(time.monotonic() - begun, 1),
    }  # fmt: skip


def load(source: Kept, fresh: Home, *, to: datetime | None, report: Report | None) -> dict[str, Any]:
    """Bring the data of a backup into the data folder `fresh`; its database runs afterwards. Return how long each part took."""
    if source.told.kind != DUMP:
        return recover(source, fresh, to=to, report=report)
    kept.need_space(fresh.path.parent, 3 * source.told.database_bytes)
    kept.check_whole(source)
    unpack_files(source, fresh)
    if not named_server():
        postgres.start(fresh, report)
    roles.ensure_roles(fresh)
    return load_dump(source, fresh, report)


def lend_static(home: Home, fresh: Home) -> None:
    """Copy the styles and scripts that an installation has made, where there is one, so that they need not be made anew."""
    made = home.path / "static"
    if made.is_dir():
        shutil.copytree(made, fresh.path / "static")


def prove(home: Home) -> list[dict[str, Any]]:
    """Return the checks of `lingqu verify`, made by a process of its own on the data folder `home`."""
    done = subprocess.run(
        [sys.executable, "-m", "lingqu.operate.cli", "verify", "--json"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        env=os.environ | environment(home, "app"), timeout=VERIFY_SECONDS,
    )  # fmt: skip
    told = json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {}
    if "checks" not in told:
        error = told.get("error")
        raise refusal(
            "not_proved",
            "恢复后的数据无法核对：{said}",
            "What was restored cannot be checked: {said}",
            said=Text(error["zh"], error["en"]) if error else done.stderr.strip()[-1000:],
        )
    return list(told["checks"])


@contextmanager
def beside(home: Home) -> Iterator[Home]:
    """Give an empty data folder beside `home`; what a killed restore left there is ended and removed first, and what is left at the end."""
    fresh = Home(home.path.with_name(f"{home.path.name}{FRESH}"))
    remove(fresh)
    try:
        yield fresh
    finally:
        remove(fresh)


def remove(fresh: Home) -> None:
    """End the server of a data folder of ours and remove it; what is none of ours stays."""
    if fresh.path.exists():
        folder.require_marker(fresh)
        postgres.stop(fresh)
        shutil.rmtree(fresh.path)


def _check_target(source: Kept, home: Home, to: datetime | None, *, move_aside: bool) -> None:
    if source.told.kind == DUMP and to is not None:
        raise refusal(
            "dump_has_one_moment",
            "备份 {name} 是转储，只能恢复到它自己的时刻 {moment}，请去掉 --to。",
            "The backup {name} is a dump and has one moment only, {moment}; leave --to out.",
            name=source.name,
            moment=china_words(source.told.begun_at),
        )
    if source.told.kind != DUMP and named_server():
        raise refusal(
            "backup_of_embedded",
            "备份 {name} 来自内嵌数据库，不能恢复到 DATABASE_URL 指定的服务器：请先去掉 DATABASE_URL。",
            "The backup {name} is of an embedded server and cannot go to the server of DATABASE_URL: unset DATABASE_URL first.",
            name=source.name,
        )
    if holds_data(home) and not move_aside:
        raise refusal(
            "home_holds_data",
            "数据文件夹 {path} 里有数据，恢复不会覆盖它：请用 --home 指定空文件夹，或加 --move-aside 把它改名保留。",
            "The data folder {path} holds data, and a restore never overwrites it: name an empty folder with --home, or add --move-aside "
            "to keep it under another name.",
            path=home.path,
        )


def holds_data(home: Home) -> bool:
    """Return whether anything stands in a folder that a restore would overwrite."""
    return home.path.exists() and any(entry.name not in HOLDS_NOTHING for entry in home.path.iterdir())


def _make_room(home: Home, *, move_aside: bool, report: Report | None) -> Path | None:
    """Take what stands at `home` out of the way: what holds nothing is removed, data is stopped and renamed. Return its new place."""
    if not home.path.exists():
        return None
    if not holds_data(home):
        shutil.rmtree(home.path)
        return None
    if not move_aside:
        raise refusal("home_holds_data", "{path} 里刚有了数据。", "Data has just come into {path}.", path=home.path)
    folder.require_marker(home)
    processes.stop(home, report)
    aside = home.path.with_name(f"{home.path.name}.before-{now():%Y%m%dT%H%M%SZ}")
    home.path.rename(aside)
    say(report, "原数据文件夹保留为 {path}", "The data folder that stood there is kept as {path}", path=aside)
    return aside
