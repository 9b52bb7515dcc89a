"""Test databases: the tables are made once into a template database; every worker and every race gets a copy of it in a moment.

Tests connect as the application's role, as production does. `DATABASE_URL` (an owner that may make databases) runs the suite on a named
server; without it the embedded server of `build/test-home` is used. `python -m tests.databases` makes the template before the tests ask.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("LINGQU_HOME", str(ROOT / "build" / "test-home"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingqu.config.settings")
os.environ.setdefault("LINGQU_SECOND_FACTOR", "off")  # a test that is about it turns it on
# Tests ask faster than people do; those of the rates turn them on.
os.environ.setdefault("LINGQU_RATES", "off")

from lingqu.config.home import connection as parts_of  # noqa: E402 - the data folder is chosen above
from lingqu.config.home import current_home, named_server  # noqa: E402
from lingqu.operate import folder, locks, postgres, roles  # noqa: E402
from lingqu.operate.connecting import open_connection  # noqa: E402

LONGEST_WAIT = 20
"""Seconds in which a test database must be free of connections."""

HOME = current_home()
folder.prepare(HOME)
HOME.secrets()
if not named_server():
    # Crowds of several workers at once; what the product takes is held in `lingqu/operate/tests/test_postgres.py`.
    postgres.start(HOME, settings={"max_connections": "300"})

import django  # noqa: E402 - the settings read the data folder

django.setup()


@cache
def template_name() -> str:
    """Name the template after everything that shapes its tables, so that an old one is never used."""
    digest = hashlib.sha256()
    shaping = [*ROOT.glob("lingqu/*/migrations/*.py"), ROOT / "lingqu/operate/roles.py", ROOT / "requirements/base.txt"]
    for path in sorted(shaping):
        digest.update(path.read_bytes())
    return f"lingqu_template_{digest.hexdigest()[:12]}"


def as_maintenance() -> dict[str, str]:
    """The owner, beside its own database: databases are made and dropped from there."""
    return parts_of(HOME, "owner") if named_server() else parts_of(HOME, "owner", database="postgres")


def has_database(name: str) -> bool:
    with open_connection(as_maintenance()) as admin:
        return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is not None


def make_template(name: str) -> None:
    roles.ensure_roles(HOME)
    if has_database(name):
        return
    fresh = f"{name}_new"
    with open_connection(as_maintenance()) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {fresh} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {fresh}")
    environment = os.environ | {"LINGQU_DATABASE_ROLE": "owner", "LINGQU_DATABASE_NAME": fresh}
    subprocess.run([sys.executable, "-m", "lingqu.operate.migrate"], check=True, env=environment, stdout=subprocess.DEVNULL)
    with open_connection(parts_of(HOME, "owner", database=fresh)) as owner:
        roles.grant(owner)
    with open_connection(as_maintenance()) as admin:
        admin.execute(f"ALTER DATABASE {fresh} RENAME TO {name}")


def copy_template(name: str) -> None:
    """Make the database `name` anew as a copy of the template."""
    drop_database(name)
    with open_connection(as_maintenance()) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template_name()}")
        admin.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {name} TO lingqu_app")


def drop_database(name: str) -> None:
    """Drop a database that a test made."""
    for _ in range(LONGEST_WAIT * 10):
        try:
            with open_connection(as_maintenance()) as admin:
                admin.execute(f"DROP DATABASE IF EXISTS {name}")
        except psycopg.errors.ObjectInUse:
            time.sleep(0.1)  # a connection that was just closed is still being cleared away
        else:
            return
    message = f"{name} is still in use after {LONGEST_WAIT} s"
    raise TimeoutError(message)


def as_owner(name: str) -> Any:
    """Connect to a test database as its owner: for negative controls, which damage what the application cannot."""
    return open_connection(parts_of(HOME, "owner", database=name))


def look_at_tables(name: str) -> None:
    """Let the server look at its tables now, as it does by itself a minute after many rows came.

    Rows of a transaction that is never committed are otherwise unknown to it, and those of tests before this one are remembered as gone:
    it would plan for empty tables. The application may not ask for it, so it is allowed to for this moment.
    """
    from django.db import connection

    with as_owner(name) as owner:
        owner.execute("GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO lingqu_app")
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT string_agg(oid::regclass::text, ', ') FROM pg_class WHERE relkind = 'r' AND pg_relation_size(oid) > 0"
                    " AND relnamespace = 'public'::regnamespace"
                )
                (tables,) = cursor.fetchone()
                cursor.execute(f"ANALYZE {tables}")
        finally:
            owner.execute("REVOKE MAINTAIN ON ALL TABLES IN SCHEMA public FROM lingqu_app")


if __name__ == "__main__":
    with locks.exclusive(folder.run_folder(HOME) / "template.lock"):
        make_template(template_name())
