"""May goods leave: no hold of the line is in force, and what was accepted long ago still passes the laws that protect the money."""

from __future__ import annotations

from datetime import datetime

from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.decision import LawResult
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.credit.models import Batch, CreditLine, SupplyHold
from lingqu.credit.queries import hold_in_force, overdue_is_decided
from lingqu.credit.states import HOLD_LEVEL_WORDS, HoldLevel
from lingqu.orders.actions.again import court_for, waiver_of
from lingqu.orders.actions.content import agreed_lines, asked_of, pieces_of
from lingqu.orders.actions.judging import Court, Judged
from lingqu.orders.actions.own import put_aside, share_of_batch, share_of_shipped
from lingqu.orders.models import Order
from lingqu.orders.states import LAW_WORDS
from lingqu.policy.rules import Regulation
from lingqu.policy.states import Law

MONEY_LAWS = (Law.CREDIT.value, Law.BATCHES.value, Law.OVERDUE.value)


def must_be_shippable(order: Order, line: CreditLine, *, regulation: Regulation, at: datetime) -> None:
    """Refuse (`on_hold`) while a hold of the line is in force, and (`recheck_failed`) when an old acceptance no longer passes (M-19.3)."""
    must_be_atomic()
    hold = hold_in_force(line.pk, on=china_day(at))
    if hold:
        raise _on_hold(hold)
    if order.accepted_at is None or (china_day(at) - china_day(order.accepted_at)).days <= regulation.parameters.approval_recheck_days:
        return
    _, _, failed = judge_to_ship(order, line, regulation=regulation, at=at)
    if failed:
        raise _recheck_failed(order, failed)


def judge_to_ship(
    order: Order, line: CreditLine, *, regulation: Regulation, at: datetime
) -> tuple[Court, Judged, tuple[LawResult, ...]]:  # fmt: skip
    """Judge an accepted request as if it were not there yet, and return the court, the judgement, and the laws that keep goods back.

    These are the papers and, as long as its batch is not paid, the limit, the open batches and what is overdue; special signatures count.
    """
    must_be_atomic()
    pieces = pieces_of(agreed_lines(order))
    court = court_for(order, [pieces], at)
    put_aside(court, share_of_batch(order, line), share_of_shipped(order, court))
    batches = court.bench.batches.get(line.pk, ())
    own = Batch.objects.filter(document_id=order.pk).first()
    court.bench.batches[line.pk] = tuple(one for one in batches if own is None or one.batch != own.pk)
    judged = court.judge(asked_of(order, pieces), regulation, waiver_of(order.pk, at))
    matters = {Law.CERTIFICATE.value} | (set() if order.settled_on or not order.net else set(MONEY_LAWS))
    if overdue_is_decided(line.pk, on=china_day(at)):
        matters.discard(Law.OVERDUE.value)
    return court, judged, tuple(law for law in judged.decided.decision.failed() if law.law in matters)


def _on_hold(hold: SupplyHold) -> Refusal:
    level = HOLD_LEVEL_WORDS[HoldLevel(hold.level)]
    owner = hold.owner.name if hold.owner else ""
    who_zh, who_en = (f"，由{owner}负责", f"; {owner} is in charge of it") if owner else ("", "")
    amount_zh, amount_en = (f"，逾期 {hold.amount:,} 元", f", {hold.amount:,} yuan overdue") if hold.amount else ("", "")
    return Refusal(
        "on_hold",
        Text(
            f"{hold.number} {level.zh}{amount_zh}{who_zh}。回款后自动解除；提前解除或延期须申请审批，见客户的信用页。",
            f"{hold.number}: {level.en.lower()}{amount_en}{who_en}. It ends by itself when the money is in; an early release or a "
            "delay is asked for on the partner's credit page.",
        ),
        clause="M-19.3",
    )


def _recheck_failed(order: Order, failed: tuple[LawResult, ...]) -> Refusal:
    names = [LAW_WORDS[law.law] for law in failed]
    zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
    paper = any(law.law == Law.CERTIFICATE.value for law in failed)
    way = (
        Text("请先更新证书或合同。", "Renew the papers first.")
        if paper
        else Text("请先回款，或为本单申请特批。", "Collect money first, or ask for a special signature for this request.")
    )
    return Refusal(
        "recheck_failed",
        Text(
            f"{order.number} 受理已久，发货前复核不通过：{zh}。{way.zh}",
            f"{order.number} was accepted long ago; checked again before shipping, it fails: {en}. {way.en}",
        ),
        clause=failed[0].clause,
    )
