"""The verbs of purchase requests."""

from lingqu.orders.actions.amend import amend_order
from lingqu.orders.actions.answer import accept_order, decide_again, decline_order, expire_order, waive_order, withdraw_order
from lingqu.orders.actions.cancel import cancel_order, close_rest
from lingqu.orders.actions.clock import remind_of_answers, tell_late_answers
from lingqu.orders.actions.collecting import ask_payment
from lingqu.orders.actions.countersigning import Countersigned
from lingqu.orders.actions.merging import MOST_MERGED, merge_orders
from lingqu.orders.actions.papers import hand_in_contract, submit_with_contract
from lingqu.orders.actions.reopening import reopen_order
from lingqu.orders.actions.requests import Asked, AskedLine, Outcome
from lingqu.orders.actions.returns import NewReturn, take_back_goods
from lingqu.orders.actions.settle import mark_reopened, mark_settled, mark_written_off
from lingqu.orders.actions.ship import ship_order
from lingqu.orders.actions.signatures import ask_signature, revise_signature, withdraw_signature
from lingqu.orders.actions.signing import on_signature_moved
from lingqu.orders.actions.splitting import split_order
from lingqu.orders.actions.submit import submit_orders
from lingqu.orders.actions.voiding import CHANGED, void_signature

__all__ = [
    "CHANGED",
    "MOST_MERGED",
    "Asked",
    "AskedLine",
    "Countersigned",
    "NewReturn",
    "Outcome",
    "accept_order",
    "amend_order",
    "ask_payment",
    "ask_signature",
    "cancel_order",
    "close_rest",
    "decide_again",
    "decline_order",
    "expire_order",
    "hand_in_contract",
    "mark_reopened",
    "mark_settled",
    "mark_written_off",
    "merge_orders",
    "on_signature_moved",
    "remind_of_answers",
    "reopen_order",
    "revise_signature",
    "ship_order",
    "split_order",
    "submit_orders",
    "submit_with_contract",
    "take_back_goods",
    "tell_late_answers",
    "void_signature",
    "waive_order",
    "withdraw_order",
    "withdraw_signature",
]
