"""Shapes of what people type about returns and transfers."""

from lingqu.returns.forms.counting import CountTyped, read_count, read_counts, read_prices
from lingqu.returns.forms.filters import read_filter
from lingqu.returns.forms.typed import (
    ReturnTyped,
    TransferTyped,
    found_in,
    new_key,
    pasted,
    read_return,
    read_transfer,
    reason_of,
    take_list,
)

__all__ = [
    "CountTyped",
    "ReturnTyped",
    "TransferTyped",
    "found_in",
    "new_key",
    "pasted",
    "read_count",
    "read_counts",
    "read_filter",
    "read_prices",
    "read_return",
    "read_transfer",
    "reason_of",
    "take_list",
]  # fmt: skip
