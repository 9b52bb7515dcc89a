"""Read statements: the account of a line as of any past day, what was issued, and what was entered after that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import msgspec
from django.db.models import Q

from lingqu.base.database import rows
from lingqu.base.money import ZERO
from lingqu.base.refusal import Refusal, not_found
from lingqu.base.text import Text
from lingqu.credit.access import MODELS, may_see_line
from lingqu.credit.models import CreditLine
from lingqu.organisation.queries import Acting, rows_seen
from lingqu.settlement.models import Statement, StatementDispute
from lingqu.settlement.queries.statement_papers import own_requests, papers_of, sent_for
from lingqu.settlement.rules import (
    Figures,
    Firms,
    Move,
    MoveKind,
    StatementContent,
    batches_at,
    day_begins,
    goods_at,
    make_statement,
    month_before,
    read_canonical,
    received_at,
    unapplied_at,
    with_goods,
)
from lingqu.settlement.states import StatementState

MOST_MOVES: Final = 20_000
MOST_LISTED: Final = 500
NEWEST: Final = 2**62
FAR: Final = datetime(9999, 1, 1, tzinfo=UTC)
ONE_DAY: Final = timedelta(days=1)

_FIGURES = """
SELECT COALESCE(sum(m.amount) FILTER (WHERE m."on" < %s AND (m.id <= %s AND m.at < %s OR m."on" <= %s AND m.id <= %s)), 0) AS opening,
       COALESCE(sum(m.amount) FILTER (WHERE m."on" <= %s), 0) AS closing, COALESCE(max(m.id), 0) AS last_posting
  FROM (SELECT id, "on", at, amount FROM ledger_posting WHERE source_id = %s AND phase IN ('direct', 'settle', 'reverse') AND at < %s
        UNION ALL
        SELECT id, "on", at, -amount FROM ledger_posting
         WHERE destination_id = %s AND phase IN ('direct', 'settle', 'reverse') AND at < %s) AS m
"""

_MOVES = """
SELECT p.id, p."on", (p.at AT TIME ZONE 'Asia/Shanghai')::date AS entered_on, p.phase, p.reason, p.document_kind, p.amount,
       p.source_id = %s AS more, COALESCE(r.number, d.number, w.number, b.request, o.number, '') AS number,
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
   AND p."on" <= %s AND p.at < %s
   AND (p."on" >= %s OR (p.id > %s OR p.at >= %s) AND NOT (p."on" <= %s AND p.id <= %s))
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
    """A partner in a month: what it owed at the end, yuan, and the statement if one was issued.

    `quiet`: there is nothing to state. `objected`: an objection to the statement has no answer yet.
    """

    line: int
    code: str
    name: str
    closing: Decimal
    statement: Statement | None
    quiet: bool
    objected: bool


class AskedDays(msgspec.Struct, frozen=True):
    """For which days a statement is asked, as known at the end of which day (None: by now); `whole_month`: named by its month."""

    since: date
    until: date
    known: date | None = None
    whole_month: bool = False


class Sought(msgspec.Struct, frozen=True):
    """A partner's statement: as issued where it was, else as the accounts say now."""

    line: CreditLine
    issued: Statement | None
    content: StatementContent


def statement_of(line: CreditLine, since: date, until: date, *, known: date | None = None) -> StatementContent:
    """Return the statement of a line from its first to its last day, checked (`statement_unsound` where figures do not agree).

    By the days for which documents count, as it was known at the end of the day `known` (None: by now). It opens with the closing of the
    statement of the month before where that was issued, else with what was known when its first day began and what an earlier statement
    has shown; what was entered later for earlier days stands first. Refuses more than 20,000 movements.
    """
    before = day_begins(known + ONE_DAY) if known else FAR
    closed = _closed(line, since, before)
    account = line.account_id
    found = rows(_FIGURES, (since, *closed, until, account, before, account, before))[0]
    moved = rows(_MOVES, (account, account, account, until, before, since, *closed, MOST_MOVES + 1))
    if len(moved) > MOST_MOVES:
        raise Refusal(
            "too_many_movements",
            Text(f"该期间超过 {MOST_MOVES:,} 笔，请选择较短的期间。", f"More than {MOST_MOVES:,} movements; choose a shorter period."),
        )
    owed, laid, money = papers_of(line, before=before)
    firms = Firms(line.seller.code, line.seller.name, line.buyer.code, line.buyer.name)
    content = make_statement(
        firms, (since, until), Figures(found.opening, found.closing, found.last_posting), [_move(row) for row in moved],
        batches_at(owed, laid, until), unapplied_at(money, owed, laid, until),
    )  # fmt: skip
    sent = sent_for(line, [one.request for one in content.batches], before=before)
    received = received_at(sent, until)
    return with_goods(content, goods_at(sent, until), received=received, known=known, ours=own_requests(line))


def _closed(line: CreditLine, since: date, before: datetime) -> tuple[int, datetime, date, int]:
    """Return what the opening knows: postings up to an id, entered before a moment; and for days up to one, postings up to an id.

    After the statement of the month before it is what that one knew. After an older one, what was known when the first day began, and what
    the older one has shown of its own days though it was entered later: nothing is told twice.
    """
    first = (NEWEST, day_begins(since), date.min, 0)
    if since.day != 1:
        return first
    older = Statement.objects.filter(line=line, month__lt=since, issued_at__lt=before).order_by("-month").first()
    if older is None:
        return first
    shown = read_canonical(older.content)
    if older.month == month_before(since)[0]:
        return shown.last_posting, FAR, date.min, 0
    return NEWEST, day_begins(since), shown.until, shown.last_posting


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
    more, less = (row.amount, ZERO) if row.more else (ZERO, row.amount)
    return Move(row.id, row.on, kind, row.number, row.request, more, less, row.entered_on)


def closings(lines: Sequence[CreditLine], *, on: date) -> dict[int, Decimal]:
    """Return what each line owed at the end of the day, yuan, by line. One statement."""
    by_account = {line.account_id: line.pk for line in lines}
    return {by_account[row.id]: row.owed for row in rows(_CLOSINGS, (on, on, list(by_account)))}


def month_rows(
    seller: int, first: date, until: date, *, words: str = "", state: str = "", most: int = MOST_LISTED
) -> list[MonthRow]:  # fmt: skip
    """Return up to `most` of the seller's partners in a month with closing and statement, by name.

    `state` is one of a statement's, `none` for those without one, or "" for all; `words` stand in name, short name or code.
    """
    found = CreditLine.objects.filter(seller_id=seller).select_related("buyer").order_by("buyer__pinyin", "id")
    if words:
        found = found.filter(Q(buyer__name__icontains=words) | Q(buyer__short_name__icontains=words) | Q(buyer__code__icontains=words))
    if state == "none":
        found = found.exclude(statements__month=first)
    elif state:
        found = found.filter(statements__month=first, statements__state=state)
    lines = list(found[:most])
    owed = closings(lines, on=until) if lines else {}
    issued = {one.line_id: one for one in Statement.objects.filter(line__in=lines, month=first).defer("content")}
    moved = _moved([line.account_id for line in lines], first, until)
    open_ones = StatementDispute.objects.filter(statement__line__in=lines, statement__month=first, answered_at__isnull=True)
    objected = set(open_ones.values_list("statement__line_id", flat=True))
    return [
        MonthRow(
            line.pk, line.buyer.code, line.buyer.name, owed[line.pk], issued.get(line.pk),
            quiet=not owed[line.pk] and line.account_id not in moved, objected=line.pk in objected,
        )
        for line in lines
    ]  # fmt: skip


def line_for_statement(code: str, *, by: Acting) -> CreditLine:
    """Return the line of the partner of this code: what the person's firm gives it, or the person's own; refuses (404) any other."""
    found = None
    if "\x00" not in code:
        own = CreditLine.objects.filter(rows_seen(MODELS["CreditLine"], by), buyer__code=code)
        found = own.select_related("seller", "buyer").first()
    if found is None or not may_see_line(by, found.seller_id, found.buyer_id):
        raise not_found()
    return found


def statement_for(line: int, month: date) -> Statement | None:
    """Return the statement of a line that was issued for the month that begins on this day, None when there is none."""
    return Statement.objects.filter(line_id=line, month=month).select_related("issued_by", "answered_by").first()


def seek_statement(line: CreditLine, asked: AskedDays) -> Sought:
    """Return the statement of a line as it was asked for; a whole month that was issued stands as it was issued, unless as known then."""
    issued = statement_for(line.pk, asked.since) if asked.whole_month and asked.known is None else None
    content = read_canonical(issued.content) if issued else statement_of(line, asked.since, asked.until, known=asked.known)
    return Sought(line, issued, content)


def disputes_of(statement: int) -> list[StatementDispute]:
    """Return what the partner objects to, in the order in which it was said."""
    return list(StatementDispute.objects.filter(statement_id=statement).select_related("made_by", "answered_by").order_by("id"))


def entered_since(line: CreditLine, content: StatementContent) -> list[Move]:
    """Return movements that count for the days of a statement or earlier, and were entered after it was issued, or after its `known_on`.

    At most 500, by the day for which they count.
    """
    account = line.account_id
    after, moment = (NEWEST, day_begins(content.known_on + ONE_DAY)) if content.known_on else (content.last_posting, FAR)
    moved = rows(_MOVES, (account, account, account, content.until, FAR, date.max, after, moment, date.min, 0, MOST_LISTED))
    return [_move(row) for row in moved]


def lines_to_state(first: date, until: date, *, seller: int | None = None) -> list[int]:
    """Return the lines without a statement of the month that moved in it or owed anything at its end; of all sellers when none is named."""
    found = CreditLine.objects.exclude(statements__month=first)
    lines = list((found.filter(seller_id=seller) if seller else found).order_by("id"))
    accounts = [line.account_id for line in lines]
    moved = _moved(accounts, first, until)
    owed = closings(lines, on=until) if lines else {}
    return [line.pk for line in lines if line.account_id in moved or owed[line.pk]]


def _moved(accounts: list[int], first: date, until: date) -> set[int]:
    """Return the accounts on which what is owed changed on days from `first` to `until`. One statement."""
    found = rows(
        "SELECT DISTINCT a.id AS account FROM unnest(%s::bigint[]) AS a(id) JOIN ledger_posting p ON (p.source_id = a.id OR"
        " p.destination_id = a.id) AND p.phase IN ('direct', 'settle', 'reverse') AND p.amount > 0 AND p.\"on\" BETWEEN %s AND %s",
        (accounts, first, until),
    )
    return {row.account for row in found}


def statements_to_remind(*, on: date) -> list[int]:
    """Return the statements that were to be answered before `on` and were not, also those of which the partner was reminded already."""
    late = Statement.objects.filter(reply_until__lt=on, answered_at__isnull=True, state=StatementState.ISSUED.value)
    return list(late.order_by("id").values_list("pk", flat=True))
