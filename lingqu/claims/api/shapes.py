"""Price protection claims as other systems send and read them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lingqu.claims.rules import MOST_FILES, MOST_LINES, MOST_NOTE
from lingqu.claims.states import ClaimState
from lingqu.documents.api import (
    Copies,
    Day,
    FileIn,
    Free,
    Moment,
    OrderNumber,
    OwnKey,
    Paging,
    PartnerCode,
    Percent,
    ProductCode,
    Quantity,
    Shape,
    UpdatedSince,
    Words,
    Yuan,
)


class StockIn(Shape):
    """A title with all copies of it that are in stock; `cut_on` is the day of the cut, the latest when left out."""

    product: ProductCode
    copies: Copies
    cut_on: Day | None = None


class ClaimWishIn(Shape):
    """A claim as it would be made: `buyer` is the partner's code, your own firm when left out."""

    buyer: PartnerCode | None = None
    lines: Annotated[list[StockIn], Field(min_length=1, max_length=MOST_LINES)]


class ClaimIn(ClaimWishIn):
    """A claim to be made, with files that show the stock."""

    key: OwnKey
    note: Annotated[Free, Field(max_length=MOST_NOTE)] = ""
    evidence: Annotated[list[FileIn], Field(max_length=MOST_FILES)] = []


class ClaimBackIn(Shape):
    """Why a claim is taken back."""

    reason: Annotated[Free, Field(max_length=MOST_NOTE)] = ""


class ClaimFilter(Paging):
    """Which claims a list shows, newest first."""

    state: ClaimState | None = None
    buyer: PartnerCode | None = None
    updated_since: UpdatedSince = None


class ClaimOut(Shape):
    """A claim as a list shows it. `amount` is what is or would be credited, `credit` the number of the credit."""

    number: OrderNumber
    key: str
    seller: str
    buyer: str
    buyer_name: str
    state: ClaimState
    state_words: Words
    note: str
    copies: Quantity
    amount: Yuan
    share: Percent
    window_days: int
    credit: str
    asked_at: Moment
    credited_at: Moment | None
    ended_because: str


class ClaimPage(Shape):
    """Claims, and the address of the next page."""

    items: list[ClaimOut]
    next: str | None


class ClaimSourceOut(Shape):
    """Copies that a request explains, with what a copy lost at list price, and the discount paid in percent."""

    order: str
    copies: Quantity
    drop: str
    discount: Percent


class ClaimLineOut(Shape):
    """A line with the numbers that it follows from. In a preview `why` says in words why nothing is made good."""

    line: int
    product: str
    cut_on: Day | None
    old_price: str
    new_price: str
    stock: Quantity
    shipped: Quantity
    claimed: Quantity
    copies: Quantity
    amount: Yuan
    why: Words | None = None
    sources: list[ClaimSourceOut]


class WholeClaimOut(ClaimOut):
    """A claim with its lines."""

    lines: list[ClaimLineOut]


class ClaimTriedOut(Shape):
    """What would be credited."""

    buyer: str
    copies: Quantity
    amount: Yuan
    lines: list[ClaimLineOut]
