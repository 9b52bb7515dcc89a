"""The credit desk, the batches behind its figures and the review of special signatures as workbooks."""

from __future__ import annotations

from collections.abc import Iterator

from lingqu.base.sheets import Column, ColumnKind
from lingqu.base.text import Text
from lingqu.desk.present.credit_desk import DESK_COLUMNS, desk_out, document_row, totals_out
from lingqu.desk.present.signatures import SIGNED_COLUMNS, signed_out, sums_out
from lingqu.desk.queries.credit_desk import added_up
from lingqu.desk.views.credit_sight import DeskSight, asked_of, batches_seen, partners_seen, sight_of
from lingqu.desk.views.signatures import signatures_seen, year_of
from lingqu.documents.queries import MOST_OUT, Ask, Beside, ListOut, RowOut

_BATCH_COLUMNS = (
    Column("buyer_code", Text("客户编号", "Partner code"), width=14),
    Column("buyer", Text("客户", "Partner"), width=30),
    Column("number", Text("批次", "Batch"), ColumnKind.COUNT, 8),
    Column("request", Text("进货申请", "Request"), width=16),
    Column("opened_on", Text("开批日", "Opened on"), ColumnKind.DATE, 12),
    Column("due_on", Text("应付日", "Due on"), ColumnKind.DATE, 12),
    Column("remaining", Text("尚欠（元）", "Owed (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("state", Text("状态", "State"), width=20),
)


def _sight(ask: Ask) -> DeskSight:
    return sight_of(ask.who, ask.given, today=ask.on)


def _as_of(sight: DeskSight) -> Text:
    day = sight.on.isoformat()
    return Text(f"截至 {day}{' 日终' if sight.past else ''}", f"as of {'the end of ' if sight.past else ''}{day}")


def _desk_out(ask: Ask) -> Iterator[RowOut]:
    sight = _sight(ask)
    _, found = partners_seen(ask.who, sight, asked_of(ask.given, sight))
    for row in found:
        yield desk_out(row, on=sight.on, tolerance_days=sight.tolerance_days)
    yield totals_out(added_up(found))


def _desk_beside(ask: Ask) -> Beside:
    prepaid = Text("合计不含现款客户的预收款。", "The total leaves out money that partners who pay first paid in advance.")
    return Beside(notes=(_as_of(_sight(ask)), prepaid))


def _desk_named(ask: Ask) -> Text:
    past = _sight(ask).past
    return Text(f"信用台 {past} 日终", f"Credit desk, end of {past}") if past else Text("信用台", "Credit desk")


def _batches_out(ask: Ask) -> Iterator[RowOut]:
    sight = _sight(ask)
    _, _, found = batches_seen(ask.who, ask.given, sight, most=MOST_OUT + 1)
    for one in found:
        shown = document_row(one, on=sight.on, tolerance_days=sight.tolerance_days)
        yield {
            "buyer_code": one.buyer_code, "buyer": one.buyer_name, "number": one.number, "request": one.request, "opened_on": one.opened_on,
            "due_on": one.due_on, "remaining": one.remaining, "state": shown["state_text"],
        }  # fmt: skip


def _batches_beside(ask: Ask) -> Beside:
    return Beside(notes=(_as_of(_sight(ask)),))


def _signatures_out(ask: Ask) -> Iterator[RowOut]:
    _, _, found = signatures_seen(ask.who, ask.given, today=ask.on)
    return (signed_out(row, on=ask.on) for row in found)


def _signatures_beside(ask: Ask) -> Beside:
    _, _, found = signatures_seen(ask.who, ask.given, today=ask.on)
    return Beside(sheets=sums_out(found, on=ask.on))


def _signatures_named(ask: Ask) -> Text:
    year = year_of(ask.given, today=ask.on)
    return Text(f"{year} 年特批", f"Signatures {year}")


CREDIT_DESK_OUT = ListOut("credit_desk", "credit_desk", Text("信用台", "Credit desk"), DESK_COLUMNS, _desk_out, _desk_beside, _desk_named)
BATCHES_OUT = ListOut("batches", "credit_desk_documents", Text("未结批次", "Open batches"), _BATCH_COLUMNS, _batches_out, _batches_beside)
SIGNATURES_OUT = ListOut(
    "signatures", "signatures", Text("特批", "Special signatures"), SIGNED_COLUMNS, _signatures_out, _signatures_beside, _signatures_named
)
