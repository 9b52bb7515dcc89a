"""What decisions look at, for many requests at once: two statements however many there are, one to lock and one to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

import msgspec

from lingqu.base.database import rows
from lingqu.catalogue.rules import SpecialOffer
from lingqu.credit.rules import OpenBatch
from lingqu.partners.rules import Papers
from lingqu.policy.rules import Parameters

Pair = tuple[int, int]


class Place(msgspec.Struct, frozen=True):
    """A buyer at a seller: level, papers, areas, credit line and ledger accounts, the seller's warehouse (0 = none kept here).

    `stopped` is the number of the hold that stops supply on the day ("" = none), `stopped_by_hand` whether somebody set it.
    `branch` is set where the seller is no headquarters but an agent, `own_discount_bp` is the price that it gave this retailer alone.
    """

    seller: int
    buyer: int
    level: str
    papers: Papers
    areas: tuple[str, ...]
    product_lines: tuple[str, ...]
    delivery_division: str
    line: int
    grade: str
    credit_account: int
    sales_account: int
    warehouse: int
    sink: int
    stopped: str = ""
    stopped_by_hand: bool = False
    branch: bool = False
    own_discount_bp: int | None = None

    @property
    def own_price(self) -> int | msgspec.UnsetType:
        """Return the price that an agent gave this retailer alone, as facts of a decision keep it."""
        return msgspec.UNSET if self.own_discount_bp is None else self.own_discount_bp

    def asks_stamped(self, parameters: Parameters) -> bool:
        """Return whether requests here need stamped contracts at all: an agent's branch may be let off (M-16.3.1)."""
        return parameters.branch_stamped_contract or not self.branch


class Shelf(msgspec.Struct, frozen=True):
    """A product as a seller offers it on a day: number, discipline, list price (None = no price yet), stock account (0 = never stocked)."""

    seller: int
    product: int
    code: str
    product_line: str
    list_price: Decimal | None
    account: int


class Owed(msgspec.Struct, frozen=True):
    """An unsettled batch of a credit line."""

    line: int
    batch: OpenBatch


class Special(msgspec.Struct, frozen=True):
    """A special price that a buyer has at a seller on the day, with the copies that no request has used yet."""

    seller: int
    buyer: int
    product: int
    offer: SpecialOffer


class Known(msgspec.Struct, frozen=True):
    """A request that exists already under the key with which it was sent."""

    buyer: int
    key: str
    order: int
    number: str
    state: str


class _Facts(msgspec.Struct, frozen=True):
    places: list[Place]
    shelves: list[Shelf]
    owed: list[Owed]
    known: list[Known]
    specials: list[Special]


ACCOUNTS = """
SELECT c.account_id FROM unnest(%s::bigint[], %s::bigint[]) AS want(seller, buyer)
  JOIN credit_creditline c ON c.seller_id = want.seller AND c.buyer_id = want.buyer
UNION ALL
SELECT s.account_id FROM unnest(%s::bigint[], %s::bigint[]) AS want(seller, product)
  JOIN inventory_warehouse w ON w.firm_id = want.seller
 CROSS JOIN LATERAL (SELECT s.account_id FROM inventory_stockitem s
                      WHERE s.warehouse_id = w.id AND s.product_id = want.product LIMIT 1) AS s
"""
"""The limited accounts that a decision locks: credit lines of (sellers, buyers) and stock of (sellers, products)."""

_PLACES = """
SELECT p.seller_id AS seller, p.firm_id AS buyer, f.kind AS level, p.areas, p.product_lines, p.delivery_division,
       json_build_object('certified_until', p.certified_until, 'contract_until', p.contract_until,
                         'licence_until', p.licence_until) AS papers,
       c.id AS line, c.grade, c.account_id AS credit_account, c.sales_id AS sales_account,
       COALESCE(w.id, 0) AS warehouse, COALESCE(w.sink_id, 0) AS sink,
       COALESCE(stop.number, '') AS stopped, stop.cause IS NOT DISTINCT FROM 'solvency' AS stopped_by_hand,
       sells.kind <> 'hq' AS branch, c.own_discount_bp
  FROM unnest(%s::bigint[], %s::bigint[]) AS want(seller, buyer)
  JOIN partners_partner p ON p.seller_id = want.seller AND p.firm_id = want.buyer
  JOIN organisation_firm f ON f.id = p.firm_id AND f.valid @> %s::date
  JOIN organisation_firm sells ON sells.id = p.seller_id
  JOIN credit_creditline c ON c.seller_id = want.seller AND c.buyer_id = want.buyer
  LEFT JOIN inventory_warehouse w ON w.firm_id = want.seller
  LEFT JOIN LATERAL (SELECT h.number, h.cause FROM credit_supplyhold h
                      WHERE h.line_id = c.id AND h.state <> 'released' AND h.level = 'stop'
                        AND (h.state = 'in_force' OR h.deferred_until < %s::date)
                        AND h.set_at < (%s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
                      ORDER BY h.cause DESC LIMIT 1) AS stop ON true
"""

# One look-up per line in each table, whatever the planner, who does not know how many are asked for, thinks of their sizes.
_SHELVES = """
SELECT want.seller, p.id AS product, p.code, d.code AS product_line, price.amount::text AS list_price, COALESCE(s.account_id, 0) AS account
  FROM unnest(%s::bigint[], %s::bigint[]) AS want(seller, product)
 CROSS JOIN LATERAL (SELECT * FROM catalogue_product p WHERE p.id = want.product LIMIT 1) AS p
  JOIN catalogue_discipline d ON d.id = p.discipline_id
  LEFT JOIN LATERAL (SELECT l.amount FROM catalogue_listprice l WHERE l.product_id = p.id AND l.since <= %s
                      ORDER BY l.since DESC LIMIT 1) AS price ON true
  LEFT JOIN inventory_warehouse w ON w.firm_id = want.seller
  LEFT JOIN LATERAL (SELECT s.account_id FROM inventory_stockitem s
                      WHERE s.warehouse_id = w.id AND s.product_id = p.id LIMIT 1) AS s ON true
 WHERE EXISTS (SELECT FROM organisation_firmpath path WHERE path.descendant_id = want.seller AND path.ancestor_id = p.publisher_id)
"""

_OWED = """
SELECT b.line_id AS line,
       json_build_object('batch', b.id, 'number', b.number, 'request', b.request, 'opened_on', b.opened_on,
                         'remaining', (b.value - b.applied)::text, 'due_on', LEAST(b.triggered_due_on, b.backstop_due_on),
                         'disputed_until', b.disputed_until) AS batch
  FROM unnest(%s::bigint[], %s::bigint[]) AS want(seller, buyer)
  JOIN credit_creditline c ON c.seller_id = want.seller AND c.buyer_id = want.buyer
  JOIN credit_batch b ON b.line_id = c.id AND b.settled_on IS NULL
 ORDER BY b.line_id, b.number
"""

_KNOWN = """
SELECT found.*
  FROM unnest(%s::bigint[], %s::text[]) AS want(buyer, key)
 CROSS JOIN LATERAL (SELECT o.buyer_id AS buyer, o.key, o.id AS order, o.number, o.state
                       FROM orders_order o WHERE o.buyer_id = want.buyer AND o.key = want.key LIMIT 1) AS found
"""

# Copies count from the moment in which a request holds its money; whoever judges has locked the credit line of the buyer before.
_SPECIALS = """
SELECT s.seller_id AS seller, s.buyer_id AS buyer, s.product_id AS product,
       json_build_object('id', s.id, 'number', s.number, 'discount_bp', s.discount_bp,
                         'left', s.copies - COALESCE((SELECT sum(l.copies) FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
                                                       WHERE l.special_id = s.id
                                                         AND o.state IN ('held', 'accepted', 'part_shipped', 'shipped')), 0)) AS offer
  FROM unnest(%s::bigint[], %s::bigint[]) AS want(seller, buyer)
  JOIN catalogue_specialprice s ON s.seller_id = want.seller AND s.buyer_id = want.buyer AND s.state = 'granted'
 WHERE s.product_id = ANY(%s::bigint[]) AND s.since <= %s::date AND s.until >= %s::date
 ORDER BY s.discount_bp, s.id
"""

_FACTS = f"""
SELECT json_build_object(
    'places', COALESCE((SELECT json_agg(one) FROM ({_PLACES}) AS one), '[]'),
    'shelves', COALESCE((SELECT json_agg(one) FROM ({_SHELVES}) AS one), '[]'),
    'owed', COALESCE((SELECT json_agg(one) FROM ({_OWED}) AS one), '[]'),
    'known', COALESCE((SELECT json_agg(one) FROM ({_KNOWN}) AS one), '[]'),
    'specials', COALESCE((SELECT json_agg(one) FROM ({_SPECIALS}) AS one), '[]'))::text AS facts
"""  # noqa: S608 - made of the queries above

_LATE = "SELECT id FROM orders_order WHERE state = 'held' AND answer_until <= %s ORDER BY id LIMIT %s"


_read = msgspec.json.Decoder(_Facts).decode


class Bench(msgspec.Struct):
    """Where requests are judged: places by (seller, buyer), shelves by (seller, product), batches by line, known by (buyer, key)."""

    places: dict[Pair, Place]
    shelves: dict[Pair, Shelf]
    batches: dict[int, tuple[OpenBatch, ...]]
    known: dict[tuple[int, str], Known]
    specials: dict[tuple[int, int, int], tuple[SpecialOffer, ...]] = {}

    def special(self, seller: int, buyer: int, product: int, copies: int, taken: Mapping[int, int]) -> SpecialOffer | None:
        """Return the lowest special price with so many copies left, without those `taken` by id; else the lowest, which has too few."""
        offers = [
            msgspec.structs.replace(offer, left=max(offer.left - taken.get(offer.id, 0), 0))
            for offer in self.specials.get((seller, buyer, product), ())
        ]
        return next((offer for offer in offers if copies <= offer.left), offers[0] if offers else None)

    def accounts(self) -> set[int]:
        """Return the limited accounts that a decision looks at: credit lines and stock."""
        return {place.credit_account for place in self.places.values()} | {
            shelf.account for shelf in self.shelves.values() if shelf.account
        }


def load_bench(pairs: Iterable[Pair], wanted: Iterable[Pair], keys: Iterable[tuple[int, str]] = (), *, on: date) -> Bench:
    """Return what (seller, buyer) pairs, (seller, product) pairs and (buyer, key) pairs stand for on the day, in one statement.

    What is missing in the answer does not exist, is not valid on the day, or does not belong to the seller.
    """
    firms, products, sent = columns_of(pairs), columns_of(wanted), columns_of(keys)
    (row,) = rows(_FACTS, (*firms, on, on, on, *products, on, *firms, *sent, *firms, products[1], on, on))
    facts = _read(row.facts)
    batches: dict[int, tuple[OpenBatch, ...]] = {}
    for owed in facts.owed:
        batches[owed.line] = (*batches.get(owed.line, ()), owed.batch)
    return Bench(
        {(place.seller, place.buyer): place for place in facts.places},
        {(shelf.seller, shelf.product): shelf for shelf in facts.shelves},
        batches,
        {(known.buyer, known.key): known for known in facts.known},
        _offers(facts.specials),
    )


def _offers(found: Iterable[Special]) -> dict[tuple[int, int, int], tuple[SpecialOffer, ...]]:
    offers: dict[tuple[int, int, int], tuple[SpecialOffer, ...]] = {}
    for one in found:
        name = (one.seller, one.buyer, one.product)
        offers[name] = (*offers.get(name, ()), one.offer)
    return offers


def columns_of(pairs: Iterable[tuple[int, int | str]]) -> tuple[list[object], list[object]]:
    """Return different pairs as two columns, as queries take them."""
    different = sorted(set(pairs))
    return [pair[0] for pair in different], [pair[1] for pair in different]


def late_requests(*, at: datetime, most: int = 100) -> list[int]:
    """Return the ids of up to `most` held requests whose answer time has ended at the moment, oldest first."""
    return [row.id for row in rows(_LATE, (at, most))]
