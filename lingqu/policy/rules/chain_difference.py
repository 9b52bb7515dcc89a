"""What changed in the procedures: steps added, taken out, moved, and each step's own settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from lingqu.approvals.rules import Chain, Step
from lingqu.approvals.states import StepKind
from lingqu.base.text import Text
from lingqu.policy.rules.change import Change
from lingqu.policy.rules.regulation import Regulation
from lingqu.policy.rules.words import NOTHING, joined, number_of, post_name, who_name
from lingqu.policy.states import ChangeKind

KIND_WORDS = {StepKind.SIGN: Text("签字", "signature"), StepKind.VOTE: Text("表决", "vote")}


def chain_changes(before: Regulation, after: Regulation) -> Iterator[Change]:
    """Yield what changed in the procedures."""
    for key in dict.fromkeys((*before.chains, *after.chains)):
        old, new = before.chains.get(key), after.chains.get(key)
        chain = new or old
        if old == new or chain is None:
            continue
        title = Text(f"流程“{chain.title.zh}”", f"Procedure “{chain.title.en}”")
        place = f"chains/{key}"
        if old is None or new is None:
            was, now = (_steps_words(old, before) if old else None), (_steps_words(new, after) if new else None)
            yield Change(ChangeKind.CHAIN, place, chain.clause, title, was, now)
            continue
        if old.title != new.title:
            yield Change(ChangeKind.CHAIN, f"{place}/title", new.clause, _of(title, Text("名称", "title")), old.title, new.title)
        if old.clause != new.clause:
            words = (Text(old.clause, old.clause), Text(new.clause, new.clause))
            yield Change(ChangeKind.CHAIN, f"{place}/clause", new.clause, _of(title, Text("条款", "clause")), *words)
        yield from _step_changes(title, old, new, (before, after))


def _step_changes(title: Text, old: Chain, new: Chain, both: tuple[Regulation, Regulation]) -> Iterator[Change]:
    steps_before, steps_after = {step.key: step for step in old.steps}, {step.key: step for step in new.steps}
    kept_before = [key for key in steps_before if key in steps_after]
    kept_after = [key for key in steps_after if key in steps_before]
    if kept_before != kept_after:
        order = Text("步骤顺序", "order of steps")
        words = _titles(old, kept_before), _titles(new, kept_after)
        yield Change(ChangeKind.CHAIN, f"chains/{new.key}/steps", new.clause, _of(title, order), *words)
    for key in dict.fromkeys((*steps_before, *steps_after)):
        first, second = steps_before.get(key), steps_after.get(key)
        step = second or first
        if first == second or step is None:
            continue
        name = _of(title, Text(f"步骤“{step.title.zh}”", f"step “{step.title.en}”"))
        place = f"chains/{new.key}/steps/{key}"
        if first is None or second is None:
            was, now = (_step_words(first, both[0]) if first else None), (_step_words(second, both[1]) if second else None)
            label = Text("新增一步", "new step") if first is None else Text("删去一步", "step taken out")
            yield Change(ChangeKind.CHAIN, place, new.clause, _of(name, label), was, now)
            continue
        for field, label, said in _FIELDS:
            if getattr(first, field) != getattr(second, field):
                words = said(first, both[0]), said(second, both[1])
                yield Change(ChangeKind.CHAIN, f"{place}/{field}", new.clause, _of(name, label), *words)


def _amount(value: Decimal | None) -> Text:
    number = number_of(value)
    return _plain(value) if number is None else Text(f"{number:,.2f} 元", f"{number:,.2f} yuan")


def _plain(value: Decimal | None) -> Text:
    return NOTHING if value is None else Text(str(value), str(value))


def _clock(step: Step, regulation: Regulation) -> Text:
    del regulation
    if not step.days:
        return Text("不限时", "no clock")
    if step.working_days:
        return Text(f"{step.days} 个工作日", f"{step.days} working days")
    return Text(f"{step.days} 天", f"{step.days} days")


def _next(step: Step, regulation: Regulation) -> Text:
    del regulation
    known = {"": Text("下一步", "the next in order"), "end": Text("结束", "the end")}
    return known.get(step.next) or Text(step.next, step.next)


WORKING, CALENDAR = Text("工作日", "working days"), Text("日历日", "calendar days")
_Words = Callable[[Step, Regulation], Text]
_FIELDS: tuple[tuple[str, Text, _Words], ...] = (
    ("title", Text("名称", "title"), lambda step, _: step.title),
    ("who", Text("由谁决定", "decided by"), lambda step, regulation: who_name(step.who, regulation)),
    ("kind", Text("方式", "kind"), lambda step, _: KIND_WORDS[step.kind]),
    ("over", Text("超过此金额才需要", "needed above"), lambda step, _: _amount(step.over)),
    ("enough_up_to", Text("不超过此金额即为最后一步", "final up to"), lambda step, _: _amount(step.enough_up_to)),
    ("days", Text("时限", "clock"), _clock),
    ("working_days", Text("时限计法", "days counted"), lambda step, _: WORKING if step.working_days else CALENDAR),
    ("late_to", Text("逾时上报", "when late, also"), lambda step, _: post_name(step.late_to)),
    ("next", Text("之后", "then"), _next),
)


def _titles(chain: Chain, keys: list[str]) -> Text:
    titles = {step.key: step.title for step in chain.steps}
    return joined((titles[key] for key in keys), between=Text(" → ", " → "))


def _steps_words(chain: Chain, regulation: Regulation) -> Text:
    return joined((_step_words(step, regulation) for step in chain.steps), between=Text(" → ", " → "))


def _step_words(step: Step, regulation: Regulation) -> Text:
    who = who_name(step.who, regulation)
    return Text(f"{step.title.zh}（{who.zh}）", f"{step.title.en} ({who.en})")


def _of(title: Text, label: Text) -> Text:
    return Text(f"{title.zh} · {label.zh}", f"{title.en} · {label.en}")
