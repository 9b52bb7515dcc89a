"""Pages of returns and transfers."""

from lingqu.returns.views.answers import (
    return_agree,
    return_count,
    return_file,
    return_refuse,
    return_send_up,
    return_slip,
    return_withdraw,
)
from lingqu.returns.views.lists import return_left, return_template, transfer_left, transfer_template
from lingqu.returns.views.returns import return_new, return_request, returns
from lingqu.returns.views.transfers import (
    transfer,
    transfer_again,
    transfer_confirm,
    transfer_move,
    transfer_new,
    transfer_order,
    transfer_paper,
    transfer_withdraw,
    transfers,
)

__all__ = [
    "return_agree",
    "return_count",
    "return_file",
    "return_left",
    "return_new",
    "return_refuse",
    "return_request",
    "return_send_up",
    "return_slip",
    "return_template",
    "return_withdraw",
    "returns",
    "transfer",
    "transfer_again",
    "transfer_confirm",
    "transfer_left",
    "transfer_move",
    "transfer_new",
    "transfer_order",
    "transfer_paper",
    "transfer_template",
    "transfer_withdraw",
    "transfers",
]  # fmt: skip
