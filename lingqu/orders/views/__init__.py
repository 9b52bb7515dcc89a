"""Pages of purchase requests."""

from lingqu.orders.views.answer import accept, decide_again, decline, ship, waive, withdraw
from lingqu.orders.views.deliveries import (
    answer_differences,
    count_differences,
    delivery,
    delivery_labels,
    delivery_list,
    delivery_note,
    difference_photo,
    late_report,
    name_parcels,
    pick_slip,
    receive,
    to_ship,
)
from lingqu.orders.views.entry import enter, fill, left_lines, preview, template
from lingqu.orders.views.lists import listing, sums
from lingqu.orders.views.order import show
from lingqu.orders.views.papers import acceptance, attached, contract, hand_in
from lingqu.orders.views.paths import cancel, change, close, merge, parts, reopen, split, take_in
from lingqu.orders.views.signature import ask, ask_again, collect, take_back

__all__ = [
    "accept",
    "acceptance",
    "answer_differences",
    "ask",
    "ask_again",
    "attached",
    "cancel",
    "change",
    "close",
    "collect",
    "contract",
    "count_differences",
    "decide_again",
    "decline",
    "delivery",
    "delivery_labels",
    "delivery_list",
    "delivery_note",
    "difference_photo",
    "enter",
    "fill",
    "hand_in",
    "late_report",
    "left_lines",
    "listing",
    "merge",
    "name_parcels",
    "parts",
    "pick_slip",
    "preview",
    "receive",
    "reopen",
    "ship",
    "show",
    "split",
    "sums",
    "take_back",
    "take_in",
    "template",
    "to_ship",
    "waive",
    "withdraw",
]
