"""Locks between processes: held by an open file, so they end with the process that holds them, however it ends."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from lingqu.operate.said import refusal

POLL_SECONDS: Final = 0.05
PATIENCE_SECONDS: Final = 300.0


def claim(path: Path, *, seconds: float) -> int | None:
    """Return a descriptor that holds the lock of `path`, or None when another process still holds it after `seconds`.

    A child that inherits the descriptor keeps the lock after the caller has closed it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + seconds
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        if time.monotonic() >= deadline:
            os.close(handle)
            return None
        time.sleep(POLL_SECONDS)


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock of `path`; waits up to five minutes for another `lingqu` command, then refuses."""
    handle = claim(path, seconds=PATIENCE_SECONDS)
    if handle is None:
        raise refusal(
            "busy",
            "另一个 lingqu 命令占用 {path} 已超过五分钟，请等它结束，或结束它。",
            "Another lingqu command has held {path} for more than five minutes; let it end, or end it.",
            path=path,
        )
    try:
        yield
    finally:
        os.close(handle)
