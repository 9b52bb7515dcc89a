"""What a pure rule answers: every law with its clause and numbers, and what would make it pass.

All values are plain and frozen, so that a stored decision can be made again from its stored facts, byte for byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

Number = Decimal | int | str | date | None


class Outcome(StrEnum):
    """How one law came out."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"


class Verdict(StrEnum):
    """How the whole decision came out: all passed, only waivable laws failed, or at least one failed for good."""

    PASSED = "passed"
    WAIVABLE = "waivable"
    REFUSED = "refused"


class LawResult(msgspec.Struct, frozen=True):
    """One law, applied. `numbers` are the named values of its formula; `waivable_by` is the post that may waive it, "" for none.

    `gaps` are the ids of open questions of the regulation whose interim rule was used.
    """

    law: str
    outcome: Outcome
    clause: str
    numbers: Mapping[str, Number]
    waivable_by: str = ""
    gaps: tuple[str, ...] = ()


class Effect(msgspec.Struct, frozen=True):
    """What a cure does to one failed law: whether it then passes, and the number that shows it."""

    law: str
    passes: bool
    number: Decimal | int | None = None


class Cure(msgspec.Struct, frozen=True):
    """One concrete way to pass: its kind, its numbers, and its effect on every failed law."""

    kind: str
    numbers: Mapping[str, Number]
    effects: tuple[Effect, ...]


class Decision(msgspec.Struct, frozen=True):
    """A whole answer: verdict, all laws in their fixed order, the cures, and the regulation that decided (`pack/number/hash`)."""

    verdict: Verdict
    laws: tuple[LawResult, ...]
    cures: tuple[Cure, ...]
    regulation: str

    def failed(self) -> tuple[LawResult, ...]:
        """Return the laws that failed, in order."""
        return tuple(law for law in self.laws if law.outcome is Outcome.FAILED)

    def law(self, name: str) -> LawResult:
        """Return one law by its name; raises KeyError for a law that was not judged."""
        for result in self.laws:
            if result.law == name:
                return result
        raise KeyError(name)


_encoder = msgspec.json.Encoder(order="deterministic")


def encode(value: msgspec.Struct) -> str:
    """Return the canonical JSON of a frozen value: Decimals as text, keys of mappings sorted."""
    return _encoder.encode(value).decode()


def verdict_of(laws: tuple[LawResult, ...]) -> Verdict:
    """Return the verdict that follows from the laws."""
    failed = [law for law in laws if law.outcome is Outcome.FAILED]
    if not failed:
        return Verdict.PASSED
    return Verdict.WAIVABLE if all(law.waivable_by for law in failed) else Verdict.REFUSED
