"""Approvals that wait for a person, as rows among what waits at home: the same columns, decided in the row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from lingqu.approvals.present import Fold, Row
from lingqu.base.text import Text

NO_LIMIT = Text("不限时", "no limit")


def approval_task(row: Row, fold: Fold | None = None) -> dict[str, Any]:
    """Return an approval as a row of what waits; `fold` is what stands open under it."""
    about = f"{row.about} · " if row.about and row.about not in row.title.zh else ""
    shown: dict[str, Any] = {
        "number": row.number,
        "url": reverse("approval", args=[row.number]),
        "fold_url": reverse("approval_fold", args=[row.number]),
        "kind": row.chain,
        "buyer": row.title,
        "buyer_line": Text(f"{about}{row.asked_by} 提交", f"{about}asked by {row.asked_by}"),
        "net": row.amount,
        "stamp": "open" if row.vote else "waiting",
        "stamp_text": Text("待表决", "to vote") if row.vote else row.step,
        "until": row.clock.until if row.clock else None,
        "left": row.clock.left if row.clock else NO_LIMIT,
        "clock_tone": row.clock.tone if row.clock else "",
        "verb": Text("表决", "Vote") if row.vote else Text("审批", "Decide"),
        "approval": True,
    }
    return shown | ({"approval_fold": fold} if fold else {})


def due_first(tasks: list[dict[str, Any]], at: datetime) -> list[dict[str, Any]]:
    """Return rows of both kinds in one order: the one due soonest on top, those without a limit last."""
    return sorted(tasks, key=lambda task: (task["until"] is None, task["until"] or at))
