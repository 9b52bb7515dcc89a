"""The verbs of purchase requests."""

from lingqu.orders.actions.amend import amend_order
from lingqu.orders.actions.answer import accept_order, decide_again, decline_order, expire_order, waive_order, withdraw_order
from lingqu.orders.actions.back_orders import lock_back_orders, reserve_for_back_orders, reserve_what_came
from lingqu.orders.actions.cancel import cancel_order, close_rest
from lingqu.orders.actions.clock import remind_of_answers, tell_late_answers
from lingqu.orders.actions.collecting import ask_payment
from lingqu.orders.actions.countersigning import Countersigned
from lingqu.orders.actions.deliveries import Received, allow_late_report, receive_delivery, remind_of_receipts
from lingqu.orders.actions.deliveries_answer import answer_difference, count_difference
from lingqu.orders.actions.deliveries_parcels import name_parcels
from lingqu.orders.actions.merging import MOST_MERGED, merge_orders
from lingqu.orders.actions.papers import hand_in_contract, submit_with_contract
from lingqu.orders.actions.passing import tell_may_pass
from lingqu.orders.actions.reopening import reopen_order
from lingqu.orders.actions.requests import Asked, AskedLine, Outcome
from lingqu.orders.actions.returns import NewReturn, take_back_goods, take_back_unasked
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
    "Received",
    "accept_order",
    "allow_late_report",
    "amend_order",
    "answer_difference",
    "ask_payment",
    "ask_signature",
    "cancel_order",
    "close_rest",
    "count_difference",
    "decide_again",
    "decline_order",
    "expire_order",
    "hand_in_contract",
    "lock_back_orders",
    "mark_reopened",
    "mark_settled",
    "mark_written_off",
    "merge_orders",
    "name_parcels",
    "on_signature_moved",
    "receive_delivery",
    "remind_of_answers",
    "remind_of_receipts",
    "reopen_order",
    "reserve_for_back_orders",
    "reserve_what_came",
    "revise_signature",
    "ship_order",
    "split_order",
    "submit_orders",
    "submit_with_contract",
    "take_back_goods",
    "take_back_unasked",
    "tell_late_answers",
    "tell_may_pass",
    "void_signature",
    "waive_order",
    "withdraw_order",
    "withdraw_signature",
]
