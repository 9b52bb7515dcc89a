"""Bank lines, bank files and the statements of a month as workbooks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lingqu.base.sheets import Column, ColumnKind
from lingqu.base.text import Text
from lingqu.documents.queries import A_PAGE, MOST_OUT, Ask, ListOut, RowOut, paged
from lingqu.settlement.forms import read_month, read_search, read_state
from lingqu.settlement.present import MONTH_COLUMNS, SHEET_COLUMNS, month_out, sheet_row
from lingqu.settlement.queries import bookings_of, list_files, list_lines
from lingqu.settlement.states import LineState
from lingqu.settlement.views.desk import check_may_book, looked_up
from lingqu.settlement.views.statements import check_may_issue, months_partners

_FILE_COLUMNS = (
    Column("number", Text("文件", "File"), width=16),
    Column("account", Text("账户", "Account"), width=26),
    Column("since", Text("自", "From"), ColumnKind.DATE, 12),
    Column("until", Text("至", "To"), ColumnKind.DATE, 12),
    Column("lines", Text("笔数", "Movements"), ColumnKind.COUNT, 10, summed=True),
    Column("repeated", Text("其中已有", "Known before"), ColumnKind.COUNT, 10, summed=True),
    Column("money_in", Text("收入（元）", "In (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("money_out", Text("支出（元）", "Out (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("closing", Text("期末余额（元）", "Balance after (yuan)"), ColumnKind.MONEY, 16),
    Column("taken_by", Text("导入人", "Taken in by"), width=14),
    Column("taken_at", Text("导入时间", "Taken in at"), ColumnKind.MOMENT, 17),
)


def _bank_out(ask: Ask) -> Iterator[RowOut]:
    check_may_book(ask.who)
    state, words = read_state(ask.given.get("state", "")), read_search(ask.given.get("q", ""))
    last: int | None = None
    while lines := list_lines(ask.who.firm, state, words=words, before=last, most=A_PAGE):
        bookings = bookings_of([line.pk for line in lines])
        matches = looked_up(ask.who, lines, on=ask.on)[0] if state is LineState.OPEN else {}
        yield from (sheet_row(line, bookings[line.pk], matches.get(line.pk)) for line in lines)
        last = lines[-1].pk


def _files_out(ask: Ask) -> Iterator[RowOut]:
    check_may_book(ask.who)
    for one in paged(lambda last: list_files(ask.who.firm, before=last.pk if last else None, most=A_PAGE)):
        yield {
            "number": one.number, "account": one.profile.name, "since": one.since, "until": one.until, "lines": one.lines_count,
            "repeated": one.repeated, "money_in": one.money_in, "money_out": one.money_out, "closing": one.closing,
            "taken_by": one.taken_by.name, "taken_at": one.taken_at,
        }  # fmt: skip


def _statements_out(ask: Ask) -> Iterator[RowOut]:
    check_may_issue(ask.who)
    _, found, _ = months_partners(ask.who, ask.given, on=ask.on, most=MOST_OUT + 1)
    return (month_out(row, today=ask.on) for row in found)


def _statements_named(ask: Ask) -> Text:
    first: date = read_month(ask.given.get("month", ""), today=ask.on)
    return Text(f"对账 {first:%Y-%m}", f"Statements {first:%Y-%m}")


BANK_OUT = ListOut("bank", "bank", Text("银行流水", "Bank lines"), SHEET_COLUMNS, _bank_out)
BANK_FILES_OUT = ListOut("bank_files", "bank_files", Text("流水文件", "Bank files"), _FILE_COLUMNS, _files_out)
STATEMENTS_OUT = ListOut("statements", "statements", Text("对账", "Statements"), MONTH_COLUMNS, _statements_out, named=_statements_named)
