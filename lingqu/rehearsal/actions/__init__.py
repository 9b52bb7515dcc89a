"""The verbs of a replay: set the house up, and play a day's receipts, shipments and orders. Each is one transaction."""

from lingqu.rehearsal.actions.play import MOST, hold_what_is_overdue, play_orders, play_receipts, play_shipments
from lingqu.rehearsal.actions.set_up import open_house, stock_up, take_on_resellers

__all__ = [
    "MOST", "hold_what_is_overdue", "open_house", "play_orders", "play_receipts", "play_shipments", "stock_up", "take_on_resellers",
]  # fmt: skip
