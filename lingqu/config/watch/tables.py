"""Which changes of tables the installed code brings."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from django.apps import apps
from django.db.migrations.loader import MigrationLoader


@cache
def migrations_on_disk() -> frozenset[tuple[str, str]]:
    """Return all migrations (module, name) that the installed code brings; a running process keeps its code. Django must be loaded."""
    found = set()
    for config in apps.get_app_configs():
        name, explicit = MigrationLoader.migrations_module(config.label)
        try:
            module = import_module(name or "")
        except ModuleNotFoundError:
            if explicit:
                raise
            continue
        names = (entry.name for entry in pkgutil.iter_modules(module.__path__) if not entry.ispkg)
        found |= {(config.label, entry) for entry in names if entry[0] not in "_~"}
    return frozenset(found)
