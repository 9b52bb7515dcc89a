"""Shapes of what people type about purchase requests."""

from lingqu.orders.forms.answer import read_reason, read_sent, read_ship_day, read_waybill
from lingqu.orders.forms.filters import read_filter, read_number, read_words
from lingqu.orders.forms.paste import read_paste
from lingqu.orders.forms.paths import (
    added_codes,
    read_added,
    read_cells,
    read_chosen,
    read_discounts,
    read_needed_reason,
    read_numbers,
    read_return_reason,
)
from lingqu.orders.forms.request import CALLED, Checked, Filled, Typed, check_typed, fill_from_paste, new_key, read_typed
from lingqu.orders.forms.signature import read_long_reason, read_pay_day

__all__ = [
    "CALLED",
    "Checked",
    "Filled",
    "Typed",
    "added_codes",
    "check_typed",
    "fill_from_paste",
    "new_key",
    "read_added",
    "read_cells",
    "read_chosen",
    "read_discounts",
    "read_filter",
    "read_long_reason",
    "read_needed_reason",
    "read_number",
    "read_numbers",
    "read_paste",
    "read_pay_day",
    "read_reason",
    "read_return_reason",
    "read_sent",
    "read_ship_day",
    "read_typed",
    "read_waybill",
    "read_words",
]
