"""Rows of the list of partners."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse

from lingqu.base.text import Text
from lingqu.desk.present.words import due_state, percent_of, place
from lingqu.desk.queries import PartnerRow
from lingqu.organisation.states import FIRM_KIND_WORDS, FirmKind

TIGHT = Decimal("0.8")
SOON_DAYS = 90
STATE_WORDS = {
    "": Text("全部状态", "All states"),
    "overdue": Text("有逾期", "Overdue"),
    "tight": Text("占用 ≥ 80%", "80 % taken or more"),
    "full": Text("批次已满", "No batch left"),
}
SORT_WORDS = {
    "name": Text("按名称", "By name"),
    "used": Text("按占用率", "By share taken"),
    "free": Text("按可用额度", "By free credit"),
    "overdue": Text("按逾期", "By overdue"),
}


def list_row(row: PartnerRow, *, on: date, tolerance_days: int) -> dict[str, Any]:
    """Return a partner as a row: bar, share taken, free, overdue, batches, and the one state that matters most."""
    kind = FIRM_KIND_WORDS[FirmKind(row.level)]
    where = place(row.division)
    who = f" · {row.representative}" if row.representative else ""
    state, words = _state(row, on, tolerance_days)
    taken = None if row.used is None or row.held is None else row.used + row.held
    share = percent_of(taken, row.limit) if taken is not None and row.limit is not None else None
    return {
        "code": row.code, "name": row.name, "url": reverse("partner", args=[row.code]), "grade": row.grade,
        "second": Text(f"{kind.zh} · {where.zh}{who}", f"{kind.en} · {where.en}{who}"),
        "exposure": None if row.limit is None else {
            "limit": row.limit, "used": row.used, "overdue": row.overdue, "held": row.held, "free": row.free,
        },
        "prepaid": row.limit is not None and row.limit == 0 and (taken is None or taken <= 0), "kept": row.unapplied,
        "taken": taken, "limit": row.limit, "share": share, "share_tone": _share_tone(share), "free": row.free,
        "overdue": row.overdue or None, "open": None if row.open_count is None else row.open_count + (row.held_count or 0),
        "most": row.most_open or None, "state": state, "state_text": words,
    }  # fmt: skip


def _share_tone(share: Decimal | None) -> str:
    if share is None or share < TIGHT:
        return ""
    return "red" if share > 1 else "amber"


def _state(row: PartnerRow, on: date, tolerance_days: int) -> tuple[str, Text]:
    """Overdue money first, then papers that ended, full batches, papers that end soon."""
    if row.overdue:
        return due_state(row.next_due, on, tolerance_days=tolerance_days)
    taken = (row.open_count or 0) + (row.held_count or 0)
    soon = row.papers_until is not None and (row.papers_until - on).days <= SOON_DAYS
    states = (
        (row.papers_until is None, "failed", Text("证照不齐", "papers missing")),
        (row.papers_until is not None and row.papers_until < on, "failed", Text("证照到期", "papers ended")),
        (not row.grade, "draft", Text("未评级", "not graded")),
        (bool(row.most_open) and taken >= (row.most_open or 0), "waivable", Text("批次已满", "no batch left")),
        (soon, "due_soon", Text("证照将到期", "papers end soon")),
    )
    return next(((state, words) for holds, state, words in states if holds), ("valid", Text("正常", "in order")))
