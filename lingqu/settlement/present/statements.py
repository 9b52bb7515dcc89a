"""Statements as pages, papers and workbooks show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from lingqu.base.money import total
from lingqu.base.sheets import Column, ColumnKind, SheetOut
from lingqu.base.templatetags.words import money
from lingqu.base.text import Text
from lingqu.credit.states import CREDIT_CAUSE_WORDS, CreditCause
from lingqu.settlement.models import Statement, StatementDispute
from lingqu.settlement.queries import MonthRow
from lingqu.settlement.rules import MOVE_WORDS, MoveKind, StatementContent, StatementLine
from lingqu.settlement.states import DISPUTE_WORDS, STATEMENTS, DisputeKind, StatementState

AGE_WORDS: Final = (
    Text("未到期", "Not past due"),
    Text("逾期 1–30 天", "1–30 days past due"),
    Text("逾期 31–60 天", "31–60 days"),
    Text("逾期 61–90 天", "61–90 days"),
    Text("逾期 91–180 天", "91–180 days"),
    Text("逾期 180 天以上", "over 180 days"),
)
Remarks = Mapping[str, Text]
NONE: Final[Remarks] = {}
PAGE: Final = 200
"""How many movements stand on a page."""
_KINDS: Final = {StatementState.ISSUED: "waiting", StatementState.AGREED: "settled", StatementState.DISPUTED: "failed"}
_OF_REQUEST: Final = {MoveKind.ACCEPTED, MoveKind.RAISED}


def statement_state(statement: Statement, *, today: date, objected: bool, own: bool = False) -> tuple[str, Text]:
    """Return kind and words of a statement's state; one without an answer in time is late.

    `objected`: an objection has no answer yet. `own`: told to the one who is to answer the statement.
    """
    state = StatementState(statement.state)
    if state is StatementState.ISSUED and statement.reply_until < today:
        return "late", Text("逾期未确认", "No answer in time")
    if state is StatementState.ISSUED and own:
        return _KINDS[state], Text("待我方确认", "To be confirmed by us")
    if state is StatementState.DISPUTED and not objected:
        return "waiting", Text("异议已答复，待确认", "Objections answered, to be confirmed")
    return _KINDS[state], STATEMENTS.words[state]


def month_row(row: MonthRow, *, today: date) -> dict[str, Any]:
    """Return a partner of the month's list; one of which the accounts changed after the issue says so."""
    none = Text("本月无往来", "Nothing to state") if row.quiet else Text("未出具", "Not issued")
    kind, words = statement_state(row.statement, today=today, objected=row.objected) if row.statement else ("not_applicable", none)
    later = row.statement is not None and row.statement.closing != row.closing
    return {"row": row, "statement": row.statement, "kind": kind, "words": words, "later": later}


def line_url(line: StatementLine) -> str:
    """Return the page of the paper behind a movement, "" where there is none."""
    if line.kind in _OF_REQUEST and line.number.startswith("JH-"):
        return f"/orders/{line.number}/"
    return f"/receipts/{line.number}/" if line.number.startswith("SK-") else ""


def statement_page(content: StatementContent, disputes: Iterable[StatementDispute], page: int, asked: str) -> dict[str, Any]:
    """Return a page of up to 200 movements, each with whether the partner objects to it, and the addresses of the pages beside it.

    `asked` is the query of the statement's address; `carried` is the balance before the first row.
    """
    said = {dispute.place for dispute in disputes}
    many = len(content.lines)
    page = min(page, max((many - 1) // PAGE + 1, 1))
    first = (page - 1) * PAGE
    return {
        "rows": [
            {
                "line": line, "words": MOVE_WORDS[line.kind], "url": line_url(line), "disputed": line.place in said,
                "entered": line.entered_on if line.entered_on != line.on else None
            }
            for line in content.lines[first : first + PAGE]
        ],
        "many": many, "carried": content.lines[first - 1].balance if first else content.opening, "on_later_page": first > 0,
        "previous_url": f"?{asked}&page={page - 1}" if first else "",
        "next_url": f"?{asked}&page={page + 1}" if first + PAGE < many else "",
    }  # fmt: skip


def credit_remarks(causes: Mapping[str, CreditCause], relief: Remarks) -> Remarks:
    """Return what there is to say about credits, by their numbers: for what they were given, then what was taken off them."""
    told = {}
    for number, cause in causes.items():
        words, less = CREDIT_CAUSE_WORDS[cause], relief.get(number)
        told[number] = Text(f"{words.zh}，{less.zh}", f"{words.en}, {less.en}") if less else words
    return told


def dispute_rows(content: StatementContent, disputes: Iterable[StatementDispute]) -> list[dict[str, Any]]:
    """Return the objections, each with its kind and the movement that it is about (None: the whole)."""
    places = {line.place: line for line in content.lines}
    return [
        {"dispute": dispute, "kind": DISPUTE_WORDS[DisputeKind(dispute.kind)], "line": places.get(dispute.place)} for dispute in disputes
    ]  # fmt: skip


def age_rows(content: StatementContent) -> list[tuple[Text, Decimal]]:
    """Return the sums by age that are not nothing."""
    return [(words, amount) for words, amount in zip(AGE_WORDS, content.ages, strict=True) if amount]


def statement_cells(content: StatementContent) -> list[dict[str, Any]]:
    """Return the figures over the page: opening, added, taken off, closing in capitals too, paid for no batch."""
    told = (
        (Text("期初应付", "Opening"), content.opening, Text(f"{content.since}", f"{content.since}")),
        (Text("本期增加", "Added"), content.debit, Text("受理的申请", "accepted requests")),
        (Text("本期减少", "Taken off"), content.credit, Text("回款、贷项、核销", "receipts, credits, write-offs")),
        (Text("期末应付", "Closing"), content.closing, Text(content.capitals, f"{content.until}")),
        (Text("预收", "Paid for no batch"), content.unapplied, Text("未结批次减预收即期末", "open batches less this are the closing")),
    )
    yuan = Text("元", "yuan")
    return [
        {"label": label, "value": money(value), "unit": yuan, "trend": None, "tone": "blue", "note": note, "delta": None, "why_url": None}
        for label, value, note in told
    ]


def paper_of_statement(content: StatementContent, statement: Statement | None, remarks: Remarks = NONE) -> dict[str, Any]:
    """Return what the statement's PDF shows: figures, movements, open batches, and places for two stamps."""
    return {
        "firm": content.seller_name,
        "number": statement.number if statement else "",
        "title": Text("对账单", "Statement of account"),
        "facts": [
            [Text("客户", "Partner"), f"{content.buyer_name} ({content.buyer})"],
            [Text("期间", "Days"), f"{content.since} – {content.until}"],
            [Text("期初应付（元）", "Opening (yuan)"), content.opening, "money"],
            [Text("本期增加（元）", "Added (yuan)"), content.debit, "money"],
            [Text("本期减少（元）", "Taken off (yuan)"), content.credit, "money"],
            [Text("期末应付（元）", "Closing (yuan)"), content.closing, "money"],
            [Text("大写", "In capitals"), content.capitals],
            [Text("预收（元）", "Paid for no batch yet (yuan)"), content.unapplied, "money"],
            *[[words, amount, "money"] for words, amount in age_rows(content)],
        ],
        "tables": [_moves_table(content, remarks), _batches_table(content), *([_goods_table(content)] if content.on_the_way else [])],
        "notes": _notes(content, statement),
        "signatures": [
            Text(f"{content.seller_name}（盖章）", f"{content.seller_name} (stamp)"),
            Text(f"{content.buyer_name}（盖章）", f"{content.buyer_name} (stamp)"),
        ],
    }


def _notes(content: StatementContent, statement: Statement | None) -> list[Text]:
    if content.known_on:
        day = content.known_on
        return [Text(f"按 {day} 日终已录入的单据，仅供核对。", f"As it was known at the end of {day}; for checking only.")]
    if statement is None:
        return [Text("未出具的对账单，仅供核对。", "Not issued; for checking only.")]
    told = statement.reply_until
    return [
        Text(f"请于 {told} 前核对，无误请盖章确认，有异议请注明。", f"Please check by {told}; stamp it if you agree, note objections."),
        Text(f"SHA-256 {statement.sha256}", f"SHA-256 {statement.sha256}"),
    ]  # fmt: skip


def _moves_table(content: StatementContent, remarks: Remarks) -> dict[str, Any]:
    heads = (
        (Text("日期", "Day"), "day"), (Text("事由", "What"), "text"), (Text("单据", "Paper"), "text"), (Text("增加", "Added"), "money"),
        (Text("减少", "Taken off"), "money"), (Text("余额", "Balance"), "money"),
    )  # fmt: skip
    rows: list[list[Any]] = [
        [line.on, _what(line, remarks), line.number, line.debit or None, line.credit or None, line.balance] for line in content.lines
    ]
    opening: list[Any] = [content.since, Text("期初余额", "Opening balance"), "", None, None, content.opening]
    return {
        "title": Text("往来明细（元）", "Movements (yuan)"),
        "columns": [{"head": head, "kind": kind, "wide": place == 1} for place, (head, kind) in enumerate(heads)],
        "rows": [opening, *rows],
        "total": [None, Text("合计", "Sum"), None, content.debit, content.credit, content.closing],
    }


def _what(line: StatementLine, remarks: Remarks) -> Text:
    words, more = MOVE_WORDS[line.kind], remarks.get(line.number)
    if more:
        words = Text(f"{words.zh}，{more.zh}", f"{words.en}, {more.en}")
    if not line.late:
        return words
    on = f" {line.entered_on}" if line.entered_on else ""
    return Text(f"{words.zh}（补记{on}）", f"{words.en} (entered later{on})")


def _batches_table(content: StatementContent) -> dict[str, Any]:
    heads = (
        (Text("批次", "Batch"), "count"), (Text("申请", "Request"), "text"), (Text("受理", "Accepted"), "day"),
        (Text("发货", "Shipped"), "day"), (Text("到期", "Due"), "day"), (Text("逾期天数", "Days past"), "count"),
        (Text("尚欠", "Owed"), "money"),
    )  # fmt: skip
    return {
        "title": Text("未结批次（元）", "Open batches (yuan)"),
        "columns": [{"head": head, "kind": kind, "wide": place == 1} for place, (head, kind) in enumerate(heads)],
        "rows": [
            [one.number, one.request, one.opened_on, one.shipped_on, one.due_on, one.days_past, one.remaining] for one in content.batches
        ],
        "total": [None, Text("合计", "Sum"), None, None, None, None, total(one.remaining for one in content.batches)],
    }


def _goods_table(content: StatementContent) -> dict[str, Any]:
    heads = (
        (Text("发货单", "Delivery"), "text"), (Text("申请", "Request"), "text"), (Text("发货", "Shipped"), "day"),
        (Text("运单", "Waybill"), "text"), (Text("册数", "Copies"), "count"), (Text("实洋", "Net"), "money"),
    )  # fmt: skip
    way = content.on_the_way
    return {
        "title": Text("未结批次的在途货物（元）", "Goods on the way for open batches (yuan)"),
        "columns": [{"head": head, "kind": kind, "wide": place == 1} for place, (head, kind) in enumerate(heads)],
        "rows": [[one.delivery, one.request, one.on, one.waybill, one.copies, one.net] for one in way],
        "total": [None, Text("合计", "Sum"), None, None, sum(one.copies for one in way), total(one.net for one in way)],
    }


def _goods_sheet(content: StatementContent) -> SheetOut:
    return SheetOut(
        Text("在途货物", "Goods on the way"),
        (
            Column("delivery", Text("发货单", "Delivery"), width=18), Column("request", Text("申请", "Request"), width=18),
            Column("on", Text("发货", "Shipped"), ColumnKind.DATE), Column("waybill", Text("运单", "Waybill"), width=18),
            Column("copies", Text("册数", "Copies"), ColumnKind.COUNT), Column("net", Text("实洋", "Net"), ColumnKind.MONEY),
        ),
        [
            {
                "delivery": one.delivery, "request": one.request, "on": one.on, "waybill": one.waybill, "copies": one.copies,
                "net": one.net,
            }
            for one in content.on_the_way
        ],
    )  # fmt: skip


def statement_sheets(content: StatementContent, remarks: Remarks = NONE) -> list[SheetOut]:
    """Return the statement as three sheets: movements, open batches, and the goods that are on the way for these."""
    money = ColumnKind.MONEY
    moves = SheetOut(
        Text("往来明细", "Movements"),
        (
            Column("on", Text("日期", "Day"), ColumnKind.DATE), Column("what", Text("事由", "What"), width=20),
            Column("number", Text("单据", "Paper"), width=18), Column("request", Text("申请", "Request"), width=18),
            Column("debit", Text("增加", "Added"), money), Column("credit", Text("减少", "Taken off"), money),
            Column("balance", Text("余额", "Balance"), money),
        ),
        [
            {"on": content.since, "what": Text("期初余额", "Opening balance"), "balance": content.opening},
            *[
                {
                    "on": line.on, "what": _what(line, remarks), "number": line.number, "request": line.request,
                    "debit": line.debit or None, "credit": line.credit or None, "balance": line.balance,
                }
                for line in content.lines
            ],
        ],
        (
            Text(f"{content.buyer_name} {content.since} – {content.until}", f"{content.buyer_name} {content.since} – {content.until}"),
            Text(f"期末应付 {content.closing:,.2f} 元（{content.capitals}）", f"Closing {content.closing:,.2f} yuan ({content.capitals})"),
        ),
    )  # fmt: skip
    batches = SheetOut(
        Text("未结批次", "Open batches"),
        (
            Column("number", Text("批次", "Batch"), ColumnKind.COUNT), Column("request", Text("申请", "Request"), width=18),
            Column("opened_on", Text("受理", "Accepted"), ColumnKind.DATE), Column("shipped_on", Text("发货", "Shipped"), ColumnKind.DATE),
            Column("due_on", Text("到期", "Due"), ColumnKind.DATE), Column("days_past", Text("逾期天数", "Days past"), ColumnKind.COUNT),
            Column("sent", Text("已发册数", "Copies sent"), ColumnKind.COUNT), Column("sent_net", Text("已发实洋", "Net sent"), money),
            Column("remaining", Text("尚欠", "Owed"), money),
        ),
        [
            {
                "number": one.number, "request": one.request, "opened_on": one.opened_on, "shipped_on": one.shipped_on,
                "due_on": one.due_on, "days_past": one.days_past, "sent": one.sent, "sent_net": one.sent_net,
                "remaining": one.remaining,
            }
            for one in content.batches
        ],
    )  # fmt: skip
    return [moves, batches, _goods_sheet(content)]


MONTH_COLUMNS = (
    Column("code", Text("代码", "Code")), Column("name", Text("客户", "Partner"), width=30),
    Column("closing", Text("期末应付", "Closing"), ColumnKind.MONEY), Column("number", Text("对账单", "Statement"), width=18),
    Column("stated", Text("出具时期末", "Closing as issued"), ColumnKind.MONEY), Column("state", Text("状态", "State"), width=16),
)  # fmt: skip


def month_out(row: MonthRow, *, today: date) -> dict[str, Any]:
    """Return a partner of the month's list as a row of the sheet."""
    issued = row.statement
    return {
        "code": row.code, "name": row.name, "closing": row.closing, "number": issued.number if issued else "",
        "stated": issued.closing if issued else None, "state": month_row(row, today=today)["words"],
    }  # fmt: skip
