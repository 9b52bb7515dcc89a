"""Data folders for the tests of the server and the processes; whatever a test leaves running is ended with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from lingqu.config.home import Home
from lingqu.operate import pids, processes
from tests.installation import copy_demo

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="how root starts the server can only be seen as root")


@pytest.fixture
def private_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """Give a data folder below folders that only their owner may enter (pytest makes them so)."""
    yield from _home(tmp_path / "home", monkeypatch)


@pytest.fixture
def demo_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """Give a data folder that was set up and holds the demo; nothing runs in it."""
    tmp_path.chmod(0o755)
    copy_demo(tmp_path / "home")
    yield from _home(tmp_path / "home", monkeypatch)


@pytest.fixture
def open_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """Give a data folder that every system user can reach."""
    parent = Path("/var/tmp") / f"lingqu-test-{uuid.uuid4().hex}"
    parent.mkdir(mode=0o755)
    yield from _home(parent / "home", monkeypatch)
    shutil.rmtree(parent)


def _home(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("LINGQU_HOME", str(path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    home = Home(path)
    yield home
    processes.stop(home)


@pytest.fixture
def run_python() -> Callable[[str, Home], subprocess.Popen[str]]:
    """Give a function that runs Python code in a process of its own, with a data folder in its environment."""

    def run(code: str, home: Home) -> subprocess.Popen[str]:
        environment = os.environ | {"LINGQU_HOME": str(home.path)}
        return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment)

    return run


def server_processes(home: Home) -> list[psutil.Process]:
    """Return the processes of the embedded server of `home`, found without the code under test's own records."""
    return list(pids.standing_in([home.database], names=frozenset({"postgres"})))


def kill_all(doomed: Iterable[psutil.Process]) -> None:
    """Kill -9: the end of one may end the next before its turn comes."""
    for process in doomed:
        with suppress(psutil.NoSuchProcess):
            process.kill()
