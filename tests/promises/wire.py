"""A wire between the product and its database that goes bad: an asyncio proxy which cuts, delays, or falls silent after random bytes."""

from __future__ import annotations

import asyncio
import random
import threading
from contextlib import suppress
from dataclasses import dataclass, field

CHUNK = 4_096
MOST_BYTES = 6_000
"""A fault comes within that many bytes, so that it meets every part of a request: signing in, reading, writing, commit."""

CUT, SILENT, SLOW, CLOSED = "cut", "silent", "slow", "closed"
FAULTS = (CUT, SILENT, SLOW, CLOSED)


@dataclass
class Fault:
    """What is wrong with the wire: the kind, in which direction (0 to the database, 1 from it), after how many bytes, how slow."""

    kind: str
    direction: int
    left: int
    seconds: float


@dataclass
class Wire:
    """A proxy on a port of its own, in a thread of its own; `fault` is what is wrong with it now."""

    target: int
    seed: int
    fault: Fault | None = None
    port: int = 0
    open: set[asyncio.StreamWriter] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Wire:  # noqa: PYI034 - a dataclass names itself
        self.thread.start()
        assert self.ready.wait(10)
        return self

    def __exit__(self, *told: object) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    def spoil(self, kind: str) -> Fault:
        """Let the wire go bad from a random byte on."""
        self.fault = Fault(kind, self.random.randint(0, 1), self.random.randint(0, MOST_BYTES), self.random.uniform(0.3, 2.0))
        return self.fault

    def mend(self) -> None:
        """Let new connections be good again; those that fell silent stay silent for ever, as behind a firewall that forgot them."""
        self.fault = None

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        self.loop.run_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.fault and self.fault.kind == CLOSED:
            writer.close()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        broken = asyncio.Event()
        ways = (self._carry(reader, far_writer, 0, broken), self._carry(far_reader, writer, 1, broken))
        tasks = [asyncio.create_task(way) for way in ways]
        cut = asyncio.create_task(broken.wait())
        await asyncio.wait([*tasks, cut], return_when=asyncio.FIRST_COMPLETED)
        for task in (*tasks, cut):
            task.cancel()
        for end in (writer, far_writer):
            end.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, direction: int, broken: asyncio.Event) -> None:
        silent = False
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                fault = self.fault
                if fault and fault.kind == CLOSED:
                    broken.set()
                    return
                if fault and fault.direction == direction:
                    keep = data[: fault.left]
                    fault.left -= len(keep)
                    if len(keep) < len(data):
                        if fault.kind == SLOW:
                            await asyncio.sleep(fault.seconds)
                        else:
                            data, silent = keep, True
                if data:
                    writer.write(data)
                    await writer.drain()
                if silent and fault and fault.kind == CUT:
                    broken.set()
                    return
                if silent:
                    await asyncio.Event().wait()
