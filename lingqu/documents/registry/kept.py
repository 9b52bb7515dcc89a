"""Which document types there are, and the addresses that each declares."""

from __future__ import annotations

from collections.abc import Mapping

from lingqu.base.access import Entry, Once, both, declare, reading, writing
from lingqu.base.refusal import not_found
from lingqu.documents.registry.declared import DocumentType

_types: dict[str, DocumentType] = {}


def register_type(made: DocumentType) -> None:
    """Make a type known, and declare who may come to the addresses that are made for it; called once for each when Django is ready.

    Raises ValueError for a key that is taken, for a state without a tone, and for a verb that the table of states does not have.
    """
    verbs = {verb for _, verb in made.states.moves}
    wrong = [verb.verb.value for verb in made.verbs if verb.verb not in verbs]
    states = {str(state) for pair in made.states.moves.items() for state in (pair[0][0], pair[1])}
    wrong += sorted(states - set(made.tones))
    if made.key in _types or wrong:
        message = f"{made.key}: {', '.join(wrong) or 'this key is taken'}"
        raise ValueError(message)
    _types[made.key] = made
    declare(routes_of(made), {})


def type_called(key: str) -> DocumentType:
    """Return a type by its key; refuses (404) an unknown one."""
    found = _types.get(key)
    if found is None:
        raise not_found()
    return found


def all_types() -> tuple[DocumentType, ...]:
    """Return all types, in the order in which they were registered."""
    return tuple(_types.values())


def routes_of(made: DocumentType) -> Mapping[str, Entry]:
    """Return who may come to each address that the registry makes for a type; those written by hand stand in the module's `access.py`."""
    routes: dict[str, Entry] = {}
    if not made.hand_made.list:
        routes[made.list_route] = reading(*made.list_ways)
    if made.making and not made.hand_made.new:
        routes[made.new_route] = both(*made.making.ways, once=Once.ALIKE)
    for verb in made.verbs:
        if not verb.route:
            routes[made.route_of(verb)] = writing(*verb.ways) if verb.typing.nothing else both(*verb.ways)
    if not made.hand_made.one:
        routes[made.one_route] = reading(*made.one_ways)
        routes[f"{made.key}_file"] = reading(*made.one_ways)
        routes[f"{made.key}_comment"] = writing(*made.one_ways, once=Once.ALIKE)
    return routes
