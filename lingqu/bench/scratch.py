"""A scratch installation: a data folder, an embedded server and a port of its own, gone without a trace afterwards unless it is kept."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from lingqu.config.home import Home, current_home, web_port

# What would lead to the user's own data.
FORGOTTEN: Final = ("DATABASE_URL", "LINGQU_DATABASE_NAME", "LINGQU_DATABASE_ROLE", "LINGQU_ORIGINS", "LINGQU_HOSTS")
PLACES: Final = (os.environ.get("TMPDIR", ""), "/var/tmp", tempfile.gettempdir())  # noqa: S108 - on a disk more often than /tmp


@dataclass(frozen=True)
class Place:
    """An installation and the port of its web server."""

    home: Home
    port: int


def here() -> Place:
    """Return the installation that this process's environment names."""
    return Place(current_home(), web_port())


@contextmanager
def scratch(keep: Path | None = None) -> Iterator[Home]:
    """Give a data folder, named by this process's environment while the block runs; afterwards end all that runs in it, remove it.

    With `keep` it stands in that folder, which stays. The end comes too when the block is left by an error, by Ctrl-C or by SIGTERM.
    `DATABASE_URL` is not heeded: durable settings of a server of our own make the figures comparable.
    """
    parent = _kept(keep) if keep else _fresh()
    home = Home(parent / "home")
    before = dict(os.environ)
    changed = {"LINGQU_HOME": str(home.path), "LINGQU_PORT": str(_free_port()), "DJANGO_SETTINGS_MODULE": "lingqu.config.settings"}
    changed |= {"LINGQU_SECOND_FACTOR": "off"}  # its people sign in by a password alone
    changed |= {"LINGQU_RATES": "off"}  # they ask as fast as they are answered
    for name in FORGOTTEN:
        os.environ.pop(name, None)
    os.environ |= changed
    old_handler = signal.signal(signal.SIGTERM, _end)
    try:
        yield home
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        lingqu("stop")
        if keep is None:
            shutil.rmtree(parent, ignore_errors=True)
        signal.signal(signal.SIGTERM, old_handler)
        os.environ.clear()
        os.environ |= before


@contextmanager
def copied(stopped: Home) -> Iterator[Place]:
    """Give a copy of a stopped installation with a port of its own; it is ended and removed when the block is left."""
    parent = _fresh()
    place = Place(Home(parent / "home"), _free_port())
    try:
        copy(stopped, place.home)
        yield place
    finally:
        lingqu("stop", at=place)
        shutil.rmtree(parent, ignore_errors=True)


def copy(stopped: Home, to: Home) -> None:
    """Copy a stopped installation, owners and modes of its files included."""
    subprocess.run(["cp", "-a", str(stopped.path), str(to.path)], check=True, capture_output=True, text=True)  # noqa: S607 - of every system


def lingqu(*words: str, at: Place | None = None) -> None:
    """Run a command of our own as a user would, `at` another installation; raises RuntimeError with what it said when it fails."""
    named = {"LINGQU_HOME": str(at.home.path), "LINGQU_PORT": str(at.port)} if at else {}
    done = subprocess.run(
        [sys.executable, "-m", "lingqu.operate.cli", *words],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env=os.environ | named,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip() or done.stdout.strip())


def _fresh() -> Path:
    made = Path(tempfile.mkdtemp(prefix="lingqu-bench-", dir=next(place for place in PLACES if place and os.access(place, os.W_OK))))
    made.chmod(0o755)  # the embedded server of root runs under another account and must reach its folder
    return made


def _kept(keep: Path) -> Path:
    keep.mkdir(mode=0o755, parents=True, exist_ok=True)
    return keep.resolve()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit("asked to end")
