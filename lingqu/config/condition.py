"""How an installation is, as `lingqu doctor` and the worker write it into the data folder, and the page reads it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from lingqu.base.text import Text
from lingqu.config.home import Home

FILE: Final = "doctor.json"
NOTHING_TO_DO: Final = Text("", "")
STALE_SECONDS: Final = 15 * 60
"""The worker looks every five minutes: what is older than three looks says that it does not."""


class Verdict(StrEnum):
    """How something is: well, to be looked at, or a promise that does not hold."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


class Found(msgspec.Struct, frozen=True):
    """One check: what it looked at, how that is, its figures, and what to do; nothing to do where it is well."""

    key: str
    name: Text
    verdict: Verdict
    figure: Text
    advice: Text = NOTHING_TO_DO


class Condition(msgspec.Struct, frozen=True):
    """All checks at one moment, and the worst of their verdicts."""

    at: datetime
    verdict: Verdict
    checks: tuple[Found, ...]

    @property
    def ok(self) -> bool:
        """Return whether no promise is broken."""
        return self.verdict is not Verdict.BAD

    def seconds_old(self, at: datetime) -> float:
        """Return how long ago this was looked at."""
        return max((at - self.at).total_seconds(), 0.0)


def read_condition(home: Home) -> Condition | None:
    """Return what was found last, or None where nobody has looked yet or the file cannot be read."""
    try:
        return msgspec.json.decode((home.path / FILE).read_bytes(), type=Condition)
    except (OSError, msgspec.MsgspecError):
        return None
