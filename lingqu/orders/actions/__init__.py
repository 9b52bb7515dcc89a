"""The verbs of purchase requests."""

from lingqu.orders.actions.answer import accept_order, decide_again, decline_order, expire_order, waive_order, withdraw_order
from lingqu.orders.actions.requests import Asked, AskedLine, Outcome
from lingqu.orders.actions.settle import mark_settled
from lingqu.orders.actions.ship import ship_order
from lingqu.orders.actions.submit import submit_orders

__all__ = [
    "Asked", "AskedLine", "Outcome", "accept_order", "decide_again", "decline_order", "expire_order", "mark_settled", "ship_order",
    "submit_orders", "waive_order", "withdraw_order",
]  # fmt: skip
