"""Money as pages show it: due batches, the credit bar with its why, movements in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse

from lingqu.base.templatetags.words import money
from lingqu.base.text import Text
from lingqu.credit.models import Batch, CreditLine
from lingqu.credit.queries import Exposure, LineStanding
from lingqu.credit.rules import OpenBatch
from lingqu.credit.states import CREDIT_CAUSE_WORDS, CreditCause
from lingqu.desk.present.words import batch_name, due_state
from lingqu.desk.queries import DueBatch, Movement
from lingqu.ledger.states import Phase
from lingqu.policy.rules import Regulation
from lingqu.policy.states import Law


def due_row(batch: DueBatch, *, on: date, tolerance_days: int) -> dict[str, Any]:
    """Return an open batch as a row of the list by due day."""
    state, words = due_state(batch.due_on, on, tolerance_days=tolerance_days)
    return {
        "name": batch_name(batch.number),
        "request": batch.request,
        "request_url": reverse("order", args=[batch.request]) if batch.has_request else "",
        "opened_on": batch.opened_on,
        "buyer": batch.buyer_name,
        "buyer_url": reverse("partner", args=[batch.buyer_code]),
        "grade": batch.grade,
        "value": batch.value,
        "remaining": batch.remaining,
        "due_on": batch.due_on,
        "state": state,
        "state_text": words,
        "receipt_url": f"{reverse('receipt_new')}?line={batch.line}",
    }


def own_batch(batch: OpenBatch, *, on: date, tolerance_days: int, has_request: bool = True) -> dict[str, Any]:
    """Return an open batch as its debtor sees it; one that was taken over from the books before has no page of a request."""
    state, words = due_state(batch.due_on, on, tolerance_days=tolerance_days)
    return {
        "name": batch_name(batch.number), "request": batch.request,
        "request_url": reverse("order", args=[batch.request]) if has_request else "",
        "opened_on": batch.opened_on, "remaining": batch.remaining, "due_on": batch.due_on, "state": state, "state_text": words,
    }  # fmt: skip


def exposure_of_line(standing: LineStanding) -> dict[str, Any]:
    """Return a credit line as the part `exposure_bar.html` takes it."""
    most = Text(f"{standing.grade}级，至多 {standing.max_open} 批", f"grade {standing.grade}, at most {standing.max_open} batches")
    cash = Text(f"{standing.grade}级，现款现货", f"grade {standing.grade}, pays first")
    held = Text(f"{standing.held_count} 批待受理", f"{standing.held_count} to be accepted") if standing.held_count else None
    return {
        "limit": standing.limit, "used": standing.used, "overdue": standing.overdue, "held": standing.held, "free": standing.free,
        "limit_note": most if standing.max_open else cash, "held_note": held,
    }  # fmt: skip


def exposure_why(
    line: CreditLine, standing: LineStanding, exposure: Exposure, *, regulation: Regulation, on: date
) -> dict[str, Any]:  # fmt: skip
    """Return the why of what is used: accepted and not sent, sent and not paid, less money received for no batch yet (M-19.5)."""
    setting = regulation.laws[Law.CREDIT.value]
    clause = regulation.clauses.get(setting.clause)
    terms = [
        _term("", exposure.unshipped, Text("已受理未发货", "accepted, not sent")),
        _term("+", exposure.shipped, Text("已发货未付", "sent, not paid")),
        _term("−", exposure.unapplied, Text("预收未核销", "unapplied money")),
    ]
    limit, held = money(standing.limit), money(standing.held)
    limit_parts = f"{limit} − {money(standing.used)} − {held} = {money(standing.free)}"
    movements = f"{reverse('partner', args=[line.buyer.code])}?tab=money"
    return {
        "id": "why-used",
        "title": Text(f"为什么已用 {money(standing.used)}", f"Why {money(standing.used)} is used"),
        "basis": Text(f"截至 {on}，制度版本 v{regulation.number}", f"as of {on}, regulation v{regulation.number}"),
        "terms": terms,
        "result": {"value": money(exposure.total), "label": Text("已用", "used"), "tone": "blue"},
        "note": Text(f"可用 = 额度 − 已用 − 预留：{limit_parts}", f"Free = limit − used − held: {limit_parts}"),
        "inputs": [
            {"name": Text("等级", "Grade"), "value": Text(f"{standing.grade}级", standing.grade)},
            {"name": Text("额度", "Limit"), "value": _source(line, limit)},
            {"name": Text("预留", "Held"), "value": Text(f"{held} 元，已提交待受理", f"{held} yuan, submitted, not accepted")},
            {"name": Text("余额出处", "Source"), "value": Text("台账逐笔记录", "the ledger, movement by movement"), "url": movements},
        ],
        "clause": {"id": setting.clause, "title": clause.title if clause else "", "url": f"{reverse('regulation')}#{setting.clause}"},
    }  # fmt: skip


def _source(line: CreditLine, limit: str) -> Text:
    """Return a limit with where it comes from: the table of grades, or what an agent gave this retailer alone."""
    if line.own_days is None:
        return Text(f"{limit} 元，等级表", f"{limit} yuan, table of grades")
    return Text(f"{limit} 元，供货条件", f"{limit} yuan, own terms")


def _term(operator: str, amount: Decimal, label: Text) -> dict[str, object]:
    return {"operator": operator, "value": money(amount), "label": label, "dotted": False}


def due_reason(batch: Batch) -> Text:
    """Return why a batch is due on its day: a later batch was accepted (gap G-02), or so many days after shipping (gap G-03)."""
    triggered, backstop = batch.triggered_due_on, batch.backstop_due_on
    if triggered and (backstop is None or triggered <= backstop):
        return Text("后续批次受理后到期", "due since a later batch was accepted")
    if backstop and batch.shipped_on:
        days = (backstop - batch.shipped_on).days
        return Text(f"发货后 {days} 天", f"{days} days after shipping")
    return Text("发货后起算", "counted from shipping")


_MOVED: dict[tuple[str, str], Text] = {
    ("hold", "request"): Text("申请预占额度", "request holds credit"),
    ("hold", "prepaid"): Text("以预收款申请，预占", "request held against money paid in advance"),
    ("settle", "accepted"): Text("受理，预占转为占用", "accepted: held becomes used"),
    ("direct", "receipt"): Text("收到回款", "money received"),
    ("direct", "settled"): Text("批次结清，释放批次", "batch settled, its place is free"),
    ("direct", "write_off"): Text("核销差额", "difference written off"),
    ("direct", "credit"): Text("贷项，货款冲减", "credited: not owed any more"),
    ("direct", "raised"): Text("受理后增加", "grew after it was accepted"),
    ("reverse", "reversed"): Text("回款冲回", "money taken back"),
    ("reverse", "reopened"): Text("批次重新欠款，占用批次", "batch owed again, takes its place"),
    ("reverse", "write_off"): Text("撤回核销的差额", "difference owed again"),
    ("waiver", "waiver"): Text("特批放行", "let through by special signature"),
    ("release", "decline"): Text("申请退回，预占释放", "request declined, hold released"),
    ("release", "withdraw"): Text("申请撤回，预占释放", "request withdrawn, hold released"),
    ("release", "expire"): Text("逾时未答复，预占释放", "answer time ended, hold released"),
}
_LOWERED = Text("冲减已核销的差额", "what was written off, credited instead")
_BY_PHASE = {
    Phase.HOLD: Text("预占", "held"), Phase.SETTLE: Text("转为占用", "used"), Phase.RELEASE: Text("预占释放", "released"),
    Phase.WAIVER: Text("特批放行", "let through"), Phase.DIRECT: Text("记账", "posted"),
    Phase.REVERSE: Text("冲销", "taken back"),
}  # fmt: skip


def movement_row(movement: Movement, *, sells: bool) -> dict[str, Any]:
    """Return a movement in words, with its paper and what was used and held after it; write-offs are opened by the seller's people."""
    words = _MOVED.get((movement.phase.value, movement.reason), _BY_PHASE[movement.phase])
    if movement.cause and movement.phase is Phase.REVERSE:
        words = _LOWERED
    if movement.cause:
        cause = CREDIT_CAUSE_WORDS[CreditCause(movement.cause)]
        words = Text(f"{words.zh}：{cause.zh}", f"{words.en}: {cause.en}")
    links = {"order": "order", "receipt": "receipt"} | ({"write_off": "write_off"} if sells else {})
    return {
        "on": movement.on, "at": movement.at, "words": words,
        "batch": batch_name(movement.batch) if movement.batch else None,
        "number": movement.document,
        "url": reverse(links[movement.link], args=[movement.document]) if movement.link in links else "",
        "used": movement.used, "held": movement.held,
        "let_through": movement.amount if movement.phase is Phase.WAIVER else None,
        "batches": _batch_change(movement),
        "used_after": movement.used_after, "held_after": movement.held_after,
    }  # fmt: skip


def _batch_change(movement: Movement) -> Text | None:
    """By how many open batches it changed the line."""
    if not movement.count:
        return None
    if movement.phase is Phase.REVERSE:
        sign = "+" if movement.count > 0 else "−"
        return Text(f"未结 {sign}{abs(movement.count)} 批", f"open {sign}{abs(movement.count)}")
    if movement.reason == "settled":
        return Text(f"未结 −{movement.count} 批", f"open −{movement.count}")
    if movement.phase is Phase.SETTLE or movement.reason == "raised":
        return Text(f"未结 +{movement.count} 批", f"open +{movement.count}")
    if movement.phase is Phase.WAIVER:
        return Text(f"准许多 {movement.count} 批", f"{movement.count} more allowed")
    return None
