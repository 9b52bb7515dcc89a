"""Shapes of what people type about purchase requests."""

from lingqu.orders.forms.answer import read_reason, read_ship_day, read_waybill
from lingqu.orders.forms.filters import read_filter, read_number, read_words
from lingqu.orders.forms.paste import read_paste
from lingqu.orders.forms.request import CALLED, Checked, Filled, Typed, check_typed, fill_from_paste, new_key, read_typed

__all__ = [
    "CALLED",
    "Checked",
    "Filled",
    "Typed",
    "check_typed",
    "fill_from_paste",
    "new_key",
    "read_filter",
    "read_number",
    "read_paste",
    "read_reason",
    "read_ship_day",
    "read_typed",
    "read_waybill",
    "read_words",
]
