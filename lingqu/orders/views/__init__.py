"""Pages of purchase requests."""

from lingqu.orders.views.answer import accept, decide_again, decline, ship, waive, withdraw
from lingqu.orders.views.entry import enter, fill, preview
from lingqu.orders.views.lists import listing, sums
from lingqu.orders.views.order import show

__all__ = [
    "accept",
    "decide_again",
    "decline",
    "enter",
    "fill",
    "listing",
    "preview",
    "ship",
    "show",
    "sums",
    "waive",
    "withdraw",
]
