"""What happened to an approval, in words, from the facts."""

from __future__ import annotations

from datetime import datetime

import msgspec

from lingqu.approvals.models import Approval
from lingqu.approvals.present.words import ANSWERS, chain_of
from lingqu.approvals.queries import Course
from lingqu.audit.models import Fact
from lingqu.base.text import Text

SYSTEM = Text("系统", "the system")
WORDS = {
    "ask": ("blue", Text("提交审批", "Asked")),
    "resubmit": ("blue", Text("重新提交", "Submitted again")),
    "withdraw": ("grey", Text("撤回", "Withdrawn")),
    "void": ("grey", Text("内容已变更，审批失效", "Void: the content has changed")),
    "approve": ("green", Text("同意", "Approved")),
    "refuse": ("red", Text("不同意", "Refused")),
    "send_back": ("amber", Text("退回修改", "Sent back")),
    "escalate": ("red", Text("逾时，已上报", "Late, handed up")),
    "refresh_signers": ("grey", Text("签批人随任职变动", "Signers changed with the posts")),
}


class Event(msgspec.Struct, frozen=True):
    """One event of the timeline."""

    tone: str
    text: Text
    at: datetime
    note: Text


def events_of(approval: Approval, course: Course) -> list[Event]:
    """Return what happened to an approval, latest first."""
    titles = {step.key: step.title for step in chain_of(approval).steps}
    return [_event(fact, titles, course.names) for fact in reversed(course.facts)]


def _event(fact: Fact, titles: dict[str, Text], names: dict[int, str]) -> Event:
    tone, words = _said(fact, names)
    title = titles.get(str(fact.after.get("step", "")))
    text = Text(f"{title.zh}：{words.zh}", f"{title.en}: {_small(words.en)}") if title else words
    return Event(tone, text, fact.at, _who(fact, names))


def _said(fact: Fact, names: dict[int, str]) -> tuple[str, Text]:
    if fact.verb == "vote":
        return ANSWERS.get(str(fact.after.get("ballot")), ("grey", Text("表决", "Voted")))
    if fact.verb == "close_vote":
        yes, no, abstain = (fact.after.get(name, 0) for name in ("yes", "no", "abstain"))
        passed = bool(fact.after.get("passed"))
        zh = f"会议{'通过' if passed else '未通过'}，同意 {yes}，反对 {no}，弃权 {abstain}"
        en = f"{'Passed' if passed else 'Not passed'} by the meeting: {yes} yes, {no} no, {abstain} abstained"
        return ("green" if passed else "red"), Text(zh, en)
    if fact.verb in {"forward", "add_signer"}:
        name = names.get(int(fact.after.get("person", 0)), "—")
        forward = fact.verb == "forward"
        return "blue", Text(f"转交 {name}", f"Passed on to {name}") if forward else Text(f"加签 {name}", f"Asked {name} to sign too")
    return WORDS.get(fact.verb, ("grey", Text("其他经过", "Something else happened")))


def _who(fact: Fact, names: dict[int, str]) -> Text:
    if fact.person is None:
        return SYSTEM
    name, absent = names.get(fact.person, "—"), names.get(fact.on_behalf_of or 0, "")
    return Text(f"{name}（代 {absent}）", f"{name} (for {absent})") if absent else Text(name, name)


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]
