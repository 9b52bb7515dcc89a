"""States and kinds of batches, receipts, credits and proposals."""

from __future__ import annotations

from enum import StrEnum

from lingqu.base.states import StateTable
from lingqu.base.text import Text


class BatchState(StrEnum):
    """A batch is open until its money is in (within the tolerance)."""

    OPEN = "open"
    SETTLED = "settled"


class BatchVerb(StrEnum):
    """What happens to a batch."""

    SETTLE = "settle"
    REOPEN = "reopen"


BATCHES: StateTable[BatchState, BatchVerb] = StateTable(
    {
        (BatchState.OPEN, BatchVerb.SETTLE): BatchState.SETTLED,
        (BatchState.SETTLED, BatchVerb.REOPEN): BatchState.OPEN,
    },
    {
        BatchState.OPEN: Text("未结", "Open"),
        BatchState.SETTLED: Text("已结清", "Settled"),
        BatchVerb.SETTLE: Text("结清", "Settle"),
        BatchVerb.REOPEN: Text("重新打开", "Open again"),
    },
)


class ApplicationKind(StrEnum):
    """Why an amount was applied to a batch."""

    DETAIL = "detail"
    OLDEST_FIRST = "oldest_first"
    PREPAID = "prepaid"
    WRITE_OFF = "write_off"
    CREDIT = "credit"


APPLICATION_WORDS = {
    ApplicationKind.DETAIL: Text("汇款指明", "as remitted"),
    ApplicationKind.OLDEST_FIRST: Text("先旧后新", "oldest first"),
    ApplicationKind.PREPAID: Text("预收抵用", "prepaid"),
    ApplicationKind.WRITE_OFF: Text("核销差额", "written off"),
    ApplicationKind.CREDIT: Text("贷项冲减", "credited"),
}


class ProposalKind(StrEnum):
    """What somebody proposes for a credit line."""

    LIMIT = "limit"
    TEMPORARY = "temporary"
    GRADE = "grade"


PROPOSAL_KIND_WORDS = {
    ProposalKind.LIMIT: Text("调整额度", "Change the limit"),
    ProposalKind.TEMPORARY: Text("临时额度", "Raise the limit for a time"),
    ProposalKind.GRADE: Text("调整等级", "Change the grade"),
}


class ProposalState(StrEnum):
    """Where a proposal stands. An approved one is applied in the same moment; only a temporary raise ends after that."""

    PROPOSED = "proposed"
    SENT_BACK = "sent_back"
    APPLIED = "applied"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    VOID = "void"
    ENDED = "ended"


class ProposalVerb(StrEnum):
    """What happens to a proposal."""

    SEND_BACK = "send_back"
    REVISE = "revise"
    APPLY = "apply"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    END = "end"


PROPOSALS: StateTable[ProposalState, ProposalVerb] = StateTable(
    {
        (ProposalState.PROPOSED, ProposalVerb.APPLY): ProposalState.APPLIED,
        (ProposalState.PROPOSED, ProposalVerb.REFUSE): ProposalState.REFUSED,
        (ProposalState.PROPOSED, ProposalVerb.SEND_BACK): ProposalState.SENT_BACK,
        (ProposalState.PROPOSED, ProposalVerb.WITHDRAW): ProposalState.WITHDRAWN,
        (ProposalState.PROPOSED, ProposalVerb.LAPSE): ProposalState.VOID,
        (ProposalState.SENT_BACK, ProposalVerb.REVISE): ProposalState.PROPOSED,
        (ProposalState.SENT_BACK, ProposalVerb.WITHDRAW): ProposalState.WITHDRAWN,
        (ProposalState.SENT_BACK, ProposalVerb.LAPSE): ProposalState.VOID,
        (ProposalState.APPLIED, ProposalVerb.END): ProposalState.ENDED,
    },
    {
        ProposalState.PROPOSED: Text("审批中", "Being decided"),
        ProposalState.SENT_BACK: Text("已退回", "Sent back"),
        ProposalState.APPLIED: Text("已生效", "In force"),
        ProposalState.REFUSED: Text("不同意", "Refused"),
        ProposalState.WITHDRAWN: Text("已撤回", "Withdrawn"),
        ProposalState.VOID: Text("已失效", "Void"),
        ProposalState.ENDED: Text("已结束", "Ended"),
        ProposalVerb.SEND_BACK: Text("退回修改", "Send back"),
        ProposalVerb.REVISE: Text("修改后重新提交", "Revise and submit"),
        ProposalVerb.APPLY: Text("生效", "Put into force"),
        ProposalVerb.REFUSE: Text("不同意", "Refuse"),
        ProposalVerb.WITHDRAW: Text("撤回", "Withdraw"),
        ProposalVerb.LAPSE: Text("失效", "Become void"),
        ProposalVerb.END: Text("结束", "End"),
    },
)
TERMS: StateTable[ProposalState, ProposalVerb] = StateTable(
    PROPOSALS.moves,
    {**PROPOSALS.words, ProposalState.ENDED: Text("已被替换", "Replaced"), ProposalVerb.END: Text("替换", "Replace")},
)
"""Terms of a retailer go the way of a proposal, but have no last day: they end when others take their place."""

ON_ITS_WAY = (ProposalState.PROPOSED.value, ProposalState.SENT_BACK.value)
"""A line has at most one proposal in these states."""


class ReceiptState(StrEnum):
    """A receipt stands until it is reversed: the bank took the money back, or it was entered wrongly."""

    ENTERED = "entered"
    REVERSED = "reversed"


class ReceiptVerb(StrEnum):
    """What happens to a receipt."""

    REVERSE = "reverse"


RECEIPTS: StateTable[ReceiptState, ReceiptVerb] = StateTable(
    {(ReceiptState.ENTERED, ReceiptVerb.REVERSE): ReceiptState.REVERSED},
    {
        ReceiptState.ENTERED: Text("已入账", "Entered"),
        ReceiptState.REVERSED: Text("已冲回", "Reversed"),
        ReceiptVerb.REVERSE: Text("冲回", "Reverse"),
    },
)


class CreditCause(StrEnum):
    """Why part of a batch is not owed."""

    CANCELLED = "cancelled"
    CLOSED = "closed"
    AMENDED = "amended"
    RETURNED = "returned"
    DIFFERENCE = "difference"
    PRICE_CUT = "price_cut"


CREDIT_CAUSE_WORDS = {
    CreditCause.CANCELLED: Text("取消未发", "cancelled before shipping"),
    CreditCause.CLOSED: Text("欠货不再发", "rest closed"),
    CreditCause.AMENDED: Text("受理后减少", "reduced after acceptance"),
    CreditCause.RETURNED: Text("退货", "goods sent back"),
    CreditCause.DIFFERENCE: Text("到货差异", "arrived other than sent"),
    CreditCause.PRICE_CUT: Text("价格保护", "price protection"),
}


class GroupProposalKind(StrEnum):
    """What is proposed for a group of lines that share a limit."""

    OPEN = "open"
    LIMIT = "limit"
    JOIN = "join"
    LEAVE = "leave"
    CLOSE = "close"


GROUP_KIND_WORDS = {
    GroupProposalKind.OPEN: Text("设立集团额度", "Set up a group limit"),
    GroupProposalKind.LIMIT: Text("调整集团额度", "Change the group limit"),
    GroupProposalKind.JOIN: Text("并入集团额度", "Join the group limit"),
    GroupProposalKind.LEAVE: Text("退出集团额度", "Leave the group limit"),
    GroupProposalKind.CLOSE: Text("关闭集团额度", "Close the group limit"),
}
