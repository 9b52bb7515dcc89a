"""The numbers of titles that a firm may stock."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from lingqu.catalogue.models import Product
from lingqu.inventory.models import StockItem

MOST_NUMBERS: Final = 50_000


def numbers_by_name(firm: int) -> dict[str, str]:
    """Return the numbers of the titles of the firm's publisher by what a table may call them: number, else ISBN; at most 50,000 titles."""
    found = Product.objects.filter(publisher__paths_down__descendant_id=firm).order_by("code").values_list("code", "isbn")[:MOST_NUMBERS]
    titles = list(found)
    return {isbn: code for code, isbn in titles if isbn} | {code: code for code, _ in titles}


def titles_numbered(firm: int, codes: Collection[str]) -> set[str]:
    """Return those of these numbers that are titles of the firm's publisher."""
    found = Product.objects.filter(publisher__paths_down__descendant_id=firm, code__in=set(codes))
    return set(found.values_list("code", flat=True))


def items_numbered(warehouse: int, codes: Collection[str]) -> dict[str, int]:
    """Return the StockItem ids of titles of a warehouse by their numbers; numbers that it never stocked are absent."""
    found = StockItem.objects.filter(warehouse_id=warehouse, product__code__in=set(codes))
    return dict(found.values_list("product__code", "pk"))
