"""Purchase requests as other systems send and read them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lingqu.documents.api import (
    Amount,
    Copies,
    Day,
    Free,
    Moment,
    OrderNumber,
    OwnKey,
    Paging,
    PartnerCode,
    Percent,
    Problem,
    ProductCode,
    Quantity,
    Said,
    Shape,
    UpdatedSince,
    Words,
    Yuan,
)
from lingqu.orders.api.delivery_shapes import DeliveryOut
from lingqu.orders.states import OrderState

MOST_BATCH = 1_000
MOST_LINES = 500
Note = Annotated[Free, Field(max_length=200)]
Reason = Annotated[Said, Field(max_length=200)]
DiscountAsked = Annotated[
    str,
    Field(pattern=r"^([1-9][0-9]?|100)\.[0-9]{2}$", examples=["62.50"], description="Percent of the list price, for the seller's people."),
]


class LineIn(Shape):
    """A title asked for; without `discount` the price rule of the partner counts."""

    product: ProductCode
    copies: Copies
    discount: DiscountAsked | None = None


class WishIn(Shape):
    """A request as it would be sent: `buyer` is the partner's code, your own firm when left out."""

    buyer: PartnerCode | None = None
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=MOST_LINES)]
    shortage: Literal["back_order", "drop"] = "back_order"


class OrderIn(WishIn):
    """A purchase request to be submitted. `source` says how it reached you, when you enter it for a partner."""

    key: OwnKey
    note: Note = ""
    source: Literal["telephone", "wechat", "fax"] | None = None


class BatchIn(Shape):
    """Up to 1,000 requests; each is judged by itself, in the order in which they stand."""

    items: Annotated[list[OrderIn], Field(min_length=1, max_length=MOST_BATCH)]


class SubmittedOut(Shape):
    """What became of a request. `repeated`: it was submitted before with this key, and nothing was done now."""

    key: str
    number: OrderNumber
    state: OrderState
    state_words: Words
    repeated: bool


class ItemOut(Shape):
    """What became of one request of a batch: its number and state, or the problem because of which nothing was written."""

    key: str
    status: int
    number: OrderNumber | None = None
    state: OrderState | None = None
    repeated: bool = False
    problem: Problem | None = None


class BatchOut(Shape):
    """What became of each request, in the order in which they were sent."""

    submitted: int
    repeated: int
    refused: int
    items: list[ItemOut]


class OrderFilter(Paging):
    """Which requests a list shows, newest first; `since` and `until` are days of submission, both inside."""

    state: OrderState | None = None
    buyer: PartnerCode | None = None
    since: Day | None = None
    until: Day | None = None
    updated_since: UpdatedSince = None


class OrderOut(Shape):
    """A purchase request as a list shows it. `failed` are the laws that its newest decision failed."""

    number: OrderNumber
    key: str
    state: OrderState
    state_words: Words
    seller: str
    buyer: str
    buyer_name: str
    source: str
    shortage: str
    note: str
    titles: int
    copies: Quantity
    list_value: Yuan
    net: Yuan
    submitted_at: Moment
    answer_until: Moment | None
    accepted_at: Moment | None
    ship_on: Day | None
    settled_on: Day | None
    needs_contract: bool
    answer: str
    grade: str
    failed: list[str]


class OrderPage(Shape):
    """Requests, and the address of the next page."""

    items: list[OrderOut]
    next: str | None


class LineOut(Shape):
    """A line of a request."""

    line: int
    product: str
    name: str
    copies: Quantity
    reserved: Quantity
    shipped: Quantity
    returned: Quantity
    list_price: str
    discount: Percent
    list_value: Yuan
    net: Yuan


class LawOut(Shape):
    """A law as it was applied: what came out, its clause, the sentence that people read, and the numbers behind it."""

    law: str
    name: Words
    outcome: Literal["passed", "failed", "not_applicable"]
    waivable_by: str
    clause: str
    sentence: Words
    numbers: dict[str, str | int | None]


class CureOut(Shape):
    """One way to pass, in words, with the laws that then pass."""

    kind: str
    text: Words
    passes: list[str]


class DecisionOut(Shape):
    """A decision with all its laws, under the version of the regulation that is named."""

    at: Moment
    verdict: Literal["passed", "waivable", "refused"]
    verdict_words: Words
    regulation: str
    laws: list[LawOut]
    cures: list[CureOut]


class DecisionsOut(Shape):
    """The decisions about a request, newest first, at most 50."""

    items: list[DecisionOut]


class PreviewOut(Shape):
    """What a request would come to and be decided if it were submitted this moment; nothing is held or stored."""

    buyer: str
    copies: Quantity
    list_value: Yuan
    net: Yuan
    needs_contract: bool
    unknown: list[str]
    decision: DecisionOut


class WholeOut(OrderOut):
    """A purchase request with its lines, its newest decision and its deliveries."""

    lines: list[LineOut]
    decision: DecisionOut | None
    deliveries: list[DeliveryOut]


class AcceptIn(Shape):
    """Acceptance with the ship date; `sent_by_post` says how a stamped contract went back on paper."""

    ship_on: Day
    sent_by_post: Note = ""


class DeclineIn(Shape):
    """Why it is declined."""

    reason: Reason


class ChangeIn(Shape):
    """The whole content of a request as it is wanted from now on: a title that does not stand here is taken out."""

    lines: Annotated[list[LineIn], Field(min_length=1, max_length=MOST_LINES)]
    reason: Note = ""


class EndIn(Shape):
    """Why it is cancelled, or the rest of it closed."""

    reason: Reason


class ProductFilter(Paging):
    """Which titles are listed, by number: `q` are words of number, ISBN, name or pinyin; `buyer` is the partner whose prices are shown."""

    buyer: PartnerCode | None = None
    q: Annotated[Free, Field(max_length=60)] | None = None


class ProductOut(Shape):
    """A title with its list price of today, and what the buyer pays by the rule. `available` is empty where the seller keeps no stock.

    `isbn` has 13 digits without dashes, and is an empty text where the title has none.
    """

    code: str
    isbn: str
    name: str
    discipline: Words
    list_price: str
    discount: Percent
    net_price: Amount
    available: Quantity | None


class ProductPage(Shape):
    """Titles, and the address of the next page."""

    items: list[ProductOut]
    next: str | None
