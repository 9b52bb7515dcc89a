"""Documents of the types whose pages the registry makes, as objects of addresses."""

from __future__ import annotations

from collections.abc import Iterator

from lingqu.base.access import sight_for
from lingqu.documents.actions import attach
from lingqu.documents.registry import type_called
from lingqu.returns.tests.steps import PHOTO
from tests.documents import things_of_types
from tests.promises.access_things import People, Thing
from tests.promises.access_world import Rich


def tell_types(world: Rich, people: People) -> Iterator[tuple[str, Thing]]:
    """Add a new document of each type with a file, and return it with the names of its addresses."""
    codes = {world.hq.pk: "hq"} | {firm.pk: code for code, firm in world.firms.items()}
    for key, things in things_of_types():
        made = type_called(key)
        if made.hand_made.one:
            continue
        document = things.states[things.starts](world)
        who = world.who(people.names[document.asked_by_id])
        (file,) = attach(key, document.pk, "evidence", (PHOTO,), by=who, at=world.at)
        sight = sight_for(made.model._meta.label)
        firms = [codes[getattr(document, f"{way.column}_id")] for way in sight.firms] if sight else []
        known = {"asker": people.of(document.asked_by_id, getattr(document, "asked_for_id", None))}
        thing = Thing(key, {"number": document.number}, firms[0], firms[1] if len(firms) > 1 else "", known)
        yield made.one_route, thing
        yield f"{key}_comment", thing
        yield f"{key}_file", Thing(key, {"number": document.number, "attachment": file.pk}, thing.seller, thing.buyer, known)
        yield from ((made.route_of(verb), thing) for verb in made.verbs if not verb.route)
