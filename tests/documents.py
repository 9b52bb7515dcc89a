"""What the suite of all document types needs of each: a document in every state, who does what with it, and what they send."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import msgspec
from django.apps import apps

from tests.world import World

Make = Callable[[World], Any]
NOTHING: Mapping[str, Any] = {}


class Things(msgspec.Struct, frozen=True, kw_only=True):
    """The things of a type: `states` makes a new document in each state of its table, in a way of its own each time.

    `does` names who of the world does each verb on its page, `sends` what they send with it, and `ends` the state in which a verb leaves
    the document where something follows at once (a request that is judged anew). `sees` are people who see every document made here,
    `strangers` people who see none of them, `strange` more of them in some states. `starts` is the state of a new one, `many` makes
    one of thirty side by side where new ones cannot stand so, and `new` what is sent to make one (None: its own tests make one).
    `told_of` is what its facts are about where that is another thing, `listed` what its list shows of it where that is not its number,
    `filters` what the list is asked for. `said` are words of a document that belong to neither language.
    """

    states: Mapping[str, Make]
    starts: str
    does: Mapping[str, str]
    sends: Mapping[str, Callable[[World, Any], Mapping[str, Any]]] = {}
    ends: Mapping[tuple[str, str], str] = {}
    sees: tuple[str, ...]
    strangers: tuple[str, ...]
    strange: Mapping[str, tuple[str, ...]] = {}
    many: Make | None = None
    new: tuple[str, Callable[[World], Mapping[str, Any]]] | None = None
    told_of: Callable[[Any], tuple[str, int]] | None = None
    listed: Callable[[Any], str] = lambda document: document.number
    filters: Callable[[Any], Mapping[str, str]] = lambda document: NOTHING
    said: tuple[str, ...] = ()

    def sent(self, verb: str, world: World, document: Any) -> Mapping[str, Any]:
        """Return what is sent with a verb."""
        return self.sends[verb](world, document) if verb in self.sends else NOTHING


def answered(world: World, document: Any, verb: str) -> Any:
    """Return a document whose approval was answered: approved to the end, or refused or sent back at its first step."""
    waiting = document.state
    while document.state == waiting:
        step = world.step_of(document.approval_id).key
        who = step if step in world.people else f"agent_{step}"
        world.sign(document.approval_id, who, verb, "" if verb == "approve" else "请补充说明")
        document.refresh_from_db()
    return document


def things_of_types() -> Iterator[tuple[str, Things]]:
    """Return the things of every type by its key: each module tells its own in `tests/things.py`."""
    for app in apps.get_app_configs():
        name = f"{app.name}.tests.things"
        if app.name.startswith("lingqu.") and find_spec(f"{app.name}.tests") and find_spec(name):
            yield from import_module(name).THINGS.items()
