"""Returns as other systems send and read them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from lingqu.documents.api import (
    Amount,
    Copies,
    Counted,
    Day,
    FileIn,
    Free,
    Moment,
    OrderNumber,
    OwnKey,
    Paging,
    PartnerCode,
    ProductCode,
    Quantity,
    Said,
    Shape,
    UpdatedSince,
    Words,
    Yuan,
)
from lingqu.returns.rules import MOST_BECAUSE, MOST_FILES, MOST_LINES, MOST_NOTE
from lingqu.returns.states import Condition, Rest, ReturnState

Because = Annotated[Said, Field(max_length=MOST_BECAUSE)]
LineNumber = Annotated[int, Field(ge=1, le=MOST_LINES)]


class BackIn(Shape):
    """Copies of a title that are to go back, and their condition."""

    product: ProductCode
    copies: Copies
    condition: Condition = Condition.GOOD


class BackWishIn(Shape):
    """A return as it would be asked for: `buyer` is the partner's code, your own firm when left out; `order` the request of the goods."""

    buyer: PartnerCode | None = None
    order: OrderNumber | None = None
    reason: Literal["quality", "near_expiry", "slow", "wrong"]
    lines: Annotated[list[BackIn], Field(min_length=1, max_length=MOST_LINES)]


class ReturnIn(BackWishIn):
    """A return to be asked for. Copies that no delivery explains need evidence: photos, or a scan of the old papers."""

    key: OwnKey
    note: Annotated[Free, Field(max_length=MOST_NOTE)] = ""
    evidence: Annotated[list[FileIn], Field(max_length=MOST_FILES)] = []


class ReturnFilter(Paging):
    """Which returns a list shows, newest first."""

    state: ReturnState | None = None
    buyer: PartnerCode | None = None
    updated_since: UpdatedSince = None


class ReturnOut(Shape):
    """A return as a list shows it. `net` is what would be credited, `credited` what was; `within`: every cap was kept.

    `ended_because` says why it stands so; the words of those who decide on it by a procedure are for the seller's people alone.
    """

    number: OrderNumber
    key: str
    seller: str
    buyer: str
    buyer_name: str
    order: str
    reason: str
    reason_words: Words
    state: ReturnState
    state_words: Words
    note: str
    within: bool
    copies: Quantity
    list_value: Yuan
    net: Yuan
    credited: Yuan
    asked_at: Moment
    agreed_at: Moment | None
    lapses_on: Day | None
    counted_at: Moment | None
    rest: str
    ended_at: Moment | None
    ended_because: str


class ReturnPage(Shape):
    """Returns, and the address of the next page."""

    items: list[ReturnOut]
    next: str | None


class SourceOut(Shape):
    """Copies of a line that a request explains, with their original net."""

    order: str
    copies: Quantity
    net: Yuan


class ReturnLineOut(Shape):
    """A line: copies asked, those that nothing explains with the price proposed for one, and as the warehouse counted them.

    `relief` was credited for its copies already when their list price fell, by the documents `relief_by`: it is taken off their net.
    """

    line: int
    product: str
    name: str
    copies: Quantity
    condition: Condition
    sources: list[SourceOut]
    relief: Yuan
    relief_by: list[str]
    unexplained: Quantity
    price: Yuan | None
    good: Quantity | None
    damaged: Quantity | None
    foreign: Quantity | None
    accepted: Quantity
    credited: Yuan


class CapOut(Shape):
    """A cap of the regulation: whether it is kept, and the numbers by which."""

    cap: str
    name: Words
    passed: bool
    numbers: dict[str, str | int]


class WholeReturnOut(ReturnOut):
    """A return with its lines, its caps as they were judged, and the papers that booked it."""

    lines: list[ReturnLineOut]
    caps: list[CapOut]
    papers: list[str]


class TriedLineOut(Shape):
    """A line as it would be asked for: where its copies are from, those that nothing explains, what would be credited.

    `relief` was credited for its copies already when their list price fell, by the documents `relief_by`: `net` is without it.
    """

    product: str
    copies: Quantity
    sources: list[SourceOut]
    relief: Yuan
    relief_by: list[str]
    unexplained: Quantity
    net: Yuan


class TriedOut(Shape):
    """What would become of a return if it were asked for this moment; nothing is stored."""

    buyer: str
    net: Yuan
    within: bool
    needs_evidence: bool
    lines: list[TriedLineOut]
    caps: list[CapOut]


class RefuseIn(Shape):
    """Why it is refused; the partner reads it."""

    reason: Because


class PriceIn(Shape):
    """The net yuan a copy that is proposed for copies of a line which nothing explains."""

    line: LineNumber
    price: Amount


class SendUpIn(Shape):
    """Why it should pass although a cap is not kept, and prices for lines with copies that nothing explains."""

    reason: Because
    prices: Annotated[list[PriceIn], Field(max_length=MOST_LINES)] = []


class CountedBackIn(Shape):
    """A line as the warehouse counted it: fit for sale, damaged, not of this return."""

    line: LineNumber
    good: Counted = "0"
    damaged: Counted = "0"
    foreign: Counted = "0"


class CountedReturnIn(Shape):
    """What came; lines that are not named did not. `rest` says what becomes of what is not accepted."""

    lines: Annotated[list[CountedBackIn], Field(min_length=1, max_length=MOST_LINES)]
    rest: Rest = Rest.GOES_BACK


def read_prices(sent: SendUpIn) -> dict[int, Decimal]:
    """Return the prices by line number."""
    return {one.line: Decimal(one.price) for one in sent.prices}
