"""What a claim follows from: list prices, what was shipped to a partner, what is claimed already; and claims as they are read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from django.db.models import F, Q

from lingqu.audit.queries import changed_since
from lingqu.base.access import sight_for
from lingqu.base.database import rows
from lingqu.base.money import MAX_COPIES, total
from lingqu.base.refusal import not_found
from lingqu.catalogue.models import ListPrice, Product
from lingqu.claims.models import PriceClaim, PriceClaimLine
from lingqu.claims.rules import (
    MOST_LINES,
    AskedLine,
    Bought,
    Judged,
    Price,
    Relieved,
    Shipment,
    Source,
    Terms,
    judge,
    once_each,
    take_back,
)
from lingqu.claims.states import CLAIMING
from lingqu.orders.models import OrderLine
from lingqu.orders.queries import ComesBack, Relief, papers_named
from lingqu.organisation.models import Firm
from lingqu.organisation.queries import Acting, rows_seen
from lingqu.partners.models import Partner
from lingqu.policy.rules import Parameters

MOST_PARTNERS: Final = 500

# Copies of a delivery that did not arrive and are owed again count as not shipped by it: they left once more.
_STAYED: Final = """
    COALESCE((SELECT sum(y.copies) FROM orders_differenceline y JOIN orders_difference f ON f.id = y.difference_id
               WHERE f.delivery_id = x.delivery_id AND y.order_line_id = x.order_line_id AND y.answer = 'send_again'), 0)::int
"""

# Days are those of China. At most 5,000 lines of requests, the newest: a claim has 200 titles.
_BOUGHT: Final = f"""
SELECT l.id AS order_line, o.number, l.product_id AS product, l.list_price, l.discount_bp, l.returned,
       (SELECT json_agg(json_build_object('on', (d.shipped_at AT TIME ZONE 'Asia/Shanghai')::date, 'copies',
                                          x.copies - {_STAYED}))
          FROM orders_deliveryline x JOIN orders_delivery d ON d.id = x.delivery_id WHERE x.order_line_id = l.id)::text AS shipments,
       (SELECT json_object_agg(price, json_build_array(copies - back, back))
          FROM (SELECT c.price_id AS price, sum(s.copies) AS copies, sum(b.copies) AS back
                  FROM claims_priceclaimsource s JOIN claims_priceclaimline c ON c.id = s.claim_line_id
                  JOIN claims_priceclaim p ON p.id = c.claim_id
                 CROSS JOIN LATERAL (SELECT COALESCE(sum(t.copies), 0) AS copies FROM claims_relieftakenback t
                                      WHERE t.source_id = s.id) AS b
                 WHERE s.order_line_id = l.id AND p.state = ANY(%(claiming)s) AND p.id <> %(claim)s
                 GROUP BY c.price_id) AS one)::text AS claimed
  FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
 WHERE o.seller_id = %(seller)s AND o.buyer_id = %(buyer)s AND l.product_id = ANY(%(products)s) AND l.shipped > l.returned
 ORDER BY l.id DESC LIMIT 5000
"""  # noqa: S608 - made of the query above

# A line of a claim is rounded once: of its sources each has what they come to with it, less what they came to before it.
_RELIEVED: Final = """
WITH priced AS (
    SELECT s.id, s.order_line_id, s.copies, l.price_id, c.number, c.share, s.drop * s.copies * s.discount_bp AS whole,
           sum(s.drop * s.copies * s.discount_bp) OVER (PARTITION BY s.claim_line_id ORDER BY s.id) AS upto
      FROM claims_priceclaimsource s JOIN claims_priceclaimline l ON l.id = s.claim_line_id JOIN claims_priceclaim c ON c.id = l.claim_id
     WHERE c.state = 'credited'
       AND l.id IN (SELECT claim_line_id FROM claims_priceclaimsource WHERE order_line_id = ANY(%(lines)s))
)
SELECT p.id AS source, p.number, p.order_line_id AS order_line, p.price_id AS cut, p.copies,
       round(p.upto * p.share / 1000000, 2) - round((p.upto - p.whole) * p.share / 1000000, 2) AS amount,
       b.copies AS back, b.amount AS taken
  FROM priced p
 CROSS JOIN LATERAL (SELECT COALESCE(sum(copies), 0)::int AS copies, COALESCE(sum(amount), 0) AS amount
                       FROM claims_relieftakenback t WHERE t.source_id = p.id) AS b
 WHERE p.order_line_id = ANY(%(lines)s) ORDER BY p.id
"""
_shipments = msgspec.json.Decoder(tuple[Shipment, ...]).decode
_claimed = msgspec.json.Decoder(dict[int, tuple[int, int]]).decode


class Fallen(msgspec.Struct, frozen=True):
    """A title (its number) whose list price fell, and the day on which it did."""

    code: str
    cut_on: date


class ClaimFeed(msgspec.Struct, frozen=True):
    """Which claims are wanted: in a state, of a partner's code, changed since a moment."""

    state: str = ""
    buyer: str = ""
    updated_since: datetime | None = None


def terms_of(parameters: Parameters) -> Terms:
    """Return what a regulation says about price cuts."""
    return Terms(parameters.price_protection_days, parameters.price_claim_days, parameters.price_protection_share)


def bought_by(seller: int, buyer: int, products: Collection[int], *, claim: int = 0) -> dict[int, list[Bought]]:
    """Return by title what was shipped to a partner and did not all come back, with what claims but this one name; one statement."""
    known = {"seller": seller, "buyer": buyer, "products": sorted(products), "claiming": list(CLAIMING), "claim": claim}
    found: dict[int, list[Bought]] = {}
    for row in rows(_BOUGHT, known):
        shipments = _shipments(row.shipments) if row.shipments else ()
        claimed = _claimed(row.claimed) if row.claimed else {}
        one = Bought(
            row.order_line, row.number, row.list_price, row.discount_bp, row.returned, shipments,
            {cut: copies for cut, (copies, _) in claimed.items()}, {cut: back for cut, (_, back) in claimed.items()},
        )  # fmt: skip
        found.setdefault(row.product, []).append(one)
    return found


def relieved_of(order_lines: Collection[int]) -> dict[int, list[Relieved]]:
    """Return by line of a request what credited claims made good of it, and what came back of that; one statement."""
    found: dict[int, list[Relieved]] = {}
    for row in rows(_RELIEVED, {"lines": sorted(order_lines)}):
        one = Relieved(row.source, row.number, row.order_line, row.cut, row.copies, row.amount, row.back, row.taken)
        found.setdefault(row.order_line, []).append(one)
    return found


def relief_told(asked: Sequence[ComesBack]) -> list[Relief]:
    """Return what claims have credited already for copies that come back (`orders.queries.relief_left`); one statement."""
    known = relieved_of({one.order_line for one in asked})
    found = []
    for one in asked:
        parts = take_back(known.get(one.order_line, ()), one.copies, one.net, before=one.before)
        found.append(Relief(total(part.amount for part in parts), papers_named(part.number for part in parts if part.amount)))
    return found


def prices_of(products: Collection[int]) -> dict[int, list[Price]]:
    """Return all list prices of titles, by title."""
    found: dict[int, list[Price]] = {}
    for pk, product, since, amount in ListPrice.objects.filter(product__in=products).values_list("pk", "product_id", "since", "amount"):
        found.setdefault(product, []).append(Price(pk, since, amount))
    return found


def titles_by_id(products: Collection[int]) -> dict[int, Product]:
    """Return titles by id."""
    return Product.objects.in_bulk(list(products))


def judge_lines(seller: int, buyer: int, lines: Sequence[AskedLine], terms: Terms, *, on: date, claim: int = 0) -> list[Judged]:
    """Return what is made good of each line, in their order, each cut of a title once; `claim` does not stand against itself.

    Two statements, however many lines there are.
    """
    products = {line.product for line in lines}
    prices, bought = prices_of(products), bought_by(seller, buyer, products, claim=claim)
    return once_each(
        judge(line.row or place, line, prices.get(line.product, ()), bought.get(line.product, ()), terms, on=on)
        for place, line in enumerate(lines, 1)
    )


def fallen_titles(seller: int, buyer: int, terms: Terms, *, on: date) -> list[Fallen]:
    """Return the titles of which a partner could claim a copy today, each with the day of its latest cut, by number, 200 at most."""
    cuts = ListPrice.objects.filter(since__lte=on, since__gte=on - timedelta(days=terms.claim_days)).values("product")
    shipped = OrderLine.objects.filter(order__seller_id=seller, order__buyer_id=buyer, shipped__gt=F("returned"), product__in=cuts)
    titles = titles_by_id(set(shipped.order_by("product__code").values_list("product_id", flat=True).distinct()[:MOST_LINES]))
    asked = [AskedLine(pk, MAX_COPIES) for pk in sorted(titles, key=lambda pk: titles[pk].code)]
    judged = judge_lines(seller, buyer, asked, terms, on=on) if asked else []
    return [Fallen(titles[one.product].code, one.cut.on) for one in judged if one.cut and one.copies]


def lines_of(claim: int) -> list[PriceClaimLine]:
    """Return the lines of a claim with their titles and new prices, and the lines of requests that explain them."""
    found = PriceClaimLine.objects.filter(claim_id=claim).select_related("product", "price")
    return list(found.prefetch_related("sources__order_line__order").order_by("line"))


def kept_lines(lines: Sequence[PriceClaimLine]) -> list[Judged]:
    """Return lines of a claim as they were judged."""
    return [
        Judged(
            line.line, line.product_id, line.stock, None, line.shipped, line.claimed,
            tuple(
                Source(one.order_line_id, one.order_line.order.number, one.copies, one.drop, one.discount_bp)
                for one in sorted(line.sources.all(), key=lambda one: one.pk)
            ),
            line.amount,
        )
        for line in lines
    ]  # fmt: skip


def firms_to_claim_for(who: Acting) -> list[Firm]:
    """Return for whom the person may claim: their own firm where it buys, then the partners of their firm by name, 500 at most."""
    own = Firm.objects.filter(pk=who.firm, parent__isnull=False)
    partners = Firm.objects.filter(pk__in=Partner.objects.filter(seller_id=who.firm).values("firm_id"))
    return [*own, *partners.order_by("pinyin", "pk")[:MOST_PARTNERS]]


def buyer_asked(who: Acting, firm: int | None) -> tuple[int, int]:
    """Return seller and buyer (Firm ids) of a claim: the person's own firm for None; refuses (404) who is neither that nor a partner."""
    found = Firm.objects.filter(pk=firm or who.firm, parent__isnull=False).first()
    if found is None or found.parent_id is None or who.firm not in (found.pk, found.parent_id):
        raise not_found()
    return found.parent_id, found.pk


def buyer_called(who: Acting, code: str) -> tuple[int, int]:
    """Return seller and buyer of a claim by the code of the partner, as `buyer_asked`."""
    found = Firm.objects.filter(Q(parent_id=who.firm) | Q(pk=who.firm), code=code).values_list("pk", flat=True).first()
    if found is None:
        raise not_found()
    return buyer_asked(who, found)


def claim_by_number(number: str, *, by: Acting) -> PriceClaim:
    """Return a claim; refuses (404) what does not exist or is not the person's to see."""
    found: PriceClaim | None = _seen(by).filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise not_found()
    return found


def feed_of_claims(by: Acting, wanted: ClaimFeed, *, below: int | None, most: int) -> list[PriceClaim]:
    """Return up to `most` claims that the person sees, newest first, those below the id."""
    found = _seen(by).order_by("-pk")
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.buyer:
        found = found.filter(buyer__code=wanted.buyer)
    if wanted.updated_since:
        found = found.filter(changed_since("price_claim", wanted.updated_since))
    return list((found.filter(pk__lt=below) if below else found)[:most])


def _seen(by: Acting) -> Any:  # noqa: ANN401 - a query set of claims
    sight = sight_for(PriceClaim._meta.label)
    found = PriceClaim.objects.filter(rows_seen(sight, by) if sight else Q(pk__in=()))
    return found.select_related("seller", "buyer", "approval", "credit")
