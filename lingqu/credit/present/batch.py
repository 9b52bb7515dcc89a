"""One batch as pages show it: what it is worth, what made it less, and what may be done; and write-offs with their route."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from lingqu.base.text import Text, parted
from lingqu.credit.models import Application, Batch, BatchCredit, WriteOff
from lingqu.credit.present.proposal import STATE_KINDS
from lingqu.credit.present.receipt import applied_words
from lingqu.credit.queries import Done
from lingqu.credit.states import CREDIT_CAUSE_WORDS, PROPOSALS, ApplicationKind, CreditCause, ProposalState

WAITED = Text("预收", "unapplied money")
_HAPPENED = {
    "propose": ("blue", Text("提出核销", "Proposed")),
    "send_back": ("amber", Text("退回修改", "Sent back")),
    "revise": ("blue", Text("修改后重新提交", "Revised and submitted again")),
    "apply": ("green", Text("生效，已入账", "In force and posted")),
    "refuse": ("red", Text("不同意", "Refused")),
    "withdraw": ("grey", Text("撤回", "Withdrawn")),
    "lapse": ("grey", Text("失效", "Became void")),
}


def batch_shape(batch: Batch, *, on: date) -> dict[str, Any]:
    """Return a batch: what is left of it, when and why it is due, whether it is overdue, disputed or settled, and where its request is."""
    due = min((day for day in (batch.triggered_due_on, batch.backstop_due_on) if day), default=None)
    disputed = batch.disputed_until is not None and batch.disputed_until >= on
    days = (on - due).days if due and batch.settled_on is None else 0
    return {
        "pk": batch.pk, "number": batch.number, "name": Text(f"第{batch.number}批", f"Batch {batch.number}"), "request": batch.request,
        "request_url": reverse("order", args=[batch.request]) if batch.document_id else "", "opened_on": batch.opened_on,
        "value": batch.value, "applied": batch.applied, "rest": batch.value - batch.applied, "due_on": due, "days": max(days, 0),
        "overdue": days > 0 and not disputed, "disputed": disputed, "disputed_until": batch.disputed_until, "dispute": batch.dispute,
        "settled_on": batch.settled_on, "shipped_on": batch.shipped_on,
    }  # fmt: skip


def application_rows(applications: Iterable[Application]) -> list[dict[str, Any]]:
    """Return what was applied to a batch and taken off it, in the order in which it happened, with the paper behind each."""
    return [
        {"on": part.on, "words": applied_words(part), "amount": part.amount, "back": part.reverses_id is not None} | _paper(part)
        for part in applications
    ]


def _paper(part: Application) -> dict[str, Any]:
    if part.receipt is not None:
        return {"number": part.receipt.number, "url": reverse("receipt", args=[part.receipt.number]), "note": ""}
    if part.credit is not None:
        return {"number": part.credit.number, "url": "", "note": CREDIT_CAUSE_WORDS[CreditCause(part.credit.cause)]}
    if part.write_off is not None:
        return {"number": part.write_off.number, "url": reverse("write_off", args=[part.write_off.number]), "note": ""}
    small = part.kind == ApplicationKind.WRITE_OFF.value
    return {"number": "", "url": "", "note": Text("容差以内", "within the tolerance") if small else WAITED}


def credit_rows(documents: Iterable[BatchCredit]) -> list[dict[str, Any]]:
    """Return the credits of a batch: number, cause, yuan, what it took off write-offs, and what had been paid and waits now."""
    return [
        {
            "number": one.number, "cause": CREDIT_CAUSE_WORDS[CreditCause(one.cause)], "reason": parted(one.reason), "amount": one.amount,
            "unapplied": one.unapplied, "lowered": one.lowered, "on": one.on,
        }
        for one in documents
    ]  # fmt: skip


def write_off_rows(documents: Iterable[WriteOff]) -> list[dict[str, Any]]:
    """Return write-offs as rows: number, amount, who asked, and where each stands."""
    return [
        {
            "number": one.number, "url": reverse("write_off", args=[one.number]), "amount": one.amount, "reason": one.reason,
            "by": one.asked_by.name, "at": one.asked_at,
        }
        | write_off_state(one)
        for one in documents
    ]  # fmt: skip


def write_off_state(document: WriteOff) -> dict[str, Any]:
    """Return where a write-off stands, as badge and words."""
    state = ProposalState(document.state)
    sent_back = state is ProposalState.SENT_BACK
    return {
        "state": STATE_KINDS[state], "state_text": PROPOSALS.words[state], "open": state is ProposalState.PROPOSED or sent_back,
        "sent_back": sent_back, "because": parted(document.ended_because),
    }  # fmt: skip


def write_off_events(deeds: Sequence[Done]) -> list[dict[str, Any]]:
    """Return what happened to a write-off, latest first, as `parts/timeline.html` takes it."""
    events = []
    for done in deeds:
        tone, words = _HAPPENED[done.verb]
        because = parted(done.because)
        note = Text(f"{done.name}：{because.zh}", f"{done.name}: {because.en}") if str(because) and done.name else done.name or because
        events.append({"tone": tone, "text": words, "at": done.at, "note": note})
    return events[::-1]


def waiting_rows(
    batches: Iterable[Batch], *, on: date, typed: Mapping[int, str], errors: Mapping[str, Text], prefix: str
) -> list[dict[str, Any]]:
    """Return the open batches as rows of the form that applies money by hand: each with its field, what was typed, and its error."""
    return [
        batch_shape(batch, on=on)
        | {"field": f"{prefix}{batch.pk}", "typed": typed.get(batch.pk, ""), "error": errors.get(f"{prefix}{batch.pk}")}
        for batch in batches
    ]  # fmt: skip
