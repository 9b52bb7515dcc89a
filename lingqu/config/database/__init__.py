"""Django's PostgreSQL, but a request does not wait for a network that is gone (docs/decisions/0033)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Final

PATIENCE_SECONDS: Final = 2.5
"""After that long a request asks whether the server still works on its statement; what it then waits for is told below."""

PROBE_SECONDS: Final = 2
"""For the answer to that; so a request that hears nothing is answered within 5 s."""

AGAIN_SECONDS: Final = 1.0
"""Between two such questions."""

until: ContextVar[float | None] = ContextVar("until", default=None)
"""The moment up to which the present request waits without asking; None outside requests: jobs and commands wait."""


@contextmanager
def patience(seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Let what is asked of the database inside wait no longer than `seconds` in silence, all together."""
    token = until.set(monotonic() + seconds)
    try:
        yield
    finally:
        until.reset(token)
