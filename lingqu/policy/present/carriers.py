"""What carries a clause out: laws, procedures, duties, accounts, scorecards, parameters, records; and how far that goes."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from lingqu.approvals.rules import Chain, Committee, Step, Who
from lingqu.approvals.states import StepKind
from lingqu.base.text import Text
from lingqu.duties.rules import DutyRule
from lingqu.duties.states import RHYTHM_WORDS, ForEach
from lingqu.policy.present.values import Cell, shown_parameter
from lingqu.policy.present.words import KIND_WORDS, law_words, post_words
from lingqu.policy.queries import carrier_entry
from lingqu.policy.rules import Carried, ClauseStanding, Regulation
from lingqu.policy.rules.names import carrier_name

FOR_EACH_WORDS = {
    ForEach.ISSUER: Text("总部", "HQ"),
    ForEach.AGENT: Text("每个代理商", "each agent"),
    ForEach.RETAILER: Text("每个零售商", "each retailer"),
    ForEach.PARTNER: Text("每个客户", "each partner"),
}
ORDER = ("law", "procedure", "duty", "account", "record", "scorecard", "committee", "parameter")
"""In which order the kinds of carriers stand."""

NOBODY = Text("未定", "nobody named")
SEE_TABLE = Text("见表", "see the table")


class Carrier(msgspec.Struct, frozen=True):
    """One thing that carries a clause out, or that should: `exists` is False while this version of the product does not have it."""

    kind: str
    key: str
    name: Text
    note: Text
    exists: bool = True
    off: bool = False
    value: Cell = ""
    url: str = ""

    @property
    def carrier(self) -> str:
        """Return how evidence and registers name it: `law:credit`."""
        return f"{self.kind}:{self.key}"

    @property
    def mark(self) -> str:
        """Return the name of its place on a page, where its count is put."""
        return f"count-{self.kind}-{self.key}"

    @property
    def kind_word(self) -> Text:
        """Return what kind of carrier it is, in words."""
        return KIND_WORDS.get(self.kind, KIND_WORDS["record"])

    @property
    def counted(self) -> bool:
        """Return whether there may be decisions, duties or papers of it to count."""
        return self.exists and self.kind != "parameter"


def who_words(who: Who, regulation: Regulation) -> Text:
    """Return who decides a step."""
    if who.committee:
        committee = regulation.committees.get(who.committee)
        return committee.title if committee else Text(f"委员会 {who.committee}", f"committee {who.committee}")
    return post_words(who.post or who.relation) or NOBODY


def steps_words(chain: Chain, regulation: Regulation) -> Text:
    """Return the steps of a procedure in a line: 营销主管 → 财务主管 → 主任; a vote says so."""
    steps = [_step(step, regulation) for step in chain.steps]
    return Text(" → ".join(step.zh for step in steps), " → ".join(step.en for step in steps))


def duty_words(rule: DutyRule) -> Text:
    """Return a duty rule in a line: how often, of whom, who does it, by when."""
    rhythm, each = RHYTHM_WORDS[rule.rhythm], FOR_EACH_WORDS[rule.for_each]
    who = post_words(rule.responsible) or NOBODY
    due = due_words(rule.due_days)
    if rule.for_each is ForEach.ISSUER:
        return Text(f"{rhythm.zh}，{who.zh}，{due.zh}", f"{rhythm.en}, {who.en}, {due.en}")
    return Text(f"{rhythm.zh}，{each.zh}，{who.zh}，{due.zh}", f"{rhythm.en}, {each.en}, {who.en}, {due.en}")


def due_words(days: int) -> Text:
    """Return when a duty is due, counted from the last day of its period."""
    if days == 0:
        return Text("期末当日到期", "due on the last day of the period")
    if days < 0:
        return Text(f"期末前 {-days} 天到期", f"due {-days} days before the period ends")
    return Text(f"期后 {days} 天到期", f"due {days} days after the period")


def carriers_of(standing: ClauseStanding, regulation: Regulation) -> list[Carrier]:
    """Return what carries a clause out, laws first, parameters last."""
    found = [_carrier(one, regulation) for one in standing.carriers]
    return sorted(found, key=lambda one: ORDER.index(one.kind) if one.kind in ORDER else len(ORDER))


def _carrier(one: Carried, regulation: Regulation) -> Carrier:
    kind, _, key = one.carrier.partition(":")
    made = _HOW.get(kind, _record)(key, regulation)
    entry = carrier_entry(one.carrier)
    if entry and made.name.zh == one.carrier:
        made = msgspec.structs.replace(made, name=entry.words)
    off = kind == "law" and key in regulation.laws and not regulation.laws[key].enabled
    return msgspec.structs.replace(made, kind=kind, key=key, exists=one.exists or off, off=off, url=entry.url if entry else "")


def parameter_carrier(key: str, regulation: Regulation) -> Carrier:
    """Return a parameter among what carries a clause out."""
    shown = shown_parameter(key, regulation)
    value: Cell = SEE_TABLE if shown.grid else _with_unit(shown.value, shown.unit)
    return Carrier("parameter", key, shown.title, shown.bounds or Text("", ""), shown.obeyed, value=value)


def _with_unit(value: Cell, unit: Text) -> Cell:
    if not unit.zh:
        return value
    zh, en = (value.zh, value.en) if isinstance(value, Text) else (value, value)
    return Text(f"{zh} {unit.zh}", f"{en} {unit.en}")


def _law(key: str, regulation: Regulation) -> Carrier:
    if key not in regulation.laws:
        return _named(f"law:{key}", regulation)
    name, formula = law_words(key)
    post = post_words(regulation.laws[key].waivable_by)
    waiver = Text(f"，可由{post.zh}特批", f"; may be waived by: {post.en}") if post else Text("，不可特批", "; cannot be waived")
    return Carrier("law", key, name, Text(formula.zh + waiver.zh, formula.en + waiver.en))


def _procedure(key: str, regulation: Regulation) -> Carrier:
    chain = regulation.chains.get(key)
    return Carrier("procedure", key, chain.title, steps_words(chain, regulation)) if chain else _named(f"procedure:{key}", regulation)


def _duty(key: str, regulation: Regulation) -> Carrier:
    rule = regulation.duties.get(key)
    return Carrier("duty", key, rule.title, duty_words(rule)) if rule else _named(f"duty:{key}", regulation)


def _account(key: str, regulation: Regulation) -> Carrier:
    account = regulation.accounts.get(key)
    return Carrier("account", key, account.title, account.unit) if account else _named(f"account:{key}", regulation)


def _committee(key: str, regulation: Regulation) -> Carrier:
    committee = regulation.committees.get(key)
    return Carrier("committee", key, committee.title, committee_words(committee)) if committee else _named(f"committee:{key}", regulation)


def _scorecard(key: str, regulation: Regulation) -> Carrier:
    card = regulation.scorecards.get(key)
    if card is None:
        return _named(f"scorecard:{key}", regulation)
    lines = Text("、".join(one.title.zh for one in card.indicators), ", ".join(one.title.en for one in card.indicators))
    return Carrier("scorecard", key, card.title, lines)


def _parameter(key: str, regulation: Regulation) -> Carrier:
    return parameter_carrier(key, regulation) if key in regulation.notes else _named(f"parameter:{key}", regulation)


def _record(key: str, regulation: Regulation) -> Carrier:
    return _named(f"record:{key}", regulation)


def _named(carrier: str, regulation: Regulation) -> Carrier:
    """Return a carrier that the regulation only names: it has no rule, steps or value of its own there."""
    del regulation
    kind, _, key = carrier.partition(":")
    return Carrier(kind, key, carrier_name(carrier), Text("", ""))


def committee_words(committee: Committee) -> Text:
    """Return a committee in a line: who its members are and what its vote needs."""
    zh = "、".join((post_words(post) or NOBODY).zh for post in committee.members)
    en = ", ".join((post_words(post) or NOBODY).en for post in committee.members)
    return Text(
        f"{zh}；到会 {committee.quorum}% 以上，赞成超过 {committee.majority}%",
        f"{en}; {committee.quorum}% present, more than {committee.majority}% yes",
    )


_HOW: dict[str, Callable[[str, Regulation], Carrier]] = {
    "law": _law, "procedure": _procedure, "duty": _duty, "account": _account, "committee": _committee, "scorecard": _scorecard,
    "parameter": _parameter,
}  # fmt: skip


def _step(step: Step, regulation: Regulation) -> Text:
    who = who_words(step.who, regulation)
    return Text(f"{who.zh}表决", f"vote of: {who.en}") if step.kind is StepKind.VOTE else who
