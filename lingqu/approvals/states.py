"""States and verbs of an approval and of its steps."""

from __future__ import annotations

from enum import StrEnum

from lingqu.base.states import StateTable
from lingqu.base.text import Text


class ApprovalState(StrEnum):
    """Where an approval stands."""

    OPEN = "open"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    VOID = "void"


class ApprovalVerb(StrEnum):
    """What can be done with an approval. `MOVE_ON` ends one step of several, `APPROVE` the last one."""

    MOVE_ON = "move_on"
    APPROVE = "approve"
    REFUSE = "refuse"
    SEND_BACK = "send_back"
    RESUBMIT = "resubmit"
    FORWARD = "forward"
    ADD_SIGNER = "add_signer"
    VOTE = "vote"
    WITHDRAW = "withdraw"
    ANNUL = "annul"


class StepKind(StrEnum):
    """How a step is decided: by one signature, or by the vote of a committee."""

    SIGN = "sign"
    VOTE = "vote"


class StepState(StrEnum):
    """Where one step of an approval stands. `PASSED_OVER`: nobody but the asker could have signed it."""

    WAITING = "waiting"
    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    SENT_BACK = "sent_back"
    PASSED_OVER = "passed_over"
    VOID = "void"


class SignerRole(StrEnum):
    """Why a person may sign a step: by the post that the chain names, passed on to them, asked in addition, or because it was late."""

    HOLDER = "holder"
    FORWARDED = "forwarded"
    ADDED = "added"
    ESCALATED = "escalated"


class Ballot(StrEnum):
    """How a member of a committee voted."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


_OPEN = ApprovalState.OPEN

APPROVALS: StateTable[ApprovalState, ApprovalVerb] = StateTable(
    {
        (_OPEN, ApprovalVerb.MOVE_ON): _OPEN,
        (_OPEN, ApprovalVerb.FORWARD): _OPEN,
        (_OPEN, ApprovalVerb.ADD_SIGNER): _OPEN,
        (_OPEN, ApprovalVerb.VOTE): _OPEN,
        (_OPEN, ApprovalVerb.APPROVE): ApprovalState.APPROVED,
        (_OPEN, ApprovalVerb.REFUSE): ApprovalState.REFUSED,
        (_OPEN, ApprovalVerb.SEND_BACK): ApprovalState.SENT_BACK,
        (_OPEN, ApprovalVerb.WITHDRAW): ApprovalState.WITHDRAWN,
        (_OPEN, ApprovalVerb.ANNUL): ApprovalState.VOID,
        (ApprovalState.SENT_BACK, ApprovalVerb.RESUBMIT): _OPEN,
        (ApprovalState.SENT_BACK, ApprovalVerb.WITHDRAW): ApprovalState.WITHDRAWN,
        (ApprovalState.SENT_BACK, ApprovalVerb.ANNUL): ApprovalState.VOID,
    },
    {
        ApprovalState.OPEN: Text("审批中", "Being decided"),
        ApprovalState.SENT_BACK: Text("已退回", "Sent back"),
        ApprovalState.APPROVED: Text("已同意", "Approved"),
        ApprovalState.REFUSED: Text("不同意", "Refused"),
        ApprovalState.WITHDRAWN: Text("已撤回", "Withdrawn"),
        ApprovalState.VOID: Text("已失效", "Void"),
        ApprovalVerb.MOVE_ON: Text("同意", "Approve"),
        ApprovalVerb.APPROVE: Text("同意", "Approve"),
        ApprovalVerb.REFUSE: Text("不同意", "Refuse"),
        ApprovalVerb.SEND_BACK: Text("退回修改", "Send back"),
        ApprovalVerb.RESUBMIT: Text("重新提交", "Submit again"),
        ApprovalVerb.FORWARD: Text("转交", "Pass on"),
        ApprovalVerb.ADD_SIGNER: Text("加签", "Ask another signature"),
        ApprovalVerb.VOTE: Text("表决", "Vote"),
        ApprovalVerb.WITHDRAW: Text("撤回", "Withdraw"),
        ApprovalVerb.ANNUL: Text("失效", "Become void"),
    },
)
