"""What the modules declare of themselves in `module.py`: document types, subscribers, operations for other systems, evidence, measures."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from django.apps import apps

from lingqu.base.events import Event
from lingqu.documents.queries import register_list
from lingqu.documents.registry import all_types, register_type
from lingqu.documents.registry.showing import list_out
from lingqu.policy.queries import register_carrier
from lingqu.policy.rules.names import carrier_name

HOUSE = "lingqu."
Subscriber = Callable[[Any], None]


def declared() -> list[ModuleType]:
    """Return the `module.py` of every module that has one, in the order of the installed apps."""
    named = [f"{app.name}.module" for app in apps.get_app_configs() if app.name.startswith(HOUSE)]
    return [import_module(name) for name in named if find_spec(name)]


def register_declared() -> None:
    """Register the document types of all modules with their lists and what they carry out; called once when Django is ready."""
    for module in declared():
        for made in getattr(module, "DOCUMENT_TYPES", ()):
            register_type(made)
    for made in all_types():
        if not made.hand_made.list:
            register_list(list_out(made))
        for carrier in made.carries:
            kind, _, key = carrier.partition(":")
            register_carrier(kind, key, carrier_name(carrier), f"/{made.slug}/")


def with_declared(listed: dict[type[Event], tuple[Subscriber, ...]]) -> dict[type[Event], tuple[Subscriber, ...]]:
    """Return who hears which event: those whom `wiring` lists, in that order, and behind them those of the modules' `SUBSCRIBERS`."""
    found = dict(listed)
    for module in declared():
        for event, hearing in getattr(module, "SUBSCRIBERS", {}).items():
            found[event] = (*found.get(event, ()), *hearing)
    return found


def declared_routers() -> list[Any]:
    """Return the operations for other systems that modules declare (`ROUTERS`)."""
    return [router for module in declared() for router in getattr(module, "ROUTERS", ())]
