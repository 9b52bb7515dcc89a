"""Shapes of what people type about purchase requests."""

from lingqu.orders.forms.answer import read_reason, read_sent, read_ship_day, read_waybill
from lingqu.orders.forms.booklist import Filled, fill_from_list, read_pasted
from lingqu.orders.forms.deliveries import read_answers, read_carriage, read_counted, read_delivery_filter, read_found, read_note
from lingqu.orders.forms.filters import read_filter, read_words
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
from lingqu.orders.forms.request import CALLED, Checked, Typed, check_typed, new_key, read_typed
from lingqu.orders.forms.signature import read_long_reason, read_pay_day

__all__ = [
    "CALLED",
    "Checked",
    "Filled",
    "Typed",
    "added_codes",
    "check_typed",
    "fill_from_list",
    "new_key",
    "read_added",
    "read_answers",
    "read_carriage",
    "read_cells",
    "read_chosen",
    "read_counted",
    "read_delivery_filter",
    "read_discounts",
    "read_filter",
    "read_found",
    "read_long_reason",
    "read_needed_reason",
    "read_note",
    "read_numbers",
    "read_pasted",
    "read_pay_day",
    "read_reason",
    "read_return_reason",
    "read_sent",
    "read_ship_day",
    "read_typed",
    "read_waybill",
    "read_words",
]
