"""What happened on the paths by which a request was changed, in words, from the facts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from lingqu.audit.models import Fact
from lingqu.base.decision import Verdict
from lingqu.base.templatetags.words import money
from lingqu.base.text import Text
from lingqu.orders.models import StoredDecision
from lingqu.orders.present.values import Values
from lingqu.orders.present.words import copies_word
from lingqu.orders.states import RETURN_WORDS, ReturnReason

Told = tuple[str, Text, Text | None]
Came = Text | None
ENDINGS = ("merged", "cancel", "close_rest", "take_back")
"""What needs no judgement: it only lowers what is owed."""

TONES = {Verdict.PASSED.value: "green", Verdict.WAIVABLE.value: "amber", Verdict.REFUSED.value: "red"}


def told_of_path(fact: Fact, decision: StoredDecision | None, came: Came) -> Told:
    """Return tone, words and more words of what happened; `came` is how the decision made with it came out."""
    tone = TONES.get(decision.verdict, "grey") if decision else "blue"
    words, more = _WORDS[fact.verb](Values(fact.after), Values(fact.before))
    if came is None or fact.verb in ENDINGS:
        return "grey" if fact.verb in ENDINGS else tone, words, more
    return tone, Text(f"{words.zh}，判定：{came.zh}", f"{words.en}; decided: {came.en}"), more


def _amend(after: Values, before: Values) -> tuple[Text, Text | None]:
    net, old = after.amount("net"), after.amount("net_before") or before.amount("net")
    words = Text("修改内容", "Changed")
    if net is None or old is None:
        return words, None
    return words, Text(f"实洋由 {money(old)} 改为 {money(net)}", f"net from {money(old)} to {money(net)}")


def _split(after: Values, before: Values) -> tuple[Text, Text | None]:
    del before
    return Text(f"拆出 {after.text('into')}", f"Split off: {after.text('into')}"), None


def _split_off(after: Values, before: Values) -> tuple[Text, Text | None]:
    del before
    return Text(f"由 {after.text('from')} 拆出", f"Split off from {after.text('from')}"), None


def _merge(after: Values, before: Values) -> tuple[Text, Text | None]:
    del before
    numbers = "、".join(after.texts("merged"))
    return Text(f"并入 {numbers}", f"Merged into this one: {numbers}"), None


def _merged(after: Values, before: Values) -> tuple[Text, Text | None]:
    del before
    return Text(f"并入 {after.text('into')}，预占已释放", f"Merged into {after.text('into')}; what was held is free again"), None


def _reopen(after: Values, before: Values) -> tuple[Text, Text | None]:
    del after, before
    return Text("重新打开，按今天的定价和折扣", "Opened again, priced as of today"), None


def _recheck(after: Values, before: Values) -> tuple[Text, Text | None]:
    del after, before
    return Text("受理前复核", "Judged again before acceptance"), None


def _cancel(after: Values, before: Values) -> tuple[Text, Text | None]:
    del before
    return Text("取消，不再欠款", "Cancelled; nothing is owed"), _reason(after)


def _close_rest(after: Values, before: Values) -> tuple[Text, Text | None]:
    old, net = before.amount("net") or Decimal(0), after.amount("net") or Decimal(0)
    return Text(f"欠货不再发，冲减 {money(old - net)}", f"Rest closed, {money(old - net)} credited"), _reason(after)


def _take_back(after: Values, before: Values) -> tuple[Text, Text | None]:
    del before
    many, number, net = copies_word(after.count("copies") or 0), after.text("return"), money(after.amount("net") or Decimal(0))
    kind = after.text("reason")
    why = RETURN_WORDS[ReturnReason(kind)] if kind in set(ReturnReason) else None
    relief = after.amount("relief")
    less = Text(f"，扣除已补价差 {money(relief)}", f", less {money(relief)} of price relief already credited") if relief else Text("", "")
    return Text(f"退货 {many.zh}，退货单 {number}，冲减 {net}{less.zh}", f"{many.en} came back, {number}, {net} credited{less.en}"), why


def _reason(after: Values) -> Text | None:
    reason = after.text("reason")
    return Text(reason, reason) if reason else None


_WORDS: dict[str, Callable[[Values, Values], tuple[Text, Text | None]]] = {
    "amend": _amend,
    "split": _split,
    "split_off": _split_off,
    "merge": _merge,
    "merged": _merged,
    "reopen": _reopen,
    "recheck": _recheck,
    "cancel": _cancel,
    "close_rest": _close_rest,
    "take_back": _take_back,
}
PATH_VERBS = tuple(_WORDS)
