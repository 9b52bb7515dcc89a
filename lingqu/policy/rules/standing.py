"""How far the product carries each clause out, judged by what cites it and by what exists."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from lingqu.base.text import Text
from lingqu.policy.rules.citing import citations
from lingqu.policy.rules.regulation import Parameters, Regulation
from lingqu.policy.rules.words import LAW_NAMES
from lingqu.policy.states import ClauseState, Law

_LAWS = frozenset(law.value for law in Law)


class Carried(msgspec.Struct, frozen=True):
    """One carrier of a clause, `kind:key`, with its name, and whether this version of the product has it."""

    carrier: str
    name: Text
    exists: bool


class ClauseStanding(msgspec.Struct, frozen=True):
    """How far a clause is carried out, by what, and the open questions about it."""

    state: ClauseState
    carriers: tuple[Carried, ...]
    gaps: tuple[str, ...]


def exists(carrier: str, regulation: Regulation, ready: Collection[str]) -> bool:
    """Return whether the product has what a regulation names.

    A law that is on, a parameter that is obeyed, any duty, a committee by which a procedure votes, and what is `ready`.
    """
    kind, _, key = carrier.partition(":")
    if kind == "law":
        return key in _LAWS and key in regulation.laws and regulation.laws[key].enabled
    if kind == "parameter":
        return key in Parameters.__struct_fields__
    if kind == "committee":
        return any(step.who.committee == key for chain in regulation.chains.values() for step in chain.steps)
    return kind == "duty" or carrier in ready


def clause_standings(regulation: Regulation, ready: Collection[str]) -> dict[str, ClauseStanding]:
    """Return how far each clause is carried out; `ready` names the procedures, accounts, scorecards and records that the product has.

    Full: all that carries it out exists. Not yet: nothing does, or nothing is named.
    """
    carriers: dict[str, list[Carried]] = {key: [] for key in regulation.clauses}
    gaps: dict[str, list[str]] = {key: [] for key in regulation.clauses}
    for one in citations(regulation):
        kind, _, key = one.carrier.partition(":")
        if one.clause not in carriers:
            continue
        if kind == "gap":
            if regulation.gaps[key].answer is None:
                gaps[one.clause].append(key)
        else:
            carriers[one.clause].append(Carried(one.carrier, one.name, exists(one.carrier, regulation, ready)))
    for law in regulation.laws.values():
        if law.clause in gaps:
            gaps[law.clause] += [gap for gap in law.gaps if gap not in gaps[law.clause]]
    for key, clause in regulation.clauses.items():
        known = {one.carrier for one in carriers[key]}
        carriers[key] += [Carried(word, _named(word), exists(word, regulation, ready)) for word in clause.carried_by if word not in known]
    return {key: ClauseStanding(_state(carriers[key]), tuple(carriers[key]), tuple(gaps[key])) for key in regulation.clauses}


def _state(carriers: list[Carried]) -> ClauseState:
    if not any(one.exists for one in carriers):
        return ClauseState.NOT_YET
    return ClauseState.FULL if all(one.exists for one in carriers) else ClauseState.PART


def _named(carrier: str) -> Text:
    kind, _, key = carrier.partition(":")
    return LAW_NAMES[key] if kind == "law" and key in LAW_NAMES else Text(carrier, carrier)
