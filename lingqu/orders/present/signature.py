"""The ways on for a stopped request, side by side: collect, change, ask; and how far a special signature has come."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
from django.urls import reverse

from lingqu.approvals.present import route_rows
from lingqu.approvals.queries import approvals_seen_by, route_taken
from lingqu.base.calendar import WorkingCalendar, china_day
from lingqu.base.templatetags.words import money
from lingqu.base.text import Text, parted
from lingqu.credit.present import planned_rows, route_sentence
from lingqu.orders.access import asks_signature
from lingqu.orders.models import SignatureRequest, StoredDecision
from lingqu.orders.present.laws import law_words
from lingqu.orders.present.shapes import Action
from lingqu.orders.queries import WholeOrder
from lingqu.orders.queries.signatures import PlannedSignature, goes_by_procedure, paying, planned_signature
from lingqu.orders.rules import LATEST_PAY_DAYS, SIGNATURE_CHAIN
from lingqu.orders.states import COLLECTING_STATES, SHIPPING_STATES, SIGNATURES, OrderState, SignatureState
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind
from lingqu.partners.queries import representatives_of
from lingqu.policy.rules import Regulation

STATE_KINDS = {
    SignatureState.ASKED: "waiting", SignatureState.SENT_BACK: "waivable", SignatureState.SIGNED: "done", SignatureState.REFUSED: "refused",
    SignatureState.WITHDRAWN: "closed", SignatureState.VOID: "closed",
}  # fmt: skip
OPEN_STATES = (SignatureState.ASKED, SignatureState.SENT_BACK)
COLLECT_WITHIN = 3


class Collect(msgspec.Struct, frozen=True):
    """Ask the partner for money: what to pay in words, and the days that may be chosen."""

    words: Text
    first_day: date
    last_day: date
    likely_day: date


class Ask(msgspec.Struct, frozen=True):
    """Ask for the signature: which laws, by how much, and who would decide; `again`: it was sent back, and `reason` stands there."""

    label: Text
    laws: Text
    missing: Text
    clause: str
    sentence: Text
    stages: list[dict[str, Any]]
    url: str
    reason: str = ""
    again: bool = False


class Running(msgspec.Struct, frozen=True):
    """How far a signature has come: its number, state, route, and what its asker may do; `approval` is empty for who may not see it."""

    number: str
    state: str
    state_text: Text
    laws: Text
    reason: str
    because: Text | None
    asked_by: str
    approval: str
    stages: list[dict[str, Any]]
    withdraw_url: str


class SignatureView(msgspec.Struct, frozen=True):
    """What the page of a request shows about signing specially; each part is None where it is not this person's or not needed."""

    collect: Collect | None = None
    ask: Ask | None = None
    running: Running | None = None
    by_procedure: bool = False

    @property
    def ways(self) -> bool:
        """Return whether there is a way on for this person to choose."""
        return bool(self.collect or self.ask)


def signature_view(whole: WholeOrder, who: Acting, *, regulation: Regulation | None, on: date, calendar: WorkingCalendar) -> SignatureView:
    """Return what the person sees of signatures on a request, and the ways on that are theirs to take."""
    order = whole.order
    newest = whole.signatures[0] if whole.signatures and who.firm == order.seller_id else None
    running = _running(newest, who) if newest else None
    decision = _newest_decision(whole)
    kept_back = _kept_back(whole, who, regulation, newest, on)
    if kept_back:
        return SignatureView(ask=kept_back, running=running, by_procedure=True)
    if decision is None or regulation is None or OrderState(order.state) not in COLLECTING_STATES:
        return SignatureView(running=running)
    by_procedure = goes_by_procedure(order, tuple(decision.failed.split()), regulation)
    representatives = representatives_of(order.buyer_id, order.seller_id, on) if who.firm == order.seller_id else ()
    asker = asks_signature(who, order.seller_id, representatives)
    if asker is None or whole.credit is None:
        return SignatureView(running=running, by_procedure=by_procedure)
    planned = None
    state = SignatureState(newest.state) if newest else None
    if OrderState(order.state) is OrderState.REVIEW and state is not SignatureState.ASKED:
        planned = planned_signature(order, whole.credit, decision, regulation=regulation, asker=asker, on=on)
    mine = newest is not None and who.person in (newest.asked_by_id, newest.asked_for_id)
    if state is SignatureState.SENT_BACK and not mine:
        planned = None
    ask = _ask(planned, newest if state is SignatureState.SENT_BACK else None, order.number) if planned else None
    wanted = paying(decision)
    likely = calendar.roll_forward(on + timedelta(days=COLLECT_WITHIN))
    collect = Collect(wanted.words, on, on + timedelta(days=LATEST_PAY_DAYS), likely) if wanted else None
    return SignatureView(collect, ask, running, by_procedure)


def offers_beside(view: SignatureView) -> dict[str, Action]:
    """Return what stands beside the cures of the decision: the way to collect, and the way to ask."""
    offers = {}
    if view.collect:
        offers["pay"] = Action(Text("催款", "Ask for money"), url="#collect")
    if view.ask:
        offers["ask"] = Action(Text("报特批", "Ask for it"), url="#ask")
    return offers


def _newest_decision(whole: WholeOrder) -> StoredDecision | None:
    """Return the newest decision, whole where it is the one that the page shows."""
    newest = whole.decisions[0] if whole.decisions else None
    return whole.shown if newest and whole.shown and newest.pk == whole.shown.pk else newest


def _kept_back(
    whole: WholeOrder, who: Acting, regulation: Regulation | None, newest: SignatureRequest | None, on: date
) -> Ask | None:  # fmt: skip
    """Return what may be asked for an accepted request whose goods are judged once more before they leave; None where that is not so."""
    order = whole.order
    chain = regulation.chains.get(SIGNATURE_CHAIN) if regulation else None
    if regulation is None or chain is None or OrderState(order.state) not in SHIPPING_STATES or order.accepted_at is None:
        return None
    if (on - china_day(order.accepted_at)).days <= regulation.parameters.approval_recheck_days or who.firm != order.seller_id:
        return None
    asker = asks_signature(who, order.seller_id, representatives_of(order.buyer_id, order.seller_id, on))
    sent_back = newest is not None and newest.state == SignatureState.SENT_BACK.value
    running = newest is not None and SignatureState(newest.state) in OPEN_STATES
    mine = newest is not None and who.person in (newest.asked_by_id, newest.asked_for_id)
    if asker is None or order.seller.kind != FirmKind.HQ.value or (running and not (sent_back and mine)):
        return None
    return Ask(
        label=chain.title,
        laws=Text("发货前复核不通过的规则", "the laws that it fails when checked before shipping"),
        missing=Text("报批时按当日数据判定", "as judged on the day of asking"),
        clause=chain.clause,
        sentence=Text("受理已久，发货前须复核", "Accepted long ago, it is checked before goods leave"),
        stages=[],
        url=reverse("signature_again", args=[newest.number]) if sent_back and newest else reverse("order_ask", args=[order.number]),
        reason=newest.reason if sent_back and newest else "",
        again=sent_back,
    )


def _ask(planned: PlannedSignature, revised: SignatureRequest | None, number: str) -> Ask:
    needed = planned.needed
    zh, en = [], []
    if needed.amount:
        zh.append(f"超额度 {money(needed.amount)} 元")
        en.append(f"{money(needed.amount)} yuan over the limit")
    if needed.group_amount:
        zh.append(f"超集团额度 {money(needed.group_amount)} 元")
        en.append(f"{money(needed.group_amount)} yuan over the group's limit")
    if needed.batches:
        zh.append(f"超 {needed.batches} 批")
        en.append(f"{needed.batches} too many open batch{'es' if needed.batches > 1 else ''}")
    if needed.overdue:
        zh.append(f"逾期 {money(needed.overdue)} 元")
        en.append(f"{money(needed.overdue)} yuan overdue")
    if needed.below_floor:
        zh.append(f"低于底线 {money(needed.below_floor)} 元")
        en.append(f"{money(needed.below_floor)} yuan below the floor")
    return Ask(
        label=planned.chain.title,
        laws=law_words(needed.laws),
        missing=Text("，".join(zh), ", ".join(en)),
        clause=planned.chain.clause,
        sentence=route_sentence(planned.steps),
        stages=planned_rows(planned.steps),
        url=reverse("signature_again", args=[revised.number]) if revised else reverse("order_ask", args=[number]),
        reason=revised.reason if revised else "",
        again=revised is not None,
    )


def _running(asked: SignatureRequest, who: Acting) -> Running:
    state = SignatureState(asked.state)
    mine = who.person in (asked.asked_by_id, asked.asked_for_id)
    approval = asked.approval
    seen = approval is not None and approvals_seen_by(who).filter(pk=approval.pk).exists()
    because = asked.ended_because or (approval.ended_because if approval and state is SignatureState.SENT_BACK else "")
    return Running(
        number=asked.number,
        state=STATE_KINDS[state],
        state_text=SIGNATURES.words[state],
        laws=law_words(tuple(asked.laws.split())),
        reason=asked.reason,
        because=parted(because) if because else None,
        asked_by=asked.asked_by.name,
        approval=approval.number if approval and seen else "",
        stages=route_rows(route_taken(approval)),
        withdraw_url=reverse("signature_withdraw", args=[asked.number]) if mine and state in OPEN_STATES else "",
    )
