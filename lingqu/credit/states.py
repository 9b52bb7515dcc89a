"""States of batches and receipts."""

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


BATCHES: StateTable[BatchState, BatchVerb] = StateTable(
    {
        (BatchState.OPEN, BatchVerb.SETTLE): BatchState.SETTLED,
    },
    {
        BatchState.OPEN: Text("未结", "Open"),
        BatchState.SETTLED: Text("已结清", "Settled"),
        BatchVerb.SETTLE: Text("结清", "Settle"),
    },
)


class ApplicationKind(StrEnum):
    """Why an amount was applied to a batch."""

    DETAIL = "detail"
    OLDEST_FIRST = "oldest_first"
    PREPAID = "prepaid"
    WRITE_OFF = "write_off"


APPLICATION_WORDS = {
    ApplicationKind.DETAIL: Text("汇款指明", "as remitted"),
    ApplicationKind.OLDEST_FIRST: Text("先旧后新", "oldest first"),
    ApplicationKind.PREPAID: Text("预收抵用", "prepaid"),
    ApplicationKind.WRITE_OFF: Text("核销差额", "written off"),
}
