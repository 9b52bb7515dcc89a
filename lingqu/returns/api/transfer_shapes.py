"""Transfers as other systems send and read them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lingqu.documents.api import (
    Copies,
    Counted,
    Moment,
    OrderNumber,
    OwnKey,
    Paging,
    PartnerCode,
    ProductCode,
    Quantity,
    Shape,
    UpdatedSince,
    Words,
    Yuan,
)
from lingqu.returns.api.shapes import Because, LineNumber
from lingqu.returns.rules import MOST_LINES
from lingqu.returns.states import TransferState


class MovedIn(Shape):
    """Copies of a title that are to go."""

    product: ProductCode
    copies: Copies


class TransferIn(Shape):
    """Goods that are to go from one partner (`giver`) to another (`taker`), and why."""

    key: OwnKey
    giver: PartnerCode
    taker: PartnerCode
    lines: Annotated[list[MovedIn], Field(min_length=1, max_length=MOST_LINES)]
    reason: Because


class TransferFilter(Paging):
    """Which transfers a list shows, newest first."""

    state: TransferState | None = None
    updated_since: UpdatedSince = None


class TransferOut(Shape):
    """A transfer as a list shows it.

    `reason`, `ended_because`, value and net are for the seller's people, `credited` also for the giver, `order` also for the taker.
    """

    number: OrderNumber
    key: str
    seller: str
    giver: str
    giver_name: str
    taker: str
    taker_name: str
    state: TransferState
    state_words: Words
    copies: Quantity
    order: str
    asked_at: Moment
    given_at: Moment | None
    taken_at: Moment | None
    moved_at: Moment | None
    ended_at: Moment | None
    ended_because: str
    reason: str
    list_value: Yuan | None
    net: Yuan | None
    credited: Yuan | None


class TransferPage(Shape):
    """Transfers, and the address of the next page."""

    items: list[TransferOut]
    next: str | None


class GivenOut(Shape):
    """Copies of a line that left with a request of the giver."""

    order: str
    copies: Quantity


class TransferLineOut(Shape):
    """A line: copies, as each side counted them, and for the seller's people the requests of the giver that they are from."""

    line: int
    product: str
    name: str
    copies: Quantity
    given: Quantity | None
    taken: Quantity | None
    sources: list[GivenOut]


class WholeTransferOut(TransferOut):
    """A transfer with its lines."""

    lines: list[TransferLineOut]


class ReasonIn(Shape):
    """Why."""

    reason: Because


class CountedHereIn(Shape):
    """Copies of a line as one side counted them."""

    line: LineNumber
    copies: Counted


class CountedSideIn(Shape):
    """What one side counted; lines that are not named count as none. `side` is yours, unless you enter it for a partner."""

    side: Literal["giver", "taker"] | None = None
    lines: Annotated[list[CountedHereIn], Field(min_length=1, max_length=MOST_LINES)]
