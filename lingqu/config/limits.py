"""The bounds that stand before every module, each with its number; settings and middleware obey them.

What a module bounds stands in the module. `docs/limits.md` lists both, written by `python -m tools.limits`; a test compares.
"""

from __future__ import annotations

from typing import Final, NamedTuple

BODY_BYTES: Final = 2 * 1024 * 1024
UPLOAD_BYTES: Final = 52 * 1024 * 1024
"""What is sent with files: five of 10 MiB, and a form."""

FIELDS: Final = 2_000
FILES: Final = 20
ADDRESS_LENGTH: Final = 8_000
HEADER_LENGTH: Final = 8_000
HEAD_LENGTH: Final = 32_000
WEB_STATEMENT_SECONDS: Final = 15
JOB_STATEMENT_SECONDS: Final = 600
LOCK_SECONDS: Final = 10
IDLE_SECONDS: Final = 60
PROCESSES: Final = 2
"""Web processes that share a rate: each gives away its part alone, so that no request costs a statement more."""


class Rate(NamedTuple):
    """How many requests a second one may go on with, and how many at once after a rest; over all web processes together."""

    a_second: int
    at_once: int


PERSON: Final = Rate(20, 200)
ADDRESS: Final = Rate(100, 1_000)
PROBE: Final = Rate(10, 120)
"""Of one address: whether all is ready, and the figures. Each answer asks the database."""

REMEMBERED: Final = 10_000
"""People, addresses and sessions that one process keeps in mind; beyond it the one unheard of for longest is forgotten."""
