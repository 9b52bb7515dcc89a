"""What is done with returns and transfers. A door of this module."""

from __future__ import annotations

from lingqu.returns.actions.answering import agree_return, lapse_return, refuse_return, withdraw_return
from lingqu.returns.actions.asking import ask_return
from lingqu.returns.actions.counting import count_return
from lingqu.returns.actions.deciding import on_return_moved, send_up_return
from lingqu.returns.actions.moving import confirm_transfer, move_transfer, order_transfer
from lingqu.returns.actions.transfers import on_transfer_moved, propose_transfer, send_transfer_again, withdraw_transfer
from lingqu.returns.actions.unasked import on_goods_at_the_door

__all__ = [
    "agree_return", "ask_return", "confirm_transfer", "count_return", "lapse_return", "move_transfer", "on_goods_at_the_door",
    "on_return_moved", "on_transfer_moved", "order_transfer", "propose_transfer", "refuse_return", "send_transfer_again",
    "send_up_return", "withdraw_return", "withdraw_transfer",
]  # fmt: skip
