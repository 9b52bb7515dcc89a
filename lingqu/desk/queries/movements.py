"""The movements of a credit line as the ledger has them, with what was used and held after each: newest first, fifty a page."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec

from lingqu.base.database import rows
from lingqu.ledger.states import Phase

MOVEMENTS_A_PAGE = 50
_NEWEST = 2**62


class Movement(msgspec.Struct, frozen=True):
    """One posting seen from the credit line: by how much it changed what is used and held (yuan, open batches), and both after it.

    `count` of a reversal is negative where it takes back open batches, positive where they open again; `cause` is why a credit was given,
    "" for anything else.
    """

    id: int
    phase: Phase
    reason: str
    on: date
    at: datetime
    amount: Decimal
    count: int
    used: Decimal
    held: Decimal
    used_after: Decimal
    held_after: Decimal
    document: str
    link: str
    batch: int | None
    cause: str = ""


class MovementsPage(msgspec.Struct, frozen=True):
    """Movements newest first; `older` and `newer` are the ids from which the neighbouring pages begin, None at either end."""

    rows: list[Movement]
    older: int | None
    newer: int | None


_EFFECTS = """
SELECT p.*,
       CASE WHEN p.phase NOT IN ('direct', 'settle', 'reverse') THEN 0 WHEN p.source_id = %s THEN p.amount ELSE -p.amount END AS used,
       CASE p.phase WHEN 'hold' THEN p.amount WHEN 'settle' THEN -p.amount WHEN 'release' THEN -p.amount ELSE 0 END AS held_change
  FROM ledger_posting p WHERE p.source_id = %s OR p.destination_id = %s
"""

# A waiver moves nothing, a hold only what is held. The sums before the page are one more aggregate over the same index.
_PAGE = f"""
WITH moved AS ({_EFFECTS}), page AS (SELECT * FROM moved WHERE id <= %s ORDER BY id DESC LIMIT %s),
     before AS (SELECT COALESCE(sum(used), 0) AS used, COALESCE(sum(held_change), 0) AS held FROM moved
                 WHERE id < (SELECT min(id) FROM page))
SELECT page.id, page.phase, page.reason, page."on", page.at, page.amount,
       CASE WHEN page.phase = 'reverse' AND page.destination_id = %s THEN -page.count ELSE page.count END AS count,
       page.used, page.held_change AS held,
       before.used + sum(page.used) OVER (ORDER BY page.id) AS used_after,
       before.held + sum(page.held_change) OVER (ORDER BY page.id) AS held_after,
       COALESCE(o.number, s.number, b.request, d.number, w.number, '') AS document,
       CASE WHEN o.id IS NOT NULL OR b.document_id IS NOT NULL THEN 'order' WHEN s.id IS NOT NULL THEN 'receipt'
            WHEN w.id IS NOT NULL THEN 'write_off' ELSE '' END AS link,
       COALESCE(b.number, ob.number, db.number, wb.number) AS batch, COALESCE(d.cause, '') AS cause
  FROM page CROSS JOIN before
  LEFT JOIN orders_order o ON page.document_kind = 'order' AND o.id = page.document_id
  LEFT JOIN credit_receipt s ON page.document_kind = 'receipt' AND s.id = page.document_id
  LEFT JOIN credit_batch b ON page.document_kind = 'batch' AND b.id = page.document_id
  LEFT JOIN credit_batchcredit d ON page.document_kind = 'batch_credit' AND d.id = page.document_id
  LEFT JOIN credit_batch db ON db.id = d.batch_id
  LEFT JOIN credit_writeoff w ON page.document_kind = 'write_off' AND w.id = page.document_id
  LEFT JOIN credit_batch wb ON wb.id = w.batch_id
  LEFT JOIN credit_batch ob ON page.document_kind = 'order' AND ob.document_id = page.document_id
 ORDER BY page.id DESC
"""  # noqa: S608 - put together from fixed texts

_NEWER = """
SELECT id FROM ledger_posting p WHERE (p.source_id = %s OR p.destination_id = %s) AND p.id > %s ORDER BY p.id LIMIT %s
"""


def movements_page(account: int, *, upto: int | None = None) -> MovementsPage:
    """Return fifty movements of a credit line's account from the posting id `upto` backwards, the newest without one."""
    start = upto or _NEWEST
    found = rows(_PAGE, (account, account, account, start, MOVEMENTS_A_PAGE + 1, account))
    shown = [_movement(row) for row in found[:MOVEMENTS_A_PAGE]]
    older = found[MOVEMENTS_A_PAGE].id if len(found) > MOVEMENTS_A_PAGE else None
    newer = rows(_NEWER, (account, account, start, MOVEMENTS_A_PAGE)) if upto else []
    return MovementsPage(shown, older, newer[-1].id if newer else None)


def _movement(row: object) -> Movement:
    values = row._asdict()  # type: ignore[attr-defined]
    values["phase"] = Phase(values["phase"])
    return Movement(**values)
