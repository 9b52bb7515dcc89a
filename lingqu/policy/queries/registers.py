"""What the product has beside laws and duties: procedures that some module starts, accounts, records, measures. Filled by the wiring."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import msgspec

from lingqu.base.text import Text
from lingqu.policy.rules import ClauseStanding, Regulation, clause_standings


class RegisteredCarrier(msgspec.Struct, frozen=True):
    """Something that carries clauses out: its kind (procedure, account, record, scorecard), key, name, and its page ("" for none)."""

    kind: str
    key: str
    words: Text
    url: str = ""


MeasureReader = Callable[[int, date, date], Decimal | None]


class Measure(msgspec.Struct, frozen=True):
    """A figure that scorecards and reports judge by: `reader(firm, since, until)` returns it, None where nothing can be said."""

    name: str
    words: Text
    unit: Text
    reader: MeasureReader


_carriers: dict[str, RegisteredCarrier] = {}
_measures: dict[str, Measure] = {}


def register_carrier(kind: str, key: str, words: Text, url: str = "") -> None:
    """Say that the product has a procedure, account, record or scorecard: clauses that name it are carried out. Set in the wiring."""
    _carriers[f"{kind}:{key}"] = RegisteredCarrier(kind, key, words, url)


def register_measure(name: str, words: Text, unit: Text, reader: MeasureReader) -> None:
    """Name who can tell a measure. Set in the wiring."""
    _measures[name] = Measure(name, words, unit, reader)


def ready_carriers() -> frozenset[str]:
    """Return what is registered, each as `kind:key`."""
    return frozenset(_carriers)


def carrier_entry(carrier: str) -> RegisteredCarrier | None:
    """Return what is registered under `kind:key`, None for nothing."""
    return _carriers.get(carrier)


def measures() -> dict[str, Measure]:
    """Return the measures by name."""
    return dict(_measures)


def clause_states(regulation: Regulation) -> dict[str, ClauseStanding]:
    """Return how far the product carries out each clause of a regulation, by what, and what is still open."""
    return clause_standings(regulation, ready_carriers())
