"""A demo in a home of its own, run by the real commands: for tests that kill it, and for those that use it in a browser.

`python -m tests.installation` makes it before the tests ask for it, such as while the linters run.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from lingqu.base.clock import today
from lingqu.operate import locks
from lingqu.operate.ports import choose_free

LINGQU = [sys.executable, "-m", "lingqu.operate.cli"]
ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "build" / "demo-homes"


class Installation:
    """A demo in a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = choose_free()
        self.address = f"http://127.0.0.1:{self.port}"
        self.people: dict[str, dict[str, str]] = {}
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "LINGQU_DATABASE_ROLE", "LINGQU_DATABASE_NAME")
        } | {"LINGQU_HOME": str(home), "LINGQU_PORT": str(self.port)}

    def run(self, *words: str) -> dict[str, object]:
        done = subprocess.run([*LINGQU, *words, "--json"], env=self.environment, capture_output=True, text=True, check=False, timeout=180)
        assert done.returncode == 0, done.stdout + done.stderr
        return dict(json.loads(done.stdout.splitlines()[-1]))

    def open_demo(self) -> None:
        """Serve the demo in this home, from a copy of one that the real command made for this very code and day."""
        copy_demo(self.home)
        self.people = {str(one["login"]): one for one in self.run("demo")["people"]}  # type: ignore[attr-defined]

    def kill_everything(self) -> int:
        """Send -9 to every process of this home: web, worker, and the database with its children."""
        mine = [process for process in psutil.process_iter() if self._is_mine(process)]
        for process in mine:
            os.kill(process.pid, signal.SIGKILL)
        psutil.wait_procs(mine, timeout=10)
        return len(mine)

    def _is_mine(self, process: psutil.Process) -> bool:
        try:
            return process.pid != os.getpid() and (
                process.environ().get("LINGQU_HOME") == str(self.home) or str(self.home / "database") in " ".join(process.cmdline())
            )
        except (psutil.AccessDenied, psutil.NoSuchProcess):
            return False

    def end(self) -> None:
        """Stop it, and whatever of it is left."""
        subprocess.run([*LINGQU, "stop"], env=self.environment, capture_output=True, check=False, timeout=60)
        self.kill_everything()


def copy_demo(home: Path) -> None:
    """Put the data folder of a demo that nothing runs in at `home`."""
    with locks.exclusive(KEPT / "demo.lock"):
        # With rights and owners: the database has a user of its own.
        subprocess.run(["cp", "-Rp", str(_kept_demo()), str(home)], check=True)


def _kept_demo() -> Path:
    """Return the folder of the demo that was made for this very code and day; makes it where there is none."""
    kept = KEPT / _shape()
    if not kept.exists():
        _make_demo(kept)
    return kept


def _shape() -> str:
    """Name a demo after all that shapes it: a file of the product that changed, or the next day, makes another one."""
    digest = hashlib.sha256(str(today()).encode())
    for path in sorted([*ROOT.glob("lingqu/**/*"), *ROOT.glob("requirements/*.txt")]):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(ROOT)} {path.stat().st_size} ".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _make_demo(kept: Path) -> None:
    """Make a demo by the command, end it, and keep its home in the place of all older ones."""
    fresh = Installation(KEPT / "fresh")
    if fresh.home.exists():
        fresh.end()  # a run that was killed left it
    for old in KEPT.iterdir():
        if old.is_dir():
            shutil.rmtree(old)
    try:
        fresh.run("demo")
    finally:
        fresh.end()
    fresh.home.rename(kept)


if __name__ == "__main__":
    with locks.exclusive(KEPT / "demo.lock"):
        _kept_demo()
