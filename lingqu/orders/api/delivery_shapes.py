"""Deliveries, their parcels and what differs in them, as other systems send and read them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lingqu.documents.api import (
    Copies,
    Counted,
    Day,
    FileIn,
    Free,
    Moment,
    OrderNumber,
    Paging,
    Quantity,
    Shape,
    UpdatedSince,
    Words,
    Yuan,
)
from lingqu.orders.rules import MOST_CARRIER, MOST_PARCELS, MOST_WAYBILL
from lingqu.orders.states import DeliveryState, DifferenceAnswer, DifferenceKind, DifferenceState, FreightPayer

MOST_LINES = 500
MOST_PHOTOS = 5
Line = Annotated[int, Field(ge=1, le=MOST_LINES)]
Kilograms = Annotated[
    str, Field(pattern=r"^(0\.(0[1-9]|[1-9][0-9])|[1-9][0-9]{0,4}\.[0-9]{2})$", examples=["12.50"], description="Kilograms.")
]
Freight = Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,5})\.[0-9]{2}$", examples=["80.00"], description="Yuan paid to the carrier.")]
Waybill = Annotated[Free, Field(max_length=MOST_WAYBILL)]


class PartIn(Shape):
    """Copies of one line of the request that leave."""

    line: Line
    copies: Copies


class ParcelIn(Shape):
    """One parcel: its waybill, kilograms and copies where they are known."""

    waybill: Waybill = ""
    weight: Kilograms | None = None
    copies: Copies | None = None


class CarriageIn(Shape):
    """How a delivery travels: its parcels in order, the carrier, who pays it, and what it costs where that is known."""

    parcels: Annotated[list[ParcelIn], Field(min_length=1, max_length=MOST_PARCELS)]
    carrier: Annotated[Free, Field(max_length=MOST_CARRIER)] = ""
    payer: FreightPayer | None = None
    freight: Freight | None = None


class ShipIn(Shape):
    """What leaves: all that is there, or exactly these copies; with the waybill of its one parcel, or with `carriage`."""

    lines: Annotated[list[PartIn], Field(min_length=1, max_length=MOST_LINES)] | None = None
    waybill: Waybill = ""
    carriage: CarriageIn | None = None


class DeliveredOut(Shape):
    """Copies of a line of the request that left with a delivery."""

    line: int
    product: str
    copies: Quantity


class ParcelOut(Shape):
    """A parcel: its place, the number by which the carrier calls it, kilograms and copies."""

    number: int
    waybill: str
    weight: str | None
    copies: Quantity | None


class DeliveryOut(Shape):
    """Goods that left the warehouse. `differences` are the numbers of the reports about it; `waybill` is that of its first parcel."""

    number: str
    order: OrderNumber
    seller: str
    buyer: str
    state: DeliveryState
    state_words: Words
    shipped_at: Moment
    received_at: Moment | None
    carrier: str
    waybill: str
    payer: str
    freight: Yuan | None
    parcels: list[ParcelOut]
    lines: list[DeliveredOut]
    differences: list[str]


class DeliveryFilter(Paging):
    """Which deliveries a list shows, newest first; days are of shipping, both inside."""

    order: OrderNumber | None = None
    state: DeliveryState | None = None
    since: Day | None = None
    until: Day | None = None
    updated_since: UpdatedSince = None


class DeliveryPage(Shape):
    """Deliveries, and the address of the next page."""

    items: list[DeliveryOut]
    next: str | None


class CountedLineIn(Shape):
    """Copies of a line as you counted them: in good order, damaged, and of another title in their place."""

    line: Line
    good: Counted
    damaged: Counted = "0"
    wrong: Counted = "0"


class ReceivedIn(Shape):
    """What arrived. Lines that are not named arrived as sent; a note and photos belong to differences."""

    lines: Annotated[list[CountedLineIn], Field(max_length=MOST_LINES)] = []
    note: Annotated[Free, Field(max_length=400)] = ""
    photos: Annotated[list[FileIn], Field(max_length=MOST_PHOTOS)] = []


class DifferenceFilter(Paging):
    """Which reports of differences a list shows, newest first."""

    delivery: OrderNumber | None = None
    state: DifferenceState | None = None
    updated_since: UpdatedSince = None


class DifferingOut(Shape):
    """Copies of a line that differ in one way; `found` are those that the warehouse has, `answer` what the seller does about them."""

    line: int
    product: str
    kind: DifferenceKind
    kind_words: Words
    copies: Quantity
    found: Quantity | None
    answer: str
    reason: str


class DifferenceOut(Shape):
    """A report of what differs from a delivery note; `late` ones came after their time, with the seller's consent."""

    number: str
    delivery: str
    order: OrderNumber
    seller: str
    buyer: str
    state: DifferenceState
    state_words: Words
    late: bool
    note: str
    reported_at: Moment
    counted_at: Moment | None
    answered_at: Moment | None
    credited_by: str
    lines: list[DifferingOut]


class DifferencePage(Shape):
    """Reports of differences, and the address of the next page."""

    items: list[DifferenceOut]
    next: str | None


class FoundLineIn(Shape):
    """Copies of one difference that the warehouse has."""

    line: Line
    kind: DifferenceKind
    found: Counted


class FoundIn(Shape):
    """What the warehouse found of every difference of which copies can be found: those that are short, damaged or of another title."""

    lines: Annotated[list[FoundLineIn], Field(min_length=1, max_length=MOST_LINES)]


class AnsweredLineIn(Shape):
    """What is done about one difference; a refusal needs its reason."""

    line: Line
    kind: DifferenceKind
    answer: DifferenceAnswer
    reason: Annotated[Free, Field(max_length=200)] = ""


class AnsweredIn(Shape):
    """The answer to a report: to every difference of it."""

    lines: Annotated[list[AnsweredLineIn], Field(min_length=1, max_length=MOST_LINES)]
