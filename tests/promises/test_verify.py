"""Negative controls of `lingqu verify`: each thing is damaged as only the owner can, and exactly its check turns red."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lingqu.operate.verify import run_checks
from tests.databases import as_maintenance, as_owner, drop_database, open_connection
from tests.promises.conftest import django_on

LINE = "(SELECT max(account_id) FROM credit_creditline)"

GROUPED = f"""
WITH opened AS (
    INSERT INTO ledger_account (kind, holder_id, unit)
    SELECT 'test_group', holder_id, unit FROM ledger_account WHERE id = {LINE} RETURNING id
), whole AS (
    INSERT INTO ledger_running (account_id, used, held, "limit", open_count, held_count, is_group)
    SELECT opened.id, used, held, 0, open_count, held_count, true FROM ledger_running, opened WHERE account_id = {LINE} RETURNING account_id
), written AS (
    INSERT INTO ledger_groupchange (account_id, group_id, "on", at) SELECT {LINE}, id, now(), now() FROM opened
)
UPDATE ledger_running SET group_id = whole.account_id FROM whole WHERE ledger_running.account_id = {LINE};
"""
"""A group with one of the demo's credit lines in it, whole and well; the damage follows."""

REVERSED = """
INSERT INTO ledger_posting (id, source_id, destination_id, amount, count, unit, phase, resolves_id, document_kind, document_id, reason,
                            "on", at)
SELECT 9000000 + n, CASE WHEN n % 2 = 1 THEN cash_id ELSE account_id END, CASE WHEN n % 2 = 1 THEN account_id ELSE cash_id END, amount,
       0, 'CNY', phase, CASE WHEN phase = 'reverse' THEN 9000001 END, 'test', 1, 'test', now(), now()
  FROM credit_creditline, (VALUES (1, 'direct', 1.00), (2, 'reverse', 1.00), {}) AS made (n, phase, amount)
 WHERE id = (SELECT max(id) FROM credit_creditline);
"""
"""Money that came in for nothing and was taken back whole, and two postings more; all together move nothing."""

BANKED = """
WITH was AS (
    SELECT r.id, r.amount, r.entered_by_id, c.seller_id FROM credit_receipt r JOIN credit_creditline c ON c.id = r.line_id
     WHERE r.state = 'entered' AND NOT EXISTS (SELECT FROM settlement_bankbooking b WHERE b.receipt_id = r.id) ORDER BY r.id LIMIT 1
), sent AS (
    INSERT INTO settlement_bankupload (seller_id, name, sha256, size, content, sent_by_id, sent_at)
    SELECT seller_id, 'x.csv', 'x', 1, 'x', entered_by_id, now() FROM was RETURNING id
), known AS (
    INSERT INTO settlement_bankprofile (seller_id, name, account, mapping, used_at)
    SELECT seller_id, 'x', '', '{}', now() FROM was RETURNING id
), taken AS (
    INSERT INTO settlement_bankfile (seller_id, number, upload_id, profile_id, name, sha256, lines_count, repeated, money_in, money_out,
                                     since, until, taken_by_id, taken_at)
    SELECT seller_id, 'YH-x', sent.id, known.id, 'x.csv', 'x', 1, 0, amount, 0, now(), now(), entered_by_id, now() FROM was, sent, known
    RETURNING id
), line AS (
    INSERT INTO settlement_bankline (file_id, seller_id, "row", "on", amount, payer, payer_account, payer_bank, remark, serial, fingerprint,
                                     state, note)
    SELECT taken.id, seller_id, 2, now(), amount, '', '', '', '', '', 'x', 'booked', '' FROM was, taken RETURNING id
)
INSERT INTO settlement_bankbooking (bank_line_id, receipt_id, amount, why) SELECT line.id, was.id, was.amount, '' FROM was, line;
"""
"""A bank line that was booked to the first receipt of the demo that no bank line stands for, whole and well."""

DAMAGE = {
    "running": "UPDATE ledger_running SET used = used + 1 WHERE account_id = (SELECT min(account_id) FROM inventory_stockitem)",
    "groups": f"{GROUPED} UPDATE ledger_running SET used = used + 0.01 WHERE is_group",
    "reversals": REVERSED.format("(3, 'direct', 0.01), (4, 'reverse', 0.01)"),
    "two_sided": "UPDATE ledger_posting SET unit = 'CNY' WHERE id = (SELECT min(id) FROM ledger_posting WHERE unit = 'PCS')",
    "limits": 'UPDATE ledger_running SET "limit" = "limit" + 0.01 WHERE count_limit = 2 AND open_count = 1',
    "exposure": "WITH kept AS (UPDATE credit_receipt SET unapplied = unapplied + 0.01 WHERE id = (SELECT max(id) FROM credit_receipt)"
    " RETURNING line_id) UPDATE credit_creditline SET unapplied = unapplied + 0.01 WHERE id = (SELECT line_id FROM kept)",
    "reversed": "UPDATE credit_receipt SET state = 'reversed', reversed_on = received_on WHERE id = (SELECT max(id) FROM credit_receipt"
    " WHERE unapplied = 0)",
    "undone": "WITH was AS (SELECT * FROM credit_application WHERE kind <> 'write_off' AND receipt_id IS NOT NULL ORDER BY id LIMIT 1),"
    ' more AS (INSERT INTO credit_application (batch_id, receipt_id, amount, kind, "on") SELECT batch_id, receipt_id, amount + 0.01, kind,'
    ' "on" FROM was) INSERT INTO credit_application (batch_id, receipt_id, reverses_id, amount, kind, "on") SELECT batch_id, receipt_id,'
    ' id, -amount - 0.01, kind, "on" FROM was',
    "waiting": "UPDATE credit_receipt SET unapplied = unapplied + 0.01 WHERE id = (SELECT max(id) FROM credit_receipt)",
    "credits": 'INSERT INTO credit_batchcredit (line_id, batch_id, number, amount, unapplied, cause, reason, made_at, "on", regulation)'
    " SELECT line_id, id, 'DX-x', 0.01, 0, 'returned', 'x', now(), now(), 'x' FROM credit_batch ORDER BY id LIMIT 1",
    "write_offs": "INSERT INTO credit_writeoff (batch_id, number, amount, reason, state, regulation, asked_by_id, asked_at, ended_because)"
    " SELECT id, 'HX-x', 0.01, 'x', 'applied', 'x', (SELECT min(id) FROM organisation_person), now(), '' FROM credit_batch"
    " ORDER BY id LIMIT 1",
    "open_batches": "UPDATE credit_batch SET counted = 0 WHERE id = (SELECT max(id) FROM credit_batch WHERE settled_on IS NULL)",
    "receipts": "UPDATE credit_receipt SET amount = amount + 0.01 WHERE id = (SELECT max(r.id) FROM credit_receipt r WHERE NOT EXISTS"
    " (SELECT FROM settlement_bankbooking b WHERE b.receipt_id = r.id))",
    "applications": "UPDATE credit_application SET amount = amount + 0.01 WHERE kind = 'write_off' AND write_off_id IS NULL",
    "bank_lines": f"{BANKED} UPDATE settlement_bankbooking SET amount = amount - 0.01",
    "batches": "UPDATE orders_order SET settled_on = NULL WHERE id = (SELECT min(id) FROM orders_order WHERE settled_on IS NOT NULL)",
    "holds": "UPDATE orders_order SET state = 'held' WHERE id = (SELECT min(id) FROM orders_order WHERE state = 'review')",
    "reserved": "UPDATE orders_orderline SET reserved = reserved + 1 WHERE id = (SELECT max(id) FROM orders_orderline WHERE reserved > 0)",
    "lots": "UPDATE inventory_lot SET remaining = remaining + 1 WHERE id = (SELECT min(id) FROM inventory_lot)",
    "deliveries": "UPDATE orders_deliveryline SET copies = copies + 1 WHERE id = (SELECT min(id) FROM orders_deliveryline)",
    "returns": "UPDATE orders_orderline SET returned = 1 WHERE id = (SELECT min(id) FROM orders_orderline WHERE shipped > 0)",
    "cancelled": "UPDATE orders_order SET state = 'cancelled' WHERE id = (SELECT min(id) FROM orders_order WHERE state = 'shipped')",
    "heads": "UPDATE orders_order SET copies = copies + 1 WHERE id = (SELECT min(id) FROM orders_order)",
    "lines": "UPDATE orders_orderline SET discount_bp = discount_bp - 1 WHERE id = (SELECT min(id) FROM orders_orderline)",
    "contracts": "UPDATE orders_order SET needs_contract = true"
    " WHERE id = (SELECT min(id) FROM orders_order WHERE accepted_at IS NOT NULL)",
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
    "a booked line that counts as waiting": ("bank_lines", f"{BANKED} UPDATE settlement_bankline SET state = 'open'"),
    "a booked line that counts as outgoing": ("bank_lines", f"{BANKED} UPDATE settlement_bankline SET state = 'outgoing'"),
    "a bank line whose booking was lost": ("bank_lines", f"{BANKED} DELETE FROM settlement_bankbooking"),
    "a group that nobody was put into": ("groups", f"{GROUPED} DELETE FROM ledger_groupchange"),
    "a member that was lost": ("groups", f"{GROUPED} UPDATE ledger_running SET group_id = NULL WHERE group_id IS NOT NULL"),
    "a group that is none": (
        "groups",
        f"{GROUPED} UPDATE ledger_running SET is_group = false, used = 0, held = 0, open_count = 0, held_count = 0 WHERE is_group",
    ),
    "a reversal the same way round": (
        "reversals",
        REVERSED.format("(3, 'direct', 0.50), (4, 'direct', 0.50)")
        + "UPDATE ledger_posting SET phase = 'reverse', resolves_id = 9000001 WHERE id = 9000003",
    ),
    "a reversal of a hold": (
        "reversals",
        REVERSED.format("(3, 'direct', 0.50), (4, 'direct', 0.50)")
        + "UPDATE ledger_posting SET resolves_id = (SELECT max(h.id) FROM ledger_posting h JOIN ledger_posting e ON e.resolves_id = h.id"
        " WHERE h.phase = 'hold') WHERE id = 9000002",
    ),
    "a hold that nobody owns": ("holds", "UPDATE orders_order SET state = 'review' WHERE state = 'held' AND source = 'partner'"),
    "an order without its batch": ("batches", "UPDATE orders_order SET accepted_at = now() WHERE state = 'review'"),
    "a request that waits for its contract and has a clock": (
        "contracts",
        "UPDATE orders_order SET state = 'papers', needs_contract = true, received_at = NULL WHERE state = 'refused'",
    ),
    "a request that nobody received": ("contracts", "UPDATE orders_order SET received_at = NULL WHERE state = 'refused'"),
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


@pytest.mark.parametrize(
    "whole", [GROUPED, REVERSED.format("(3, 'direct', 0.50), (4, 'direct', 0.50)"), BANKED], ids=["group", "reversal", "bank"]
)
def test_what_is_whole_is_well(whole: str, damaged: Callable[[str], list[dict[str, Any]]]) -> None:
    checks = damaged(whole)
    assert [check["key"] for check in checks if check["wrong"]] == []
    assert sum(check["checked"] for check in checks if check["key"] in {"groups", "reversals", "bank_lines"}) > 0


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
