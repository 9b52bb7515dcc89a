"""Work in a short-lived process of its own: what is large, slow or written by strangers never runs in a process that answers pages."""

from __future__ import annotations

import contextlib
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Final, cast

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text

CODE: Final = Path(__file__).resolve().parent.parent.parent
WAIT: Final = 5.0
"""Seconds that somebody waits for a free place before the refusal."""

_TOLD: Final = 2_000
_MOST_SAID: Final = 1_000_000
_PIECE: Final = 1 << 17
_OUT_OF_MEMORY: Final = ("memory allocation of", "MemoryError", "Cannot allocate memory")


class ChildFailed(Exception):  # noqa: N818 - told to the caller, who knows what it means to a person
    """The process ended without an answer; the words are its last ones. `slow`: it was out of time; `starved`: out of memory."""

    def __init__(self, words: str, *, slow: bool = False, starved: bool = False) -> None:
        """Keep the words and the reason; neither is an error of the child's own."""
        super().__init__(words)
        self.slow = slow
        self.starved = starved


class Child:
    """A module of ours that is run for one piece of work: it reads bytes, answers bytes, and ends.

    At most `at_once` run for each process of ours, each at most `seconds`. The child itself limits its memory (`limit_self`), gets no
    secrets in its environment and has no database.
    """

    def __init__(self, module: str, *, at_once: int, seconds: float, wait: float = WAIT) -> None:
        """Keep what to run and the limits."""
        self.module = module
        self.seconds = seconds
        self.wait = wait
        self._places = BoundedSemaphore(at_once)

    def run(self, given: bytes) -> bytes:
        """Return what the module answers; refuses and raises as `feed` does."""
        parts: list[bytes] = []
        self.feed(given, parts.append)
        return b"".join(parts)

    def feed(self, given: bytes, take: Callable[[bytes], object]) -> None:
        """Let the module work and hand over its answer piece by piece while it is made, so that both work at the same time.

        Refuses (503) when no place is free for a while. Raises ChildFailed when there is no whole answer: what was handed over is void.
        """
        if not self._places.acquire(timeout=self.wait):
            raise busy()
        try:
            code, told = self._talk(given, take)
        finally:
            self._places.release()
        if code != 0:
            words = told.decode(errors="replace")[-_TOLD:] or f"{self.module} ended with {code}"
            starved = code == -signal.SIGKILL or any(one in words for one in _OUT_OF_MEMORY)
            raise ChildFailed(words, slow=code == -signal.SIGXCPU, starved=starved)

    def _talk(self, given: bytes, take: Callable[[bytes], object]) -> tuple[int, bytes]:
        """Return how the module ended and what it said beside its answer."""
        ends_at = time.monotonic() + self.seconds
        with subprocess.Popen(  # noqa: S603 - our own module, without a shell
            [sys.executable, "-P", "-m", self.module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env={"PYTHONPATH": str(CODE), "PATH": os.defpath, "LANG": "C.UTF-8", "RAYON_NUM_THREADS": "2"},
        ) as process:
            try:
                told = _exchange(process, given, take, ends_at)
                return process.wait(max(ends_at - time.monotonic(), 0)), told
            except subprocess.TimeoutExpired as slow:
                message = f"{self.module} took longer than {self.seconds} s"
                raise ChildFailed(message, slow=True) from slow
            finally:
                process.kill()


def _exchange(process: subprocess.Popen[bytes], given: bytes, take: Callable[[bytes], object], ends_at: float) -> bytes:
    """Write and read by turns, whichever the process is ready for, until it has closed both its answers; return the second one."""
    asked, answer, aside = (cast("IO[bytes]", stream) for stream in (process.stdin, process.stdout, process.stderr))
    told, left = bytearray(), memoryview(given)
    with selectors.DefaultSelector() as streams:
        os.set_blocking(asked.fileno(), False)
        streams.register(asked, selectors.EVENT_WRITE)
        streams.register(answer, selectors.EVENT_READ)
        streams.register(aside, selectors.EVENT_READ)
        while streams.get_map():
            ready = streams.select(max(ends_at - time.monotonic(), 0))
            if not ready:
                raise subprocess.TimeoutExpired(process.args, 0)
            for key, _ in ready:
                stream = cast("IO[bytes]", key.fileobj)
                if stream is asked:
                    left = _write(stream, left)
                    ended = not left
                else:
                    piece = os.read(key.fd, _PIECE)
                    ended = not piece
                    if stream is answer and piece:
                        take(piece)
                    elif len(told) < _MOST_SAID:
                        told += piece
                if ended:
                    streams.unregister(stream)
                    stream.close()
    return bytes(told)


def _write(stream: IO[bytes], left: memoryview) -> memoryview:
    """Write what fits and return the rest: nothing when the process does not want to read more."""
    try:
        return left[os.write(stream.fileno(), left[:_PIECE]) :]
    except BrokenPipeError:
        return left[:0]


def busy() -> Refusal:
    """Return the refusal (503) of work for which there is no place at the moment."""
    words = Text("系统正忙，请过一会儿再试。您的数据没有改变。", "The system is busy; try again in a moment. Nothing was changed.")
    return Refusal("busy", words, status=503)


def limit_self(*, megabytes: int, seconds: int) -> None:
    """Limit the memory and the computing time of this process, and forbid it to write files. Called first by what `Child` runs."""
    memory = megabytes * 1024 * 1024
    for what, soft, hard in (
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        # Some systems know no limit of this kind; the clock of the parent still holds.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (soft, hard))
