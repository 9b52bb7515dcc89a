"""The names of laws and the modes of parameters."""

from __future__ import annotations

from enum import StrEnum


class Law(StrEnum):
    """The laws that a purchase request passes, in the order in which every decision shows them."""

    CERTIFICATE = "certificate"
    AREA = "area"
    PRICE = "price"
    STOCK = "stock"
    CREDIT = "credit"
    BATCHES = "batches"
    OVERDUE = "overdue"


class DayMode(StrEnum):
    """How days of an answer time are counted."""

    CALENDAR = "calendar"
    WORKING = "working"
