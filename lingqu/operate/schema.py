"""Whose tables stand in the database: ours are marked, others are neither mixed with nor dropped."""

from __future__ import annotations

from typing import Final

from psycopg import sql

from lingqu.operate.connecting import Connection
from lingqu.operate.said import refusal

MARK: Final = "lingqu-home"
# One of our own modules: a database that has applied its migrations is ours even where the mark was lost, in a restore for instance.
OWN_APP: Final = "organisation"

# What belongs to an extension is the administrator's, and stays.
RELATIONS: Final = """
    SELECT one.oid, one.relkind::text, one.oid::regclass::text
    FROM pg_class AS one
    WHERE one.relnamespace = 'public'::regnamespace AND one.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
        AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = one.oid AND deptype = 'e')
    ORDER BY one.relname
"""
ROUTINES: Final = """
    SELECT one.prokind::text, one.oid::regprocedure::text
    FROM pg_proc AS one
    WHERE one.pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = one.oid AND deptype = 'e')
"""
TYPES: Final = """
    SELECT one.oid::regtype::text
    FROM pg_type AS one
    WHERE one.typnamespace = 'public'::regnamespace AND one.typtype IN ('e', 'd', 'r', 'c')
        AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass AND objid = one.oid AND deptype = 'e')
"""
KIND_OF_RELATION: Final = {"r": "TABLE", "p": "TABLE", "v": "VIEW", "m": "MATERIALIZED VIEW", "f": "FOREIGN TABLE", "S": "SEQUENCE"}
KIND_OF_ROUTINE: Final = {"f": "FUNCTION", "w": "FUNCTION", "p": "PROCEDURE", "a": "AGGREGATE"}


def is_marked(owner: Connection) -> bool:
    """Return whether the tables of the schema `public` are ours."""
    if not _has_migrations(owner):
        return False
    row = owner.execute("SELECT obj_description('public.django_migrations'::regclass, 'pg_class')").fetchone()
    if row == (MARK,):
        return True
    return owner.execute("SELECT 1 FROM public.django_migrations WHERE app = %s LIMIT 1", (OWN_APP,)).fetchone() is not None


def check_schema(owner: Connection) -> None:
    """Refuse a database whose schema `public` holds another program's tables."""
    found = owner.execute(RELATIONS).fetchone()
    if found is not None and not is_marked(owner):
        raise refusal(
            "foreign_tables",
            "数据库 {name} 里已有其他程序的表（如 {table}），请在 DATABASE_URL 中指定一个空数据库。",
            "The database {name} already holds tables of another program ({table}, for one); name an empty database in DATABASE_URL.",
            name=owner.info.dbname,
            table=found[2],
        )


def applied_migrations(owner: Connection) -> frozenset[tuple[str, str]]:
    """Return the migrations (module, name) that the database has applied; empty before the first."""
    if not _has_migrations(owner):
        return frozenset()
    return frozenset((app, name) for app, name in owner.execute("SELECT app, name FROM public.django_migrations"))


def has_content(app: Connection) -> bool:
    """Return whether a regulation was installed: without one nothing can be decided."""
    return app.execute("SELECT EXISTS (SELECT FROM policy_version)").fetchone() == (True,)


def empty_schema(owner: Connection) -> None:
    """Drop every table, view, sequence, function and type of the schema `public`, in one transaction; extensions stay.

    Refuses a schema that holds another program's tables.
    """
    check_schema(owner)
    with owner.transaction():
        for oid, kind, name in owner.execute(RELATIONS).fetchall():
            # One that went with another by CASCADE is gone by now.
            if owner.execute("SELECT 1 FROM pg_class WHERE oid = %s", (oid,)).fetchone():
                _drop(owner, KIND_OF_RELATION[kind], name)
        for kind, name in owner.execute(ROUTINES).fetchall():
            _drop(owner, KIND_OF_ROUTINE[kind], name)
        for (name,) in owner.execute(TYPES).fetchall():
            _drop(owner, "TYPE", name)


def _has_migrations(owner: Connection) -> bool:
    return owner.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL").fetchone() == (True,)


def _drop(owner: Connection, kind: str, name: str) -> None:
    # The name comes from the catalogue, quoted where it needs to be.
    owner.execute(sql.SQL("DROP {} IF EXISTS {} CASCADE").format(sql.SQL(kind), sql.SQL(name)))
