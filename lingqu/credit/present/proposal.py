"""Proposals as pages show them: what one would do, the route that it takes, how it went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from django.urls import reverse

from lingqu.approvals.present import PASSED_OVER, listed
from lingqu.base.money import ZERO
from lingqu.base.text import Text, parted
from lingqu.credit.models import CreditProposal
from lingqu.credit.queries import Done, LineStanding, PlannedStep
from lingqu.credit.rules import Basis, Proposed, chain_key
from lingqu.credit.states import PROPOSAL_KIND_WORDS, PROPOSALS, ProposalKind, ProposalState
from lingqu.policy.rules import Regulation

LOWER = "lower"
LOWER_WORDS = Text("立即降低额度", "Lower the limit at once")
KIND_NOTES = {
    ProposalKind.LIMIT.value: Text("长期有效，按增加的金额决定审批路线", "for good; the route follows the amount of the raise"),
    ProposalKind.TEMPORARY.value: Text("到最后一天为止，次日自动恢复", "until its last day; the day after, the old limit is back"),
    ProposalKind.GRADE.value: Text("额度和批数随等级走", "limit and batches follow the grade"),
    LOWER: Text("不经审批，写明理由即生效", "no approval, in force with its reason"),
}
STATE_KINDS = {
    ProposalState.PROPOSED: "waiting", ProposalState.SENT_BACK: "waivable", ProposalState.APPLIED: "done", ProposalState.REFUSED: "refused",
    ProposalState.WITHDRAWN: "closed", ProposalState.VOID: "closed", ProposalState.ENDED: "closed",
}  # fmt: skip
HAPPENED = {
    "propose": Text("提出，送审", "Proposed and submitted"), "send_back": Text("退回修改", "Sent back"),
    "revise": Text("修改后重新提交", "Revised and submitted again"), "apply": Text("同意，当即生效", "Approved, in force at once"),
    "refuse": Text("不同意", "Refused"), "withdraw": Text("撤回", "Withdrawn"), "lapse": Text("失效", "Became void"),
    "end": Text("临时额度结束", "The temporary limit ended"),
}  # fmt: skip
TONES = {"send_back": "amber", "revise": "blue", "apply": "green", "refuse": "red"}
NOBODY = Text("暂无人任职", "nobody holds the post yet")


class Effect(msgspec.Struct, frozen=True):
    """What a proposal would do, in yuan: the limit that stands now and then, and what would be free. `amount` chooses the route."""

    limit: Decimal
    limit_after: Decimal
    free_after: Decimal
    most_open: int
    most_open_after: int
    amount: Decimal


def kind_rows(kinds: Iterable[str], chosen: str) -> list[dict[str, Any]]:
    """Return what may be changed, to choose from."""
    words = {kind.value: text for kind, text in PROPOSAL_KIND_WORDS.items()} | {LOWER: LOWER_WORDS}
    return [{"key": kind, "words": words[kind], "note": KIND_NOTES[kind], "chosen": kind == chosen} for kind in kinds]


def effect_of(proposed: Proposed, standing: LineStanding) -> Effect:
    """Return what a proposal would do to a line as it stands."""
    batches = standing.max_open if proposed.batches is None else proposed.batches
    free = proposed.limit - standing.used - standing.held
    return Effect(standing.limit, proposed.limit, free, standing.max_open, batches, proposed.amount)


def lowered_effect(limit: Decimal, standing: LineStanding) -> Effect:
    """Return what lowering the limit at once would do."""
    return Effect(standing.limit, limit, limit - standing.used - standing.held, standing.max_open, standing.max_open, ZERO)


def planned_rows(steps: Iterable[PlannedStep]) -> list[dict[str, Any]]:
    """Return the route to come as the stages of `parts/route.html`."""
    rows = []
    for step in steps:
        lent = listed(step.stand_ins)
        note = Text(f"不在时由 {lent.zh} 代签", f"{lent.en} may sign when away") if step.stand_ins else ""
        clock = _time_for(step) if step.days and not step.passed_over else ""
        who = listed(step.names) if step.names else NOBODY
        if step.passed_over:
            who = PASSED_OVER
        elif step.votes and step.names:
            who = Text(f"{len(step.names)} 人表决：{who.zh}", f"{len(step.names)} vote: {who.en}")
        rows.append({"state": "next", "act": step.title, "who": who, "note": note, "clock": clock})
    return rows


def _time_for(step: PlannedStep) -> Text:
    if step.working_days:
        return Text(f"{step.days} 个工作日内", f"within {step.days} working d")
    return Text(f"{step.days} 天内", f"within {step.days} d")


def route_sentence(steps: Sequence[PlannedStep]) -> Text:
    """Return who would decide, in their order, in one sentence."""
    signing = [step for step in steps if not step.passed_over]
    if not signing:
        return Text("没有人可以审批：只有申请人本人任职。", "Nobody could decide this: only the asker holds the posts.")
    zh, en = [], []
    for step in signing:
        names = listed(step.names)
        zh.append(f"{step.title.zh}（{len(step.names)} 人）" if step.votes else names.zh or f"{step.title.zh}（{NOBODY.zh}）")
        en.append(f"{step.title.en} ({len(step.names)})" if step.votes else names.en or f"{step.title.en} ({NOBODY.en})")
    return Text(f"将由 {' → '.join(zh)} 审批", f"To be decided by {' → '.join(en)}")


def list_row(proposal: CreditProposal) -> dict[str, Any]:
    """Return a proposal as a row of a list."""
    state = ProposalState(proposal.state)
    return {
        "number": proposal.number, "url": reverse("proposal", args=[proposal.number]), "kind": kind_words(proposal),
        "change": change_of(proposal), "until": proposal.until, "asked_at": proposal.asked_at, "asked_by": proposal.asked_by.name,
        "state": STATE_KINDS[state], "state_text": PROPOSALS.words[state],
    }  # fmt: skip


def kind_words(proposal: CreditProposal) -> Text:
    """Return what kind of change it is; one without an approval was lowered at once."""
    return PROPOSAL_KIND_WORDS[ProposalKind(proposal.kind)] if proposal.approval_id else LOWER_WORDS


def change_of(proposal: CreditProposal) -> Text:
    """Return the change itself: from what to what."""
    if proposal.kind == ProposalKind.GRADE.value:
        words = f"{proposal.grade_before} → {proposal.grade_after}"
    else:
        words = f"{proposal.limit_before:,.2f} → {proposal.limit_after:,.2f}"
    return Text(words, words)


def proposal_shape(proposal: CreditProposal, regulation: Regulation | None) -> dict[str, Any]:
    """Return what the page of a proposal shows of it; the clause is that of the procedure in the version under which it was proposed."""
    state = ProposalState(proposal.state)
    chain = regulation.chains.get(chain_key(ProposalKind(proposal.kind))) if regulation else None
    return {
        "state": STATE_KINDS[state], "state_text": PROPOSALS.words[state], "kind": kind_words(proposal), "change": change_of(proposal),
        "by_grade": proposal.kind == ProposalKind.GRADE.value, "clause": chain.clause if chain else "",
        "raised_by": max(proposal.limit_after - proposal.limit_before, ZERO),
        "sent_back": state is ProposalState.SENT_BACK, "open": state in (ProposalState.PROPOSED, ProposalState.SENT_BACK),
        "round": proposal.approval.round if proposal.approval else 1, "because": parted(proposal.ended_because),
    }  # fmt: skip


def history_of(proposal: CreditProposal, deeds: Iterable[Done]) -> list[dict[str, Any]]:
    """Return what happened to a proposal, latest first, as `parts/timeline.html` takes it."""
    events = [
        {
            "tone": TONES.get(done.verb, "grey"), "text": HAPPENED[done.verb], "at": done.at,
            "note": _note(done.name, parted(done.because)),
        }
        for done in deeds
    ]  # fmt: skip
    if not events:
        events = [{"tone": "amber", "text": LOWER_WORDS, "at": proposal.asked_at, "note": proposal.asked_by.name}]
    return list(reversed(events))


def _note(name: str, because: Text | str) -> Text | str:
    if not name or not str(because):
        return name or because
    words = because if isinstance(because, Text) else Text(because, because)
    return Text(f"{name}：{words.zh}", f"{name}: {words.en}")


def latest_day(today: date, days: int) -> date:
    """Return the last day that a form offers."""
    return today + timedelta(days=days)


def basis_note(basis: Basis) -> Text | None:
    """Return what to know of a temporary raise that is in force, None without one."""
    if basis.temporary_until is None:
        return None
    return Text(
        f"临时额度至 {basis.temporary_until}，其后恢复 {basis.limit:,.2f}；正式调整从 {basis.limit:,.2f} 算起，生效后临时额度即结束。",
        f"A temporary limit holds until {basis.temporary_until}, then {basis.limit:,.2f} again. A change for good counts from "
        f"{basis.limit:,.2f} and ends the temporary one.",
    )
