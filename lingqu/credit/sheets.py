"""Lists of money as workbooks: receipts, holds that are in force, and groups that share a limit."""

from __future__ import annotations

from collections.abc import Iterator

from lingqu.base.calendar import china_day
from lingqu.base.money import ZERO
from lingqu.base.refusal import not_found
from lingqu.base.sheets import Column, ColumnKind
from lingqu.base.text import Text
from lingqu.credit.access import SELLING
from lingqu.credit.queries import ReceiptRow, groups_of, list_receipts, open_holds_of
from lingqu.credit.states import HOLD_CAUSE_WORDS, HOLD_LEVEL_WORDS, HOLDS, HoldCause, HoldLevel, HoldState
from lingqu.documents.queries import A_PAGE, MOST_OUT, Ask, ListOut, RowOut, paged
from lingqu.organisation.states import FirmKind

_RECEIPT_COLUMNS = (
    Column("number", Text("编号", "Number"), width=16),
    Column("received_on", Text("到账日", "Received on"), ColumnKind.DATE, 12),
    Column("buyer", Text("付款客户", "Partner"), width=30),
    Column("buyer_code", Text("客户编号", "Partner code"), width=14),
    Column("seller", Text("收款单位", "Received by"), width=30),
    Column("amount", Text("金额（元）", "Amount (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("applied", Text("已核销（元）", "Applied (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("unapplied", Text("未核销（元）", "Unapplied (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("written_off", Text("尾差核销（元）", "Written off (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("taken_back", Text("已冲回（元）", "Taken back (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("settled", Text("结清批次", "Batches settled"), ColumnKind.COUNT, 12, summed=True),
    Column("payer", Text("付款户名", "Payer"), width=30),
    Column("reference", Text("银行凭证号", "Bank reference"), width=22),
    Column("entered_at", Text("登记时间", "Entered at"), ColumnKind.MOMENT, 17),
    Column("reversed_on", Text("冲回日", "Taken back on"), ColumnKind.DATE, 12),
)


def _receipts_out(ask: Ask) -> Iterator[RowOut]:
    sells, buys = ask.who.firm_kind in SELLING, ask.who.firm_kind != FirmKind.HQ.value
    side = "buyer" if buys and (not sells or ask.given.get("side") != "received") else "seller"
    found = paged(lambda last: list_receipts(side, ask.who.firm, before=last.id if last else None, most=A_PAGE))
    return (_receipt_out(row) for row in found)


def _receipt_out(row: ReceiptRow) -> RowOut:
    return {
        "number": row.number, "received_on": row.received_on, "buyer": row.buyer_name, "buyer_code": row.buyer_code,
        "seller": row.seller_name, "amount": row.amount, "applied": row.applied, "unapplied": row.unapplied,
        "written_off": row.written_off, "taken_back": row.amount if row.reversed_on else ZERO, "settled": row.settled,
        "payer": row.payer, "reference": row.bank_reference,
        "entered_at": row.entered_at, "reversed_on": row.reversed_on,
    }  # fmt: skip


_HOLD_COLUMNS = (
    Column("number", Text("编号", "Number"), width=16),
    Column("buyer", Text("客户", "Partner"), width=30),
    Column("buyer_code", Text("客户编号", "Partner code"), width=14),
    Column("cause", Text("原因", "Cause"), width=14),
    Column("level", Text("程度", "Level"), width=12),
    Column("state", Text("状态", "State"), width=12),
    Column("amount", Text("逾期（元）", "Overdue (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("oldest", Text("最早应付日", "Oldest due day"), ColumnKind.DATE, 12),
    Column("unshipped", Text("未发货（元）", "Not shipped (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("deferred", Text("延期至", "Put off until"), ColumnKind.DATE, 12),
    Column("deadline", Text("下一步期限", "Next step by"), ColumnKind.DATE, 12),
    Column("owner", Text("负责人", "Owner"), width=14),
    Column("set_at", Text("设立时间", "Set at"), ColumnKind.MOMENT, 17),
    Column("reason", Text("说明", "Reason"), width=40),
)


def _holds_out(ask: Ask) -> Iterator[RowOut]:
    for card in paged(lambda last: open_holds_of(ask.who.firm, on=ask.on, after=last, most=A_PAGE)):
        yield {
            "number": card.number, "buyer": card.buyer_name, "buyer_code": card.buyer_code,
            "cause": HOLD_CAUSE_WORDS[HoldCause(card.cause)], "level": HOLD_LEVEL_WORDS[HoldLevel(card.level)],
            "state": HOLDS.words[HoldState(card.state)], "amount": card.amount, "oldest": card.oldest_due_on, "unshipped": card.unshipped,
            "deferred": card.deferred_until, "deadline": card.deadline, "owner": card.owner, "set_at": card.set_at, "reason": card.reason,
        }  # fmt: skip


_GROUP_COLUMNS = (
    Column("number", Text("编号", "Number"), width=16),
    Column("name", Text("集团", "Group"), width=30),
    Column("members", Text("成员", "Members"), ColumnKind.COUNT, 8),
    Column("limit", Text("额度（元）", "Limit (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("used", Text("已占用（元）", "Used (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("held", Text("预占（元）", "Held (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("closed_on", Text("关闭日", "Closed on"), ColumnKind.DATE, 12),
)


def _groups_out(ask: Ask) -> Iterator[RowOut]:
    if ask.who.firm_kind != FirmKind.HQ.value:
        raise not_found()
    for row in groups_of(ask.who.firm, most=MOST_OUT + 1):
        yield {
            "number": row.group.number, "name": row.group.name, "members": row.members, "limit": row.standing.limit,
            "used": row.standing.used, "held": row.standing.held, "closed_on": row.group.closed_at and china_day(row.group.closed_at),
        }  # fmt: skip


RECEIPTS_OUT = ListOut("receipts", "receipts", Text("回款", "Receipts"), _RECEIPT_COLUMNS, _receipts_out)
HOLDS_OUT = ListOut("holds", "holds", Text("供货控制", "Holds"), _HOLD_COLUMNS, _holds_out)
GROUPS_OUT = ListOut("credit_groups", "credit_groups", Text("集团额度", "Group limits"), _GROUP_COLUMNS, _groups_out)
