"""What happened to a request, in words: from the facts and the decisions made with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import msgspec

from lingqu.audit.models import Fact
from lingqu.base.decision import Verdict
from lingqu.base.templatetags.words import day, money
from lingqu.base.text import Text
from lingqu.orders.models import StoredDecision
from lingqu.orders.present.laws import law_words
from lingqu.orders.present.path_events import PATH_VERBS, TONES, told_of_path
from lingqu.orders.present.rows import entered_words
from lingqu.orders.present.shapes import Event
from lingqu.orders.present.values import Values
from lingqu.orders.present.words import copies_word
from lingqu.orders.queries import MAY_PASS, WholeOrder
from lingqu.orders.states import PaperRole, Source
from lingqu.organisation.states import PostCode

DELIVERY_DEEDS = {
    "reserve": ("blue", "到货，已预留", "Goods came in and are kept for it"),
    "name_parcels": ("grey", "登记运单", "Waybills entered for"),
    "confirm_receipt": ("green", "收货方签收", "The receiver confirmed"),
    "report_difference": ("amber", "收货方提出差异", "The receiver reported differences"),
    "allow_late_report": ("grey", "同意逾期提出差异", "A late report was consented to for"),
    "count_difference": ("grey", "库房核对差异", "The warehouse looked into"),
    "answer_difference": ("blue", "答复差异", "Differences were answered"),
}
"""What is done about a delivery: tone and words, before the number of the paper."""
SYSTEM = Text("系统", "the system")


class _Told(msgspec.Struct, frozen=True):
    tone: str
    text: Text
    more: Text | None = None


def events_of(whole: WholeOrder) -> list[Event]:
    """Return what happened to a request, latest first; its settlement stands among it with the receipt that brought the money."""
    decisions = {decision.at: decision for decision in whole.decisions}
    events = []
    for fact in whole.facts:
        told = _TELLERS.get(fact.verb, _something)(fact, decisions.get(fact.at), whole)
        events.append(Event(told.tone, told.text, fact.at, _note(_who(fact, whole), told.more)))
    batch = whole.batch
    if batch and batch.settled_on and whole.settled_at:
        words = Text(f"第{batch.number}批 {money(batch.value)} 结清", f"Batch {batch.number} settled, {money(batch.value)}")
        receipt = whole.settled_by
        by = Text(f"回款 {receipt}", f"receipt {receipt}") if receipt else Text("预收抵用", "from money paid in advance")
        events.append(Event("green", words, whole.settled_at, by))
    # Of two at the same moment the one that was recorded later stands above.
    return sorted(events, key=lambda event: event.at)[::-1]


def outcome_of(decision: StoredDecision) -> Text:
    """Return how a decision came out: all passed, or the laws that failed."""
    if decision.verdict == Verdict.PASSED.value:
        return Text("全部通过", "all passed")
    laws = law_words(tuple(decision.failed.split()))
    final = decision.verdict == Verdict.REFUSED.value
    return Text(f"{laws.zh}不通过{'，不可特批' if final else ''}", f"{laws.en} failed{', which may not be waived' if final else ''}")


def _note(who: Text, more: Text | None) -> Text:
    return Text(f"{who.zh} · {more.zh}", f"{who.en} · {more.en}") if more else who


def _who(fact: Fact, whole: WholeOrder) -> Text:
    if fact.person is None:
        return SYSTEM
    name = whole.names.get(fact.person, "—")
    absent = whole.names.get(fact.on_behalf_of, "") if fact.on_behalf_of else ""
    return Text(f"{name}（代{absent}）", f"{name} (for {absent})") if absent else Text(name, name)


def _submit(fact: Fact, decision: StoredDecision | None, whole: WholeOrder) -> _Told:
    del fact
    if whole.order.needs_contract and decision is None:
        return _Told(
            "amber", Text("提交申请，待盖章合同", "Submitted; the stamped contract is to come"), entered_words(Source(whole.order.source))
        )
    came = outcome_of(decision) if decision else None
    tone = TONES.get(decision.verdict, "grey") if decision else "grey"
    more = entered_words(Source(whole.order.source))
    if came is None:
        return _Told(tone, Text("提交申请", "Submitted"), more)
    return _Told(tone, Text(f"提交申请，判定：{came.zh}", f"Submitted and decided: {came.en}"), more)


def _decide_again(fact: Fact, decision: StoredDecision | None, whole: WholeOrder) -> _Told:
    del fact, whole
    if decision is None:
        return _Told("grey", Text("重新判定", "Decided again"))
    came = outcome_of(decision)
    return _Told(TONES.get(decision.verdict, "grey"), Text(f"重新判定：{came.zh}", f"Decided again: {came.en}"))


def _waive(fact: Fact, decision: StoredDecision | None, whole: WholeOrder) -> _Told:
    del decision
    waiver = next((waiver for waiver in whole.waivers if waiver.signed_at == fact.at), None)
    if waiver is None:
        return _Told("blue", Text("特批", "Signed specially"))
    laws = law_words(tuple(waiver.laws.split()))
    why = Text(waiver.reason, waiver.reason) if waiver.reason else None
    return _Told("blue", Text(f"特批：{laws.zh}", f"Signed specially: {laws.en}"), why)


def _ask_signature(fact: Fact, decision: StoredDecision | None, whole: WholeOrder) -> _Told:
    del decision
    number = Values(fact.after).text("number")
    reason = next((one.reason for one in whole.signatures if one.number == number), "")
    again = fact.verb == "ask_again"
    words = Text(f"{'重新报' if again else '报'}特批 {number}", f"Special signature {number} asked for{' again' if again else ''}")
    return _Told("amber", words, Text(reason, reason) if reason else None)


def _signature_moved(fact: Fact, decision: StoredDecision | None, whole: WholeOrder) -> _Told:
    del decision, whole
    number = Values(fact.after).text("number")
    said = {
        "signature_send_back": ("amber", "特批退回修改", "sent back"),
        "signature_refuse": ("red", "不予特批", "refused"),
    }.get(fact.verb, ("grey", "特批撤回", "withdrawn"))
    return _Told(said[0], Text(f"{said[1]} {number}", f"Special signature {number} {said[2]}"))


def _collect(fact: Fact, decision: StoredDecision | None, whole: WholeOrder) -> _Told:
    del decision, whole
    after = Values(fact.after)
    amount, by_day = money(after.amount("amount")), after.day("pay_by")
    until = Text(f"，{_short(by_day)} 前", f" by {_short(by_day)}") if by_day else Text("", "")
    return _Told("blue", Text(f"通知客户付款 {amount}{until.zh}", f"The partner was asked to pay {amount}{until.en}"))


def _accept(fact: Fact, decision: StoredDecision | None, whole: WholeOrder) -> _Told:
    del decision
    ships = Values(fact.after).day("ship_on")
    planned = Text(f"，拟 {_short(ships)} 发货", f", ships on {_short(ships)}") if ships else Text("", "")
    batch = Text(f"，开第{whole.batch.number}批", f", opens batch {whole.batch.number}") if whole.batch else Text("", "")
    return _Told("blue", Text(f"受理{planned.zh}{batch.zh}", f"Accepted{planned.en}{batch.en}"))


def _short(on: date) -> str:
    return day(on, "short")


def _decline(fact: Fact, decision: StoredDecision | None, whole: WholeOrder) -> _Told:
    del fact, decision
    reason = whole.order.answer
    return _Told("red", Text("退回", "Declined"), Text(reason, reason) if reason else None)


def _withdraw(fact: Fact, decision: StoredDecision | None, whole: WholeOrder) -> _Told:
    del fact, decision, whole
    return _Told("grey", Text("客户撤回，预占已释放", "Withdrawn by the partner; what was held is free again"))


def _expire(fact: Fact, decision: StoredDecision | None, whole: WholeOrder) -> _Told:
    del fact, decision, whole
    return _Told("red", Text("逾时未答复，预占已释放", "Not answered in time; what was held is free again"))


def _ship(fact: Fact, decision: StoredDecision | None, whole: WholeOrder) -> _Told:
    del decision
    after = Values(fact.after)
    number, sent = after.text("delivery"), copies_word(after.count("copies") or 0)
    waybill = next((delivery.waybill for delivery in whole.deliveries if delivery.number == number), "")
    more = Text(f"运单 {waybill}", f"waybill {waybill}") if waybill else None
    return _Told("blue", Text(f"发货 {sent.zh}，配送单 {number}", f"Shipped {sent.en}, delivery {number}"), more)


def _hand_in(fact: Fact, decision: StoredDecision | None, whole: WholeOrder) -> _Told:
    del fact, whole
    if decision is None:
        return _Told("blue", Text("盖章合同收齐，开始计时", "The stamped contract is in; the answer time begins"))
    came = outcome_of(decision)
    return _Told(
        TONES.get(decision.verdict, "grey"),
        Text(f"盖章合同收齐，开始计时，判定：{came.zh}", f"The stamped contract is in, the answer time begins; decided: {came.en}"),
    )


def _attach(fact: Fact, decision: StoredDecision | None, whole: WholeOrder) -> _Told:
    del decision, whole
    after = Values(fact.after)
    names = "、".join(file.text("name") for file in after.parts("files"))
    if after.text("role") == PaperRole.COUNTERSIGNED.value:
        return _Told("blue", Text("交回双方盖章的合同", "The contract with both stamps went back"), Text(names, names))
    return _Told("grey", Text("交来乙方盖章的合同", "The contract with the buyer's stamp came in"), Text(names, names))


def _tell_late(fact: Fact, decision: StoredDecision | None, whole: WholeOrder) -> _Told:
    del decision, whole
    if Values(fact.after).text("told") == PostCode.DIRECTOR.value:
        return _Told("red", Text("逾时满一个工作日，已报主任", "Late by a whole working day; the director was told"))
    return _Told("red", Text("逾时未答复，已报营销主管", "Not answered in time; the marketing manager was told"))


def _may_pass(fact: Fact, decision: StoredDecision | None, whole: WholeOrder) -> _Told:
    del decision, whole
    laws = law_words(tuple(Values(fact.after).text("laws").split()))
    return _Told("green", Text("按当时事实可以通过，已告知供货方", "Would have passed then; the seller was told"), laws)


def _path(fact: Fact, decision: StoredDecision | None, whole: WholeOrder) -> _Told:
    del whole
    return _Told(*told_of_path(fact, decision, outcome_of(decision) if decision else None))


def _delivery(fact: Fact, decision: StoredDecision | None, whole: WholeOrder) -> _Told:
    del decision, whole
    after = Values(fact.after)
    name = after.text("difference") or after.text("delivery")
    tone, zh, en = DELIVERY_DEEDS[fact.verb]
    return _Told(tone, Text(f"{zh} {name}".strip(), f"{en} {name}".strip()))


def _something(fact: Fact, decision: StoredDecision | None, whole: WholeOrder) -> _Told:
    del fact, decision, whole
    return _Told("grey", Text("其他办理", "Something else was done"))


_TELLERS: dict[str, Callable[[Fact, StoredDecision | None, WholeOrder], _Told]] = {
    "submit": _submit,
    "decide_again": _decide_again,
    "waive": _waive,
    "ask_signature": _ask_signature,
    "ask_again": _ask_signature,
    "signature_send_back": _signature_moved,
    "signature_refuse": _signature_moved,
    "signature_withdraw": _signature_moved,
    "collect": _collect,
    "accept": _accept,
    "decline": _decline,
    "withdraw": _withdraw,
    "expire": _expire,
    "ship": _ship,
    "hand_in": _hand_in,
    "attach": _attach,
    "tell_late": _tell_late,
    MAY_PASS: _may_pass,
    **dict.fromkeys(DELIVERY_DEEDS, _delivery),
    **dict.fromkeys(PATH_VERBS, _path),
}
