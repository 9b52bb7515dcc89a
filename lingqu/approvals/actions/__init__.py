"""The verbs of approvals."""

from lingqu.approvals.actions.asking import (
    NewApproval,
    Resubmission,
    request_approval,
    resubmit_approval,
    void_approvals,
    withdraw_approval,
)
from lingqu.approvals.actions.deciding import Answer, add_signer, decide_step, forward_step
from lingqu.approvals.actions.following import Follows, follow
from lingqu.approvals.actions.late import escalate_step, refresh_signers
from lingqu.approvals.actions.voting import cast_vote, close_vote

__all__ = [
    "Answer", "Follows", "NewApproval", "Resubmission", "add_signer", "cast_vote", "close_vote", "decide_step", "escalate_step", "follow",
    "forward_step", "refresh_signers", "request_approval", "resubmit_approval", "void_approvals", "withdraw_approval",
]  # fmt: skip
