"""The evidence of the two accounts that credit keeps: a count, a sum, and the lines or batches themselves with their addresses."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from lingqu.base.database import rows
from lingqu.base.text import Text

CREDIT_LINE = "credit_line"
OPEN_BATCHES = "open_batches"


class EvidenceRow(msgspec.Struct, frozen=True):
    """One piece: its id (for the next page), what it is, where to look, its day, and whether it is past its limit or due day."""

    id: int
    label: Text
    link: str
    on: date
    failed: bool


class AccountEvidence(msgspec.Struct, frozen=True):
    """How many there are, their sum in yuan (limits, or what is owed), how many are past their limit or due day, and some of them."""

    count: int
    total: Decimal
    failed: int
    rows: tuple[EvidenceRow, ...]


_LINES = """
SELECT c.id, f.code, f.name, c.grade AS word, 0 AS number, r."limit" AS value, r.used + r.held AS taken, first.on,
       (r.used + r.held > r."limit") AS failed
  FROM credit_creditline c JOIN ledger_running r ON r.account_id = c.account_id JOIN organisation_firm f ON f.id = c.buyer_id
  JOIN LATERAL (SELECT min(g.effective_on) AS on FROM credit_gradechange g WHERE g.line_id = c.id) AS first ON true
 WHERE c.seller_id = %s AND first.on < %s
"""
_BATCHES = """
SELECT b.id, f.code, f.name, b.request AS word, b.number, b.value - b.applied AS value, 0 AS taken, b.opened_on AS on,
       COALESCE(LEAST(b.triggered_due_on, b.backstop_due_on) < %s, false) AS failed
  FROM credit_creditline c JOIN credit_batch b ON b.line_id = c.id AND b.settled_on IS NULL JOIN organisation_firm f ON f.id = c.buyer_id
 WHERE c.seller_id = %s AND b.opened_on >= %s AND b.opened_on < %s
"""
_SUMS = "SELECT count(*) AS count, COALESCE(sum(value), 0) AS total, count(*) FILTER (WHERE failed) AS failed FROM ({found}) AS found"
_PAGE = "SELECT * FROM ({found}) AS found WHERE id < %s ORDER BY id DESC LIMIT %s"
_NEWEST = 2**62


def evidence_of_account(key: str, firm: int, *, since: date, until: date, limit: int, after: int | None = None) -> AccountEvidence:
    """Return the evidence of an account at the seller `firm`, the newest first, at most `limit` rows, those below the id `after`.

    The period is half-open. `credit_line`: all lines first graded before `until`, and how many are past their limit. `open_batches`: those
    opened in the period that are not settled, and how many of them were overdue on its last day. Any other key has none.
    """
    parameters: tuple[object, ...]
    if key == CREDIT_LINE:
        query, told, parameters = _LINES, _line_label, (firm, until)
    elif key == OPEN_BATCHES:
        query, told, parameters = _BATCHES, _batch_label, (until - timedelta(days=1), firm, since, until)
    else:
        return AccountEvidence(0, Decimal(0), 0, ())
    (sums,) = rows(_SUMS.format(found=query), parameters)
    found = rows(_PAGE.format(found=query), (*parameters, after or _NEWEST, limit))
    pieces = tuple(EvidenceRow(row.id, told(row), f"/partners/{row.code}/", row.on, row.failed) for row in found)
    return AccountEvidence(sums.count, sums.total, sums.failed, pieces)


def _line_label(row: Any) -> Text:  # noqa: ANN401 - a row of the query
    return Text(
        f"{row.name}，{row.word}级，{row.taken:,} / {row.value:,} 元", f"{row.name}, grade {row.word}, {row.taken:,} of {row.value:,} yuan"
    )


def _batch_label(row: Any) -> Text:  # noqa: ANN401 - a row of the query
    return Text(
        f"{row.name} 第{row.number}批（{row.word}），尚欠 {row.value:,} 元",
        f"{row.name}, batch {row.number} ({row.word}), {row.value:,} yuan owed",
    )
