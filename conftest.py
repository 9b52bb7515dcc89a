"""Test databases: the tables are made once into a template database; every worker and every race gets a copy of it in a moment.

Tests connect as the application's role, as production does. `DATABASE_URL` (an owner that may make databases) runs the suite on a named
server; without it the embedded server of `build/test-home` is used.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent
os.environ.setdefault("LINGQU_HOME", str(ROOT / "build" / "test-home"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingqu.config.settings")

from lingqu.config.home import connection as parts_of  # noqa: E402 - the data folder is chosen above
from lingqu.config.home import current_home, named_server  # noqa: E402
from lingqu.operate import folder, locks, postgres, roles  # noqa: E402
from lingqu.operate.connecting import open_connection  # noqa: E402

HOME = current_home()
folder.prepare(HOME)
HOME.secrets()
if not named_server():
    postgres.start(HOME)

import django  # noqa: E402 - the settings read the data folder

django.setup()


@cache
def _template_name() -> str:
    """Name the template after everything that shapes its tables, so that an old one is never used."""
    digest = hashlib.sha256()
    shaping = [*ROOT.glob("lingqu/*/migrations/*.py"), ROOT / "lingqu/operate/roles.py", ROOT / "requirements/base.txt"]
    for path in sorted(shaping):
        digest.update(path.read_bytes())
    return f"lingqu_template_{digest.hexdigest()[:12]}"


def _as_maintenance() -> dict[str, str]:
    """The owner, beside its own database: databases are made and dropped from there."""
    return parts_of(HOME, "owner") if named_server() else parts_of(HOME, "owner", database="postgres")


def _has_database(name: str) -> bool:
    with open_connection(_as_maintenance()) as admin:
        return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is not None


def _make_template(name: str) -> None:
    roles.ensure_roles(HOME)
    if _has_database(name):
        return
    fresh = f"{name}_new"
    with open_connection(_as_maintenance()) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {fresh} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {fresh}")
    environment = os.environ | {"LINGQU_DATABASE_ROLE": "owner", "LINGQU_DATABASE_NAME": fresh}
    subprocess.run([sys.executable, "-m", "lingqu.operate.migrate"], check=True, env=environment, stdout=subprocess.DEVNULL)
    with open_connection(parts_of(HOME, "owner", database=fresh)) as owner:
        roles.grant(owner)
    with open_connection(_as_maintenance()) as admin:
        admin.execute(f"ALTER DATABASE {fresh} RENAME TO {name}")


def copy_template(name: str) -> None:
    """Make the database `name` anew as a copy of the template."""
    with open_connection(_as_maintenance()) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {_template_name()}")
        admin.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {name} TO lingqu_app")


def drop_database(name: str) -> None:
    """Drop a database that a test made."""
    with open_connection(_as_maintenance()) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def template_database() -> str:
    """Make sure that the template exists; one worker makes it, the others wait."""
    with locks.exclusive(folder.run_folder(HOME) / "template.lock"):
        _make_template(_template_name())
    return _template_name()


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, django_db_blocker: Any, worker_id: str) -> Iterator[None]:
    """Point Django at this worker's own copy of the template, as the application's role."""
    from django.db import connections

    name = f"lingqu_test_{worker_id}_{os.getpid()}"
    with locks.exclusive(folder.run_folder(HOME) / "template.lock"):
        copy_template(name)
    settings = connections.settings["default"]
    settings |= {"NAME": name, "PASSWORD": HOME.secrets()["app_password"]}
    with django_db_blocker.unblock():
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = name
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
    from tests.world import build_world

    return build_world()


@pytest.fixture
def race_database(template_database: str, django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[str]:
    """A database of its own for many connections at once: what is done in it is committed. Yields its name."""
    from django.db import connections

    name = f"lingqu_race_{worker_id}_{os.getpid()}"
    with locks.exclusive(folder.run_folder(HOME) / "template.lock"):
        copy_template(name)
    settings = connections.settings["default"]
    usual = settings["NAME"]
    with django_db_blocker.unblock():
        connections.close_all()
        settings["NAME"] = connections["default"].settings_dict["NAME"] = name
        try:
            yield name
        finally:
            connections.close_all()
            settings["NAME"] = connections["default"].settings_dict["NAME"] = usual
    drop_database(name)


def as_owner(name: str) -> Any:
    """Connect to a test database as its owner: for negative controls, which damage what the application cannot."""
    return open_connection(parts_of(HOME, "owner", database=name))
