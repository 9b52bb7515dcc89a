"""Foreign keys follow the floors too, which an import checker cannot see, and nothing outside organisation points to a sign-in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

import django
import pytest
from django.apps import apps
from django.db.models import Model

from tests.house import source


class Reference(NamedTuple):
    """One relation between two models, by the names of their modules and classes."""

    module: str
    model: str
    field: str
    target_module: str
    target_model: str


def upward(reference: Reference, floors: dict[str, int]) -> bool:
    """Return whether a relation leaves its module otherwise than downwards."""
    if reference.module == reference.target_module:
        return False
    return floors[reference.target_module] >= floors[reference.module]


def to_a_sign_in(reference: Reference) -> bool:
    """Return whether a relation points to who signs in, not to the person who acts."""
    return reference.target_model == "SignIn" and reference.module != "organisation"


def set_up_django() -> None:
    """Load the modules, where nothing has done so yet; no database is needed."""
    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingqu.config.settings")
        django.setup()


def house_models() -> list[type[Model]]:
    """Return the models of the package."""
    set_up_django()
    return [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("lingqu.")]


def references() -> Iterator[Reference]:
    """Return every relation from one of our models to another."""
    for model in house_models():
        for field in model._meta.get_fields():
            target = field.related_model
            if not (field.is_relation and field.concrete) or not isinstance(target, type) or not target.__module__.startswith("lingqu."):
                continue
            yield Reference(
                module=model.__module__.split(".")[1],
                model=model.__name__,
                field=field.name,
                target_module=target.__module__.split(".")[1],
                target_model=target.__name__,
            )


def test_every_module_of_the_package_has_a_floor() -> None:
    modules = {path.parts[1] for path in source.own(".py", under="lingqu/") if len(path.parts) > 2}
    assert modules - set(source.floors()) == set()


def test_foreign_keys_point_downwards() -> None:
    source.refuse([reference for reference in references() if upward(reference, source.floors())])


def test_everything_points_to_people_and_nothing_to_sign_ins() -> None:
    source.refuse([reference for reference in references() if to_a_sign_in(reference)])


def test_the_audit_points_to_nothing() -> None:
    source.refuse([reference for reference in references() if reference.module == "audit"])


@pytest.mark.parametrize(
    ("module", "target", "found"),
    [
        ("orders", "partners", False),
        ("orders", "orders", False),
        ("partners", "orders", True),
        ("credit", "inventory", True),
        ("audit", "organisation", True),
        ("contracts", "membership", True),
    ],
)
def test_a_foreign_key_that_climbs_or_goes_sideways_is_found(module: str, target: str, found: bool) -> None:
    reference = Reference(module, "Made", "up", target, "Thing")
    assert upward(reference, source.floors()) is found


def test_a_foreign_key_to_a_sign_in_is_found() -> None:
    assert to_a_sign_in(Reference("orders", "Order", "accepted_by", "organisation", "SignIn"))
    assert not to_a_sign_in(Reference("orders", "Order", "accepted_by", "organisation", "Person"))
