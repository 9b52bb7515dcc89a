"""Bank lines as the desk shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from lingqu.base.money import total
from lingqu.base.sheets import Column, ColumnKind
from lingqu.base.text import Text
from lingqu.settlement.models import BankLine
from lingqu.settlement.queries import LineBooking, StateFigures
from lingqu.settlement.rules import LEVEL_WORDS, Level, Match
from lingqu.settlement.states import BANK_LINES, LineState

KINDS = {LineState.OPEN: "open", LineState.BOOKED: "settled", LineState.SET_ASIDE: "closed", LineState.OUTGOING: "not_applicable"}
LEVELS = {Level.CERTAIN: "passed", Level.LIKELY: "progress", Level.POSSIBLE: "open", Level.UNKNOWN: "not_applicable"}


def state_words(line: BankLine) -> tuple[str, Text]:
    """Return kind and words of a line's state."""
    state = LineState(line.state)
    return KINDS[state], BANK_LINES.words[state]


def waiting_row(line: BankLine, match: Match, left: Decimal) -> dict[str, Any]:
    """Return a line that waits to be booked: what the bank says, what is left, whose money it may be and why."""
    best = match.candidates[0] if match.candidates else None
    return {
        "line": line, "left": left, "partly": left != line.amount, "best": best, "others": max(0, len(match.candidates) - 1),
        "reasons": [reason.text for reason in best.reasons] if best else [], "hindrance": match.hindrance,
        "level": LEVELS[match.level], "level_words": LEVEL_WORDS[match.level], "certain": match.level is Level.CERTAIN,
        "ticked": f"{line.pk}:{best.line}" if best else "",
    }  # fmt: skip


def line_row(line: BankLine, bookings: Sequence[LineBooking]) -> dict[str, Any]:
    """Return a line of a list: its state, and what stands of what it was booked to."""
    kind, words = state_words(line)
    return {"line": line, "kind": kind, "words": words, "bookings": [one for one in bookings if not one.reversed]}


def groups_of(figures: Mapping[LineState, StateFigures], state: LineState) -> list[dict[str, Any]]:
    """Return the states as places of the desk, each with how many lines it has."""
    return [
        {
            "url": f"?state={one.value}", "active": one is state,
            "text": Text(f"{BANK_LINES.words[one].zh} {figures[one].count:,}", f"{BANK_LINES.words[one].en} {figures[one].count:,}"),
        }
        for one in LineState
    ]  # fmt: skip


def cells_of(figures: Mapping[LineState, StateFigures], certain: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the figures over the desk."""
    waiting, booked, aside = figures[LineState.OPEN], figures[LineState.BOOKED], figures[LineState.SET_ASIDE]
    ready = total(row["left"] for row in certain)
    return [
        _cell(Text("待认领", "To be matched"), waiting.amount, waiting.count, "amber" if waiting.count else "blue"),
        _cell(Text("其中可直接入账", "Of these ready to book"), ready, len(certain), "blue"),
        _cell(Text("已入账", "Booked"), booked.amount, booked.count, "blue"),
        _cell(Text("已搁置", "Set aside"), aside.amount, aside.count, "blue"),
    ]


def _cell(label: Text, amount: Decimal, count: int, tone: str) -> dict[str, Any]:
    return {
        "label": label, "value": f"{amount:,.2f}", "unit": Text("元", "yuan"), "tone": tone,
        "note": Text(f"{count:,} 笔", "1 line" if count == 1 else f"{count:,} lines"),
    }  # fmt: skip


SHEET_COLUMNS = (
    Column("on", Text("交易日期", "Day"), ColumnKind.DATE, 12), Column("amount", Text("金额（元）", "Amount (yuan)"), ColumnKind.MONEY, 16),
    Column("payer", Text("对方户名", "Payer"), width=30), Column("payer_account", Text("对方账号", "Payer's account"), width=24),
    Column("payer_bank", Text("对方开户行", "Payer's bank"), width=24), Column("remark", Text("摘要、用途、附言", "Remark"), width=36),
    Column("serial", Text("流水号", "Serial number"), width=22), Column("state", Text("状态", "State"), width=12),
    Column("note", Text("搁置原因", "Why set aside"), width=20), Column("partner", Text("客户", "Partner"), width=30),
    Column("receipts", Text("回款单", "Receipts"), width=20), Column("proposal", Text("建议客户", "Proposed partner"), width=30),
    Column("level", Text("把握", "How sure"), width=14), Column("reasons", Text("线索", "Signs"), width=50),
    Column("file", Text("流水文件", "Bank file"), width=16), Column("row", Text("文件行", "Row of the file"), ColumnKind.COUNT, 10),
)  # fmt: skip


def sheet_row(line: BankLine, bookings: Sequence[LineBooking], match: Match | None) -> dict[str, Any]:
    """Return a bank line as a row of the sheet: what the bank says, where it stands, and whose money it may be (None: not asked)."""
    standing = [one for one in bookings if not one.reversed]
    best = match.candidates[0] if match and match.candidates else None
    reasons = [reason.text for reason in best.reasons] if best else []
    return {
        "on": line.on, "amount": line.amount, "payer": line.payer, "payer_account": line.payer_account, "payer_bank": line.payer_bank,
        "remark": line.remark, "serial": line.serial, "state": BANK_LINES.words[LineState(line.state)], "note": line.note,
        "partner": "、".join(dict.fromkeys(one.buyer_name for one in standing)), "receipts": " ".join(one.receipt for one in standing),
        "proposal": best.name if best else "", "level": LEVEL_WORDS[match.level] if match else "",
        "reasons": Text("；".join(one.zh for one in reasons), "; ".join(one.en for one in reasons)) if reasons else "",
        "file": line.file.number, "row": line.row,
    }  # fmt: skip
