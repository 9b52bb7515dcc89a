"""What a person sees while typing a request: for whom, and the seller's titles with price, discount and stock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from django.db.models import Q, QuerySet

from lingqu.base.database import columns, instances
from lingqu.base.money import WHOLE_BP
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.catalogue.queries import priced_products, search_products
from lingqu.catalogue.rules import read_isbn
from lingqu.credit.models import CreditLine
from lingqu.credit.rules import discount_for
from lingqu.inventory.models import Warehouse
from lingqu.inventory.queries import stock_of
from lingqu.orders.access import BUYING_POSTS, may_enter_for_partner, may_submit
from lingqu.orders.models import Order
from lingqu.orders.queries.lists import NUMBER
from lingqu.orders.queries.names import firms_called
from lingqu.organisation.models import Firm
from lingqu.organisation.queries import Acting, ancestors
from lingqu.partners.models import Partner
from lingqu.policy.rules import Regulation

MOST_TITLES = 100
MOST_OFFERED = 5_000
MOST_PARTNERS = 50

NOT_ORDERING = Text("您的岗位不能提交进货申请。", "Your post does not submit purchase requests.")


class Buyer(msgspec.Struct, frozen=True):
    """For whom a request is typed, and the id of the seller.

    `for_partner` is set when the seller's people type for a partner that called; only they may offer discounts.
    """

    firm: Firm
    seller: int
    for_partner: bool


class Desk(msgspec.Struct, frozen=True):
    """Where a request is typed: buyer and seller, the partner's papers and credit line, the discount of its rule in basis points."""

    buyer: Firm
    seller: Firm
    partner: Partner
    credit: CreditLine
    for_partner: bool
    rule_bp: int


class Title(msgspec.Struct, frozen=True):
    """A title to be ordered: list price in yuan on the day, the partner's discount, copies available (None = stock is not kept here).

    `isbn` has 13 digits and is empty where the title has none.
    """

    product: int
    code: str
    name: str
    discipline: Text
    list_price: Decimal
    rule_bp: int
    available: int | None
    isbn: str = ""


class Titles(msgspec.Struct, frozen=True):
    """The titles shown, and how many more the words would find."""

    rows: list[Title]
    more: int


class PartnerRow(msgspec.Struct, frozen=True):
    """A partner for which a request may be entered."""

    firm: Firm
    grade: str


_FIRM_CALLED = f"""
SELECT {columns(Firm, "f")} FROM organisation_firm f WHERE f.code = %s AND f.valid @> %s::date
"""  # noqa: S608 - made of the names of our own columns


def buyer_for(by: Acting, code: str, *, own: Firm, on: date) -> Buyer:
    """Return for whom the person orders: their own firm when the code is empty or theirs, else the partner with the code.

    Refuses (404) an unknown firm or one that is not the person's to order for; (403) a person whose post does not order at all.
    """
    firm = own if code in ("", own.code) else _firm_called(code, on=on)
    if firm is None or firm.parent_id is None:
        raise not_found()
    if not may_submit(by, firm.parent_id, firm.pk):
        if by.firm in (firm.pk, firm.parent_id):
            raise forbidden(NOT_ORDERING)
        raise not_found()
    return Buyer(firm, firm.parent_id, not by.holds_any(BUYING_POSTS, firm.pk))


def _firm_called(code: str, *, on: date) -> Firm | None:
    found = () if "\x00" in code else instances(_FIRM_CALLED, (code, on), Firm)
    return next((firm for (firm,) in found), None)


def desk_for(buyer: Buyer, *, regulation: Regulation) -> Desk:
    """Return where a request for the buyer is typed; refuses (422) a firm that is no partner of its seller, or has no credit line."""
    partner = Partner.objects.select_related("seller").filter(seller_id=buyer.seller, firm=buyer.firm).first()
    credit = CreditLine.objects.filter(seller_id=buyer.seller, buyer=buyer.firm).first()
    if partner is None or credit is None:
        text = Text("双方没有有效的客户关系或信用档案。", "The two firms are no partners today, or no credit line was opened.")
        raise Refusal("no_partner", text, status=422)
    discount = discount_for(regulation, buyer.firm.kind, credit.grade, credit.own_discount_bp)
    rule = discount.rule_bp if discount else WHOLE_BP
    return Desk(buyer.firm, partner.seller, partner, credit, buyer.for_partner, rule)


def orders_for_others(by: Acting) -> bool:
    """Return whether the person may enter requests for partners of their own firm."""
    return may_enter_for_partner(by, by.firm)


def orders_for_own(by: Acting) -> bool:
    """Return whether the person may enter requests of their own firm."""
    return by.holds_any(BUYING_POSTS, by.firm)


def partners_to_order_for(by: Acting, words: str, *, on: date) -> list[PartnerRow]:
    """Return up to 50 partners of the person's firm, by pinyin, whose name, code or pinyin holds the words."""
    found: QuerySet[Firm] = firms_called(words) if words.strip() else Firm.objects.all()
    firms = list(found.filter(partners_as_buyer__seller_id=by.firm, valid__contains=on).order_by("pinyin")[:MOST_PARTNERS])
    grades = dict(CreditLine.objects.filter(seller_id=by.firm, buyer__in=firms).values_list("buyer_id", "grade"))
    return [PartnerRow(firm, grades.get(firm.pk, "")) for firm in firms]


def titles_at(desk: Desk, words: str, *, on: date, always: Collection[int] = ()) -> Titles:
    """Return up to 100 titles of the seller that the words find, by number; those whose ids are in `always` stand first, found or not."""
    publisher = publisher_of(desk.seller.pk)
    found = search_products(publisher, words, on=on)
    kept = list(priced_products(publisher, on=on).filter(pk__in=list(always))) if always else []
    rest = list(found.exclude(pk__in=list(always))[: MOST_TITLES + 1])
    more = found.exclude(pk__in=list(always)).count() - MOST_TITLES if len(rest) > MOST_TITLES else 0
    return Titles(with_stock(desk, kept + rest[:MOST_TITLES]), max(more, 0))


def titles_of(desk: Desk, *, on: date) -> list[Title]:
    """Return all titles of the seller that are sold on the day, by number, at most 5,000, each with price, discount and stock."""
    return with_stock(desk, list(priced_products(publisher_of(desk.seller.pk), on=on)[:MOST_OFFERED]))


def titles_called(seller: int, codes: Collection[str], *, on: date) -> dict[str, int]:
    """Return the ids of a seller's titles by what they were called, in capital letters: number or ISBN; unknown ones are left out."""
    isbns = {code.upper(): isbn for code in codes if (isbn := read_isbn(code))}
    named = {code.upper() for code in codes}
    wanted = Q(code__in=named | set(codes)) | Q(isbn__in=set(isbns.values()))
    found = list(priced_products(publisher_of(seller), on=on).filter(wanted).values_list("code", "isbn", "pk"))
    by_isbn = {isbn: pk for _, isbn, pk in found if isbn}
    numbered = {called: by_isbn[isbn] for called, isbn in isbns.items() if isbn in by_isbn}
    return numbered | {code.upper(): pk for code, _, pk in found if code.upper() in named}


def titles_named(seller: int, codes: Sequence[str], *, on: date) -> list[int]:
    """Return the ids of a seller's titles in the order in which lines call them; refuses at its line what is none or has no price."""
    known = titles_called(seller, codes, on=on)
    for place, code in enumerate(codes):
        if code.upper() not in known:
            told = Text(f"没有品种“{code}”，或没有定价。", f"There is no title “{code}”, or it has no price today.")
            raise bad_input(f"lines.{place}.product", told)
    return [known[code.upper()] for code in codes]


def known_key(buyer: int, key: str) -> str:
    """Return the number of the request that was sent with this key already; empty when there is none."""
    return Order.objects.filter(buyer_id=buyer, key=key).values_list("number", flat=True).first() or ""


def lines_like(number: str, buyer: int) -> dict[int, int]:
    """Return copies by product of an earlier request of the buyer; nothing when it is not theirs."""
    order = Order.objects.filter(number=number, buyer_id=buyer).first() if NUMBER.fullmatch(number) else None
    if order is None:
        return {}
    copies: dict[int, int] = {}
    for product, more in order.lines.order_by("line").values_list("product_id", "copies"):
        copies[product] = copies.get(product, 0) + more
    return {product: many for product, many in copies.items() if many}


def publisher_of(seller: int) -> int:
    """Return the root of the seller's branch: the publisher whose titles everybody below sells."""
    path = ancestors(seller).last()
    return path.ancestor_id if path else seller


def with_stock(desk: Desk, products: list[Any]) -> list[Title]:
    """Return products (each with its `list_price`) as titles, with what the seller's warehouse has of them."""
    kept = Warehouse.objects.filter(firm=desk.seller).exists()
    shelves: Any = stock_of(desk.seller.pk).filter(product__in=products) if kept else ()
    available = {shelf.product_id: max(int(shelf.available), 0) for shelf in shelves}
    return [
        Title(
            product.pk,
            product.code,
            product.name,
            Text(product.discipline.name_zh, product.discipline.name_en),
            product.list_price,
            desk.rule_bp,
            available.get(product.pk, 0) if kept else None,
            product.isbn,
        )
        for product in products
    ]
