"""Pages of purchase requests."""

from lingqu.orders.views.answer import accept, decide_again, decline, ship, waive, withdraw
from lingqu.orders.views.entry import enter, fill, preview
from lingqu.orders.views.lists import listing, sums
from lingqu.orders.views.order import show
from lingqu.orders.views.papers import acceptance, attached, contract, hand_in
from lingqu.orders.views.paths import cancel, change, close, merge, parts, reopen, split, take_in
from lingqu.orders.views.signature import ask, ask_again, collect, take_back

__all__ = [
    "accept",
    "acceptance",
    "ask",
    "ask_again",
    "attached",
    "cancel",
    "change",
    "close",
    "collect",
    "contract",
    "decide_again",
    "decline",
    "enter",
    "fill",
    "hand_in",
    "listing",
    "merge",
    "parts",
    "preview",
    "reopen",
    "ship",
    "show",
    "split",
    "sums",
    "take_back",
    "take_in",
    "waive",
    "withdraw",
]
