"""The application's role can read the ledger and nothing else; what writes are the owner's functions."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from lingqu.ledger.actions import open_account, post
from tests.world import World

TABLES = ("ledger_account", "ledger_running", "ledger_posting", "ledger_limitchange", "ledger_groupchange")
STATEMENTS = ("DELETE FROM {table}", "TRUNCATE {table}", "INSERT INTO {table} DEFAULT VALUES", "UPDATE {table} SET {column} = {column}")
COLUMN = {
    "ledger_account": "unit",
    "ledger_running": "used",
    "ledger_posting": "amount",
    "ledger_limitchange": "limit",
    "ledger_groupchange": "group_id",
}


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("table", TABLES)
def test_the_application_cannot_write(world: World, table: str, statement: str) -> None:
    text = statement.format(table=table, column=f'"{COLUMN[table]}"')
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text)


@pytest.mark.parametrize("statement", ["DELETE FROM audit_fact", "TRUNCATE audit_fact", "UPDATE audit_fact SET verb = verb"])
def test_facts_stay_as_they_were_recorded(world: World, statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_tests_run_as_a_role_that_owns_nothing(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchone() == (0,)


def test_posting_nothing_does_nothing(world: World) -> None:
    assert post([], on=world.at.date(), at=world.at) == []


def test_an_account_is_opened_once(world: World) -> None:
    first = open_account("cash", holder=world.hq.pk, unit="CNY")
    assert open_account("cash", holder=world.hq.pk, unit="CNY") == first
