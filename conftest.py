"""Fixtures for all tests; the databases behind them are explained in `tests/databases.py`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from lingqu.base.text import use_language
from lingqu.operate import folder, locks
from tests.databases import HOME, copy_template, drop_database, make_template, template_name

CROWD_SECONDS = 60


@pytest.fixture(scope="session", autouse=True)
def settings_that_cost_nothing() -> Iterator[None]:
    """Keep passwords of test people by a quick hash, and look for styles when they are asked for.

    Half of the time of a page's test would go into the real hash, and each browser would begin by reading a thousand files.
    """
    from django.test import override_settings

    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"], WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(scope="session", autouse=True)
def packs_are_read_once() -> Iterator[None]:
    """Read each of the product's own packs once: a world for a race would spend most of its time on the regulation's files."""
    from lingqu.policy.actions import installing

    read, once = installing.read_pack, cache(installing.read_pack)
    with pytest.MonkeyPatch.context() as reading:
        reading.setattr(installing, "read_pack", lambda folder: once(folder) if folder.parent == installing.PACKS else read(folder))
        yield


@pytest.fixture(autouse=True)
def in_chinese() -> None:
    """Begin every test in Chinese: a page that the test before asked for in English leaves its language behind."""
    use_language("zh")


@pytest.fixture(scope="session")
def template_database() -> str:
    """Make sure that the template exists; one worker makes it, the others wait."""
    with locks.exclusive(folder.run_folder(HOME) / "template.lock"):
        make_template(template_name())
    return template_name()


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, django_db_blocker: Any, worker_id: str) -> Iterator[None]:
    """Point Django at this worker's own copy of the template, with the small world in it, as the application's role."""
    from django.db import connections

    from tests.world import keep_world

    name = f"lingqu_test_{worker_id}_{os.getpid()}"
    with locks.exclusive(folder.run_folder(HOME) / "template.lock"):
        copy_template(name)
    settings = connections.settings["default"]
    settings |= {"NAME": name, "PASSWORD": HOME.secrets()["app_password"]}
    with django_db_blocker.unblock():
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = name
        keep_world()
        yield
        connections.close_all()
    drop_database(name)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The name of this test process: `master`, or gw0, gw1 … when several run side by side."""
    return os.environ.get("PYTEST_XDIST_WORKER", "master")


@pytest.fixture
def world(db: None) -> Any:
    """The small publisher of `tests/world.py`, made anew in this test's transaction."""
    from tests.world import fresh_world

    return fresh_world()


@pytest.fixture
def race_database(template_database: str, django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[str]:
    """A database of its own for many connections at once: what is done in it is committed. Yields its name."""
    from django.db import connections

    name = f"lingqu_race_{worker_id}_{os.getpid()}"
    with locks.exclusive(folder.run_folder(HOME) / "template.lock"):
        copy_template(name)
    settings = connections.settings["default"]
    usual, patience = settings["NAME"], settings["OPTIONS"]["connect_timeout"]
    with django_db_blocker.unblock():
        connections.close_all()
        settings["NAME"] = connections["default"].settings_dict["NAME"] = name
        # A silent server is given up after two seconds; 64 threads of one interpreter that all connect at once are slower than that.
        settings["OPTIONS"]["connect_timeout"] = CROWD_SECONDS
        try:
            yield name
        finally:
            connections.close_all()
            settings["NAME"] = connections["default"].settings_dict["NAME"] = usual
            settings["OPTIONS"]["connect_timeout"] = patience
    drop_database(name)
