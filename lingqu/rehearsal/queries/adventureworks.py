"""Read the reseller orders of AdventureWorks DW, a public sample of a manufacturer's sales, from its files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, TypeVar

from lingqu.base.text import Text
from lingqu.rehearsal.queries.tables import Row, bad_source, read_rows
from lingqu.rehearsal.rules import Article, Reseller, Source, SourceLine, SourceOrder, discount_of

MOST_LINES = 500
LONGEST_NUMBER = 64
LONGEST_WAIT = 365
"""Days between order and shipping that an acceptance may promise."""

ValueT = TypeVar("ValueT")
SALES = "FactResellerSales.csv.gz"
SALES_COLUMNS = (
    "ProductKey", "ResellerKey", "SalesOrderNumber", "SalesOrderLineNumber", "OrderQuantity", "UnitPrice", "UnitPriceDiscountPct",
    "SalesAmount", "OrderDate", "ShipDate",
)  # fmt: skip


class Head(NamedTuple):
    """What all lines of an order share."""

    reseller: str
    ordered_on: date
    shipped_on: date


def read_source(folder: Path) -> Source:
    """Return the resellers, articles and orders that the folder's files describe.

    Refuses (`bad_source`), naming file and line: what `read_rows` refuses, a key that another file does not have, an amount or a day
    that is none, a line that stands twice, and an order of two resellers or days.
    """
    resellers = _resellers(folder)
    articles, categories = _articles(folder)
    orders = _orders(folder, resellers, articles)
    sold = {line.article for order in orders for line in order.lines}
    return Source(
        {reseller.code: reseller for reseller in resellers.values()},
        {article.code: article for article in articles.values() if article.code in sold},
        categories,
        orders,
    )


def _resellers(folder: Path) -> dict[str, Reseller]:
    places = {
        row.word("GeographyKey"): (row.word("CountryRegionCode") + row.word("StateProvinceCode"))[:6]
        for row in read_rows(folder / "DimGeography.csv", ("GeographyKey", "CountryRegionCode", "StateProvinceCode"))
    }
    found = {}
    columns = ("ResellerKey", "GeographyKey", "ResellerAlternateKey", "ResellerName", "AnnualSales")
    for row in read_rows(folder / "DimReseller.csv", columns):
        division = _known(row, "GeographyKey", places)
        found[row.word("ResellerKey")] = Reseller(
            row.word("ResellerAlternateKey"), row.word("ResellerName")[:100], division, row.amount("AnnualSales", if_empty=Decimal(0))
        )
    return found


def _articles(folder: Path) -> tuple[dict[str, Article], dict[str, str]]:
    """Return articles by ProductKey (versions of one article share its code; the last one's name and price stand), and categories."""
    categories = {
        row.word("ProductCategoryKey"): row.word("EnglishProductCategoryName")
        for row in read_rows(folder / "DimProductCategory.csv", ("ProductCategoryKey", "EnglishProductCategoryName"))
    }
    parts = {
        row.word("ProductSubcategoryKey"): _code(row, "ProductCategoryKey", categories)
        for row in read_rows(folder / "DimProductSubcategory.csv", ("ProductSubcategoryKey", "ProductCategoryKey"))
    }
    articles: dict[str, Article] = {}
    newest: dict[str, Article] = {}
    columns = ("ProductKey", "ProductAlternateKey", "ProductSubcategoryKey", "EnglishProductName", "ListPrice")
    for row in read_rows(folder / "DimProduct.csv", columns):
        if not row.fields["ProductSubcategoryKey"].strip():
            continue  # a part for the workshop, never sold
        category = _known(row, "ProductSubcategoryKey", parts)
        price = row.amount("ListPrice", if_empty=Decimal(0))
        article = Article(row.word("ProductAlternateKey")[:30], row.word("EnglishProductName")[:120], category, price)
        articles[row.word("ProductKey")] = newest[article.code] = article
    return {key: newest[article.code] for key, article in articles.items()}, categories


def _orders(folder: Path, resellers: dict[str, Reseller], articles: dict[str, Article]) -> tuple[SourceOrder, ...]:
    heads: dict[str, Head] = {}
    lines: dict[str, list[SourceLine]] = {}
    seen: set[tuple[str, int]] = set()
    for row in read_rows(folder / SALES, SALES_COLUMNS):
        number = row.word("SalesOrderNumber")
        place = (number, row.whole("SalesOrderLineNumber"))
        if place in seen:
            raise row.wrong(Text(f"{number} 的第 {place[1]} 行出现了两次。", f"Line {place[1]} of {number} stands twice."))
        seen.add(place)
        head = Head(_known(row, "ResellerKey", resellers).code, row.day("OrderDate"), row.day("ShipDate"))
        if heads.setdefault(number, head) != head:
            raise row.wrong(Text(f"{number} 有两个客户或日期。", f"{number} has two resellers or days."))
        lines.setdefault(number, []).append(_line(row, articles))
        _check_order(row, number, head, len(lines[number]))
    if not lines:
        raise bad_source(SALES, 0, Text("没有订单。", "It has no orders."))
    orders = [SourceOrder(number, *head, tuple(lines[number])) for number, head in heads.items()]
    return tuple(sorted(orders, key=lambda order: (order.ordered_on, order.number)))


def _check_order(row: Row, number: str, head: Head, many: int) -> None:
    if not 0 <= (head.shipped_on - head.ordered_on).days <= LONGEST_WAIT:
        raise row.wrong(Text(f"{number} 的发货日不在下单后一年之内。", f"{number} ships before it is ordered, or over a year later."))
    if len(number) > LONGEST_NUMBER or many > MOST_LINES:
        raise row.wrong(
            Text(
                f"{number[:80]}：编号最多 {LONGEST_NUMBER} 个字符，一单最多 {MOST_LINES} 行。",
                f"{number[:80]}: a number has at most {LONGEST_NUMBER} characters, an order {MOST_LINES} lines.",
            )
        )


def _line(row: Row, articles: dict[str, Article]) -> SourceLine:
    share_off = row.amount("UnitPriceDiscountPct")
    discount_bp = discount_of(share_off)
    if discount_bp is None:
        raise row.wrong(
            Text(
                f"UnitPriceDiscountPct 应在 0 与 1 之间，实为 {share_off}。",
                f"UnitPriceDiscountPct must lie between 0 and 1, not {share_off}.",
            )
        )
    article = _known(row, "ProductKey", articles)
    return SourceLine(article.code, row.whole("OrderQuantity"), row.amount("UnitPrice"), discount_bp, row.amount("SalesAmount"))


def _known(row: Row, column: str, values: dict[str, ValueT]) -> ValueT:
    key = row.word(column)
    if key not in values:
        raise row.wrong(Text(f"{column} {key} 在相应文件中不存在。", f"{column} {key} is not in the file that it points to."))
    return values[key]


def _code(row: Row, column: str, values: dict[str, str]) -> str:
    _known(row, column, values)
    return row.word(column)
