"""The route of an approval as it went, for the page of the paper that is decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from lingqu.approvals.queries import Signed
from lingqu.approvals.states import StepState
from lingqu.base.calendar import china_day
from lingqu.base.templatetags.words import clock
from lingqu.base.text import Text

STEP_STATES = {
    StepState.APPROVED: "done", StepState.OPEN: "now", StepState.REFUSED: "refused", StepState.SENT_BACK: "refused",
    StepState.VOID: "refused",
}  # fmt: skip
PASSED_OVER = Text("只有申请人本人可签，跳过", "only the asker could sign it; passed over")


def route_rows(steps: Iterable[Signed]) -> list[dict[str, Any]]:
    """Return the route as it went, as the stages of `parts/route.html`."""
    return [
        {
            "state": STEP_STATES.get(step.state, "next"), "act": step.title,
            "who": PASSED_OVER if step.state is StepState.PASSED_OVER else listed(step.names),
            "note": "", "clock": _clock(step),
        }
        for step in steps
    ]  # fmt: skip


def listed(names: Sequence[str]) -> Text:
    """Return names in one line."""
    return Text("、".join(names), ", ".join(names))


def _clock(step: Signed) -> Text | str:
    if step.ended_at is not None and step.state is not StepState.PASSED_OVER:
        return _day(step.ended_at)
    if step.state is StepState.OPEN and step.due_at is not None:
        return Text(f"{clock(step.due_at)} 前", f"by {clock(step.due_at)}")
    return ""


def _day(at: datetime) -> str:
    return china_day(at).isoformat()
