"""The credit line of each (seller, buyer) and what hangs on it: batches, receipts, proposals, waivers, holds, groups."""

from lingqu.credit.models.batches import Application, Batch, BatchCredit, WriteOff
from lingqu.credit.models.holds import CollectionNote, HoldRequest, SupplyHold
from lingqu.credit.models.lines import CreditGroup, CreditLine, GradeChange, GroupProposal
from lingqu.credit.models.proposals import CreditProposal, Waiver
from lingqu.credit.models.receipts import Receipt
from lingqu.credit.models.terms import RetailerTerms
from lingqu.credit.models.views import DeskView

__all__ = [
    "Application",
    "Batch",
    "BatchCredit",
    "CollectionNote",
    "CreditGroup",
    "CreditLine",
    "CreditProposal",
    "DeskView",
    "GradeChange",
    "GroupProposal",
    "HoldRequest",
    "Receipt",
    "RetailerTerms",
    "SupplyHold",
    "Waiver",
    "WriteOff",
]
