"""How answers keep their time: a value by which a regulation may judge (M-16.3.1)."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from lingqu.base.calendar import CHINA
from lingqu.base.database import rows

# A request that the laws refused was answered on the spot, and one that was taken back before its time owes nobody an answer.
_ANSWERED = """
SELECT count(*) AS owed, count(*) FILTER (WHERE NOT o.late) AS kept
  FROM orders_order o
 WHERE o.seller_id = %(firm)s AND o.received_at >= %(since)s AND o.received_at < %(until)s
   AND (o.late OR o.accepted_at IS NOT NULL OR o.state = 'declined')
"""


def answered_in_time(firm: int, *, since: date, until: date) -> Decimal | None:
    """Return the share of requests that the firm answered in time, in percent with one decimal; None where none was to answer.

    Counted are the requests to the firm whose answer time began in the period (the day `until` is not in it): those accepted or
    declined, and those whose time ended without an answer, at whatever moment the answer came then.
    """
    since_at, until_at = (datetime.combine(day, time(), CHINA) for day in (since, until))
    (row,) = rows(_ANSWERED, {"firm": firm, "since": since_at, "until": until_at})
    return (Decimal(100) * row.kept / row.owed).quantize(Decimal("0.1")) if row.owed else None
