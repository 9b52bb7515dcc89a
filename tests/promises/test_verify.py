"""Negative controls of `lingqu verify`: each thing is damaged as only the owner can, and exactly its check turns red."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lingqu.operate.verify import run_checks
from tests.databases import as_maintenance, as_owner, drop_database, open_connection
from tests.promises.conftest import django_on

DAMAGE = {
    "running": "UPDATE ledger_running SET used = used + 1 WHERE account_id = (SELECT min(account_id) FROM inventory_stockitem)",
    "two_sided": "UPDATE ledger_posting SET unit = 'CNY' WHERE id = (SELECT min(id) FROM ledger_posting WHERE unit = 'PCS')",
    "limits": 'UPDATE ledger_running SET "limit" = "limit" + 0.01 WHERE count_limit = 2 AND open_count = 1',
    "exposure": "UPDATE credit_creditline SET unapplied = unapplied + 0.01 WHERE grade = 'A'",
    "open_batches": "UPDATE credit_batch SET counted = 0 WHERE id = (SELECT max(id) FROM credit_batch WHERE settled_on IS NULL)",
    "receipts": "UPDATE credit_receipt SET amount = amount + 0.01 WHERE id = (SELECT max(id) FROM credit_receipt)",
    "applications": "UPDATE credit_application SET amount = amount + 0.01 WHERE kind = 'write_off'",
    "batches": "UPDATE orders_order SET settled_on = NULL WHERE id = (SELECT min(id) FROM orders_order WHERE settled_on IS NOT NULL)",
    "holds": "UPDATE orders_order SET state = 'held' WHERE id = (SELECT min(id) FROM orders_order WHERE state = 'review')",
    "reserved": "UPDATE orders_orderline SET reserved = reserved + 1 WHERE id = (SELECT max(id) FROM orders_orderline WHERE reserved > 0)",
    "deliveries": "UPDATE orders_deliveryline SET copies = copies + 1 WHERE id = (SELECT min(id) FROM orders_deliveryline)",
    "heads": "UPDATE orders_order SET copies = copies + 1 WHERE id = (SELECT min(id) FROM orders_order)",
    "lines": "UPDATE orders_orderline SET discount_bp = discount_bp - 1 WHERE id = (SELECT min(id) FROM orders_orderline)",
    "facts": "DELETE FROM audit_fact WHERE verb = 'submit' AND subject_id = (SELECT min(id) FROM orders_order)",
    "decisions": 'UPDATE orders_storeddecision SET facts = replace(facts, \'"limit":"300000.00"\', \'"limit":"300000.01"\')'
    " WHERE id = (SELECT min(id) FROM orders_storeddecision)",
    "versions": "UPDATE policy_version SET content = replace(content, '300000', '300001') WHERE number = 1 AND pack = 'publisher'",
    "issued": "UPDATE approvals_approval SET fingerprint = 'x' WHERE subject_kind = 'regulation_draft' AND state = 'approved'",
    "own_requests": "UPDATE approvals_signer SET answered_by_id = (SELECT a.asked_by_id FROM approvals_approval a JOIN"
    " approvals_approvalstep s ON s.approval_id = a.id WHERE s.id = step_id) WHERE id = (SELECT min(id) FROM approvals_signer"
    " WHERE answer <> '')",
    "routes": "UPDATE approvals_approvalstep SET state = 'refused' WHERE id = (SELECT min(s.id) FROM approvals_approvalstep s JOIN"
    " approvals_approval a ON a.id = s.approval_id WHERE a.state = 'approved')",
    "signed": "UPDATE approvals_signer SET answer = '' WHERE id = (SELECT min(g.id) FROM approvals_signer g JOIN approvals_approvalstep s"
    " ON s.id = g.step_id WHERE g.answer = 'approve' AND s.state = 'approved')",
    "late_holds": "UPDATE orders_order SET answer_until = submitted_at - interval '1 day' WHERE state = 'held'",
}
"""What is damaged, by the check that must find it."""

MORE_DAMAGE = {
    "a hold that nobody owns": ("holds", "UPDATE orders_order SET state = 'review' WHERE state = 'held' AND source = 'partner'"),
    "an order without its batch": ("batches", "UPDATE orders_order SET accepted_at = now() WHERE state = 'review'"),
    "an order without its lines": (
        "heads",
        "DELETE FROM orders_orderline WHERE order_id = (SELECT id FROM orders_order WHERE state = 'refused')",
    ),
    "facts that cannot be read": (
        "decisions",
        "UPDATE orders_storeddecision SET facts = '{}' WHERE id = (SELECT max(id) FROM orders_storeddecision)",
    ),
    "a version that is not there": (
        "decisions",
        "UPDATE orders_storeddecision SET regulation = 'publisher/9/000000000000' WHERE id = (SELECT max(id) FROM orders_storeddecision)",
    ),
    "a reference that is none": (
        "decisions",
        "UPDATE orders_storeddecision SET regulation = 'x' WHERE id = (SELECT max(id) FROM orders_storeddecision)",
    ),
}


@pytest.fixture
def damaged(demo_database: str, django_db_blocker: Any) -> Iterator[Callable[[str], list[dict[str, Any]]]]:
    """Give a function that damages a copy of the demo and returns what the checks say then."""
    name = f"{demo_database}_damaged"

    def damage(statement: str) -> list[dict[str, Any]]:
        with open_connection(as_maintenance()) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {demo_database}")
            admin.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {name} TO lingqu_app")
        with as_owner(name) as owner:
            assert owner.execute(statement).rowcount >= 1
        with django_on(name, django_db_blocker):
            return run_checks()

    yield damage
    drop_database(name)


def test_every_check_has_its_negative_control(damaged: Callable[[str], list[dict[str, Any]]]) -> None:
    checks = damaged("UPDATE orders_order SET note = note")
    assert [check["key"] for check in checks if check["wrong"]] == []
    assert {check["key"] for check in checks} == set(DAMAGE)


@pytest.mark.parametrize("key", DAMAGE)
def test_exactly_the_check_of_what_was_damaged_turns_red(key: str, damaged: Callable[[str], list[dict[str, Any]]]) -> None:
    checks = damaged(DAMAGE[key])
    assert [check["key"] for check in checks if check["wrong"]] == [key]
    (red,) = (check for check in checks if check["wrong"])
    assert red["first_wrong"]
    assert red["ok"] is red["report_only"] is (key == "late_holds")


@pytest.mark.parametrize("what", MORE_DAMAGE)
def test_other_damage_is_found_too(what: str, damaged: Callable[[str], list[dict[str, Any]]]) -> None:
    key, statement = MORE_DAMAGE[what]
    assert [check["key"] for check in damaged(statement) if check["wrong"]] == [key]
