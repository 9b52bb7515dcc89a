"""Words that the pages of approvals share: states, posts, clocks, clauses."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from lingqu.approvals.models import Approval
from lingqu.approvals.rules import Chain, Step
from lingqu.approvals.states import APPROVALS, ApprovalState
from lingqu.base.text import Text
from lingqu.organisation.states import POST_WORDS, PostCode

KINDS = {
    ApprovalState.OPEN: "waiting",
    ApprovalState.SENT_BACK: "waivable",
    ApprovalState.APPROVED: "passed",
    ApprovalState.REFUSED: "refused",
    ApprovalState.WITHDRAWN: "cancelled",
    ApprovalState.VOID: "closed",
}
"""Which colour and icon a state has; the words come from the table of states."""

RELATIONS = {"representative_of": Text("该客户的区域销售员", "The partner's representative")}
ANSWERS = {
    "approve": ("green", Text("同意", "Approved")),
    "refuse": ("red", Text("不同意", "Refused")),
    "send_back": ("amber", Text("退回修改", "Sent back")),
    "yes": ("green", Text("同意", "Yes")),
    "no": ("red", Text("反对", "No")),
    "abstain": ("grey", Text("弃权", "Abstained")),
}
"""The colour and the words of an answer."""

SOMEBODY = Text("相关人员", "The people concerned")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


class Badge(msgspec.Struct, frozen=True):
    """A state as a word with its colour; `kind` is a key of the page's states."""

    kind: str
    text: Text


class Clock(msgspec.Struct, frozen=True):
    """The clock of an open step: until when, what is left in words, the share of the time gone in percent, its colour."""

    until: datetime
    left: Text
    gone: int
    tone: str


class ClauseLink(msgspec.Struct, frozen=True):
    """A clause of the version under which it was asked."""

    id: str
    version: str
    url: str


def badge_of(approval: Approval) -> Badge:
    """Return the state of an approval as a badge."""
    state = ApprovalState(approval.state)
    return Badge(KINDS[state], APPROVALS.words[state])


def title_of(approval: Approval) -> Text:
    """Return what is asked, in both languages."""
    return Text(approval.title_zh, approval.title_en)


def chain_of(approval: Approval) -> Chain:
    """Return the chain as it stood when it was asked."""
    return read_chain(approval.chain)


def read_chain(canonical: str) -> Chain:
    """Return a chain from its canonical JSON."""
    return msgspec.json.decode(canonical, type=Chain)


def post_words(post: str) -> Text | None:
    """Return a post in words; None for a place that comes from no post."""
    return POST_WORDS[PostCode(post)] if post in PostCode._value2member_map_ else None


def who_words(step: Step, committees: dict[str, Text]) -> Text:
    """Return who decides a step that is not open yet: a post, a committee, or the people of a relation."""
    if step.who.committee:
        return committees.get(step.who.committee, SOMEBODY)
    if step.who.relation:
        return RELATIONS.get(step.who.relation, SOMEBODY)
    return post_words(step.who.post) or SOMEBODY


def clock_of(opened_at: datetime | None, due_at: datetime | None, *, at: datetime) -> Clock | None:
    """Return the clock of an open step; None for a step that has none."""
    if opened_at is None or due_at is None:
        return None
    left = due_at - at
    if left <= timedelta(0):
        late = span_words(-left)
        return Clock(due_at, Text(f"已迟 {late.zh}", f"{late.en} late"), 100, "red")
    whole = due_at - opened_at
    gone = 100 - int(left / whole * 100) if whole > timedelta(0) else 100
    words = span_words(left)
    return Clock(due_at, Text(f"剩 {words.zh}", f"{words.en} left"), min(max(gone, 0), 100), "amber" if left < DAY else "")


def span_words(span: timedelta) -> Text:
    """Return a length of time: days and hours; hours and minutes inside a day."""
    days, rest = divmod(span, DAY)
    hours, rest = divmod(rest, HOUR)
    if days:
        return Text(f"{days} 天 {hours} 小时", f"{days} d {hours} h") if hours else Text(f"{days} 天", f"{days} d")
    minutes = int(rest / timedelta(minutes=1))
    if hours and not minutes:
        return Text(f"{hours} 小时", f"{hours} h")
    return Text(f"{hours} 小时 {minutes} 分", f"{hours} h {minutes} min") if hours else Text(f"{minutes} 分钟", f"{minutes} min")


def clause_link(approval: Approval) -> ClauseLink:
    """Return the clause that names the procedure, in the version under which it was asked."""
    pack, number, _ = (*approval.regulation.split("/"), "", "")[:3]
    return ClauseLink(approval.clause, f"v{number}", f"/regulation/{pack}/v{number}/{approval.clause}")
