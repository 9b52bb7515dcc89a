"""Balances for other systems: what each credit line that a firm gives or has stands at, in one statement."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import msgspec

from lingqu.base.database import rows
from lingqu.base.refusal import not_found
from lingqu.credit.queries.lines import ReceiptRow, list_receipts, receipt_by_number
from lingqu.organisation.queries import Acting


class BalanceRow(msgspec.Struct, frozen=True):
    """A credit line as it stands, yuan: owed on batches not shipped and shipped, money for no batch yet, limit, held, overdue."""

    line: int
    seller: str
    buyer: str
    buyer_name: str
    grade: str
    unshipped: Decimal
    shipped: Decimal
    unapplied: Decimal
    overdue: Decimal
    next_due: date | None
    limit: Decimal
    used: Decimal
    held: Decimal
    free: Decimal
    open_count: int
    held_count: int
    most_open: int | None


_BALANCES = """
WITH page AS (
    SELECT c.id, seller.code AS seller, buyer.code AS buyer, buyer.name AS buyer_name, c.grade, c.unapplied, r."limit", r.used, r.held,
           r."limit" - r.used - r.held AS free, r.open_count, r.held_count, r.count_limit AS most_open
      FROM credit_creditline c
      JOIN ledger_running r ON r.account_id = c.account_id
      JOIN organisation_firm seller ON seller.id = c.seller_id
      JOIN organisation_firm buyer ON buyer.id = c.buyer_id
     WHERE (c.seller_id = %(firm)s OR c.buyer_id = %(firm)s) AND (buyer.code, c.id) > (%(after)s, %(line)s)
       AND (%(code)s = '' OR buyer.code = %(code)s)
     ORDER BY buyer.code, c.id LIMIT %(most)s
)
SELECT page.id AS line, page.seller, page.buyer, page.buyer_name, page.grade, m.unshipped, m.shipped, page.unapplied, m.overdue,
       m.next_due, page."limit", page.used, page.held, page.free, page.open_count, page.held_count, page.most_open
  FROM page
  LEFT JOIN LATERAL (SELECT COALESCE(sum(b.value - b.applied) FILTER (WHERE b.shipped_on IS NULL), 0) AS unshipped,
                            COALESCE(sum(b.value - b.applied) FILTER (WHERE b.shipped_on IS NOT NULL), 0) AS shipped,
                            COALESCE(sum(b.value - b.applied)
                                FILTER (WHERE LEAST(b.triggered_due_on, b.backstop_due_on) < %(late)s
                                          AND (b.disputed_until IS NULL OR b.disputed_until < %(on)s)), 0) AS overdue,
                            min(LEAST(b.triggered_due_on, b.backstop_due_on)) AS next_due
                       FROM credit_batch b WHERE b.line_id = page.id AND b.settled_on IS NULL) AS m ON true
 ORDER BY page.buyer, page.id
"""


def feed_of_balances(
    by: Acting, *, on: date, tolerance_days: int, after: tuple[str, int] = ("", 0), most: int = 1, code: str = ""
) -> list[BalanceRow]:
    """Return up to `most` credit lines that the person's firm gives or has, by the buyer's code and then the line, those behind `after`.

    A firm that buys from several sellers has several lines under its one code.
    """
    asked = {
        "firm": by.firm, "on": on, "late": on - timedelta(days=tolerance_days), "after": after[0], "line": after[1], "code": code,
        "most": most,
    }  # fmt: skip
    return [BalanceRow(**row._asdict()) for row in rows(_BALANCES, asked)]


def balance_of(code: str, *, by: Acting, on: date, tolerance_days: int) -> BalanceRow:
    """Return the credit line of the buyer of this code; refuses (404) what does not exist or is not the person's to see."""
    found = feed_of_balances(by, on=on, tolerance_days=tolerance_days, code=code)
    if not found:
        raise not_found()
    return found[0]


def receipt_row(number: str, *, by: Acting) -> ReceiptRow:
    """Return one receipt as a list shows it; refuses (404) what does not exist or is neither the person's firm's to receive nor to pay."""
    found = receipt_by_number(number, by=by)
    return list_receipts("line", found.line_id, before=found.pk + 1, most=1)[0]
