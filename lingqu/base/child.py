"""Work in a short-lived process of its own: what is large, slow or written by strangers never runs in a process that answers pages."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text

CODE: Final = Path(__file__).resolve().parent.parent.parent
WAIT: Final = 5.0
"""Seconds that somebody waits for a free place before the refusal."""

_TOLD: Final = 2_000
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
        """Return what the module answers; refuses (503) when no place is free for a while. Raises ChildFailed when there is no answer."""
        if not self._places.acquire(timeout=self.wait):
            raise busy()
        try:
            done = subprocess.run(  # noqa: S603 - our own module, without a shell
                [sys.executable, "-P", "-m", self.module],
                input=given,
                capture_output=True,
                timeout=self.seconds,
                check=False,
                env={"PYTHONPATH": str(CODE), "PATH": os.defpath, "LANG": "C.UTF-8", "RAYON_NUM_THREADS": "2"},
            )
        except subprocess.TimeoutExpired as slow:
            message = f"{self.module} took longer than {self.seconds} s"
            raise ChildFailed(message, slow=True) from slow
        finally:
            self._places.release()
        if done.returncode != 0:
            words = done.stderr.decode(errors="replace")[-_TOLD:] or f"{self.module} ended with {done.returncode}"
            starved = done.returncode == -signal.SIGKILL or any(one in words for one in _OUT_OF_MEMORY)
            raise ChildFailed(words, slow=done.returncode == -signal.SIGXCPU, starved=starved)
        return done.stdout


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
