"""The import contracts of pyproject.toml hold, and each of them turns red on a small house that breaks it."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

import grimp
import pytest
from importlinter import Contract, configuration
from importlinter.application import use_cases
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract

from tests.house import source
from tools.contracts import DoorsContract

KINDS: dict[str, type[Contract]] = {
    "layers": LayersContract,
    "forbidden": ForbiddenContract,
    "doors": DoorsContract,
    "acyclic_siblings": AcyclicSiblingsContract,
}
configuration.configure()
SESSION = {"root_packages": ["lingqu"], "include_external_packages": True}


@pytest.fixture(scope="module")
def house() -> grimp.ImportGraph:
    return grimp.build_graph("lingqu", include_external_packages=True, cache_dir=None)


@cache
def options_of(identity: str) -> dict[str, Any]:
    """Return a contract's options as import-linter itself reads them."""
    contracts = use_cases.read_user_options(str(source.ROOT / "pyproject.toml")).contracts_options
    return next(contract for contract in contracts if contract["id"] == identity)


def kept(identity: str, graph: grimp.ImportGraph) -> bool:
    """Return whether a contract of pyproject.toml holds for a graph of imports."""
    options = options_of(identity)
    contract = KINDS[options["type"]](name=options["name"], session_options=SESSION, contract_options=options)
    return contract.check(graph=graph, verbose=False).kept


def with_import(graph: grimp.ImportGraph, importer: str, imported: str) -> grimp.ImportGraph:
    """Return the house with one more import, and with whatever files that takes."""
    changed = deepcopy(graph)
    for name in (importer, imported):
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            module = ".".join(parts[:length])
            if module not in changed.modules:
                changed.add_module(module, is_squashed=not name.startswith("lingqu"))
    changed.add_import(importer=importer, imported=imported, line_number=1, line_contents=f"import {imported}")
    return changed


@pytest.mark.parametrize("identity", source.contracts())
def test_a_contract_holds(identity: str, house: grimp.ImportGraph) -> None:
    assert kept(identity, house)


@pytest.mark.parametrize(
    ("identity", "importer", "imported"),
    [
        ("floors", "lingqu.partners.queries", "lingqu.orders.queries"),
        ("floors", "lingqu.credit.actions", "lingqu.inventory.actions"),
        ("floors", "lingqu.base.money", "lingqu.audit.actions"),
        ("floors", "lingqu.rehearsal.actions", "lingqu.config.home"),
        ("floors", "lingqu.unplanned.rules", "lingqu.base.money"),
        ("rooms", "lingqu.orders.rules", "lingqu.orders.models"),
        ("rooms", "lingqu.orders.models", "lingqu.orders.actions"),
        ("rooms", "lingqu.orders.queries", "lingqu.orders.actions"),
        ("rooms", "lingqu.orders.actions.accept", "lingqu.orders.views"),
        ("rooms", "lingqu.orders.views", "lingqu.orders.api"),
        ("shapes", "lingqu.orders.forms", "lingqu.orders.actions"),
        ("shapes", "lingqu.orders.sheets", "lingqu.credit.actions"),
        ("doors", "lingqu.orders.views", "lingqu.partners.views"),
        ("doors", "lingqu.orders.actions", "lingqu.partners.forms"),
        ("doors", "lingqu.orders.views", "lingqu.partners.models"),
        ("doors", "lingqu.orders.api.lines", "lingqu.partners.models"),
        ("doors", "lingqu.orders.actions", "lingqu.organisation.sign_in"),
        ("doors", "lingqu.orders.views", "lingqu.documents.views"),
        ("doors", "lingqu.orders.views", "lingqu.documents.printer"),
        ("doors", "lingqu.orders.tests.test_accept", "lingqu.credit.tests.people"),
        ("purity", "lingqu.orders.rules.price", "django"),
        ("purity", "lingqu.orders.states", "django"),
        ("purity", "lingqu.orders.rules", "lingqu.partners.models"),
        ("purity", "lingqu.base.money", "django"),
        ("purity", "lingqu.base.money", "psycopg"),
        ("pure-rules", "lingqu.orders.rules", "lingqu.base.jobs"),
        ("clock", "lingqu.orders.actions.accept", "lingqu.base.clock"),
        ("clock", "lingqu.orders.rules", "lingqu.base.clock"),
        ("cycles", "lingqu.organisation.models", "lingqu.orders.models"),
    ],
)
def test_a_contract_turns_red(identity: str, importer: str, imported: str, house: grimp.ImportGraph) -> None:
    changed = with_import(house, importer, imported)
    if identity == "purity" and imported.endswith("models"):
        changed = with_import(changed, imported, "django")
    if identity == "cycles":
        changed = with_import(changed, imported, importer)
    assert not kept(identity, changed)


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("lingqu.orders.actions", "lingqu.partners.actions"),
        ("lingqu.orders.models", "lingqu.partners.models"),
        ("lingqu.orders.views", "lingqu.partners.queries"),
        ("lingqu.orders.views", "lingqu.orders.models"),
        ("lingqu.orders.tests.test_accept", "lingqu.orders.views"),
        ("lingqu.config.urls", "lingqu.orders.views"),
        ("lingqu.orders.views", "lingqu.documents.pages"),
        ("lingqu.orders.views", "lingqu.documents.printing"),
        ("lingqu.operate.cli", "lingqu.config.home"),
    ],
)
def test_the_doors_that_should_be_open_are(importer: str, imported: str) -> None:
    assert kept("doors", with_import(grimp.ImportGraph(), importer, imported))
