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

TAKEN_OVER = """
WITH was AS (
    SELECT r.id, r.amount, c.seller_id, h.id AS one, g.id AS other FROM credit_receipt r JOIN credit_creditline c ON c.id = r.line_id,
           (SELECT min(id) AS id FROM organisation_person) AS h, (SELECT max(id) AS id FROM organisation_person) AS g
     WHERE r.state = 'entered' ORDER BY r.id LIMIT 1
), old AS (
    UPDATE credit_receipt SET opening = true WHERE id = (SELECT id FROM was)
), file AS (
    INSERT INTO opening_openingfile (firm_id, number, kind, name, sha256, content, "on", rows_count, totals, state, reason,
                                     prepared_by_id, prepared_at, signed_by_id, signed_at, booked_by_id, booked_at)
    SELECT seller_id, 'QC-x', 'unapplied', 'x.xlsx', 'x', 'x', now(), 1, jsonb_build_object('rows', '1', 'amount', amount::text), 'booked',
           '', one, now(), one, now(), other, now() FROM was RETURNING id, firm_id
)
INSERT INTO opening_openingrow (file_id, firm_id, kind, key, "row", became_kind, became_id)
SELECT file.id, file.firm_id, 'unapplied', 'x', 2, 'receipt', was.id FROM file, was;
"""
"""A workbook with the first receipt of the demo that stands, whole and well."""

SPECIAL = """
WITH sold AS (
    SELECT l.id, l.product_id, l.copies, l.discount_bp, o.seller_id, o.buyer_id FROM orders_orderline l JOIN orders_order o
        ON o.id = l.order_id WHERE o.state = 'shipped' AND l.copies > 1 AND l.special_id IS NULL ORDER BY l.id LIMIT 1
), granted AS (
    INSERT INTO catalogue_specialprice (number, seller_id, buyer_id, product_id, kind, customer, discount_bp, copies, since, until, reason,
                                        given_up, state, regulation, asked_by_id, asked_at, ended_because)
    SELECT 'TJ-x', seller_id, buyer_id, product_id, 'title', '', discount_bp, copies, now(), now(), 'x', 0, 'granted', 'x',
           (SELECT min(id) FROM organisation_person), now(), '' FROM sold RETURNING id
)
UPDATE orders_orderline SET special_id = granted.id FROM granted, sold WHERE orders_orderline.id = sold.id;
"""
"""A special price with one line that was sold by it, whole and well."""

RETURNED = """
WITH was AS (
    SELECT * FROM orders_order WHERE state = 'shipped' ORDER BY id LIMIT 1
), asked AS (
    INSERT INTO returns_returnrequest (number, key, seller_id, buyer_id, reason, note, state, caps, within, copies, list_value, net,
                                       regulation, asked_by_id, asked_at, because, counted_at, rest, credited, ended_because)
    SELECT 'TS-x', 'x', seller_id, buyer_id, 'slow', '', 'booked', '[]', true, 1, 0, 0, 'x', entered_by_id, now(), '', now(), '', 0, ''
      FROM was RETURNING id
)
INSERT INTO returns_returnline (request_id, line, product_id, copies, condition, list_price, extra, accepted, credited)
SELECT asked.id, 1, (SELECT min(id) FROM catalogue_product), 1, 'good', 1, 0, 0, 0 FROM asked;
"""
"""A return of which nothing was accepted, whole and well."""

TRANSFERRED = """
WITH was AS (
    SELECT o.*, l.id AS line, l.product_id FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id AND l.shipped > 0
     WHERE o.state = 'shipped' ORDER BY o.id, l.id LIMIT 1
), back AS (
    INSERT INTO orders_goodsreturn (order_id, number, reason, note, taken_by_id, taken_at)
    SELECT id, 'TH-x', 'other', '', entered_by_id, now() FROM was RETURNING id
), returned AS (
    INSERT INTO orders_goodsreturnline (goods_return_id, order_line_id, copies, net) SELECT back.id, was.line, 1, 0 FROM back, was
), counted AS (
    UPDATE orders_orderline SET returned = returned + 1 WHERE id = (SELECT line FROM was)
), moved AS (
    INSERT INTO returns_transfer (number, key, seller_id, giver_id, taker_id, reason, state, copies, list_value, net, regulation,
                                  asked_by_id, asked_at, order_id, credited, ended_because)
    SELECT 'DH-x', 'x', seller_id, buyer_id, seller_id, 'x', 'moved', 1, 0, 0, 'x', entered_by_id, now(), id, 0, '' FROM was RETURNING id
), title AS (
    INSERT INTO returns_transferline (transfer_id, line, product_id, copies, given, taken)
    SELECT moved.id, 1, was.product_id, 1, 1, 1 FROM moved, was
)
INSERT INTO returns_returnpaper (transfer_id, goods_return_id) SELECT moved.id, back.id FROM moved, back;
"""
"""A transfer of one copy that cost nothing, whole and well."""

CLAIMED = """
WITH was AS (
    SELECT l.id, l.product_id, l.list_price, l.discount_bp, o.seller_id, o.buyer_id, o.entered_by_id,
           (d.shipped_at AT TIME ZONE 'Asia/Shanghai')::date AS day
      FROM orders_deliveryline x JOIN orders_delivery d ON d.id = x.delivery_id JOIN orders_orderline l ON l.id = x.order_line_id
      JOIN orders_order o ON o.id = l.order_id WHERE l.list_price > 1 ORDER BY x.id LIMIT 1
), price AS (
    INSERT INTO catalogue_listprice (product_id, amount, since) SELECT product_id, list_price - 1, day + 1 FROM was RETURNING id
), claim AS (
    INSERT INTO claims_priceclaim (number, key, seller_id, buyer_id, state, note, copies, amount, window_days, share, regulation,
                                   asked_by_id, asked_at, ended_because)
    SELECT 'JB-x', 'x', seller_id, buyer_id, 'asked', '', 1, round(discount_bp / 10000.0, 2), 60, 100, 'x', entered_by_id, now(), ''
      FROM was RETURNING id, amount
), line AS (
    INSERT INTO claims_priceclaimline (claim_id, line, product_id, price_id, old_price, stock, shipped, claimed, copies, amount)
    SELECT claim.id, 1, product_id, price.id, list_price, 1, 1, 0, 1, claim.amount FROM was, price, claim RETURNING id
)
INSERT INTO claims_priceclaimsource (claim_line_id, order_line_id, copies, drop, discount_bp)
SELECT line.id, was.id, 1, 1, was.discount_bp FROM was, line;
"""
"""One copy of the demo's first delivery, claimed after its list price fell by one yuan, whole and well; the damage follows."""

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
    "taken_over": f"{TAKEN_OVER} UPDATE opening_openingfile"
    " SET totals = totals || jsonb_build_object('amount', ((totals ->> 'amount')::numeric + 0.01)::text)",
    "batches": "UPDATE orders_order SET settled_on = NULL WHERE id = (SELECT min(id) FROM orders_order WHERE settled_on IS NOT NULL)",
    "holds": "UPDATE orders_order SET state = 'held' WHERE id = (SELECT min(id) FROM orders_order WHERE state = 'review')",
    "reserved": "UPDATE orders_orderline SET reserved = reserved + 1 WHERE id = (SELECT max(id) FROM orders_orderline WHERE reserved > 0)",
    "lots": "UPDATE inventory_lot SET remaining = remaining + 1 WHERE id = (SELECT min(id) FROM inventory_lot)",
    "counts": "WITH made AS (INSERT INTO inventory_stockcount (warehouse_id, number, state, note, started_by_id, started_at, value,"
    " regulation, ended_because) SELECT w.id, 'PD-x', 'booked', '', (SELECT min(id) FROM organisation_person), now(), 0, '', ''"
    " FROM inventory_warehouse w ORDER BY id LIMIT 1 RETURNING id)"
    " INSERT INTO inventory_stockcountline (count_id, item_id, book, counted, reason)"
    " SELECT made.id, (SELECT min(id) FROM inventory_stockitem), 5, 4, '' FROM made",
    "deliveries": "UPDATE orders_deliveryline SET copies = copies + 1 WHERE id = (SELECT min(id) FROM orders_deliveryline)",
    "differences": "WITH made AS (INSERT INTO orders_difference (delivery_id, number, state, note, late, reported_by_id, reported_at,"
    " answered_by_id, answered_at) SELECT id, 'CY-x', 'answered', '', false, shipped_by_id, now(), shipped_by_id, now()"
    " FROM orders_delivery ORDER BY id LIMIT 1 RETURNING id, delivery_id) INSERT INTO orders_differenceline (difference_id, order_line_id,"
    " kind, copies, answer, reason) SELECT made.id, (SELECT min(order_line_id) FROM orders_deliveryline v WHERE v.delivery_id ="
    " made.delivery_id), 'short', 1, 'credit', '' FROM made",
    "parcels": "UPDATE orders_parcel SET number = 2 WHERE id = (SELECT min(id) FROM orders_parcel)",
    "returns": "UPDATE orders_orderline SET returned = 1 WHERE id = (SELECT min(id) FROM orders_orderline WHERE shipped > 0)",
    "return_requests": f"{RETURNED} UPDATE returns_returnrequest SET credited = credited + 0.01",
    "transfers": f"{TRANSFERRED} UPDATE returns_transferline SET taken = taken - 1",
    "claims": f"{CLAIMED} UPDATE claims_priceclaim SET amount = amount + 0.01",
    "cancelled": "UPDATE orders_order SET state = 'cancelled' WHERE id = (SELECT min(id) FROM orders_order WHERE state = 'shipped')",
    "heads": "UPDATE orders_order SET copies = copies + 1 WHERE id = (SELECT min(id) FROM orders_order)",
    "lines": "UPDATE orders_orderline SET discount_bp = discount_bp - 1 WHERE id = (SELECT min(id) FROM orders_orderline)",
    "contracts": "UPDATE orders_order SET needs_contract = true"
    " WHERE id = (SELECT min(id) FROM orders_order WHERE accepted_at IS NOT NULL)",
    "facts": "DELETE FROM audit_fact WHERE verb = 'submit' AND subject_id = (SELECT min(id) FROM orders_order)",
    "decisions": 'UPDATE orders_storeddecision SET facts = replace(facts, \'"limit":"300000.00"\', \'"limit":"300000.01"\')'
    " WHERE id = (SELECT min(id) FROM orders_storeddecision)",
    "sellers": "UPDATE ledger_account SET holder_id = (SELECT min(id) FROM organisation_firm WHERE kind = 'hq') WHERE id = (SELECT"
    " max(c.account_id) FROM credit_creditline c JOIN organisation_firm f ON f.id = c.seller_id WHERE f.kind = 'agent')",
    "retailer_terms": "UPDATE credit_creditline SET own_days = COALESCE(own_days, 0) + 1 WHERE id = (SELECT max(c.id) FROM"
    " credit_creditline c JOIN organisation_firm f ON f.id = c.seller_id WHERE f.kind = 'agent')",
    "supply_holds": "UPDATE credit_batch SET backstop_due_on = now()::date - 300 WHERE id = (SELECT max(b.id) FROM credit_batch b"
    " WHERE b.settled_on IS NULL AND NOT EXISTS (SELECT FROM credit_supplyhold h WHERE h.line_id = b.line_id))",
    "specials": f"{SPECIAL} UPDATE catalogue_specialprice SET copies = copies - 1 WHERE number = 'TJ-x'",
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
    "a hold although nothing is overdue": (
        "supply_holds",
        """
        INSERT INTO credit_supplyhold (line_id, number, cause, level, state, reason, amount, deadline, set_at, case_reason,
                                       release_reason, regulation)
        SELECT min(c.id), 'GK-x', 'overdue', 'delay', 'in_force', 'x', 1, now(), now(), '', '', 'x' FROM credit_creditline c
         WHERE NOT EXISTS (SELECT FROM credit_supplyhold h WHERE h.line_id = c.id)
        """,
    ),
    "a hold too mild": (
        "supply_holds",
        """
        UPDATE credit_batch SET triggered_due_on = now()::date - 300, disputed_until = NULL WHERE settled_on IS NULL AND line_id =
               (SELECT h.line_id FROM credit_supplyhold h WHERE h.cause = 'overdue' AND h.level = 'delay' LIMIT 1)
        """,
    ),
    "a special price for another title": (
        "specials",
        f"{SPECIAL} UPDATE catalogue_specialprice SET product_id = (SELECT max(id) FROM catalogue_product) WHERE number = 'TJ-x'",
    ),
    "a special price sold at another price": (
        "specials",
        f"{SPECIAL} UPDATE catalogue_specialprice SET discount_bp = discount_bp + 1 WHERE number = 'TJ-x'",
    ),
    "a row that was taken over and lost": ("taken_over", f"{TAKEN_OVER} DELETE FROM opening_openingrow"),
    "rows of a workbook that waits": ("taken_over", f"{TAKEN_OVER} UPDATE opening_openingfile SET state = 'signed'"),
    "a workbook that one person signed twice": ("taken_over", f"{TAKEN_OVER} UPDATE opening_openingfile SET booked_by_id = signed_by_id"),
    "a booked line that counts as waiting": ("bank_lines", f"{BANKED} UPDATE settlement_bankline SET state = 'open'"),
    "a booked line that counts as outgoing": ("bank_lines", f"{BANKED} UPDATE settlement_bankline SET state = 'outgoing'"),
    "a bank line whose booking was lost": ("bank_lines", f"{BANKED} DELETE FROM settlement_bankbooking"),
    "a delivery that waits for an answer to nothing": (
        "differences",
        "UPDATE orders_delivery SET state = 'differing', received_at = now() WHERE id = (SELECT min(id) FROM orders_delivery)",
    ),
    "a receipt that nobody confirmed": (
        "differences",
        "UPDATE orders_delivery SET state = 'sent', received_at = now() WHERE id = (SELECT min(id) FROM orders_delivery)",
    ),
    "a waybill that no parcel has": (
        "parcels",
        "UPDATE orders_delivery SET waybill = 'x' WHERE id = (SELECT min(id) FROM orders_delivery)",
    ),
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


SEEDED = {"groups", "reversals", "bank_lines", "taken_over", "return_requests", "transfers", "claims"}
"""Checks of what the demo itself may have none of."""


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
    "whole",
    [GROUPED, REVERSED.format("(3, 'direct', 0.50), (4, 'direct', 0.50)"), BANKED, TAKEN_OVER, RETURNED, TRANSFERRED, CLAIMED],
    ids=["group", "reversal", "bank", "workbook", "return", "transfer", "claim"],
)
def test_what_is_whole_is_well(whole: str, damaged: Callable[[str], list[dict[str, Any]]]) -> None:
    checks = damaged(whole)
    assert [check["key"] for check in checks if check["wrong"]] == []
    assert sum(check["checked"] for check in checks if check["key"] in SEEDED) > 0


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
