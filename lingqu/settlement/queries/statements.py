"""Read statements: the account of a line as of any past day, what was issued, and what was entered after that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec
from django.db.models import Q

from lingqu.base.calendar import china_day
from lingqu.base.database import rows
from lingqu.base.money import ZERO
from lingqu.base.refusal import Refusal, not_found
from lingqu.base.text import Text
from lingqu.credit.access import may_see_line
from lingqu.credit.models import Application, Batch, BatchCredit, CreditLine, Receipt
from lingqu.credit.states import ApplicationKind
from lingqu.organisation.queries import Acting
from lingqu.settlement.models import Statement, StatementDispute
from lingqu.settlement.rules import (
    Figures,
    Firms,
    Laid,
    Move,
    MoveKind,
    Owed,
    StatementContent,
    batches_at,
    make_statement,
    month_before,
    read_canonical,
    unapplied_at,
)
from lingqu.settlement.states import StatementState

MOST_MOVES: Final = 5_000
MOST_LISTED: Final = 500
NEWEST: Final = 2**62

_FIGURES = """
SELECT COALESCE(sum(m.amount) FILTER (WHERE m."on" < %s AND m.id <= %s), 0) AS opening,
       COALESCE(sum(m.amount) FILTER (WHERE m."on" <= %s), 0) AS closing, COALESCE(max(m.id), 0) AS last_posting
  FROM (SELECT id, "on", amount FROM ledger_posting WHERE source_id = %s AND phase IN ('direct', 'settle', 'reverse')
        UNION ALL
        SELECT id, "on", -amount FROM ledger_posting WHERE destination_id = %s AND phase IN ('direct', 'settle', 'reverse')) AS m
"""

_MOVES = """
SELECT p.id, p."on", p.phase, p.reason, p.document_kind, p.amount, p.source_id = %s AS more,
       COALESCE(r.number, d.number, w.number, b.request, o.number, '') AS number,
       COALESCE(b.request, o.number, db.request, wb.request, '') AS request
  FROM ledger_posting p
  LEFT JOIN credit_receipt r ON p.document_kind = 'receipt' AND r.id = p.document_id
  LEFT JOIN credit_batchcredit d ON p.document_kind = 'batch_credit' AND d.id = p.document_id
  LEFT JOIN credit_batch db ON db.id = d.batch_id
  LEFT JOIN credit_writeoff w ON p.document_kind = 'write_off' AND w.id = p.document_id
  LEFT JOIN credit_batch wb ON wb.id = w.batch_id
  LEFT JOIN credit_batch b ON p.document_kind = 'batch' AND b.id = p.document_id
  LEFT JOIN orders_order o ON p.document_kind = 'order' AND o.id = p.document_id
 WHERE (p.source_id = %s OR p.destination_id = %s) AND p.phase IN ('direct', 'settle', 'reverse') AND p.amount > 0
   AND p."on" <= %s AND (p."on" >= %s OR p.id > %s)
 ORDER BY p."on", p.id LIMIT %s
"""

_CLOSINGS = """
SELECT a.id, COALESCE((SELECT sum(p.amount) FROM ledger_posting p
                        WHERE p.source_id = a.id AND p.phase IN ('direct', 'settle', 'reverse') AND p."on" <= %s), 0)
           - COALESCE((SELECT sum(p.amount) FROM ledger_posting p
                        WHERE p.destination_id = a.id AND p.phase IN ('direct', 'settle', 'reverse') AND p."on" <= %s), 0) AS owed
  FROM unnest(%s::bigint[]) AS a(id)
"""


class MonthRow(msgspec.Struct, frozen=True):
    """A partner in a month: what it owed at the end, yuan, and the statement if one was issued."""

    line: int
    code: str
    name: str
    closing: Decimal
    statement: Statement | None


class Sought(msgspec.Struct, frozen=True):
    """A partner's statement: as issued where it was, else as the accounts say now."""

    line: CreditLine
    issued: Statement | None
    content: StatementContent


def statement_of(line: CreditLine, since: date, until: date) -> StatementContent:
    """Return the statement of a line from its first to its last day, checked (`statement_unsound` where figures do not agree).

    By the days for which documents count, whenever they were entered. Where the statement of the month before was issued, it opens with
    the closing of that one, and what was entered since for those days stands first. Refuses more than 5,000 movements.
    """
    before = Statement.objects.filter(line=line, month=month_before(since)[0]).first() if since.day == 1 else None
    known = read_canonical(before.content).last_posting if before else NEWEST
    account = line.account_id
    found = rows(_FIGURES, (since, known, until, account, account))[0]
    moved = rows(_MOVES, (account, account, account, until, since, known, MOST_MOVES + 1))
    if len(moved) > MOST_MOVES:
        raise Refusal(
            "too_many_movements",
            Text(f"该期间超过 {MOST_MOVES:,} 笔，请选择较短的期间。", f"More than {MOST_MOVES:,} movements; choose a shorter period."),
        )
    owed, laid, money = _papers(line)
    firms = Firms(line.seller.code, line.seller.name, line.buyer.code, line.buyer.name)
    return make_statement(
        firms, (since, until), Figures(found.opening, found.closing, found.last_posting), [_move(row) for row in moved],
        batches_at(owed, laid, until), unapplied_at(money, owed, laid, until),
    )  # fmt: skip


_KINDS: Final = {
    ("accepted", True): MoveKind.ACCEPTED,
    ("raised", True): MoveKind.RAISED,
    ("receipt", False): MoveKind.RECEIPT,
    ("reversed", True): MoveKind.REVERSED,
    ("credit", False): MoveKind.CREDIT,
    ("write_off", False): MoveKind.WRITE_OFF,
    ("write_off", True): MoveKind.WRITE_OFF_BACK,
}


def _move(row: Any) -> Move:  # noqa: ANN401 - a row of the statement above
    kind = _KINDS.get((row.reason, row.more), MoveKind.OTHER)
    return Move(row.id, row.on, kind, row.number, row.request, row.amount if row.more else ZERO, ZERO if row.more else row.amount)


def _papers(line: CreditLine) -> tuple[list[Owed], list[Laid], list[tuple[date, Decimal]]]:
    """Return batches, applications, and all that made the debt less with its day. Five statements."""
    batches = list(Batch.objects.filter(line=line).order_by("number"))
    raised: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    grown = rows(
        "SELECT document_id, \"on\", amount FROM ledger_posting WHERE source_id = %s AND document_kind = 'batch' AND reason = 'raised'",
        (line.account_id,),
    )
    for row in grown:
        raised[row.document_id].append((row.on, row.amount))
    owed = [
        Owed(
            one.pk, one.number, one.request, one.opened_on, one.value, tuple(raised[one.pk]), one.shipped_on, one.triggered_on,
            one.triggered_due_on, one.backstop_due_on,
        )
        for one in batches
    ]  # fmt: skip
    laid = []
    money: list[tuple[date, Decimal]] = []
    for row in Application.objects.filter(batch__line=line).order_by("id"):
        entered = china_day(row.at) if row.at else None
        laid.append(Laid(row.pk, row.batch_id, row.amount, row.on, entered, row.kind == ApplicationKind.PREPAID.value, row.reverses_id))
        if row.kind == ApplicationKind.WRITE_OFF.value:
            money.append((row.on, row.amount))
    for receipt in Receipt.objects.filter(line=line):
        money.append((receipt.received_on, receipt.amount))
        if receipt.reversed_on:
            money.append((receipt.reversed_on, -receipt.amount))
    money += [(credit.on, credit.amount) for credit in BatchCredit.objects.filter(line=line)]
    return owed, laid, money


def closings(lines: Sequence[CreditLine], *, on: date) -> dict[int, Decimal]:
    """Return what each line owed at the end of the day, yuan, by line. One statement."""
    by_account = {line.account_id: line.pk for line in lines}
    return {by_account[row.id]: row.owed for row in rows(_CLOSINGS, (on, on, list(by_account)))}


def month_rows(seller: int, first: date, until: date, *, words: str = "", state: str = "") -> list[MonthRow]:
    """Return the seller's partners in a month with closing and statement, by name, at most 500.

    `state` is one of a statement's, `none` for those without one, or "" for all; `words` stand in name, short name or code.
    """
    found = CreditLine.objects.filter(seller_id=seller).select_related("buyer").order_by("buyer__pinyin", "id")
    if words:
        found = found.filter(Q(buyer__name__icontains=words) | Q(buyer__short_name__icontains=words) | Q(buyer__code__icontains=words))
    if state == "none":
        found = found.exclude(statements__month=first)
    elif state:
        found = found.filter(statements__month=first, statements__state=state)
    lines = list(found[:MOST_LISTED])
    owed = closings(lines, on=until) if lines else {}
    issued = {one.line_id: one for one in Statement.objects.filter(line__in=lines, month=first).defer("content")}
    return [MonthRow(line.pk, line.buyer.code, line.buyer.name, owed[line.pk], issued.get(line.pk)) for line in lines]


def line_for_statement(code: str, *, by: Acting) -> CreditLine:
    """Return the line of the partner of this code: what the person's firm gives it, or the person's own; refuses (404) any other."""
    found = None
    if "\x00" not in code:
        own = CreditLine.objects.filter(Q(seller_id=by.firm) | Q(buyer_id=by.firm), buyer__code=code)
        found = own.select_related("seller", "buyer").first()
    if found is None or not may_see_line(by, found.seller_id, found.buyer_id):
        raise not_found()
    return found


def statement_for(line: int, month: date) -> Statement | None:
    """Return the statement of a line that was issued for the month that begins on this day, None when there is none."""
    return Statement.objects.filter(line_id=line, month=month).select_related("issued_by", "answered_by").first()


def seek_statement(line: CreditLine, days: tuple[date, date], *, whole_month: bool) -> Sought:
    """Return the statement of a line for these days; a `whole_month` that was issued stands as it was issued."""
    issued = statement_for(line.pk, days[0]) if whole_month else None
    return Sought(line, issued, read_canonical(issued.content) if issued else statement_of(line, *days))


def disputes_of(statement: int) -> list[StatementDispute]:
    """Return what the partner objects to, in the order in which it was said."""
    return list(StatementDispute.objects.filter(statement_id=statement).select_related("made_by", "answered_by").order_by("id"))


def entered_since(line: CreditLine, content: StatementContent) -> list[Move]:
    """Return movements that count for the days of an issued statement or earlier, and were entered after it; at most 5,000."""
    account = line.account_id
    moved = rows(_MOVES, (account, account, account, content.until, date.max, content.last_posting, MOST_MOVES))
    return [_move(row) for row in moved]


def lines_to_state(first: date, until: date, *, seller: int | None = None) -> list[int]:
    """Return the lines without a statement of the month that moved in it or owed anything at its end; of all sellers when none is named."""
    found = CreditLine.objects.exclude(statements__month=first)
    lines = list((found.filter(seller_id=seller) if seller else found).order_by("id"))
    accounts = [line.account_id for line in lines]
    moved = {
        row.account
        for row in rows(
            "SELECT DISTINCT a.id AS account FROM unnest(%s::bigint[]) AS a(id) JOIN ledger_posting p ON (p.source_id = a.id OR"
            " p.destination_id = a.id) AND p.phase IN ('direct', 'settle', 'reverse') AND p.amount > 0 AND p.\"on\" BETWEEN %s AND %s",
            (accounts, first, until),
        )
    }
    owed = closings(lines, on=until) if lines else {}
    return [line.pk for line in lines if line.account_id in moved or owed[line.pk]]


def statements_to_remind(*, on: date) -> list[int]:
    """Return the statements that were to be answered the day before `on` and were not."""
    late = Statement.objects.filter(reply_until__lt=on, answered_at__isnull=True, state=StatementState.ISSUED.value)
    return list(late.order_by("id").values_list("pk", flat=True)[:MOST_LISTED])
