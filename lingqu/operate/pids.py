"""Which process is which: a number alone says little, because the system gives numbers out again."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil

POLL_SECONDS: Final = 0.05
GONE: Final = (psutil.NoSuchProcess, psutil.ZombieProcess)


def birth(pid: int) -> str | None:
    """Return what tells this process from every other that has or had its number, or None when there is none.

    On Linux the start in ticks since boot, with the boot's id: exact, and untouched by changes of the clock.
    """
    try:
        if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return None
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists():
            boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
            return f"{boot}/{stat.read_text('utf-8', 'replace').rpartition(')')[2].split()[19]}"
        return f"{psutil.Process(pid).create_time():.0f}"
    except (*GONE, OSError):
        return None


def ended(process: psutil.Process) -> bool:
    """Return whether the process has ended; one whose parent has not asked after it (a zombie) has."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except GONE:
        return True


def wait_ended(processes: Iterable[psutil.Process], *, seconds: float) -> list[psutil.Process]:
    """Wait up to `seconds` for the processes to end; return those that have not."""
    deadline = time.monotonic() + seconds
    alive = [process for process in processes if not ended(process)]
    while alive and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        alive = [process for process in alive if not ended(process)]
    return alive


def send(process: psutil.Process, number: signal.Signals) -> None:
    """Send a signal to a process that may have ended meanwhile; psutil makes sure that its number was not given out again."""
    with suppress(*GONE):
        process.send_signal(number)


def kill(processes: Iterable[psutil.Process]) -> None:
    """Kill the processes and wait until they are gone."""
    doomed = list(processes)
    for process in doomed:
        send(process, signal.SIGKILL)
    wait_ended(doomed, seconds=15)


def standing_in(folders: Iterable[Path], *, names: frozenset[str]) -> Iterator[psutil.Process]:
    """Yield the living processes with one of these program names whose current folder is one of `folders`."""
    wanted = {str(folder.resolve()) for folder in folders}
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.name() in names and process.cwd() in wanted and not ended(process):
                yield process


def carrying(variables: Mapping[str, str | None]) -> Iterator[psutil.Process]:
    """Yield the living processes with these variables in their environment (None: with any value); children inherit them."""
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            found = process.environ()
            if all(name in found and value in {None, found[name]} for name, value in variables.items()) and not ended(process):
                yield process


def listener(port: int) -> str:
    """Return name and number of the process that listens on a TCP port as words, empty when the system does not tell."""
    with suppress(psutil.Error, OSError):
        for found in psutil.net_connections("tcp"):
            if found.status == psutil.CONN_LISTEN and found.laddr and found.laddr[1] == port and found.pid:
                return f"{psutil.Process(found.pid).name()}, {found.pid}"
    return ""
