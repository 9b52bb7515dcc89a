"""What a person sees while typing a return or a transfer: partners, and the titles that a partner was shipped."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import msgspec

from lingqu.base.database import rows
from lingqu.catalogue.models import Product
from lingqu.organisation.models import Firm
from lingqu.organisation.queries import Acting
from lingqu.partners.models import Partner
from lingqu.returns.states import CLAIMING, MOVING

MOST_TITLES = 200
MOST_PARTNERS = 200

_SHIPPED = """
SELECT p.id AS product, p.code, p.isbn, p.name, sum(l.shipped - l.returned)::bigint AS out, max(d.shipped_on) AS last,
       sum(l.shipped - l.returned)::bigint - COALESCE((
           SELECT sum(s.copies) FROM returns_returnsource s JOIN returns_returnline x ON x.id = s.return_line_id
             JOIN returns_returnrequest r ON r.id = x.request_id
            WHERE r.seller_id = %s AND r.buyer_id = %s AND r.state = ANY(%s) AND x.product_id = p.id), 0) - COALESCE((
           SELECT sum(s.copies) FROM returns_transfersource s JOIN returns_transferline x ON x.id = s.transfer_line_id
             JOIN returns_transfer t ON t.id = x.transfer_id
            WHERE t.seller_id = %s AND t.giver_id = %s AND t.state = ANY(%s) AND x.product_id = p.id), 0) AS free
  FROM orders_order o
  JOIN orders_orderline l ON l.order_id = o.id AND l.shipped > l.returned
  JOIN catalogue_product p ON p.id = l.product_id
 CROSS JOIN LATERAL (SELECT max((d.shipped_at AT TIME ZONE 'Asia/Shanghai')::date) AS shipped_on
                       FROM orders_delivery d WHERE d.order_id = o.id) AS d
 WHERE o.seller_id = %s AND o.buyer_id = %s AND (%s = 0 OR o.id = %s)
 GROUP BY p.id ORDER BY last DESC NULLS LAST, p.code LIMIT %s
"""


class TitleRow(msgspec.Struct, frozen=True):
    """A title that a partner has by the records: copies shipped and not back, of them named by no other paper, and last shipped when."""

    product: int
    code: str
    name: str
    out: int
    free: int
    last: date | None
    isbn: str = ""


class PartnerAsked(msgspec.Struct, frozen=True):
    """For whom a return is typed: the partner, its seller, and whether the seller's people type for it."""

    firm: Firm
    seller: int
    for_partner: bool


def shipped_titles(seller: int, buyer: int, *, order: int = 0) -> list[TitleRow]:
    """Return up to 200 titles that were shipped to a partner and did not come back, the last shipped first; of one request if named."""
    mine = (seller, buyer, list(CLAIMING), seller, buyer, list(MOVING), seller, buyer, order, order, MOST_TITLES)
    return [TitleRow(row.product, row.code, row.name, int(row.out), int(row.free), row.last, row.isbn) for row in rows(_SHIPPED, mine)]


def titles_by_id(products: Collection[int]) -> dict[int, Product]:
    """Return products by id."""
    return Product.objects.in_bulk(list(products))


def partners_to_choose(who: Acting) -> list[Firm]:
    """Return up to 200 partners of the person's firm, by pinyin."""
    found = Partner.objects.filter(seller_id=who.firm).select_related("firm").order_by("firm__pinyin")
    return [partner.firm for partner in found[:MOST_PARTNERS]]


def partner_called(who: Acting, code: str) -> PartnerAsked | None:
    """Return for whom a person types: their own firm where it buys, else the partner with the code; None when there is none."""
    own = Firm.objects.filter(pk=who.firm).first()
    if own and own.parent_id and code in ("", own.code):
        return PartnerAsked(own, own.parent_id, for_partner=False)
    partner = Partner.objects.filter(seller_id=who.firm, firm__code=code).select_related("firm").first()
    return PartnerAsked(partner.firm, who.firm, for_partner=True) if partner else None
