"""What came back, is objected to, or must be matched, confirmed, handed in or answered, as rows of what waits at home, with their ways."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.urls import reverse

from lingqu.base.calendar import CHINA, china_day
from lingqu.base.templatetags.words import day
from lingqu.base.text import Text
from lingqu.desk.present.words import time_left, urgency
from lingqu.desk.queries.queue import Duties, Queued, seller_of
from lingqu.orders.access import may_withdraw
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind
from lingqu.settlement.access import may_answer_statement, may_book

GROUPS = {
    "requests": Text("进货", "Requests"),
    "approvals": Text("审批", "Approvals"),
    "money": Text("账款", "Money"),
    "back": Text("退回", "Came back"),
    "goods": Text("货物", "Goods"),
    "own": Text("我方", "Ours"),
}
"""What a row of the home is about, for narrowing the list."""

_GROUP = {
    "sent_back": "back", "dispute": "money", "bank": "money", "statement": "own", "contract": "own", "receive": "goods", "look": "goods",
    "differs": "goods", "return": "goods", "goods_back": "goods",
}  # fmt: skip


def deals_with(who: Acting) -> Duties:
    """Return which of these the person deals with at their own firm."""
    buys = who.firm_kind != FirmKind.HQ.value and may_withdraw(who, who.firm)
    return Duties(may_book(who, who.firm), may_answer_statement(who, who.firm), seller_of(who.firm) if buys else None)


def queue_row(queued: Queued, *, at: datetime) -> dict[str, Any]:
    """Return one of them as a row of what waits."""
    url, kind, subject, line, stamp, words, verb = _SHAPES[queued.kind](queued, china_day(at))
    until = datetime.combine(queued.until, time.max, CHINA).replace(microsecond=0) if queued.until else None
    return {
        "number": queued.number or queued.kind, "named": queued.number or str(kind), "url": url, "kind": kind, "buyer": subject,
        "buyer_line": line, "net": queued.amount, "stamp": stamp, "stamp_text": words, "until": until,
        "left": time_left(until, at) if until else _since(queued.since), "clock_tone": urgency(until, at) if until else "", "verb": verb,
        "group": _GROUP[queued.kind], "plain": True,
    }  # fmt: skip


def _since(moment: datetime | date | None) -> Text:
    if moment is None:
        return Text("", "")
    on = day(china_day(moment) if isinstance(moment, datetime) else moment, "short")
    return Text(f"{on} 起", f"since {on}")


Shape = tuple[str, Text, Text | str, Text | str, str, Text, Text]


def _sent_back(queued: Queued, _: date) -> Shape:
    title = Text(queued.title_zh, queued.title_en)
    said = Text(f"退回理由：{queued.said}", f"because: {queued.said}") if queued.said else queued.about
    url = reverse("approval", args=[queued.number])
    return (
        url,
        Text("我提交的", "asked by me"),
        title,
        said,
        "waivable",
        Text("已退回，待修改", "sent back to change"),
        Text("修改", "Change"),
    )


def _dispute(queued: Queued, _: date) -> Shape:
    url = f"{reverse('statement', args=[queued.code])}?month={queued.month:%Y-%m}"
    words = Text(f"{queued.many} 处异议", f"{queued.many} objections")
    return url, Text("对账单", "Statement"), queued.about, queued.said, "waivable", words, Text("答复", "Answer")


def _bank(queued: Queued, _: date) -> Shape:
    title = Text(f"银行流水 {queued.many} 笔待认领", f"{queued.many} bank lines to match")
    line = Text("认到客户和批次后入账", "book them to partners and batches")
    return reverse("bank"), Text("银行流水", "Bank"), title, line, "waiting", Text("待认领", "to be matched"), Text("认领", "Match")


def _statement(queued: Queued, _: date) -> Shape:
    url = f"{reverse('statement', args=[queued.code])}?month={queued.month:%Y-%m}"
    title = Text(f"{queued.month:%Y-%m} 对账单", f"Statement {queued.month:%Y-%m}")
    return url, Text("对账单", "Statement"), title, queued.about, "waiting", Text("待我方确认", "to be agreed"), Text("核对", "Check")


def _contract(queued: Queued, _: date) -> Shape:
    url = reverse("order", args=[queued.number])
    title = Text("下载合同，盖章后交回", "Download the contract, stamp it, hand it in")
    return (
        url,
        Text("进货申请", "Request"),
        title,
        queued.about,
        "waiting",
        Text("待盖章合同", "contract to stamp"),
        Text("交合同", "Hand in"),
    )


def _receive(queued: Queued, _: date) -> Shape:
    kind, stamp, verb = Text("收货", "Delivery"), Text("待我方签收", "to be confirmed"), Text("签收", "Confirm")
    if queued.number:
        url, line = reverse("delivery", args=[queued.number]), Text(f"申请 {queued.about}", f"request {queued.about}")
        return url, kind, Text("清点后签收，或报差异", "Count and confirm it, or say what differs"), line, "waiting", stamp, verb
    title = Text(f"{queued.many} 票货待签收", f"{queued.many} deliveries to confirm")
    line = Text("清点后签收，或报差异", "count and confirm them, or say what differs")
    return f"{reverse('deliveries')}?group=sent", kind, title, line, "waiting", stamp, verb


def _differs(queued: Queued, _: date) -> Shape:
    url = reverse("delivery", args=[queued.code])
    line = Text(f"{queued.code} · {queued.many} 册有差异", f"{queued.code}: {queued.many} copies differ")
    if queued.kind == "look":
        stamp, verb = Text("待库房核对", "the warehouse is to look"), Text("核对", "Look")
        return url, Text("收货差异", "Differences"), queued.about, line, "waivable", stamp, verb
    return url, Text("收货差异", "Differences"), queued.about, line, "waivable", Text("待答复", "to be answered"), Text("答复", "Answer")


def _return(queued: Queued, _: date) -> Shape:
    url = reverse("return_request", args=[queued.number])
    line = Text(f"{queued.many} 册", f"{queued.many} copies")
    return url, Text("退货申请", "Return"), queued.about, line, "waiting", Text("待答复", "to be answered"), Text("答复", "Answer")


def _goods_back(queued: Queued, _: date) -> Shape:
    kind, stamp, verb = Text("退货", "Return"), Text("待收货清点", "goods to come"), Text("清点", "Count")
    line = Text("货到后清点入账", "to be counted when the goods are here")
    if queued.number:
        return reverse("return_request", args=[queued.number]), kind, queued.about, line, "progress", stamp, verb
    title = Text(f"{queued.many} 份退货待收", f"{queued.many} returns to come")
    return f"{reverse('returns')}?state=agreed", kind, title, line, "progress", stamp, verb


_SHAPES = {
    "sent_back": _sent_back, "dispute": _dispute, "bank": _bank, "statement": _statement, "contract": _contract, "receive": _receive,
    "look": _differs, "differs": _differs, "return": _return, "goods_back": _goods_back,
}  # fmt: skip
