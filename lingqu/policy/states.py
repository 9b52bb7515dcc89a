"""The names of laws, the kinds of parameters, and the states of a draft."""

from __future__ import annotations

from enum import StrEnum

from lingqu.base.states import StateTable
from lingqu.base.text import Text


class Law(StrEnum):
    """The laws that a purchase request passes, in the order in which every decision shows them."""

    CERTIFICATE = "certificate"
    AREA = "area"
    PRICE = "price"
    STOCK = "stock"
    CREDIT = "credit"
    BATCHES = "batches"
    OVERDUE = "overdue"


ALWAYS_ON = (Law.CREDIT.value, Law.BATCHES.value)
"""The laws that cannot be switched off: the ledger itself keeps them."""

WAIVABLE = (Law.PRICE.value, Law.CREDIT.value, Law.BATCHES.value, Law.OVERDUE.value)
"""The laws for which a special signature can be given."""

WAIVING_POSTS = ("director", "manager")
"""The posts that may be named to give it."""


class DayMode(StrEnum):
    """How days of an answer time are counted."""

    CALENDAR = "calendar"
    WORKING = "working"


class ContractMode(StrEnum):
    """Which purchase contract a request needs (M-16.3.1): one in force for the year, or a stamped one with each request."""

    FRAMEWORK = "framework"
    EACH = "each"


class Origin(StrEnum):
    """Where something of a regulation comes from: the company's own text, or a supplement of ours that is marked as such."""

    TEXT = "text"
    SUPPLEMENT = "supplement"


class ParameterKind(StrEnum):
    """What values a parameter takes."""

    INTEGER = "integer"
    MONEY = "money"
    PERCENT = "percent"
    BASIS_POINTS = "basis_points"
    FACTOR = "factor"
    CHOICE = "choice"
    FLAG = "flag"
    TABLE = "table"
    LADDER = "ladder"
    CALENDAR = "calendar"


class ChangeKind(StrEnum):
    """What a difference between two versions is about."""

    TITLE = "title"
    CHAPTER = "chapter"
    ARTICLE = "article"
    CLAUSE = "clause"
    PARAMETER = "parameter"
    LAW = "law"
    GAP = "gap"
    COMMITTEE = "committee"
    CHAIN = "chain"
    DUTY = "duty"
    ACCOUNT = "account"
    SCORECARD = "scorecard"
    OTHER = "other"


class ClauseState(StrEnum):
    """How far the product carries a clause out: all of what it names exists, some of it, or nothing."""

    FULL = "full"
    PART = "part"
    NOT_YET = "not_yet"


class DraftState(StrEnum):
    """Where a draft of the regulation stands."""

    DRAFT = "draft"
    IN_APPROVAL = "in_approval"
    ISSUED = "issued"
    REFUSED = "refused"
    DROPPED = "dropped"


class DraftVerb(StrEnum):
    """What can be done with a draft."""

    EDIT = "edit"
    SEND = "send"
    SEND_BACK = "send_back"
    ISSUE = "issue"
    REFUSE = "refuse"
    DROP = "drop"


DRAFTS: StateTable[DraftState, DraftVerb] = StateTable(
    {
        (DraftState.DRAFT, DraftVerb.EDIT): DraftState.DRAFT,
        (DraftState.DRAFT, DraftVerb.SEND): DraftState.IN_APPROVAL,
        (DraftState.DRAFT, DraftVerb.DROP): DraftState.DROPPED,
        (DraftState.IN_APPROVAL, DraftVerb.SEND_BACK): DraftState.DRAFT,
        (DraftState.IN_APPROVAL, DraftVerb.ISSUE): DraftState.ISSUED,
        (DraftState.IN_APPROVAL, DraftVerb.REFUSE): DraftState.REFUSED,
    },
    {
        DraftState.DRAFT: Text("草案", "Draft"),
        DraftState.IN_APPROVAL: Text("送审中", "Being decided"),
        DraftState.ISSUED: Text("已发布", "Issued"),
        DraftState.REFUSED: Text("未通过", "Not passed"),
        DraftState.DROPPED: Text("已放弃", "Dropped"),
        DraftVerb.EDIT: Text("修改", "Edit"),
        DraftVerb.SEND: Text("送审", "Send for approval"),
        DraftVerb.SEND_BACK: Text("退回", "Send back"),
        DraftVerb.ISSUE: Text("发布", "Issue"),
        DraftVerb.REFUSE: Text("否决", "Refuse"),
        DraftVerb.DROP: Text("放弃", "Drop"),
    },
)
