"""The credit desk as the page shows it: what is narrowed and sorted, rows, ages, motions, and the workbook."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from django.urls import reverse
from django.utils.http import urlencode

from lingqu.approvals.models import Approval
from lingqu.approvals.states import StepKind
from lingqu.base.money import ZERO
from lingqu.base.sheets import Column, ColumnKind
from lingqu.base.text import Text
from lingqu.credit.present import badge_of
from lingqu.credit.states import ProposalKind
from lingqu.desk.present.words import batch_name, due_state, percent_of, place
from lingqu.desk.queries.credit_desk import AGES, DeskRow, DeskTotals, OpenDocument

ATTENTION = Decimal("0.6")
TIGHT, FULL = Decimal("0.85"), Decimal("0.95")
MOST_WORDS = 5
VIEW_WORDS = {
    "attention": Text("须留意", "Needs attention"),
    "all": Text("全部客户", "All partners"),
}
SORT_WORDS = {
    "share": Text("占用率", "Share"),
    "name": Text("客户", "Partner"),
    "free": Text("可用（元）", "Free (yuan)"),
    "overdue": Text("逾期（元）", "Overdue (yuan)"),
    "due": Text("最近到期", "Next due"),
}
AGE_WORDS = {
    "not_due": Text("未到期", "Not due"),
    "d30": Text("1–30 天", "1–30 d"),
    "d60": Text("31–60 天", "31–60 d"),
    "d90": Text("61–90 天", "61–90 d"),
    "d180": Text("91–180 天", "91–180 d"),
    "over": Text("180 天以上", "over 180 d"),
    "overdue": Text("逾期", "Overdue"),
}
AGE_HEADS = {
    "not_due": Text("未到期", "Not due"),
    "d30": Text("1–30 天", "1–30 d"),
    "d60": Text("31–60", "31–60"),
    "d90": Text("61–90", "61–90"),
    "d180": Text("91–180", "91–180"),
    "over": Text(">180", ">180"),
}
"""The same in a narrow row, days once."""
ASKED_WORDS = {
    ProposalKind.LIMIT.value: Text("调额待议", "limit asked"),
    ProposalKind.TEMPORARY.value: Text("增额待议", "raise asked"),
    ProposalKind.GRADE.value: Text("调级待议", "grade asked"),
}
_FAR = date.max
_SORTS: dict[str, Callable[[DeskRow], Any]] = {
    "share": lambda row: (row.share is None, -(row.share or ZERO), row.pinyin),
    "name": lambda row: row.pinyin,
    "free": lambda row: (row.free is None or row.prepaid, row.free or ZERO, row.pinyin),
    "overdue": lambda row: (-row.overdue, row.pinyin),
    "due": lambda row: (row.next_due or _FAR, row.pinyin),
}


REGIONS = {
    "1": Text("华北", "North"), "2": Text("东北", "Northeast"), "3": Text("华东", "East"), "4": Text("中南", "South Central"),
    "5": Text("西南", "Southwest"), "6": Text("西北", "Northwest"), "7": Text("台湾", "Taiwan"), "8": Text("港澳", "Hong Kong, Macao"),
}  # fmt: skip
"""The greater regions by the first digit of a division (GB/T 2260)."""


class DeskAsked(msgspec.Struct, frozen=True):
    """What the address asks for: a view, a grade, words, a representative's name, a region, a sort, and a past day (None: now).

    `region` is how the division of a partner's seat begins: one digit is a greater region, two are a province.
    """

    view: str = "attention"
    grade: str = ""
    words: str = ""
    representative: str = ""
    region: str = ""
    sort: str = "share"
    on: date | None = None

    def address(self, **changed: str) -> str:
        """Return the query of the address with something changed; what is as usual is left out."""
        told = {
            "view": self.view, "grade": self.grade, "q": self.words, "representative": self.representative, "region": self.region,
            "sort": self.sort, "on": self.on.isoformat() if self.on else "",
        } | changed  # fmt: skip
        usual = {"view": "attention", "sort": "share"}
        return "?" + urlencode({name: value for name, value in told.items() if value and value != usual.get(name)})


def narrowed(found: Iterable[DeskRow], asked: DeskAsked, *, on: date) -> list[DeskRow]:
    """Return the partners that fit what is asked, sorted; every word must stand in name, code, pinyin or its initials."""
    words = [word.lower() for word in asked.words.split()[:MOST_WORDS]]
    kept = [
        row for row in found
        if (asked.view == "all" or _needs_attention(row, on))
        and (not asked.grade or row.grade == asked.grade)
        and (not asked.representative or row.representative == asked.representative)
        and row.division.startswith(asked.region)
        and all(any(word in name for name in _names(row)) for word in words)
    ]  # fmt: skip
    return sorted(kept, key=_SORTS.get(asked.sort, _SORTS["share"]))


def region_choices(found: Iterable[DeskRow]) -> list[tuple[str, Text]]:
    """Return the regions and provinces in which there are partners, each region before its provinces."""
    provinces = {row.division[:2] for row in found if row.division}
    regions = {code[0] for code in provinces}
    named = [(code, REGIONS.get(code) or Text(code, code)) for code in regions]
    inside = [(code, Text(f"· {place(code).zh}", f"· {place(code).en}")) for code in provinces]
    return sorted([*named, *inside])


def _names(row: DeskRow) -> tuple[str, ...]:
    pinyin = row.pinyin.lower()
    return row.code.lower(), row.name.lower(), pinyin, pinyin.replace(" ", ""), re.sub(r"(\w)\w*\s*", r"\1", pinyin)


def _needs_attention(row: DeskRow, on: date) -> bool:
    """Sixty per cent taken, overdue, held back, a change on its way, or papers that ended."""
    tight = row.share is not None and row.share >= ATTENTION
    return tight or bool(row.overdue or row.hold or row.asked) or row.papers_until is None or row.papers_until < on


def desk_row(row: DeskRow, *, on: date, tolerance_days: int, past: date | None) -> dict[str, Any]:
    """Return a partner as a row of the table."""
    where = place(row.division[:2])
    who = f" · {row.representative}" if row.representative else ""
    kind, words = _state(row, on, tolerance_days)
    paid_first = row.line is not None and row.prepaid
    tone = "" if row.share is None or row.share < TIGHT else "red" if row.share >= FULL else "amber"
    return {
        "code": row.code, "name": row.short_name or row.name, "url": reverse("partner", args=[row.code]), "grade": row.grade,
        "second": Text(f"{where.zh}{who}", f"{where.en}{who}"), "prepaid": paid_first, "kept": -(row.used or ZERO) if paid_first else None,
        "exposure": None if row.line is None else {
            "limit": row.limit, "used": row.used, "overdue": row.overdue, "held": row.held, "free": row.free,
        },
        "taken": row.taken, "limit": row.limit, "share": row.share, "share_tone": tone, "free": row.free,
        "overdue": row.overdue or None, "overdue_url": _documents(past, age="overdue", partner=row.code),
        "open": row.taken_batches, "most": row.most_open or None, "next_due": row.next_due if row.owed else None,
        "late": row.next_due is not None and row.next_due < on, "owed_url": _documents(past, partner=row.code), "state": kind,
        "state_text": words,
    }  # fmt: skip


def _documents(past: date | None, **asked: str) -> str:
    if past:
        asked["on"] = past.isoformat()
    return f"{reverse('credit_desk_documents')}?{urlencode(asked)}"


def _state(row: DeskRow, on: date, tolerance_days: int) -> tuple[str, Text]:
    """Held back first, then overdue money, papers that ended, a change on its way."""
    if row.hold and row.hold_level:
        badge = badge_of(row.hold_level, row.hold_state, asked=row.hold_asked, until=row.hold_until)
        return str(badge["kind"]), badge["text"]  # type: ignore[return-value]
    if row.hold:
        return "held", Text("供货控制中", "held back")
    if row.overdue:
        kind, words = due_state(row.next_due, on, tolerance_days=tolerance_days)
        return ("overdue", Text("有逾期", "overdue")) if kind != "overdue" else (kind, words)
    states = (
        (row.papers_until is None, "failed", Text("证照不齐", "papers missing")),
        (row.papers_until is not None and row.papers_until < on, "failed", Text("证照到期", "papers ended")),
        (not row.grade, "draft", Text("未评级", "not graded")),
        (row.asked in ASKED_WORDS, "waiting", ASKED_WORDS.get(row.asked, Text("", ""))),
    )
    return next(((kind, words) for holds, kind, words in states if holds), ("valid", Text("正常", "in order")))


def age_cells(totals: DeskTotals, *, past: date | None) -> list[dict[str, Any]]:
    """Return what is owed by age, each with its share of the whole and the address of its batches."""
    return [
        {
            "words": AGE_HEADS[age], "amount": amount, "share": percent_of(amount, totals.owed) or ZERO, "late": age != "not_due",
            "url": _documents(past, age=age),
        }
        for age, amount in zip(AGES, totals.ages, strict=True)
    ]  # fmt: skip


def heads_of(asked: DeskAsked) -> dict[str, dict[str, Any]]:
    """Return the heads of the columns that sort, with their addresses."""
    return {key: {"words": words, "url": asked.address(sort=key), "on": asked.sort == key} for key, words in SORT_WORDS.items()}


def motion_row(approval: Approval, *, past: bool = False) -> dict[str, Any]:
    """Return an open approval about credit: what it is, its clause, and how the votes stand or who is to sign (not kept for the past)."""
    step = next(iter(approval.open_steps), None)  # type: ignore[attr-defined]
    if step is None:
        said = Text("当日未决", "not decided that day") if past else Text("待修改", "to be revised")
    elif step.kind == StepKind.VOTE.value:
        said = Text(f"已表决 {step.cast} / {step.members}，同意 {step.agreed}", f"{step.cast} of {step.members} voted, {step.agreed} agree")
        said = said if step.cast else Text("未开始表决", "no vote cast yet")
    else:
        said = Text(step.title_zh, step.title_en)
    return {
        "number": approval.number, "url": reverse("approval", args=[approval.number]), "title": Text(approval.title_zh, approval.title_en),
        "about": approval.about.short_name or approval.about.name if approval.about else "", "amount": approval.amount, "said": said,
        "clause": approval.clause, "due_at": step.due_at if step else None,
    }  # fmt: skip


def document_row(row: OpenDocument, *, on: date, tolerance_days: int) -> dict[str, Any]:
    """Return an open batch as a row of the documents behind a figure."""
    kind, words = due_state(row.due_on, on, tolerance_days=tolerance_days)
    if row.disputed:
        kind, words = "waiting", Text("有异议，不计逾期", "disputed, left out")
    return {
        "name": batch_name(row.number), "url": reverse("batch", args=[row.id]), "request": row.request,
        "request_url": reverse("order", args=[row.request]) if row.has_request else "", "buyer": row.buyer_name,
        "buyer_url": reverse("partner", args=[row.buyer_code]), "opened_on": row.opened_on, "due_on": row.due_on,
        "remaining": row.remaining, "state": kind, "state_text": words,
    }  # fmt: skip


DESK_COLUMNS = (
    Column("name", Text("客户", "Partner"), width=30), Column("code", Text("编号", "Code"), width=14),
    Column("representative", Text("销售员", "Representative"), width=12), Column("grade", Text("等级", "Grade"), width=8),
    Column("limit", Text("额度（元）", "Limit (yuan)"), ColumnKind.MONEY),
    Column("used", Text("已用（元）", "Used (yuan)"), ColumnKind.MONEY),
    Column("held", Text("预留（元）", "Held (yuan)"), ColumnKind.MONEY), Column("share", Text("占用率", "Share"), ColumnKind.PERCENT),
    Column("free", Text("可用（元）", "Free (yuan)"), ColumnKind.MONEY),
    Column("owed", Text("未结批次（元）", "Open batches (yuan)"), ColumnKind.MONEY),
    Column("overdue", Text("逾期（元）", "Overdue (yuan)"), ColumnKind.MONEY),
    *(Column(age, AGE_WORDS[age], ColumnKind.MONEY) for age in AGES),
    Column("batches", Text("未结批数", "Batches taken"), ColumnKind.COUNT), Column("most", Text("可开批数", "At most"), ColumnKind.COUNT),
    Column("next_due", Text("最近到期", "Next due"), ColumnKind.DATE), Column("state", Text("状态", "State"), width=18),
)  # fmt: skip


def desk_out(row: DeskRow, *, on: date, tolerance_days: int) -> dict[str, Any]:
    """Return a partner of the desk as a row of the sheet."""
    return {
        "name": row.name, "code": row.code, "representative": row.representative, "grade": row.grade, "limit": row.limit,
        "used": row.used, "held": row.held, "share": row.share, "free": row.free, "owed": row.owed, "overdue": row.overdue,
        "batches": row.taken_batches, "most": row.most_open, "next_due": row.next_due, "state": _state(row, on, tolerance_days)[1],
    } | dict(zip(AGES, row.ages, strict=True))  # fmt: skip


def totals_out(totals: DeskTotals) -> dict[str, Any]:
    """Return the sums of the desk as the last row of the sheet: those of partners who pay first are no sums of their column."""
    return {
        "name": Text("合计", "Total"), "limit": totals.limit, "used": totals.used, "held": totals.held, "share": totals.share,
        "free": totals.free, "owed": totals.owed, "overdue": totals.overdue,
    } | dict(zip(AGES, totals.ages, strict=True))  # fmt: skip
