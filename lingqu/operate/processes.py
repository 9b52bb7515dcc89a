"""The processes that serve: the web server, the job worker and, without DATABASE_URL, the embedded database."""

from __future__ import annotations

import errno
import http.client
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn

from lingqu.base.text import Text
from lingqu.config.home import Home, named_server
from lingqu.operate import folder, locks, pids, ports, postgres, records, roles
from lingqu.operate.said import Report, refusal, say
from lingqu.operate.setup import Installation, environment, set_up

WEB: Final = "web"
WORKER: Final = "worker"
NAMES: Final = (WEB, WORKER)
READY_SECONDS: Final = 60.0
WEB_PROCESSES: Final = 2
# Threads of one web process that run Django; each keeps one database connection.
WEB_THREADS: Final = 2
FINE: Final = "ok"
SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"
EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - recognised, not bound to
# Children stay referenced: the interpreter warns about a forgotten child, and these are meant to outlive the command.
_children: list[subprocess.Popen[Any]] = []


@dataclass(frozen=True)
class Place:
    """Where the web server listens."""

    host: str
    port: int

    @property
    def near(self) -> str:
        """Return the address under which this machine reaches it."""
        return EVERYWHERE.get(self.host, self.host)

    @property
    def address(self) -> str:
        """Return the address to type into a browser on this machine."""
        return f"http://{f'[{self.near}]' if ':' in self.near else self.near}:{self.port}/"


@dataclass(frozen=True)
class Serving:
    """What `serve` did: `started` names the processes it had to start, none when all ran already."""

    address: str
    started: tuple[str, ...]
    installation: Installation


def serve(home: Home, place: Place, report: Report | None = None, *, renew: bool = False, to_log: bool = True) -> Serving:
    """Set up, then start in the background what does not run yet; return when `is_healthy` says so and the worker takes jobs.

    What runs on another address, on another database port or with older tables is started anew; so is all with `renew`.
    With `to_log=False` the processes write to this process's standard error. Refuses a port taken by another program, and processes that
    are not ready within 60 s, with the end of their log; what this call had started is ended then.
    """
    folder.prepare(home)
    check_port(home, place)
    with locks.exclusive(_lock(home)):
        installation = set_up(home, report)
        old = [record for name in NAMES if (record := records.read(home, name))]
        renew = renew or bool(installation.migrations_applied)
        kept = [] if renew else [record.name for record in old if _fits(home, place, record)]
        records.end(home, [record for record in old if record.name not in kept])
        records.end_strays(home, [record for record in old if record.name in kept])
        missing = [name for name in NAMES if name not in kept]
        if WEB in missing and ports.obstacle(place.host, place.port):
            _refuse_taken(place)
        begun = {name: folder.log_size(home, name) for name in missing}
        try:
            if len(missing) == len(NAMES):
                folder.empty_figures(home)
            for name in missing:
                say(report, "正在启动：{name}", "Starting: {name}", name=name)
                records.write(home, _spawn(home, place, name, to_log=to_log))
            _wait_ready(home, place, begun)
        except BaseException:
            records.end(home, [record for name in missing if (record := records.read(home, name))])
            raise
    return Serving(place.address, tuple(missing), installation)


def stop(home: Home, report: Report | None = None) -> list[str]:
    """End the web server, the worker and the embedded database of this data folder, and nothing else; return the names of what ran."""
    if not home.path.exists():
        return []
    folder.check_owner(home.path)
    with locks.exclusive(_lock(home)):
        ended = records.end(home, [record for name in NAMES if (record := records.read(home, name))])
        records.end_strays(home, [])
        if postgres.stop(home):
            ended.append("database")
    for name in ended:
        say(report, "已停止：{name}", "Stopped: {name}", name=name)
    return ended


def status(home: Home) -> dict[str, Any]:
    """Return what runs: per process `running`, `pid` and, for the web server, `address` and what `is_healthy` says."""
    told: dict[str, Any] = {"home": str(home.path)}
    for name in NAMES:
        record = records.read(home, name)
        running = record is not None and record.alive
        told[name] = {"running": running, "pid": record.pid if record and running else None}
        if name == WEB and record:
            place = Place(record.host, record.port)
            told[name] |= {"address": place.address, "healthy": running and is_healthy(place)}
    if named_server():
        told["database"] = {"kind": "named", "running": roles.app_can_connect(home)}
    else:
        told["database"] = {"kind": "embedded", "running": postgres.running(home), "port": home.server_port()}
    return told


def serve_foreground(home: Home, place: Place, report: Report | None = None) -> str:
    """Serve until a signal (TERM, INT) asks for the end, then end everything; return the name of a process that ended by itself, or "".

    For service managers: the processes write to standard error, and one that ends takes the others with it, so that the manager sees it.
    Refuses when something of this data folder serves in the background already.
    """
    if any(record.alive for name in NAMES if (record := records.read(home, name))):
        raise refusal(
            "already_serving",
            "{path} 已在后台运行，请先运行 lingqu stop。",
            "{path} is served in the background already; run lingqu stop first.",
            path=home.path,
        )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _asked_to_end)
    fallen = ""
    try:
        serving = serve(home, place, report, to_log=False)
        say(report, "灵渠已在 {address} 运行", "Lingqu serves at {address}", address=serving.address)
        while not fallen:
            time.sleep(pids.POLL_SECONDS * 4)
            fallen = next((name for name in NAMES if not ((record := records.read(home, name)) and record.alive)), "")
    except _AskedToEnd:
        say(report, "收到停止信号", "Asked to end")
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        stop(home, report)
    return fallen


def check_port(home: Home, place: Place) -> None:
    """Refuse an address that is not this machine's, and a port on which another program listens; what serves this data folder may."""
    found = ports.obstacle(place.host, place.port)
    if found is None:
        return
    if found.errno != errno.EADDRINUSE:
        raise refusal(
            "cannot_listen",
            "无法在 {host} 的端口 {port} 上监听（{why}），请检查 --host 和 LINGQU_PORT。",
            "Port {port} of {host} cannot be listened on ({why}); check --host and LINGQU_PORT.",
            host=place.host,
            port=place.port,
            why=found.strerror,
        )
    if not records.of_home(home):
        _refuse_taken(place)


def is_healthy(place: Place) -> bool:
    """Return whether the web server answers within five seconds that database and tables are as they must be (`GET /ready`)."""
    with suppress(OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        connection = http.client.HTTPConnection(place.near, place.port, timeout=5)
        try:
            connection.request("GET", "/ready")  # answered under any name, whatever LINGQU_HOSTS says
            found = json.loads(connection.getresponse().read())["checks"]
            return bool(found["database"] == found["migrations"] == FINE)
        finally:
            connection.close()
    return False


class _AskedToEnd(BaseException):
    """A signal asked for the end."""


def _asked_to_end(_number: int, _frame: FrameType | None) -> NoReturn:
    raise _AskedToEnd


def _lock(home: Home) -> Path:
    return folder.run_folder(home) / "serve.lock"


def _fits(home: Home, place: Place, record: records.Record) -> bool:
    where = (record.host, record.port) == (place.host, place.port) or record.name != WEB
    return record.alive and where and (named_server() or record.database_port == home.server_port())


def _refuse_taken(place: Place) -> NoReturn:
    raise refusal(
        "port_taken",
        "{host} 的端口 {port} 已被其他程序占用（{who}），请结束它，或把 LINGQU_PORT 设为空闲端口。",
        "Port {port} of {host} is taken by another program ({who}); end it, or set LINGQU_PORT to a free port.",
        host=place.host,
        port=place.port,
        who=pids.listener(place.port) or "?",
    )


def _command(place: Place, name: str) -> list[str]:
    if name == WORKER:
        return [sys.executable, "-m", "lingqu.operate.worker"]
    words = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"]
    words += ["--workers", str(WEB_PROCESSES), "--blocking-threads", str(WEB_THREADS), "--respawn-failed-workers"]
    words += ["--workers-kill-timeout", "10", "--host", place.host, "--port", str(place.port)]
    return [*words, "lingqu.config.wsgi:application"]


def _spawn(home: Home, place: Place, name: str, *, to_log: bool) -> records.Record:
    token = secrets.token_hex(16)
    ready = _ready_file(home)
    if name == WORKER:
        ready.unlink(missing_ok=True)
    log = folder.open_log(home, name) if to_log else os.dup(sys.stderr.fileno())
    # The data folder may hold names of modules; a process that stands in it must not import them.
    shared = {SHARED: str(folder.figures_folder(home))}
    variables = os.environ | environment(home, "app") | shared | {records.TOKEN: token, records.READY: str(ready), "PYTHONSAFEPATH": "1"}
    try:
        process = subprocess.Popen(
            _command(place, name), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=home.path, env=variables, start_new_session=True
        )
    finally:
        os.close(log)
    _children.append(process)
    born = pids.birth(process.pid) or ""
    return records.Record(name, process.pid, born, token, place.host, place.port, None if named_server() else home.server_port())


def _ready_file(home: Home) -> Path:
    return folder.run_folder(home) / "worker.ready"


def _wait_ready(home: Home, place: Place, begun: dict[str, int]) -> None:
    checks: dict[str, Callable[[], bool]] = {WEB: lambda: is_healthy(place), WORKER: _ready_file(home).exists}
    waiting = [WEB, *(name for name in begun if name != WEB)]
    deadline = time.monotonic() + READY_SECONDS
    while waiting:
        fallen = next((name for name in waiting if not ((record := records.read(home, name)) and record.alive)), None)
        if fallen or time.monotonic() > deadline:
            _refuse_not_ready(home, fallen or waiting[0], begun, ended=bool(fallen))
        waiting = [name for name in waiting if not checks[name]()]
        time.sleep(pids.POLL_SECONDS if waiting else 0)


def _refuse_not_ready(home: Home, name: str, begun: dict[str, int], *, ended: bool) -> NoReturn:
    late = Text("没有在 {seconds} 秒内就绪", "was not ready within {seconds} s").fill(seconds=int(READY_SECONDS))
    raise refusal(
        "not_ready",
        "{name} {what}，日志 {log} 末尾：\n{tail}",
        "{name} {what}; the end of its log {log}:\n{tail}",
        what=Text("启动后立即退出", "ended as soon as it was started") if ended else late,
        name=name,
        log=home.logs / f"{name}.log",
        tail=folder.log_tail(home, name, since=begun.get(name, 0)),
    )


def as_data(serving: Serving) -> dict[str, Any]:
    """Return `serving` as plain data for `--json`."""
    return {"address": serving.address, "started": list(serving.started), **asdict(serving.installation)}
