"""Lists of returns and of transfers as workbooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from lingqu.base.sheets import Column, ColumnKind
from lingqu.base.text import Text, parted
from lingqu.documents.queries import A_PAGE, Ask, ListOut, RowOut
from lingqu.orders.states import RETURN_WORDS, ReturnReason
from lingqu.organisation.queries import Acting
from lingqu.returns.forms import read_filter
from lingqu.returns.models import ReturnRequest, Transfer
from lingqu.returns.present import transfer_told
from lingqu.returns.queries import Page, ReturnFilter, returns_page, transfers_page
from lingqu.returns.states import RETURNS, TRANSFERS, ReturnState, TransferState

_WITHIN = {True: Text("未超限", "within the caps"), False: Text("超限", "beyond a cap")}
_RETURN_COLUMNS = (
    Column("number", Text("编号", "Number"), width=16),
    Column("buyer", Text("客户", "Partner"), width=30),
    Column("buyer_code", Text("客户编号", "Partner code"), width=14),
    Column("reason", Text("原因", "Reason"), width=16),
    Column("state", Text("状态", "State"), width=14),
    Column("within", Text("限额", "Caps"), width=12),
    Column("copies", Text("册数", "Copies"), ColumnKind.COUNT, 10, summed=True),
    Column("list_value", Text("码洋（元）", "List value (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("net", Text("申请实洋（元）", "Net asked (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("credited", Text("已冲减（元）", "Credited (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("asked_at", Text("申请时间", "Asked at"), ColumnKind.MOMENT, 17),
    Column("agreed_at", Text("同意时间", "Agreed at"), ColumnKind.MOMENT, 17),
    Column("lapses_on", Text("寄回期限", "To arrive by"), ColumnKind.DATE, 12),
    Column("counted_at", Text("清点时间", "Counted at"), ColumnKind.MOMENT, 17),
    Column("note", Text("备注", "Note"), width=30),
)
_TRANSFER_COLUMNS = (
    Column("number", Text("编号", "Number"), width=16),
    Column("giver", Text("调出方", "From"), width=30),
    Column("taker", Text("调入方", "To"), width=30),
    Column("state", Text("状态", "State"), width=14),
    Column("copies", Text("册数", "Copies"), ColumnKind.COUNT, 10, summed=True),
    Column("list_value", Text("码洋（元）", "List value (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("asked_at", Text("申请时间", "Asked at"), ColumnKind.MOMENT, 17),
    Column("order", Text("进货申请", "Request"), width=16),
    Column("given_at", Text("调出清点", "Giver's count"), ColumnKind.MOMENT, 17),
    Column("taken_at", Text("调入清点", "Taker's count"), ColumnKind.MOMENT, 17),
    Column("moved_at", Text("调货时间", "Transferred at"), ColumnKind.MOMENT, 17),
    Column("net", Text("申请实洋（元）", "Net asked (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("credited", Text("调出方冲减（元）", "Credited to the giver (yuan)"), ColumnKind.MONEY, 18, summed=True),
    Column("reason", Text("理由", "Reason"), width=30),
    Column("because", Text("说明", "Because"), width=30),
)


def _pages(ask: Ask, find: Callable[..., Page]) -> Iterator[Any]:
    wanted: ReturnFilter = read_filter(ask.given)
    while True:
        found = find(ask.who, wanted, most=A_PAGE)
        yield from found.rows
        if found.older is None:
            return
        wanted = replace(wanted, before=found.older)


def _returns_out(ask: Ask) -> Iterator[RowOut]:
    return (_return_out(one) for one in _pages(ask, returns_page))


def _return_out(one: ReturnRequest) -> RowOut:
    return {
        "number": one.number, "buyer": one.buyer.name, "buyer_code": one.buyer.code, "reason": RETURN_WORDS[ReturnReason(one.reason)],
        "state": RETURNS.words[ReturnState(one.state)], "within": _WITHIN[one.within], "copies": one.copies, "list_value": one.list_value,
        "net": one.net, "credited": one.credited, "asked_at": one.asked_at, "agreed_at": one.agreed_at, "lapses_on": one.lapses_on,
        "counted_at": one.counted_at, "note": one.note,
    }  # fmt: skip


def _transfers_out(ask: Ask) -> Iterator[RowOut]:
    return (_transfer_out(one, ask.who) for one in _pages(ask, transfers_page))


def _transfer_out(one: Transfer, who: Acting) -> RowOut:
    told = transfer_told(one, who.firm)
    return {
        "number": one.number, "giver": one.giver.name, "taker": one.taker.name, "state": TRANSFERS.words[TransferState(one.state)],
        "copies": one.copies, "list_value": told.list_value, "asked_at": one.asked_at, "order": told.order, "given_at": one.given_at,
        "taken_at": one.taken_at, "moved_at": one.moved_at, "net": told.net, "credited": told.credited, "reason": told.reason,
        "because": parted(told.because),
    }  # fmt: skip


RETURNS_OUT = ListOut("returns", "returns", Text("退货", "Returns"), _RETURN_COLUMNS, _returns_out)
TRANSFERS_OUT = ListOut("transfers", "transfers", Text("调货", "Transfers"), _TRANSFER_COLUMNS, _transfers_out)
