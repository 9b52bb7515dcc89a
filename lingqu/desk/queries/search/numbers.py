"""Documents by number: requests, receipts, deliveries, statements and the rest.

No number is looked for by reading a table: whole numbers and stretches of numbers go by the unique index of the number, and a part of one
is looked for in the firm's own newest requests only, by the index of its seller or buyer. So a million requests cost what a thousand do.
"""

# ruff: noqa: S608 - the statements are made of our own words; every value is a parameter

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
from django.db.models import QuerySet, Value

from lingqu.approvals.queries import approvals_seen_by
from lingqu.base.database import rows
from lingqu.desk.rules import Wanted
from lingqu.documents.registry import DocumentType, all_types
from lingqu.documents.registry.reading import numbered
from lingqu.documents.registry.showing import at_path
from lingqu.orders.states import OrderState
from lingqu.organisation.queries import Acting

NEWEST: Final = 2_000
"""So many of the firm's newest requests are looked through for a part of a number."""
STRETCH: Final = 60
NAMED_PARTNERS: Final = 3
ORDER_SERIES: Final = "JH"


class FoundOrder(msgspec.Struct, frozen=True):
    """A purchase request with its buyer; net in yuan; the number of its batch if one was opened. `bought`: the person's firm buys."""

    id: int
    number: str
    state: OrderState
    net: Decimal
    submitted_at: datetime
    settled_on: date | None
    buyer_code: str
    buyer_name: str
    bought: bool
    batch: int | None


class FoundPaper(msgspec.Struct, frozen=True):
    """Another document by its number: its kind, whom it is about, a word more (a request, a month), yuan, and its day."""

    kind: str
    number: str
    about: str
    code: str
    word: str
    amount: Decimal | None
    at: datetime | date | None


# BETWEEN and the firm in the order: only the index of the firm's own requests can serve it, for a firm with three of them too.
_ORDERS = """
WITH hit AS (
    SELECT o.id, 0 AS rank FROM orders_order o WHERE o.number = ANY(%(whole)s::text[])
    UNION ALL
    SELECT near.id, 1 FROM unnest(%(low)s::text[], %(high)s::text[]) AS stretch(low, high)
     CROSS JOIN LATERAL (SELECT o.id FROM orders_order o WHERE o.number >= stretch.low AND o.number <= stretch.high
                          ORDER BY o.number DESC LIMIT %(stretch)s) AS near
    UNION ALL
    SELECT o.id, 2 FROM orders_order o WHERE o.number = ANY(%(tails)s::text[])
    UNION ALL
    SELECT sold.id, 3 FROM (SELECT o.id, o.number FROM orders_order o WHERE o.seller_id BETWEEN %(firm)s AND %(firm)s AND %(part)s <> ''
                             ORDER BY o.seller_id, o.id DESC LIMIT %(newest)s) AS sold WHERE sold.number LIKE %(part)s
    UNION ALL
    SELECT bought.id, 3 FROM (SELECT o.id, o.number FROM orders_order o WHERE o.buyer_id BETWEEN %(firm)s AND %(firm)s AND %(part)s <> ''
                               ORDER BY o.buyer_id, o.id DESC LIMIT %(newest)s) AS bought WHERE bought.number LIKE %(part)s
    UNION ALL
    SELECT named.id, 4 FROM unnest(%(buyers)s::bigint[]) AS buyer(id)
     CROSS JOIN LATERAL (SELECT o.id FROM orders_order o WHERE o.buyer_id = buyer.id ORDER BY o.id DESC LIMIT %(most)s) AS named
), best AS (SELECT id, min(rank) AS rank FROM hit GROUP BY id)
SELECT o.id, o.number, o.state, o.net, o.submitted_at, o.settled_on, f.code AS buyer_code, f.name AS buyer_name,
       o.buyer_id = %(firm)s AS bought, b.number AS batch
  FROM best
 -- OFFSET 0: the few requests that were met are looked up one by one, never all of a firm's.
 CROSS JOIN LATERAL (SELECT * FROM orders_order one WHERE one.id = best.id OFFSET 0) AS o
  JOIN organisation_firm f ON f.id = o.buyer_id
  LEFT JOIN credit_batch b ON b.document_id = o.id
 WHERE o.seller_id = %(firm)s OR o.buyer_id = %(firm)s
 ORDER BY best.rank, o.id DESC LIMIT %(most)s
"""


def found_orders(who: Acting, wanted: Wanted, *, most: int, buyers: Collection[int] = ()) -> list[FoundOrder]:
    """Return up to `most` requests in which the person's firm sells or buys: by number, else the newest of the firms in `buyers`."""
    meant = wanted.series in ("", ORDER_SERIES)
    ranges = wanted.ranges if meant else ()
    named = {
        "whole": [ORDER_SERIES + number for number in wanted.numbers] if meant else [],
        "low": [ORDER_SERIES + low for low, _ in ranges], "high": [ORDER_SERIES + high for _, high in ranges],
        "tails": [ORDER_SERIES + tail for tail in wanted.tails] if meant else [],
        "part": f"%{wanted.part}%" if wanted.part and meant else "", "buyers": list(buyers)[:NAMED_PARTNERS],
        "firm": who.firm, "newest": NEWEST, "stretch": STRETCH, "most": most,
    }  # fmt: skip
    return [FoundOrder(**(row._asdict() | {"state": OrderState(row.state)})) for row in rows(_ORDERS, named)]


_LINE = "JOIN credit_creditline c ON c.id = {line} JOIN organisation_firm f ON f.id = c.buyer_id"
_DELIVERED = """JOIN orders_delivery s ON s.id = d.delivery_id JOIN orders_order c ON c.id = s.order_id
  JOIN organisation_firm f ON f.id = c.buyer_id"""
_BOTH, _SELLER = "%(firm)s IN (c.seller_id, c.buyer_id)", "c.seller_id = %(firm)s"

# Series: kind, table, what is joined, condition of who sees it, whom it is about, the word more, yuan, its time.
_PAPERS: Final = {
    "SK": ("receipt", "credit_receipt", _LINE.format(line="d.line_id"), _BOTH, "''", "d.amount", "d.entered_at"),
    "PS": (
        "delivery", "orders_delivery", "JOIN orders_order c ON c.id = d.order_id JOIN organisation_firm f ON f.id = c.buyer_id",
        _BOTH, "c.number", "NULL::numeric", "d.shipped_at",
    ),
    "DZ": (
        "statement", "settlement_statement", _LINE.format(line="d.line_id"), _BOTH, "to_char(d.month, 'YYYY-MM')", "d.closing",
        "d.issued_at",
    ),
    "GK": ("hold", "credit_supplyhold", _LINE.format(line="d.line_id"), _BOTH, "''", "NULLIF(d.amount, 0)", "d.set_at"),
    "DJ": (
        "grade", "credit_gradechange", _LINE.format(line="d.line_id"), _BOTH, "d.before || '>' || d.after", "NULL::numeric", "d.decided_at",
    ),
    "HX": (
        "write_off", "credit_writeoff", "JOIN credit_batch b ON b.id = d.batch_id " + _LINE.format(line="b.line_id"), _SELLER, "b.request",
        "d.amount", "d.asked_at",
    ),
    "TP": (
        "waiver", "credit_waiver",
        "JOIN orders_order o ON o.id = d.document_id " + _LINE.format(line="d.line_id"), _SELLER, "o.number", "NULLIF(d.amount, 0)",
        "d.signed_at",
    ),
    "TJ": (
        "special", "catalogue_specialprice",
        "JOIN organisation_firm f ON f.id = d.buyer_id JOIN catalogue_product product ON product.id = d.product_id",
        "(d.seller_id = %(firm)s OR (d.buyer_id = %(firm)s AND d.state IN ('granted', 'ended')))", "product.name", "NULL::numeric",
        "d.asked_at",
    ),
    "TS": (
        "return", "returns_returnrequest", "JOIN organisation_firm f ON f.id = d.buyer_id", "%(firm)s IN (d.seller_id, d.buyer_id)", "''",
        "d.net", "d.asked_at",
    ),
    "DH": (
        "transfer", "returns_transfer", "JOIN organisation_firm f ON f.id = d.taker_id JOIN organisation_firm g ON g.id = d.giver_id",
        """(d.seller_id = %(firm)s OR (%(firm)s IN (d.giver_id, d.taker_id)
            AND EXISTS (SELECT FROM approvals_approval a WHERE a.id = d.approval_id AND a.state = 'approved')))""",
        "g.name", "NULL::numeric", "d.asked_at",
    ),
    "CY": (
        "difference", "orders_difference",
        _DELIVERED, _BOTH, "s.number", "NULL::numeric", "d.reported_at",
    ),
    "PD": (
        "count", "inventory_stockcount", "JOIN inventory_warehouse w ON w.id = d.warehouse_id JOIN organisation_firm f ON f.id = w.firm_id",
        "w.firm_id = %(firm)s", "w.name", "NULL::numeric", "d.started_at",
    ),
    "RK": (
        "goods_in", "inventory_goodsin", "JOIN inventory_warehouse w ON w.id = d.warehouse_id JOIN organisation_firm f ON f.id = w.firm_id",
        "w.firm_id = %(firm)s", "w.name", "NULL::numeric", "d.received_on::timestamptz",
    ),
}  # fmt: skip


def _paper(series: str) -> str:
    kind, table, joined, seen, word, amount, at = _PAPERS[series]
    return f"""
SELECT '{kind}' AS kind, d.number, f.name AS about, f.code, {word} AS word, {amount} AS amount, {at} AS at,
       (d.number <> ALL(%(whole)s::text[]))::int AS rank
  FROM (SELECT n.id FROM {table} n WHERE n.number = ANY(%(whole)s::text[])
         UNION
        SELECT near.id FROM unnest(%(low)s::text[], %(high)s::text[]) AS stretch(low, high)
         CROSS JOIN LATERAL (SELECT n.id FROM {table} n
                              WHERE n.number >= '{series}' || stretch.low AND n.number <= '{series}' || stretch.high
                              ORDER BY n.number DESC LIMIT %(stretch)s) AS near) AS hit
  JOIN {table} d ON d.id = hit.id {joined} WHERE {seen}"""


def found_papers(who: Acting, wanted: Wanted, *, most: int) -> list[FoundPaper]:
    """Return up to `most` other documents with the number, or whose number begins so; those of the series typed, or of every series."""
    series = [one for one in _PAPERS if one == wanted.series or not wanted.series]
    if not series or not wanted.numbers:
        return []
    query = " UNION ALL ".join(_paper(one) for one in series) + " ORDER BY rank, at DESC, number LIMIT %(most)s"
    named = {
        "whole": [one + number for one in series for number in wanted.numbers], "firm": who.firm, "stretch": STRETCH, "most": most,
        "low": [low for low, _ in wanted.ranges], "high": [high for _, high in wanted.ranges],
    }  # fmt: skip
    return [_found(row) for row in rows(query, named)]


def _found(row: Any) -> FoundPaper:  # noqa: ANN401 - a row of the statement above
    return FoundPaper(row.kind, row.number, row.about, row.code, row.word, row.amount, row.at)


def found_documents(who: Acting, wanted: Wanted, *, most: int) -> list[FoundPaper]:
    """Return up to `most` documents of registered types with the number: one statement, and one more for each type that has one.

    Of a number without its series only the types whose pages are declared are asked.
    """
    if not wanted.numbers:
        return []
    others = [made for made in all_types() if made.series not in (ORDER_SERIES, *_PAPERS)]
    types = [made for made in others if wanted.series == made.series or (not wanted.series and not made.hand_made.one)]
    asked = [(made, numbered(made, who, numbers=wanted.numbers, ranges=wanted.ranges)) for made in types]
    found = [(made, one) for made, documents in _with_some(asked) for one in documents[:most]]
    return [_registered(made, one) for made, one in found][:most]


def _with_some(asked: Sequence[tuple[DocumentType, QuerySet[Any]]]) -> list[tuple[DocumentType, QuerySet[Any]]]:
    """Return those that hold a document at all: one statement, however many types there are."""
    places = [
        documents.order_by().annotate(at_place=Value(at)).values_list("at_place", flat=True)[:1]
        for at, (_, documents) in enumerate(asked)
    ]  # fmt: skip
    return [asked[at] for at in sorted(places[0].union(*places[1:]))] if places else []


def _registered(made: DocumentType, document: Any) -> FoundPaper:  # noqa: ANN401 - of the type's own model
    about = at_path(document, made.about)
    return FoundPaper(made.key, document.number, about.name, about.code, made.url_of(document), None, at_path(document, made.at))


SHORTEST_WAYBILL: Final = 5
_AFTER_ALL = "\U0010ffff"

# By the bytes, as the index of waybills stands; of many parcels that begin so the first two thousand are looked through.
_WAYBILLS = """
SELECT DISTINCT ON (d.id) 'parcel' AS kind, d.number, f.name AS about, f.code, found.waybill AS word, NULL::numeric AS amount,
       d.shipped_at AS at
  FROM unnest(%(low)s::text[], %(high)s::text[]) AS stretch(low, high)
 CROSS JOIN LATERAL (SELECT p.delivery_id, p.waybill FROM orders_parcel p
                      WHERE p.waybill ~>=~ stretch.low AND p.waybill ~<~ stretch.high AND NOT (p.waybill = '') LIMIT %(newest)s) AS found
  JOIN orders_delivery d ON d.id = found.delivery_id JOIN orders_order c ON c.id = d.order_id
  JOIN organisation_firm f ON f.id = c.buyer_id
 WHERE %(firm)s IN (c.seller_id, c.buyer_id) ORDER BY d.id DESC, found.waybill LIMIT %(most)s
"""


def found_parcels(who: Acting, wanted: Wanted, *, most: int) -> list[FoundPaper]:
    """Return up to `most` deliveries with a parcel whose waybill begins as typed, the newest first; of fewer than five signs nothing."""
    if len(wanted.typed) < SHORTEST_WAYBILL or not any(sign.isdigit() for sign in wanted.typed):
        return []
    low = sorted({wanted.typed, wanted.typed.upper()})
    named = {"low": low, "high": [one + _AFTER_ALL for one in low], "firm": who.firm, "newest": NEWEST, "most": most}
    return [_found(row) for row in rows(_WAYBILLS, named)]


APPROVALS: Final = "SP"


def found_approvals(who: Acting, wanted: Wanted, *, most: int) -> list[FoundPaper]:
    """Return approvals with the number that the person may see, the newest first."""
    if wanted.series not in ("", APPROVALS) or not wanted.numbers:
        return []
    found = approvals_seen_by(who).filter(number__in=[APPROVALS + number for number in wanted.numbers])[:most]
    return [FoundPaper("approval", one.number, one.title_zh, "", one.title_en, None, one.asked_at) for one in found]
