"""The yearly review of special signatures: sums per partner and per signer, each signature with what came of it, and the workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from django.urls import reverse

from lingqu.base.calendar import china_day
from lingqu.base.money import ZERO
from lingqu.base.sheets import Column, ColumnKind, SheetOut
from lingqu.base.templatetags.words import copies, money
from lingqu.base.text import Text
from lingqu.desk.queries.signatures import SignedRow
from lingqu.orders.states import LAW_WORDS, ORDERS, OrderState

SHOWN = 100


class Review(msgspec.Struct, frozen=True):
    """Signatures of one partner or signer, or all: how many, yuan and batches over the limits, and how their batches were paid.

    `paid` in time, `late` (paid late or overdue now), `open` (not due yet) and `unused` (no batch came of it) add up to `count`.
    """

    name: str
    code: str
    count: int
    amount: Decimal
    batches: int
    laws: Text
    paid: int
    late: int
    open: int
    unused: int


def outcome_of(row: SignedRow, *, on: date) -> tuple[str, Text]:
    """Return what came of a signature: kind (settled, overdue, open, closed) and words."""
    if row.batch is None:
        words = ORDERS.words[OrderState(row.state)]
        return "closed", Text(f"未开批（{words.zh}）", f"no batch ({words.en.lower()})")
    if row.settled_on:
        late = (row.settled_on - row.due_on).days if row.due_on else 0
        if late > 0:
            return "overdue", Text(f"迟 {late} 天付清", f"paid {late} d late")
        return "settled", Text("按期付清", "paid in time")
    if row.due_on and row.due_on < on:
        days = (on - row.due_on).days
        return "overdue", Text(f"逾期 {days} 天", f"{days} d overdue")
    return "open", Text("未到期", "not due yet")


def reviews_of(found: Sequence[SignedRow], key: Callable[[SignedRow], tuple[str, str]], *, on: date) -> list[Review]:
    """Return the sums of each name, most signatures first; `key` gives a row's name and code."""
    groups: dict[tuple[str, str], list[SignedRow]] = {}
    for row in found:
        groups.setdefault(key(row), []).append(row)
    told = [review_of(name, code, many, on=on) for (name, code), many in groups.items()]
    return sorted(told, key=lambda one: (-one.count, -one.amount, one.name))


def review_of(name: str, code: str, found: Sequence[SignedRow], *, on: date) -> Review:
    """Return the sums of some signatures."""
    outcomes = [outcome_of(row, on=on)[0] for row in found]
    many = {law: sum(law in row.laws for row in found) for law in LAW_WORDS}
    named = [(LAW_WORDS[law], count) for law, count in many.items() if count]
    laws = Text("、".join(f"{word.zh} {count}" for word, count in named), ", ".join(f"{word.en} {count}" for word, count in named))
    return Review(
        name, code, len(found), sum((row.amount for row in found), ZERO), sum(row.batches for row in found), laws,
        outcomes.count("settled"), outcomes.count("overdue"), outcomes.count("open"), outcomes.count("closed"),
    )  # fmt: skip


def cells_of(whole: Review) -> list[dict[str, Any]]:
    """Return the sums of the year as the figures over the page."""
    judged = whole.paid + whole.late
    share = f"{100 * whole.paid / judged:.0f}%" if judged else "—"
    note = Text(f"{whole.paid} 次，逾期 {whole.late} 次", f"{whole.paid}, late {whole.late}")
    coming = Text(f"未到期 {whole.open}，未开批 {whole.unused}", f"not due {whole.open}, no batch {whole.unused}")
    return [
        _cell(Text("特批", "Signatures"), copies(whole.count), Text("次", ""), whole.laws),
        _cell(Text("超额度", "Over the limit"), money(whole.amount), Text("元", "yuan"), ""),
        _cell(Text("超批数", "Batches over"), copies(whole.batches), Text("批", ""), ""),
        _cell(Text("按期付清", "Paid in time"), share, "", note, tone="red" if whole.late else "blue"),
        _cell(Text("未见分晓", "Not known yet"), copies(whole.open + whole.unused), Text("次", ""), coming),
    ]


def _cell(label: Text, value: str, unit: Text | str, note: Text | str, tone: str = "blue") -> dict[str, Any]:
    return {"label": label, "value": value, "unit": unit, "note": note, "tone": tone, "trend": None, "delta": None, "why_url": None}


def signed_row(row: SignedRow, *, on: date) -> dict[str, Any]:
    """Return a signature as the row of the list."""
    kind, words = outcome_of(row, on=on)
    return {
        "number": row.number, "on": china_day(row.signed_at), "order": row.request, "order_url": reverse("order", args=[row.request]),
        "buyer": row.buyer_name, "buyer_url": reverse("partner", args=[row.buyer_code]), "laws": _laws(row.laws), "amount": row.amount,
        "batches": row.batches, "reason": row.reason, "signer": row.signer, "outcome": kind, "outcome_text": words, "owed": row.owed,
    }  # fmt: skip


def _laws(laws: Iterable[str]) -> Text:
    words = [LAW_WORDS.get(law, Text(law, law)) for law in laws]
    return Text("、".join(word.zh for word in words), ", ".join(word.en for word in words))


SIGNED_COLUMNS = (
    Column("number", Text("特批单", "Signature"), width=16), Column("on", Text("特批日", "Signed on"), ColumnKind.DATE),
    Column("order", Text("进货申请", "Request"), width=16), Column("buyer", Text("客户", "Partner"), width=30),
    Column("grade", Text("等级", "Grade"), width=8), Column("laws", Text("放行的规则", "Laws"), width=24),
    Column("amount", Text("超额度（元）", "Over the limit (yuan)"), ColumnKind.MONEY),
    Column("batches", Text("超批数", "Batches over"), ColumnKind.COUNT),
    Column("overdue", Text("放行的逾期（元）", "Overdue let through (yuan)"), ColumnKind.MONEY),
    Column("below_floor", Text("低于底线（元）", "Below the floor (yuan)"), ColumnKind.MONEY),
    Column("reason", Text("理由", "Reason"), width=40), Column("signer", Text("签署人", "Signed by"), width=12),
    Column("value", Text("批次金额（元）", "Batch (yuan)"), ColumnKind.MONEY),
    Column("owed", Text("尚欠（元）", "Owed (yuan)"), ColumnKind.MONEY),
    Column("due_on", Text("到期日", "Due on"), ColumnKind.DATE), Column("settled_on", Text("付清日", "Paid on"), ColumnKind.DATE),
    Column("outcome", Text("结果", "Outcome"), width=18),
)  # fmt: skip


def signed_out(row: SignedRow, *, on: date) -> dict[str, Any]:
    """Return a signature as a row of the sheet."""
    return {
        "number": row.number, "on": china_day(row.signed_at), "order": row.request, "buyer": row.buyer_name, "grade": row.grade,
        "laws": _laws(row.laws), "amount": row.amount, "batches": row.batches, "overdue": row.overdue,
        "below_floor": row.below_floor, "reason": row.reason, "signer": row.signer, "value": row.value, "owed": row.owed,
        "due_on": row.due_on, "settled_on": row.settled_on, "outcome": outcome_of(row, on=on)[1],
    }  # fmt: skip


def sums_out(found: Sequence[SignedRow], *, on: date) -> tuple[SheetOut, SheetOut]:
    """Return the sums of the review per partner and per signer as sheets."""
    partners = reviews_of(found, lambda row: (row.buyer_name, row.buyer_code), on=on)
    signers = reviews_of(found, lambda row: (row.signer, ""), on=on)
    return _sums(Text("按客户", "By partner"), partners), _sums(Text("按签署人", "By signer"), signers)


def _sums(title: Text, reviews: Sequence[Review]) -> SheetOut:
    columns = [
        Column("name", Text("名称", "Name"), width=30), Column("count", Text("次数", "Signatures"), ColumnKind.COUNT),
        Column("amount", Text("超额度（元）", "Over the limit (yuan)"), ColumnKind.MONEY),
        Column("batches", Text("超批数", "Batches over"), ColumnKind.COUNT), Column("laws", Text("规则", "Laws"), width=30),
        Column("paid", Text("按期付清", "Paid in time"), ColumnKind.COUNT), Column("late", Text("逾期", "Late"), ColumnKind.COUNT),
        Column("open", Text("未到期", "Not due yet"), ColumnKind.COUNT), Column("unused", Text("未开批", "No batch"), ColumnKind.COUNT),
    ]  # fmt: skip
    return SheetOut(title, columns, [msgspec.structs.asdict(one) | {"laws": one.laws} for one in reviews])
