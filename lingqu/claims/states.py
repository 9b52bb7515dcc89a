"""States and verbs of price protection claims."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from lingqu.base.states import StateTable
from lingqu.base.text import Text


class ClaimState(StrEnum):
    """Where a claim stands. An agreed one is credited in the same moment."""

    ASKED = "asked"
    SENT_BACK = "sent_back"
    CREDITED = "credited"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ClaimVerb(StrEnum):
    """What happens to a claim. `CREDIT`, `SEND_BACK` and `REFUSE` are what its approval does."""

    REVISE = "revise"
    SEND_BACK = "send_back"
    CREDIT = "credit"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


CLAIMS: StateTable[ClaimState, ClaimVerb] = StateTable(
    {
        (ClaimState.ASKED, ClaimVerb.CREDIT): ClaimState.CREDITED,
        (ClaimState.ASKED, ClaimVerb.SEND_BACK): ClaimState.SENT_BACK,
        (ClaimState.ASKED, ClaimVerb.REFUSE): ClaimState.REFUSED,
        (ClaimState.ASKED, ClaimVerb.WITHDRAW): ClaimState.WITHDRAWN,
        (ClaimState.SENT_BACK, ClaimVerb.REVISE): ClaimState.ASKED,
        (ClaimState.SENT_BACK, ClaimVerb.WITHDRAW): ClaimState.WITHDRAWN,
    },
    {
        ClaimState.ASKED: Text("审批中", "Being decided"),
        ClaimState.SENT_BACK: Text("已退回修改", "Sent back"),
        ClaimState.CREDITED: Text("已入账", "Credited"),
        ClaimState.REFUSED: Text("不同意", "Refused"),
        ClaimState.WITHDRAWN: Text("已撤回", "Withdrawn"),
        ClaimVerb.REVISE: Text("修改后重新提交", "Revise and submit"),
        ClaimVerb.SEND_BACK: Text("退回修改", "Send back"),
        ClaimVerb.CREDIT: Text("同意并入账", "Agree and credit"),
        ClaimVerb.REFUSE: Text("不同意", "Refuse"),
        ClaimVerb.WITHDRAW: Text("撤回", "Withdraw"),
    },
)

CLAIMING: Final = (ClaimState.ASKED.value, ClaimState.SENT_BACK.value, ClaimState.CREDITED.value)
"""States in which a claim keeps its copies from other claims."""
