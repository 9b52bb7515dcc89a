"""The figures over a home page: four or five, by post, each with what it is compared to. Nothing here is estimated."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from django.urls import reverse

from lingqu.base.counted import counted
from lingqu.base.plural import told_of_one
from lingqu.base.templatetags.words import copies, large, money, percent
from lingqu.base.text import Text
from lingqu.desk.present.words import DAY, percent_of
from lingqu.desk.queries import MoneyFigures, ToShip, WaitingRow
from lingqu.desk.queries.watching import AnswerRecord
from lingqu.policy.rules import Regulation

LARGE = Text("万元", "k yuan")
Cell = dict[str, Any]


class Links(msgspec.Struct, frozen=True):
    """Where a figure comes from: the table behind it, and the clause that says how it is counted."""

    regulation: Regulation

    def why(self, clause: str) -> str | None:
        """Return the clause in the version in force, None where that version has none of the name."""
        if clause not in self.regulation.clauses:
            return None
        return reverse("regulation_clause", args=[self.regulation.pack, f"v{self.regulation.number}", clause])

    def desk(self, age: str = "") -> str:
        """Return the credit desk, or the batches of an age that are behind its figure."""
        return f"{reverse('credit_desk_documents')}?age={age}" if age else reverse("credit_desk")


def _cell(label: Text, value: Text | str, unit: Text | str, note: Text | str, **more: object) -> Cell:
    if value == "1" and isinstance(unit, Text):
        unit = Text(unit.zh, told_of_one(f"1 {unit.en}").removeprefix("1 "))
    if more.get("delta") and isinstance(note, Text):
        note = Text(f"{note.zh} ·", f"{note.en} ·")
    usual = {"trend": None, "tone": "blue", "delta": None, "why_url": None, "url": ""}
    return {"label": label, "value": value, "unit": unit, "note": note} | usual | more


def waiting_cell(rows: list[WaitingRow], at: datetime, *, signing: bool) -> Cell:
    """Return how many requests wait, and how many of them end today or are late."""
    late = sum(row.answer_until is not None and row.answer_until <= at for row in rows)
    ends = sum(row.answer_until is not None and row.answer_until > at and row.answer_until - at <= DAY for row in rows)
    label = Text("待我特批", "To sign") if signing else Text("待答复申请", "Requests to answer")
    note = Text(f"今日到时限 {ends} 份", f"{ends} end today")
    delta = {"tone": "red", "text": Text(f"已过 {late} 份", f"{late} too late")} if late else None
    total = rows[0].total if rows and not signing else len(rows)
    return _cell(label, counted(total), Text("份", "requests"), note, delta=delta, url=f"{reverse('orders')}?group=waiting")


def weekly_cell(label: Text, weeks: list[Decimal], url: str) -> Cell:
    """Return the last seven days in 万元 with eight weeks' trend, compared to the seven days before."""
    now, before = weeks[-1], weeks[-2]
    note = Text("前 7 天 {v}", "7 days before: {v}").fill(v=large(before))
    return _cell(label, large(now), LARGE, note, trend=weeks, delta=_change(now, before), url=url)


def _change(now: Decimal, before: Decimal) -> dict[str, object] | None:
    share = percent_of(now - before, before)
    if share is None:
        return None
    sign = "+" if share > 0 else ""
    words = f"{sign}{percent(share)}"
    return {"tone": "green" if share >= 0 else "amber", "text": Text(words, words)}


def credit_cell(figures: MoneyFigures, links: Links) -> Cell:
    """Return how much of all limits is taken."""
    taken = figures.used + figures.held
    share = percent_of(taken, figures.limit)
    rate = Text(f"，占用率 {percent(share)}", f", {percent(share)} taken") if share is not None else Text("", "")
    limits = Text("额度 {v}", "limits {v}").fill(v=large(figures.limit))
    words = Text(limits.zh + rate.zh, limits.en + rate.en)
    return _cell(Text("信用占用", "Credit taken"), large(taken), LARGE, words, url=links.desk(), why_url=links.why("M-19.5"))


def overdue_cell(figures: MoneyFigures, links: Links) -> Cell:
    """Return what is overdue, of how many partners, and its share of what is owed."""
    share = percent_of(figures.overdue, figures.owed)
    label, to = Text("逾期应收", "Overdue"), {"url": links.desk("overdue"), "why_url": links.why("M-19.3")}
    if not figures.overdue:
        return _cell(label, large(figures.overdue), LARGE, Text("无逾期客户", "no partner is overdue"), **to)
    delta = {"tone": "red", "text": Text(f"{figures.overdue_partners} 户", f"{figures.overdue_partners} partners")}
    note = Text(f"占应收 {percent(share)}", f"{percent(share)} of owed")
    return _cell(label, large(figures.overdue), LARGE, note, delta=delta, tone="red", **to)


def owed_cell(figures: MoneyFigures, links: Links) -> Cell:
    """Return what is owed on open batches."""
    note = Text(f"{figures.open_batches} 批未结", f"{figures.open_batches} open batches")
    return _cell(Text("应收账款", "Owed to us"), large(figures.owed), LARGE, note, url=links.desk(), why_url=links.why("M-16.3.3.1"))


def soon_cell(figures: MoneyFigures, links: Links) -> Cell:
    """Return what falls due within a week."""
    note = Text(f"{figures.soon_batches} 批", f"{figures.soon_batches} batches")
    return _cell(Text("7 天内到期", "Due in 7 days"), large(figures.soon), LARGE, note, url=links.desk())


def unapplied_cell(figures: MoneyFigures) -> Cell:
    """Return money received for no batch yet."""
    note = Text(f"{figures.unapplied_partners} 户", f"{figures.unapplied_partners} partners")
    return _cell(Text("预收未核销", "Unapplied"), large(figures.unapplied), LARGE, note, url=reverse("receipts"))


def answers_cell(record: AnswerRecord, links: Links) -> Cell:
    """Return how the last requests were answered: the share in time, over up to 200 of them, with its course."""
    label, why = Text("两日内答复率", "Answered in time"), links.why("M-16.3.1")
    if not record.owed:
        return _cell(label, "—", "", Text("还没有答复过的申请", "no request was answered yet"), why_url=why)
    share = percent(Decimal(record.kept) / record.owed).removesuffix("%")
    note = Text(f"近 {record.owed} 单", f"last {record.owed}")
    late = record.owed - record.kept
    delta = {"tone": "amber", "text": Text(f"{late} 单超时", f"{late} late")} if late else None
    return _cell(label, share, "%", note, trend=list(record.trend) or None, delta=delta, why_url=why, url=reverse("orders"))


def shipping_cells(rows: list[ToShip], on: date) -> list[Cell]:
    """Return what the warehouse has before it: requests, today's, late ones, copies, and copies that are not there."""
    late = sum(row.ship_on is not None and row.ship_on < on for row in rows)
    today = [row for row in rows if row.ship_on == on]
    wanted, ready = sum(row.copies for row in rows), sum(row.ready for row in rows)
    requests, volumes = Text("份", "requests"), Text("册", "copies")
    return [
        _cell(Text("待发申请", "To ship"), copies(rows[0].total if rows else 0), requests, Text("已受理未发完", "accepted, not all sent")),
        _cell(
            Text("今日应发", "Promised for today"), copies(len(today)), requests,
            Text(f"{copies(sum(row.copies for row in today))} 册", f"{copies(sum(row.copies for row in today))} copies"),
        ),
        _cell(
            Text("已迟", "Late"), copies(late), requests, Text("超过约定发货日", "past the promised day"), tone="red" if late else "blue",
        ),
        _cell(Text("待发册数", "Copies to ship"), copies(wanted), volumes, Text(f"已备 {copies(ready)} 册", f"{copies(ready)} set aside")),
        _cell(Text("缺货册数", "Copies short"), copies(wanted - ready), volumes, Text("到货后补发", "sent when they come in")),
    ]  # fmt: skip


def own_cells(standing: Any, owed: Decimal, next_due: tuple[Text, Text] | None, under_way: int) -> list[Cell]:  # noqa: ANN401 - LineStanding
    """Return a partner's own figures at its seller: owed, overdue, next due day, open batches, requests not answered yet."""
    due_value, due_note = next_due or (Text("无", "none"), Text("没有待付批次", "no batch to pay"))
    late = {"tone": "red", "text": Text(f"其中逾期 {money(standing.overdue)}", f"{money(standing.overdue)} overdue")}
    return [
        _cell(
            Text("应付货款（元）", "We owe (yuan)"), money(owed), "", "" if standing.overdue else Text("无逾期", "nothing overdue"),
            delta=late if standing.overdue else None,
        ),
        _cell(Text("最近到期", "Next due"), str(due_value), "", due_note),
        _cell(
            Text("未结批次", "Open batches"), f"{standing.open_count + standing.held_count} / {standing.max_open}", Text("批", "batches"),
            Text(f"未结 {standing.open_count}，预占 {standing.held_count}", f"{standing.open_count} open, {standing.held_count} held"),
        ),
        _cell(Text("等待答复", "Not answered yet"), copies(under_way), Text("份", "requests"), Text("已提交的申请", "submitted")),
    ]  # fmt: skip
