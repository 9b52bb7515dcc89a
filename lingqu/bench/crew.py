"""Worker processes that carry out a load for some seconds, as often as they are told, and report."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Final

READY_SECONDS: Final = 60.0
GRACE_SECONDS: Final = 30.0
# New interpreters: a forked one would carry connections, locks and threads of this one along.
_processes = multiprocessing.get_context("spawn")


@dataclass
class Work:
    """What a worker did: `done` things in `seconds`, with its own processor time, the wait of each (ms) and what went wrong."""

    done: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    waits: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


Load = Callable[[float], Work]
"""Work until the monotonic moment that is handed over."""


class Crew:
    """Some processes with the same load: `make(number, *given)` is called once in each and returns it."""

    def __init__(self, make: Callable[..., Load], many: int, *given: object) -> None:
        """Start the processes; `wait_ready` tells when they can work."""
        self._lines: list[Connection] = []
        self._started: list[BaseProcess] = []
        for number in range(many):
            here, there = _processes.Pipe()
            process = _processes.Process(target=_serve, args=(there, make, number, given), daemon=True)
            process.start()
            there.close()
            self._lines.append(here)
            self._started.append(process)

    def wait_ready(self) -> None:
        """Wait until every worker is ready; raises RuntimeError with what stopped one."""
        for line in self._lines:
            self._answer(line, READY_SECONDS)

    def work(self, seconds: float) -> list[Work]:
        """Let all work for `seconds` at the same time and return what each did."""
        for line in self._lines:
            line.send(seconds)
        return [self._answer(line, seconds + GRACE_SECONDS) for line in self._lines]

    def end(self) -> None:
        """End the processes, whatever they are doing."""
        for process in self._started:
            process.terminate()
        for process in self._started:
            process.join(5)
            if process.is_alive():
                process.kill()
                process.join()

    def _answer(self, line: Connection, seconds: float) -> Work:
        try:
            answer: Work | str = line.recv() if line.poll(seconds) else f"no answer within {seconds:.0f} s"
        except EOFError:
            answer = "a worker ended by itself"
        if isinstance(answer, Work):
            return answer
        raise RuntimeError(answer)


def _serve(line: Connection, make: Callable[..., Load], number: int, given: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's; it ends its workers
    try:
        load = make(number, *given)
        line.send(Work())
        while True:
            seconds = line.recv()
            before, begun = time.process_time(), time.monotonic()
            work = load(begun + seconds)
            work.seconds = time.monotonic() - begun
            work.cpu = time.process_time() - before
            line.send(work)
    except (EOFError, BrokenPipeError):
        return
    except Exception as error:  # noqa: BLE001 - told to the parent, which ends the measurement
        line.send(f"{type(error).__name__}: {error}")
