"""Who may come and who sees what, as the modules declare it: collected once, and checked before the server takes a request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, get_resolver

from lingqu.base.access import OPEN, SIGNED_IN, Entry, declare, declared_models, declared_routes
from lingqu.documents.pages import guarded

HOUSE = "lingqu."
API = "api:"


def collect() -> None:
    """Read `ROUTES` and `MODELS` of every module's `access.py`; called once when Django is ready."""
    for app in apps.get_app_configs():
        if app.name.startswith(HOUSE) and find_spec(f"{app.name}.access"):
            rooms = import_module(f"{app.name}.access")
            models = {f"{app.label}.{name}": sight for name, sight in getattr(rooms, "MODELS", {}).items()}
            declare(getattr(rooms, "ROUTES", {}), models)


def check_declarations() -> None:
    """Refuse to go on (ImproperlyConfigured) while an address or a model of ours is not declared; called when the server starts."""
    wrong = [*route_faults(routes_of(get_resolver().url_patterns)), *model_faults()]
    if wrong:
        raise ImproperlyConfigured("; ".join(wrong))


def routes_of(patterns: Iterable[URLPattern | URLResolver], namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Return every address with the name under which it is declared: its own, or `api:` and its own inside a namespace."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes_of(pattern.url_patterns, namespace or pattern.namespace or "")
        else:
            yield (API if namespace else "") + (pattern.name or ""), pattern


def route_faults(routes: Iterable[tuple[str, URLPattern]]) -> list[str]:
    """Return what is wrong with the declarations of addresses: missing, without any way, open without a reason, or of no address."""
    declared, found, wrong = declared_routes(), set(), []
    for name, pattern in routes:
        found.add(name)
        wrong += _faults_of(name, declared.get(name), pattern)
    return wrong + [f"{name} is declared, but there is no such address" for name in sorted(set(declared) - found)]


def _faults_of(name: str, entry: Entry | None, pattern: URLPattern) -> list[str]:
    if entry is None:
        where = f"the address {name or '(without a name)'} ({pattern.pattern})"
        return [f"{where} is not declared: add it to ROUTES in the module's access.py (docs/decisions/0027)"]
    if not entry.methods:
        return [f"{name} is declared for no method"]
    if entry.door == OPEN and not entry.why:
        return [f"{name} is open to everybody without a reason"]
    if entry.door == SIGNED_IN and not guarded(pattern.callback):
        return [f"{name} is declared for people who are signed in, but its view is not behind @page"]
    return []


def model_faults(models: Iterable[Any] | None = None) -> list[str]:
    """Return what is wrong with the declarations of models: missing, saying nothing, or naming columns that there are not."""
    declared, wrong = declared_models(), []
    for model in apps.get_models() if models is None else models:
        if not model.__module__.startswith(HOUSE):
            continue
        sight = declared.get(model._meta.label)
        if sight is None:
            wrong.append(f"the model {model._meta.label} is not declared: add it to MODELS in the module's access.py (docs/decisions/0027)")
            continue
        ways = [bool(sight.firms or sight.people), sight.everybody, bool(sight.through), bool(sight.never)]
        if sum(ways) != 1:
            wrong.append(f"{model._meta.label} must be seen by firms or people, by everybody, through something, or never")
        fields = {field.name for field in model._meta.get_fields()} | {"pk"}
        wrong += [
            f"{model._meta.label} has no field {name}"
            for name in (*sight.inside, *sight.hidden, *filter(None, (sight.through,)))
            if name not in fields
        ]
    return wrong
