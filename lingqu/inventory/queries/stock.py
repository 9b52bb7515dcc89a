"""Read stock: on hand, reserved, available."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from django.db.models import F, QuerySet

from lingqu.base.database import rows
from lingqu.base.pinyin import initials_pattern, joined_letters
from lingqu.catalogue.models import Product
from lingqu.catalogue.rules import read_isbn
from lingqu.inventory.models import GoodsIn, StockItem, Warehouse

SHOWN = 100
MOST_WORDS = 5


class StockRow(msgspec.Struct, frozen=True):
    """A title in a warehouse, copies: on hand, set aside for requests, free; None where it was never stocked."""

    product: int
    code: str
    isbn: str
    name: str
    discipline_zh: str
    discipline_en: str
    on_hand: int | None
    reserved: int | None
    available: int | None


class Place(msgspec.Struct, frozen=True):
    """Where a page begins: behind the number `after`, or ends before the number `before`; both empty: at the top."""

    after: str = ""
    before: str = ""


TOP = Place()


class StockPage(msgspec.Struct, frozen=True):
    """Titles of one page by number, and whether there are more above and below."""

    rows: list[StockRow]
    above: bool
    below: bool


class StockSums(msgspec.Struct, frozen=True):
    """A warehouse as a whole: titles, copies on hand, set aside, free, and titles of which nothing is free."""

    titles: int
    on_hand: int
    reserved: int
    available: int
    none_free: int


# Every word stands in number, name, pinyin (with or without blanks, or as initials) or ISBN.
_SOUGHT = """
   AND NOT EXISTS (SELECT 1 FROM unnest(%(patterns)s::text[], %(initials)s::text[]) AS word(pattern, initials)
                    WHERE NOT (p.code ILIKE pattern OR p.name ILIKE pattern OR replace(p.pinyin, ' ', '') ILIKE pattern
                               OR p.pinyin ILIKE pattern OR (initials <> '' AND p.pinyin ~ initials)
                               OR (length(pattern) > 5 AND p.isbn LIKE substr(pattern, 2))))
"""

# A page goes on below the number `after`, or up from `before`; nearest first, so that the caller turns the latter round.
_ON_PAGE = """
   AND (%(after)s = '' OR p.code > %(after)s) AND (%(before)s = '' OR p.code < %(before)s)
 ORDER BY CASE WHEN %(before)s = '' THEN p.code END, p.code DESC LIMIT %(most)s
"""

_STOCK = f"""
SELECT p.id AS product, p.code, p.isbn, p.name, d.name_zh AS discipline_zh, d.name_en AS discipline_en,
       (-r.used)::bigint AS on_hand, r.held::bigint AS reserved, (-r.used - r.held)::bigint AS available
  FROM inventory_stockitem s
  JOIN ledger_running r ON r.account_id = s.account_id
  JOIN catalogue_product p ON p.id = s.product_id
  JOIN catalogue_discipline d ON d.id = p.discipline_id
 WHERE s.warehouse_id = %(warehouse)s AND (NOT %(short)s OR r.used + r.held >= 0) {_SOUGHT} {_ON_PAGE}
"""  # noqa: S608 - made of the pieces above

_SUMS = """
SELECT count(*) AS titles, COALESCE(sum(-r.used), 0)::bigint AS on_hand, COALESCE(sum(r.held), 0)::bigint AS reserved,
       COALESCE(sum(-r.used - r.held), 0)::bigint AS available, count(*) FILTER (WHERE r.used + r.held >= 0) AS none_free
  FROM inventory_stockitem s JOIN ledger_running r ON r.account_id = s.account_id WHERE s.warehouse_id = %s
"""

_TO_STOCK = """
SELECT p.id AS product, p.code, p.isbn, p.name, d.name_zh AS discipline_zh, d.name_en AS discipline_en,
       (-r.used)::bigint AS on_hand, r.held::bigint AS reserved, (-r.used - r.held)::bigint AS available
  FROM catalogue_product p
  JOIN catalogue_discipline d ON d.id = p.discipline_id
  JOIN organisation_firmpath path ON path.descendant_id = %(firm)s AND path.ancestor_id = p.publisher_id
  LEFT JOIN inventory_stockitem s ON s.product_id = p.id AND s.warehouse_id = %(warehouse)s
  LEFT JOIN ledger_running r ON r.account_id = s.account_id
"""
_CHOSEN = f"{_TO_STOCK} WHERE p.id = ANY(%(chosen)s::bigint[]) ORDER BY p.code"
_TITLES = f"{_TO_STOCK} WHERE p.id <> ALL(%(chosen)s::bigint[]) {_SOUGHT} {_ON_PAGE}"


def stock_of(firm: int) -> QuerySet[StockItem]:
    """Return the products in a firm's warehouse with `on_hand`, `reserved` and `available` copies, by product number."""
    return (
        StockItem.objects.filter(warehouse__firm_id=firm)
        .select_related("product")
        .annotate(
            on_hand=-F("account__running__used"),
            reserved=F("account__running__held"),
            available=-F("account__running__used") - F("account__running__held"),
        )
        .order_by("product__code")
    )


def warehouse_of(firm: int) -> Warehouse | None:
    """Return the firm's warehouse, None when it keeps its stock elsewhere."""
    return Warehouse.objects.filter(firm_id=firm).first()


def stock_rows(warehouse: int, *, words: str = "", short: bool = False, most: int) -> list[StockRow]:
    """Return up to `most` titles of a warehouse by number, found by every word of number, ISBN, name or pinyin; `short`: nothing free."""
    return stock_page(warehouse, words=words, short=short, most=most).rows


def stock_page(warehouse: int, *, words: str = "", short: bool = False, place: Place = TOP, most: int = SHOWN) -> StockPage:
    """Return a page of up to `most` titles of a warehouse by number, as `stock_rows` finds them."""
    return _page(_STOCK, {"warehouse": warehouse, "short": short}, words, place, most)


def stock_sums(warehouse: int) -> StockSums:
    """Return the warehouse added up."""
    (row,) = rows(_SUMS, (warehouse,))
    return StockSums(**row._asdict())


def products_to_stock(warehouse: Warehouse, *, words: str = "", chosen: Iterable[int] = (), place: Place = TOP) -> StockPage:
    """Return a page of up to 100 titles that the firm may stock, with what is there, without those that are `chosen` already."""
    known = {"firm": warehouse.firm_id, "warehouse": warehouse.pk, "chosen": sorted(chosen)}
    return _page(_TITLES, known, words, place, SHOWN)


def products_chosen(warehouse: Warehouse, chosen: Iterable[int]) -> list[StockRow]:
    """Return the titles of these ids that the firm may stock, by number, with what is there."""
    known = {"firm": warehouse.firm_id, "warehouse": warehouse.pk, "chosen": sorted(chosen)}
    return [StockRow(**row._asdict()) for row in rows(_CHOSEN, known)] if known["chosen"] else []


def _page(query: str, known: dict[str, Any], words: str, place: Place, most: int) -> StockPage:
    sought = read_isbn(words) or words
    found = patterns(sought)
    initials = [initials_pattern(joined_letters(word)) for word in sought.split()[:MOST_WORDS]]
    asked = known | {"patterns": found, "initials": initials, "after": place.after, "before": place.before, "most": most + 1}
    titles = [StockRow(**row._asdict()) for row in rows(query, asked)]
    more, titles = len(titles) > most, titles[:most]
    if place.before:
        return StockPage(titles[::-1], above=more, below=True)
    return StockPage(titles, above=bool(place.after), below=more)


def titles_by_id(warehouse: Warehouse, products: Iterable[int]) -> dict[int, Product]:
    """Return the products of these ids that belong to the firm's publisher; others are absent."""
    found = Product.objects.filter(pk__in=sorted(products), publisher__paths_down__descendant_id=warehouse.firm_id)
    return {product.pk: product for product in found}


def goods_with_key(warehouse: int, key: str) -> GoodsIn | None:
    """Return the paper of a warehouse that was sent with this key, None when there is none."""
    return GoodsIn.objects.filter(warehouse_id=warehouse, key=key).first() if key and "\x00" not in key else None


def patterns(words: str) -> list[str]:
    """Return every word as a pattern in which wild cards stand for themselves; a whole ISBN, however it is written, as its 13 digits.

    How an ISBN begins finds it from four digits on.
    """
    words = read_isbn(words) or words
    plain = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return [f"%{word}%" for word in plain.split()[:MOST_WORDS]]
