"""Holds as pages show them: the card of the desk, one hold with its ladder and history, and what was done to collect."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from lingqu.base.calendar import china_day
from lingqu.base.templatetags.words import money
from lingqu.base.text import Text, parted
from lingqu.credit.models import Batch, CollectionNote, HoldRequest, SupplyHold
from lingqu.credit.present.proposal import STATE_KINDS
from lingqu.credit.queries import HoldCard, HoldDeed, StepTaken
from lingqu.credit.rules import HOLD_STEP, STOP_STEP, next_step
from lingqu.credit.states import (
    COLLECTION_WORDS,
    HOLD_CAUSE_WORDS,
    HOLD_LEVEL_WORDS,
    HOLD_REQUEST_WORDS,
    HOLDS,
    PROPOSALS,
    STEP_WORDS,
    CollectionKind,
    HoldCause,
    HoldLevel,
    HoldRequestKind,
    HoldState,
    ProposalState,
)
from lingqu.policy.rules import Parameters

CLAUSE = "M-19.3"
WAITS = Text("待解除", "asked")
HAPPENED = {
    "set": ("red", Text("开始控制", "Set")),
    "tighten": ("red", Text("升级为停供", "Supply stopped")),
    "defer": ("amber", Text("延期", "Put off")),
    "resume": ("red", Text("延期已过，恢复控制", "In force again after its day")),
    "release": ("green", Text("解除", "Released")),
    "open_case": ("red", Text("立案", "Case opened")),
    "propose": ("blue", Text("提出申请", "Asked")),
    "edit": ("blue", Text("修改后重新提交", "Revised and submitted again")),
    "send_back": ("amber", Text("退回修改", "Sent back")),
    "apply": ("green", Text("同意", "Agreed")),
    "refuse": ("red", Text("不同意", "Refused")),
    "withdraw": ("grey", Text("撤回申请", "Request withdrawn")),
    "lapse": ("grey", Text("申请失效", "Request void")),
}


def badge_of(level: str, state: str, *, asked: bool = False, until: date | None = None) -> dict[str, object]:
    """Return the badge of a hold: how far it goes, or that it is put off, asked about or released."""
    if state == HoldState.RELEASED.value:
        return {"kind": "closed", "text": HOLDS.words[HoldState.RELEASED]}
    if state == HoldState.DEFERRED.value:
        day = f"{until:%m-%d}" if until else ""
        return {"kind": "due_soon", "text": Text(f"延期至 {day}", f"put off to {day}")}
    if asked:
        return {"kind": "waiting", "text": WAITS}
    return {"kind": "stopped" if level == HoldLevel.STOP.value else "held", "text": HOLD_LEVEL_WORDS[HoldLevel(level)]}


def card_of(card: HoldCard, parameters: Parameters, *, on: date, may_case: bool, may_collect: bool) -> dict[str, Any]:
    """Return a hold as `credit/hold_card.html` takes it: badge, days, what is known in one line, whose it is by when, and its one verb."""
    days = (on - card.oldest_due_on).days if card.oldest_due_on else 0
    step = next_words(card, parameters, on=on)
    url = reverse("hold", args=[card.number])
    shown: dict[str, Any] = {
        "number": card.number, "url": url, "name": card.buyer_name, "code": card.buyer_code, "days": days,
        "badge": badge_of(card.level, card.state, asked=bool(card.request), until=card.deferred_until), "said": _said(card),
        "case": card.case_opened_at is not None, "late": card.deadline < on, "today": card.deadline == on,
    }  # fmt: skip
    if card.request:
        who = Text(f"待 {card.waiting}", f"{card.waiting} to sign") if card.waiting else Text("申请已退回修改", "the request was sent back")
        see = Text("看申请", "See it")
        shown |= {"owner": who, "until": card.waiting_until, "verb": see, "verb_url": url, "late": False, "today": False}
        return shown
    owner = card.owner or "—"
    shown |= {"owner": Text(f"{owner} · {step.zh}", f"{owner} · {step.en}"), "deadline": card.deadline}
    if may_case and not card.case_opened_at and (card.level == HoldLevel.STOP.value):
        shown |= {"verb": Text("立案", "Open a case"), "verb_url": f"{url}#case"}
    elif may_collect:
        shown |= {"verb": Text("记催收", "Note it"), "verb_url": reverse("collection", args=[card.buyer_code])}
    else:
        shown |= {"verb": Text("查看", "See it"), "verb_url": url}
    return shown


def next_words(card: HoldCard | SupplyHold, parameters: Parameters, *, on: date) -> Text:
    """Return the words of the next step of a hold; of one set by hand nothing but that it is looked at again."""
    if card.cause != HoldCause.OVERDUE.value or card.oldest_due_on is None:
        return Text("复核期限", "look again")
    step = next_step(card.oldest_due_on, parameters.collection_steps, stop_days=parameters.stop_supply_days, on=on)
    return STEP_WORDS[step.name]


def _said(card: HoldCard) -> Text:
    if card.cause == HoldCause.SOLVENCY.value:
        reason = card.reason[:40]
        return Text(f"经营恶化：{reason}", f"may no longer pay: {reason}")
    zh, en = [f"逾期 {money(card.amount)}"], [f"overdue {money(card.amount)}"]
    if card.request:
        words = asked_words(card.request_kind, card.request_until)
        zh.append(f"申请{words.zh}")
        en.append(f"asked: {words.en.lower()}")
    elif card.promised_on:
        zh.append(f"承诺 {card.promised_on:%m-%d} 付 {money(card.promised_amount)}")
        en.append(f"promised {money(card.promised_amount)} by {card.promised_on:%m-%d}")
    elif card.disputed_batch:
        zh.append(f"客户对第 {card.disputed_batch} 批有异议")
        en.append(f"batch {card.disputed_batch} is disputed")
    elif card.noted_kind and card.noted_at:
        words, day = COLLECTION_WORDS[CollectionKind(card.noted_kind)], china_day(card.noted_at)
        zh.append(f"{words.zh} {day:%m-%d}")
        en.append(f"{words.en.lower()} {day:%m-%d}")
    elif card.unshipped:
        zh.append(f"欠发 {money(card.unshipped)}")
        en.append(f"{money(card.unshipped)} not shipped")
    return Text("，".join(zh), ", ".join(en))


def asked_words(kind: str, until: date | None) -> Text:
    """Return what is asked about a hold, a deferral with its last day."""
    if kind == HoldRequestKind.DEFER.value and until is not None:
        return Text(f"延期至 {until:%m-%d}", f"Put off until {until:%m-%d}")
    return HOLD_REQUEST_WORDS[HoldRequestKind(kind)]


def hold_shape(hold: SupplyHold, parameters: Parameters, *, on: date) -> dict[str, Any]:
    """Return what the page of a hold shows of it."""
    days = (on - hold.oldest_due_on).days if hold.oldest_due_on else 0
    is_open = hold.state != HoldState.RELEASED.value
    pack, version = hold.regulation.split("/")[:2]
    return {
        "clause": CLAUSE, "clause_url": f"/regulation/{pack}/v{version}/{CLAUSE}",
        "badge": badge_of(hold.level, hold.state, until=hold.deferred_until), "level": HOLD_LEVEL_WORDS[HoldLevel(hold.level)],
        "cause": HOLD_CAUSE_WORDS[HoldCause(hold.cause)], "by_hand": hold.cause == HoldCause.SOLVENCY.value, "open": is_open, "days": days,
        "stops": hold.level == HoldLevel.STOP.value, "deferred": hold.state == HoldState.DEFERRED.value, "reason": parted(hold.reason),
        "release_reason": parted(hold.release_reason), "next": next_words(hold, parameters, on=on), "late": is_open and hold.deadline < on,
    }  # fmt: skip


def ladder_rows(
    due_on: date | None, parameters: Parameters, *, taken: Mapping[str, StepTaken], held: Collection[str], on: date
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the ladder of collecting for money due on a day, as the stages of `parts/route.html`: what was done, what waits, what comes.

    `taken` are the duties of the steps by name, `held` the levels of the hold so far (`hold`, `stop`).
    """
    if due_on is None:
        return []
    days = {name: step.days for name, step in parameters.collection_steps.items()} | {STOP_STEP: parameters.stop_supply_days}
    rows = []
    for name, after in sorted(days.items(), key=lambda step: (step[1], step[0] != HOLD_STEP, step[0])):
        day = due_on + timedelta(days=after)
        side = Text("前", "before") if after < 0 else Text("后", "after")
        many = abs(after)
        when = Text(f"到期{side.zh} {many} 天", f"{many} {'day' if many == 1 else 'days'} {side.en} the due day")
        state, who, note = _taken(name, day, taken.get(name), held, on)
        words = STEP_WORDS.get(name, Text(name, name))
        rows.append({"state": state, "act": words, "who": who, "note": note or when, "clock": day.isoformat()})
    return rows


def _taken(name: str, day: date, taken: StepTaken | None, held: Collection[str], on: date) -> tuple[str, str, Text | None]:
    """Return the state of a step of the ladder, who took it, and what to say of it."""
    if name in {HOLD_STEP, STOP_STEP}:
        return ("done" if name in held else "next"), "", None
    if taken is None:
        return "next", "", Text("没有安排", "was not asked for") if day <= on else None
    if taken.done_on is not None:
        return "done", taken.name, Text(f"{taken.done_on} 已办", f"done on {taken.done_on}")
    late = (on - taken.due_on).days
    return "now", "", Text(f"迟 {late} 天", f"{late} days late") if late > 0 else Text("待办", "to do")


def owed_rows(batches: Iterable[Batch], *, on: date) -> list[dict[str, Any]]:
    """Return the unsettled batches of a partner with their due days, and which are overdue or left out because they are disputed."""
    rows = []
    for batch in batches:
        due = min((day for day in (batch.triggered_due_on, batch.backstop_due_on) if day), default=None)
        days = (on - due).days if due else 0
        url = reverse("order", args=[batch.request]) if batch.document_id else ""
        disputed = batch.disputed_until is not None and batch.disputed_until >= on
        rows.append(
            {
                "number": batch.number, "request": batch.request, "url": url,
                "opened_on": batch.opened_on, "rest": batch.value - batch.applied, "due_on": due, "days": max(days, 0),
                "disputed_until": batch.disputed_until if disputed else None, "overdue": days > 0 and not disputed,
            }
        )  # fmt: skip
    return rows


def request_rows(requests: Sequence[HoldRequest]) -> list[dict[str, Any]]:
    """Return what was asked about a hold as rows."""
    rows = []
    for request in requests:
        state = ProposalState(request.state)
        rows.append(
            {
                "number": request.number, "kind": asked_words(request.kind, request.until),
                "reason": request.reason, "asked_by": request.asked_by.name, "asked_at": request.asked_at, "state": STATE_KINDS[state],
                "state_text": PROPOSALS.words[state], "approval": request.approval.number if request.approval else "",
                "because": parted(request.ended_because),
            }
        )  # fmt: skip
    return rows


def deed_rows(deeds: Iterable[HoldDeed], *, inside: bool) -> list[dict[str, Any]]:
    """Return what happened to a hold, latest first, as `parts/timeline.html` takes it; the partner reads no names and no reasons."""
    events = []
    for deed in deeds:
        if not inside and (deed.kind != "supply_hold" or deed.verb == "open_case"):
            continue
        tone, words = HAPPENED.get(deed.verb, ("grey", Text("变更", "Changed")))
        if deed.verb in {"set", "tighten"} and deed.level:
            words = HOLD_LEVEL_WORDS[HoldLevel(deed.level)]
        if deed.verb in {"defer", "propose", "edit"} and deed.until:
            words = Text(f"{words.zh}：至 {deed.until}", f"{words.en}: until {deed.until}")
        events.append({"tone": tone, "text": words, "at": deed.at, "note": _note(deed) if inside else ""})
    return events


def _note(deed: HoldDeed) -> Text | str:
    because = parted(deed.because) if deed.verb not in {"defer", "resume", "apply"} else Text("", "")
    if not deed.name or not because.zh:
        return deed.name or because
    return Text(f"{deed.name}：{because.zh}", f"{deed.name}: {because.en}")


def note_rows(notes: Iterable[CollectionNote]) -> list[dict[str, Any]]:
    """Return what was done to collect money, as `parts/timeline.html` takes it."""
    events = []
    for note in notes:
        words = COLLECTION_WORDS[CollectionKind(note.kind)]
        absent = Text(f"（代 {note.made_for.name}）", f" (for {note.made_for.name})") if note.made_for else Text("", "")
        said = Text(f"{note.made_by.name}{absent.zh}：{note.text}", f"{note.made_by.name}{absent.en}: {note.text}")
        if note.promised_on:
            amount, day = money(note.promised_amount), note.promised_on
            words = Text(f"{words.zh}：承诺 {day} 付 {amount}", f"{words.en}: promised {amount} by {day}")
        events.append({"tone": "blue", "text": words, "at": note.made_at, "note": said})
    return events
