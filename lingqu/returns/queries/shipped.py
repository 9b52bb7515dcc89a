"""What was shipped to a partner and did not come back, and the figures of a year."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

import msgspec

from lingqu.base.database import rows
from lingqu.returns.rules import Parcel, Shipment, parcels_of
from lingqu.returns.states import CLAIMING, MOVING

_CLAIMS = """
    SELECT s.order_line_id, sum(s.copies) AS copies
      FROM returns_returnsource s JOIN returns_returnline l ON l.id = s.return_line_id JOIN returns_returnrequest r ON r.id = l.request_id
     WHERE r.seller_id = %(seller)s AND r.buyer_id = %(buyer)s AND r.state = ANY(%(claiming)s) AND r.id <> %(request)s
     GROUP BY s.order_line_id
    UNION ALL
    SELECT s.order_line_id, sum(s.copies)
      FROM returns_transfersource s JOIN returns_transferline l ON l.id = s.transfer_line_id JOIN returns_transfer t ON t.id = l.transfer_id
     WHERE t.seller_id = %(seller)s AND t.giver_id = %(buyer)s AND t.state = ANY(%(moving)s) AND t.id <> %(transfer)s
     GROUP BY s.order_line_id
"""

# Copies of a delivery that did not arrive and are owed again count as not shipped by it.
_STAYED = """
    COALESCE((SELECT sum(s.copies) FROM orders_differenceline s JOIN orders_difference f ON f.id = s.difference_id
               WHERE f.delivery_id = x.delivery_id AND s.order_line_id = x.order_line_id AND s.answer = 'send_again'), 0)::int
"""

# Days are those of China, by which the year and the age are counted.
_PARCELS = f"""
SELECT l.id AS order_line, l.order_id AS order, o.number, l.product_id AS product, l.returned, l.list_price, l.discount_bp,
       COALESCE((SELECT sum(g.net) FROM orders_goodsreturnline g WHERE g.order_line_id = l.id), 0) AS credited,
       COALESCE((SELECT sum(c.copies) FROM ({_CLAIMS}) AS c WHERE c.order_line_id = l.id), 0)::int AS claimed,
       (SELECT json_agg(json_build_object('on', (d.shipped_at AT TIME ZONE 'Asia/Shanghai')::date,
                                          'copies', x.copies - {_STAYED}))
          FROM orders_deliveryline x JOIN orders_delivery d ON d.id = x.delivery_id WHERE x.order_line_id = l.id)::text AS shipments
  FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
 WHERE o.seller_id = %(seller)s AND o.buyer_id = %(buyer)s AND l.product_id = ANY(%(products)s) AND l.shipped > l.returned
   AND (%(order)s = 0 OR o.id = %(order)s)
 ORDER BY l.id DESC LIMIT 5000
"""  # noqa: S608 - made of the query above

_YEAR = f"""
SELECT COALESCE((SELECT sum(round((x.copies - {_STAYED}) * l.list_price, 2))
                   FROM orders_order o JOIN orders_delivery d ON d.order_id = o.id JOIN orders_deliveryline x ON x.delivery_id = d.id
                   JOIN orders_orderline l ON l.id = x.order_line_id
                  WHERE o.seller_id = %(seller)s AND o.buyer_id = %(buyer)s
                    AND d.shipped_at >= %(since)s::timestamp AT TIME ZONE 'Asia/Shanghai'
                    AND d.shipped_at < %(until)s::timestamp AT TIME ZONE 'Asia/Shanghai'), 0) AS shipped,
       COALESCE((SELECT sum(round(x.copies * l.list_price, 2))
                   FROM orders_order o JOIN orders_goodsreturn g ON g.order_id = o.id
                   JOIN orders_goodsreturnline x ON x.goods_return_id = g.id
                   JOIN orders_orderline l ON l.id = x.order_line_id
                   LEFT JOIN returns_returnpaper p ON p.goods_return_id = g.id
                  WHERE o.seller_id = %(seller)s AND o.buyer_id = %(buyer)s AND p.transfer_id IS NULL
                    AND g.taken_at >= %(since)s::timestamp AT TIME ZONE 'Asia/Shanghai'
                    AND g.taken_at < %(until)s::timestamp AT TIME ZONE 'Asia/Shanghai'), 0)
       + COALESCE((SELECT sum(r.list_value) FROM returns_returnrequest r
                    WHERE r.seller_id = %(seller)s AND r.buyer_id = %(buyer)s AND r.state = ANY(%(claiming)s) AND r.id <> %(request)s), 0)
       + COALESCE((SELECT sum(round(LEAST(l.extra, GREATEST(l.accepted - s.copies, 0)) * l.list_price, 2))
                     FROM returns_returnrequest r JOIN returns_returnline l ON l.request_id = r.id
                    CROSS JOIN LATERAL (SELECT COALESCE(sum(copies), 0)::int AS copies FROM returns_returnsource
                                         WHERE return_line_id = l.id) AS s
                    WHERE r.seller_id = %(seller)s AND r.buyer_id = %(buyer)s AND r.state = 'booked' AND l.extra > 0
                      AND r.counted_at >= %(since)s::timestamp AT TIME ZONE 'Asia/Shanghai'
                      AND r.counted_at < %(until)s::timestamp AT TIME ZONE 'Asia/Shanghai'), 0) AS returned
"""  # noqa: S608 - made of the query above

_read = msgspec.json.Decoder(list[Shipment]).decode


class YearFigures(msgspec.Struct, frozen=True):
    """A partner's calendar year at list price, yuan: what was shipped to it, and what came back or is claimed by returns that are open."""

    year: int
    shipped: Decimal
    returned: Decimal


def parcels_for(
    seller: int, buyer: int, products: Collection[int], *, order: int | None = None, request: int = 0, transfer: int = 0
) -> list[Parcel]:
    """Return what was shipped of titles to a partner, did not come back, and no open return or transfer but this one has claimed.

    `order` narrows it to one purchase request. One statement, at most 5,000 lines of requests, the newest.
    """
    found = rows(
        _PARCELS,
        {
            "seller": seller, "buyer": buyer, "products": sorted(products), "order": order or 0, "request": request, "transfer": transfer,
            "claiming": list(CLAIMING), "moving": list(MOVING),
        },
    )  # fmt: skip
    return [
        parcel
        for row in found
        for parcel in parcels_of(
            Parcel(
                row.order_line, row.order, row.number, row.product, date.min, 0, row.list_price, row.discount_bp, row.returned,
                row.credited, row.claimed,
            ),
            _read(row.shipments) if row.shipments else (),
        )
    ]  # fmt: skip


def year_figures(seller: int, buyer: int, *, year: int, request: int = 0) -> YearFigures:
    """Return the year of a partner; `request` is the return that is judged, which does not count against itself.

    What a transfer took away is no return: it has a procedure of its own.
    """
    since, until = date(year, 1, 1), date(year + 1, 1, 1)
    known = {"seller": seller, "buyer": buyer, "since": since, "until": until, "request": request, "claiming": list(CLAIMING)}
    (row,) = rows(_YEAR, known)
    return YearFigures(year, row.shipped, row.returned)
