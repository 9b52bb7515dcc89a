"""A scratch installation: a data folder, an embedded server and a port of its own, gone without a trace afterwards."""

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
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from lingqu.config.home import Home

# What would lead to the user's own data.
FORGOTTEN: Final = ("DATABASE_URL", "LINGQU_DATABASE_NAME", "LINGQU_DATABASE_ROLE", "LINGQU_ORIGINS", "LINGQU_HOSTS")
PLACES: Final = (os.environ.get("TMPDIR", ""), "/var/tmp", tempfile.gettempdir())  # noqa: S108 - on a disk more often than /tmp


@contextmanager
def scratch() -> Iterator[Home]:
    """Give a new data folder, named by this process's environment while the block runs; afterwards end all that runs in it, remove it.

    The end comes too when the block is left by an error, by Ctrl-C or by SIGTERM. `DATABASE_URL` is not heeded: durable settings of a
    server of our own make the figures comparable.
    """
    parent = Path(tempfile.mkdtemp(prefix="lingqu-bench-", dir=next(place for place in PLACES if place and os.access(place, os.W_OK))))
    parent.chmod(0o755)  # the embedded server of root runs under another account and must reach its folder
    home = Home(parent / "home")
    before = dict(os.environ)
    changed = {"LINGQU_HOME": str(home.path), "LINGQU_PORT": str(_free_port()), "DJANGO_SETTINGS_MODULE": "lingqu.config.settings"}
    for name in FORGOTTEN:
        os.environ.pop(name, None)
    os.environ |= changed
    old_handler = signal.signal(signal.SIGTERM, _end)
    try:
        yield home
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        lingqu("stop")
        shutil.rmtree(parent, ignore_errors=True)
        signal.signal(signal.SIGTERM, old_handler)
        os.environ.clear()
        os.environ |= before


def lingqu(*words: str) -> None:
    """Run a command of our own as a user would; raises RuntimeError with what it said when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "lingqu.operate.cli", *words], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip() or done.stdout.strip())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit("asked to end")
