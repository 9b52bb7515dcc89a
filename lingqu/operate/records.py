"""What is known of the processes that serve: written at their start, and believed only while the process is the same one."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import psutil

from lingqu.config.home import Home
from lingqu.operate import folder, pids

# Every process of ours carries its token in this variable, and so do the children that it leaves when it is killed.
TOKEN: Final = "LINGQU_PROCESS"  # noqa: S105 - the name of a variable
# The worker writes the file that this variable names when it takes jobs.
READY: Final = "LINGQU_WORKER_READY"
TERM_SECONDS: Final = 15.0


@dataclass(frozen=True)
class Record:
    """One process: `birth` tells it from another with its number; `host` and `port` are where the web server listens."""

    name: str
    pid: int
    birth: str
    token: str
    host: str
    port: int
    database_port: int | None

    @property
    def alive(self) -> bool:
        """Return whether this very process still runs."""
        return pids.birth(self.pid) == self.birth

    def processes(self) -> list[psutil.Process]:
        """Return the process and all that it started, the orphans of a killed one included."""
        return list(pids.carrying({TOKEN: self.token}))


def write(home: Home, record: Record) -> None:
    """Write the record into the data folder, whole or not at all."""
    path = _path(home, record.name)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(asdict(record)), "utf-8")
    fresh.replace(path)


def read(home: Home, name: str) -> Record | None:
    """Return the last record of the process `name`, or None when there is none that can be read."""
    try:
        return Record(**json.loads(_path(home, name).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def end(home: Home, records: Sequence[Record]) -> list[str]:
    """End these processes and forget their records; return the names of those that ran.

    Each is asked first (TERM) and killed after 15 s, with everything it started. A process that is not ours, though it has got the number
    of one, is left alone.
    """
    ran, asked = [], []
    for record in records:
        family = record.processes()
        # The main process ends its own children in good order; where it is gone, they are asked themselves.
        asked += [process for process in family if process.pid == record.pid and record.alive] or family
        ran += [record] if family else []
    for process in asked:
        pids.send(process, signal.SIGTERM)
    pids.wait_ended(asked, seconds=TERM_SECONDS)
    pids.kill(process for record in ran for process in record.processes())
    for record in records:
        _path(home, record.name).unlink(missing_ok=True)
    return [record.name for record in ran]


def of_home(home: Home) -> list[psutil.Process]:
    """Return all processes that were started to serve this data folder, recorded or not."""
    return list(pids.carrying({TOKEN: None, "LINGQU_HOME": str(home.path)}))


def end_strays(home: Home, known: Iterable[Record]) -> None:
    """Kill the processes of this data folder that no record tells of: their command was killed before it could write one."""
    recorded = {process.pid for record in known for process in record.processes()}
    pids.kill(process for process in of_home(home) if process.pid not in recorded)


def _path(home: Home, name: str) -> Path:
    return folder.run_folder(home) / f"{name}.json"
