"""A database with the whole demo in it, made once: stories look at it, negative controls damage copies of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from lingqu.operate import folder, locks
from tests.databases import HOME, copy_template, drop_database
from tests.pages import at_desk

__all__ = ["at_desk"]


@contextmanager
def django_on(name: str, blocker: Any) -> Iterator[None]:
    """Let Django work on another database for a while; what is done there is committed."""
    from django.db import connections

    settings = connections.settings["default"]
    usual = settings["NAME"]
    with blocker.unblock():
        connections.close_all()
        settings["NAME"] = connections["default"].settings_dict["NAME"] = name
        try:
            yield
        finally:
            connections.close_all()
            settings["NAME"] = connections["default"].settings_dict["NAME"] = usual


@pytest.fixture(scope="session")
def demo_database(
    template_database: str, django_db_setup: None, django_db_blocker: Any, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Give the name of a database with the demo in it, for copies and for looking."""
    from lingqu.operate.demo.seed import seed_demo

    name = f"lingqu_demo_{worker_id}_{os.getpid()}"
    with locks.exclusive(folder.run_folder(HOME) / "template.lock"):
        copy_template(name)
    with pytest.MonkeyPatch.context() as patch, django_on(name, django_db_blocker):
        patch.setenv("LINGQU_HOME", str(tmp_path_factory.mktemp("home")))
        seed_demo(lambda line: None)
    yield name
    drop_database(name)


@pytest.fixture
def demo(demo_database: str, django_db_blocker: Any) -> Iterator[None]:
    """Let a test work in the demo; what it does there is taken back."""
    from django.db import transaction

    with django_on(demo_database, django_db_blocker), transaction.atomic():
        yield
        transaction.set_rollback(True)
