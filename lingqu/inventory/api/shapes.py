"""Stock, goods that came in, and counts as other systems send and read them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lingqu.documents.api import (
    Copies,
    Counted,
    Day,
    Free,
    Moment,
    OrderNumber,
    OwnKey,
    Paging,
    ProductCode,
    Quantity,
    Said,
    Shape,
    UpdatedSince,
    Words,
    Yuan,
)
from lingqu.inventory.states import CountState

MOST_GOODS = 2_000
MOST_ENTERED = 2_000
MOST_TO_COUNT = 5_000
Remark = Annotated[Free, Field(max_length=200)]


class StockFilter(Paging):
    """Which titles of your warehouse are listed, by number: `q` are words of number, name or pinyin."""

    q: Annotated[Free, Field(max_length=60)] | None = None


class StockOut(Shape):
    """A title in your warehouse: copies on hand, of them reserved for requests, and free."""

    product: str
    name: str
    on_hand: Quantity
    reserved: Quantity
    available: Quantity


class StockPage(Shape):
    """Titles in stock, and the address of the next page."""

    items: list[StockOut]
    next: str | None


class LotOut(Shape):
    """Copies that came in together; they leave in this order. `ends_on` is the last day on which they may be sold."""

    lot: str
    edition: str
    received_on: Day
    ends_on: Day | None
    came: Quantity
    remaining: Quantity


class WholeStockOut(StockOut):
    """A title in your warehouse with its lots, at most 200: those with copies first, in the order in which they leave."""

    lots: list[LotOut]


class GoodsLineIn(Shape):
    """Copies of a title that came in."""

    product: ProductCode
    copies: Copies


class GoodsIn(Shape):
    """Goods that came in, as one lot of one day, such as from the printer. A lot without a number is called by the paper's."""

    key: OwnKey
    received_on: Day
    lines: Annotated[list[GoodsLineIn], Field(min_length=1, max_length=MOST_GOODS)]
    lot: Annotated[Free, Field(max_length=60)] = ""
    edition: Annotated[Free, Field(max_length=40)] = ""
    ends_on: Day | None = None
    supplier: Annotated[Free, Field(max_length=120)] = ""
    their_number: Annotated[Free, Field(max_length=60)] = ""
    note: Remark = ""


class GoodsFilter(Paging):
    """Which papers of goods that came in are listed, newest first; days are of receipt, both inside."""

    since: Day | None = None
    until: Day | None = None


class GoodsOut(Shape):
    """A paper with which goods came in."""

    number: OrderNumber
    key: str
    received_on: Day
    supplier: str
    their_number: str
    note: str
    copies: Quantity


class GoodsPage(Shape):
    """Papers, and the address of the next page."""

    items: list[GoodsOut]
    next: str | None


class GoodsLineOut(Shape):
    """Copies of a title that came with a paper, and their lot."""

    product: str
    name: str
    lot: str
    edition: str
    ends_on: Day | None
    copies: Quantity


class WholeGoodsOut(GoodsOut):
    """A paper with its lines, at most 5,000."""

    lines: list[GoodsLineOut]


class CountStartIn(Shape):
    """What is to be counted: these titles, or all that there are, at most 5,000."""

    products: Annotated[list[ProductCode], Field(min_length=1, max_length=MOST_TO_COUNT)] | None = None
    note: Remark = ""


class CountFilter(Paging):
    """Which counts of your warehouse are listed, newest first."""

    state: CountState | None = None
    updated_since: UpdatedSince = None


class CountOut(Shape):
    """A count: how many titles it has, and what its differences are worth at list price once they were sent."""

    number: OrderNumber
    state: CountState
    state_words: Words
    note: str
    titles: int
    value: Yuan
    started_at: Moment
    ended_at: Moment | None
    ended_because: str


class CountPage(Shape):
    """Counts, and the address of the next page."""

    items: list[CountOut]
    next: str | None


class WholeCountOut(CountOut):
    """A count and how far it is: titles counted, titles that differ, copies too many and too few."""

    counted: int
    differ: int
    more: Quantity
    fewer: Quantity


class ShelfOut(Shape):
    """A title of a count; the copies by the books and the difference are told once it was counted."""

    product: str
    name: str
    book: Quantity | None
    counted: Quantity | None
    difference: Quantity | None
    reason: str


class ShelfPage(Shape):
    """Titles of a count, and the address of the next page."""

    items: list[ShelfOut]
    next: str | None


class EnteredIn(Shape):
    """Copies of a title on the shelf, and why they differ where that is known."""

    product: ProductCode
    counted: Counted
    reason: Remark = ""


class EnteredManyIn(Shape):
    """What was counted; entered again, the newer number holds."""

    lines: Annotated[list[EnteredIn], Field(min_length=1, max_length=MOST_ENTERED)]


class GiveUpIn(Shape):
    """Why the count is given up."""

    reason: Annotated[Said, Field(max_length=200)]
