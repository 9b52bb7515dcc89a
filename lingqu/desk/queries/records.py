"""The records that carry clauses out (versions, requests, deliveries, receipts …), counted and listed for the regulation's pages."""

# ruff: noqa: S608 - the statements are made of our own words; every value is a parameter

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache
from typing import Final

from lingqu.base.calendar import CHINA
from lingqu.base.database import rows
from lingqu.base.text import Text
from lingqu.documents.registry import all_types
from lingqu.documents.registry.reading import record_source
from lingqu.policy.queries import Evidence, EvidenceAsk, MonthCount, Sample

RECORD: Final = "record:"
NO_MORE = 2**62
"""Above every id."""

# Each gives id, at, title, about and link of what the firm has to do with: %(firm)s sells, buys, or is where the person works. What HQ
# keeps for all (versions) everybody may count; what is about HQ's people only HQ.
_HQ = "EXISTS (SELECT FROM organisation_firm hq WHERE hq.id = %(firm)s AND hq.kind = 'hq')"
_ORDERS = "JOIN organisation_firm b ON b.id = o.buyer_id WHERE %(firm)s IN (o.seller_id, o.buyer_id)"
_RECORDS: Final = {
    "versions": """
        SELECT id, issued_at AS at, pack || ' v' || number AS title, '' AS about, '/regulation/' || pack || '/v' || number || '/' AS link
          FROM policy_version""",
    "drafts": f"""
        SELECT d.id, d.started_at AS at, d.pack || ' v' || (v.number + 1) AS title, p.name AS about,
               '/regulation/drafts/' || d.id || '/' AS link
          FROM policy_draft d JOIN policy_version v ON v.id = d.base_id JOIN organisation_person p ON p.id = d.started_by_id WHERE {_HQ}""",
    "readings": f"""
        SELECT r.id, r.read_at AS at, v.pack || ' v' || v.number AS title, p.name AS about,
               '/regulation/' || v.pack || '/v' || v.number || '/' AS link
          FROM policy_reading r JOIN policy_version v ON v.id = r.version_id JOIN organisation_person p ON p.id = r.person_id
         WHERE r.read_at IS NOT NULL AND (p.firm_id = %(firm)s OR {_HQ})""",
    "benchmarks": f"""
        SELECT id, noted_at AS at, competitor AS title, value AS about, '/regulation/' || pack || '/parameters' AS link
          FROM policy_benchmark WHERE {_HQ}""",
    "minutes": """
        SELECT s.id, s.ended_at AS at, a.number AS title, left(s.minutes, 60) AS about, '/approvals/' || a.number AS link
          FROM approvals_approvalstep s JOIN approvals_approval a ON a.id = s.approval_id
         WHERE s.kind = 'vote' AND s.minutes <> '' AND s.ended_at IS NOT NULL AND a.firm_id = %(firm)s""",
    "orders": f"""
        SELECT o.id, o.submitted_at AS at, o.number AS title, b.name AS about, '/orders/' || o.number || '/' AS link
          FROM orders_order o {_ORDERS}""",
    "deliveries": f"""
        SELECT d.id, d.shipped_at AS at, d.number AS title, b.name AS about, '/orders/' || o.number || '/' AS link
          FROM orders_delivery d JOIN orders_order o ON o.id = d.order_id {_ORDERS}""",
    "receipts": """
        SELECT r.id, r.entered_at AS at, r.number AS title, b.name AS about, '/receipts/' || r.number || '/' AS link
          FROM credit_receipt r JOIN credit_creditline c ON c.id = r.line_id JOIN organisation_firm b ON b.id = c.buyer_id
         WHERE %(firm)s IN (c.seller_id, c.buyer_id)""",
    "answers": f"""
        SELECT o.id, o.received_at AS at, o.number AS title, b.name AS about, '/orders/' || o.number || '/' AS link, o.late AS failed
          FROM orders_order o {_ORDERS} AND (o.late OR o.accepted_at IS NOT NULL OR o.state = 'declined')""",
    "purchase_contracts": f"""
        SELECT a.id, a.added_at AS at, o.number || ' ' || a.name AS title, b.name AS about, '/orders/' || o.number || '/' AS link
          FROM documents_attachment a JOIN orders_order o ON o.id = a.document_id {_ORDERS}
           AND a.document_kind = 'order' AND a.role IN ('contract', 'countersigned')""",
    "holds": """
        SELECT h.id, h.set_at AS at, h.number AS title, b.name AS about, '/credit/holds/' || h.number || '/' AS link
          FROM credit_supplyhold h JOIN credit_creditline c ON c.id = h.line_id JOIN organisation_firm b ON b.id = c.buyer_id
         WHERE %(firm)s IN (c.seller_id, c.buyer_id)""",
    "statements": """
        SELECT s.id, s.issued_at AS at, s.number AS title, b.name AS about,
               '/partners/' || b.code || '/statement?month=' || to_char(s.month, 'YYYY-MM') AS link
          FROM settlement_statement s JOIN credit_creditline c ON c.id = s.line_id JOIN organisation_firm b ON b.id = c.buyer_id
         WHERE %(firm)s IN (c.seller_id, c.buyer_id)""",
    "returns": """
        SELECT r.id, r.asked_at AS at, r.number AS title, b.name AS about, '/returns/' || r.number || '/' AS link
          FROM returns_returnrequest r JOIN organisation_firm b ON b.id = r.buyer_id WHERE %(firm)s IN (r.seller_id, r.buyer_id)""",
    "transfers": """
        SELECT t.id, t.asked_at AS at, t.number AS title, g.name || ' → ' || k.name AS about, '/transfers/' || t.number || '/' AS link
          FROM returns_transfer t JOIN organisation_firm g ON g.id = t.giver_id JOIN organisation_firm k ON k.id = t.taker_id
         WHERE t.seller_id = %(firm)s""",
    "stock": """
        SELECT g.id, g.received_on::timestamptz AS at, g.number AS title, w.name AS about, '/stock/' AS link
          FROM inventory_goodsin g JOIN inventory_warehouse w ON w.id = g.warehouse_id WHERE w.firm_id = %(firm)s""",
}
_MONTHS = """
SELECT date_trunc('month', at AT TIME ZONE 'Asia/Shanghai')::date AS month, count(*) AS count,
       count(*) FILTER (WHERE failed) AS failed
  FROM ({found}) AS found WHERE at >= %(since)s AND at < %(until)s GROUP BY 1 ORDER BY 1
"""
_PAGE = """
SELECT * FROM ({found}) AS found WHERE at >= %(since)s AND at < %(until)s AND id < %(after)s ORDER BY id DESC LIMIT %(limit)s
"""
KEPT = Text("已留存", "kept")
IN_TIME, LATE = Text("按时答复", "answered in time"), Text("逾时", "late")
_JUDGED: Final = {"answers": (IN_TIME, LATE)}
"""Records that can fail tell so themselves, and how each came out in words."""


@cache
def _sources() -> dict[str, str]:
    """Return the statement of each kind of record: those above, and those of registered document types that carry one out."""
    carried = {carrier: made for made in all_types() for carrier in made.carries if carrier.startswith(RECORD) and not made.hand_made.list}
    return _RECORDS | {carrier.removeprefix(RECORD): record_source(made) for carrier, made in carried.items()}


def _found(key: str) -> str:
    """Return the statement of a kind of record, with whether each failed."""
    return _sources()[key] if key in _JUDGED else f"SELECT plain.*, false AS failed FROM ({_sources()[key]}) AS plain"


def records_of_key(ask: EvidenceAsk) -> Evidence:
    """Return the records of one kind that the firm has to do with: counts by month, and the newest of them. Two statements at most.

    Kinds that are no papers with a date (partners, open questions, the calendar) have none.
    """
    if ask.key not in _sources():
        return Evidence(0, 0)
    found = _found(ask.key)
    since, until = (datetime.combine(day, time(), CHINA) for day in (ask.since, ask.until))
    named = {"firm": ask.firm, "since": since, "until": until, "after": ask.after or NO_MORE, "limit": ask.limit + 1}
    months = () if ask.after else tuple(MonthCount(row.month, row.count, row.failed) for row in rows(_MONTHS.format(found=found), named))
    page = rows(_PAGE.format(found=found), named)
    said = _JUDGED.get(ask.key, (KEPT, KEPT))
    samples = tuple(
        Sample(row.id, row.at, row.title, row.about, said[row.failed], good=not row.failed, link=row.link) for row in page[: ask.limit]
    )
    more = samples[-1].id if len(page) > ask.limit else None
    return Evidence(sum(month.count for month in months), sum(month.failed for month in months), months, samples, more)


def records_per_key(firm: int, since: date, until: date) -> dict[str, tuple[int, int]]:
    """Return for each kind of record how many of the days there are; one statement."""
    bounds = {"firm": firm, "since": datetime.combine(since, time(), CHINA), "until": datetime.combine(until, time(), CHINA)}
    counted = " UNION ALL ".join(
        f"SELECT '{key}' AS key, count(*) AS count, count(*) FILTER (WHERE failed) AS failed FROM ({_found(key)}) AS found"
        " WHERE at >= %(since)s AND at < %(until)s"
        for key in _sources()
    )
    return {row.key: (row.count, row.failed) for row in rows(counted, bounds)}
