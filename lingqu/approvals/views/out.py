"""The lists of approvals as they go out."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from lingqu.approvals.forms import read_filter
from lingqu.approvals.present import row_of
from lingqu.approvals.queries import list_approvals
from lingqu.base.sheets import Column, ColumnKind
from lingqu.base.text import Text
from lingqu.documents.queries import A_PAGE, Ask, ListOut, RowOut

_COLUMNS = (
    Column("number", Text("编号", "Number"), width=16),
    Column("title", Text("事项", "What is asked"), width=44),
    Column("chain", Text("程序", "Procedure"), width=20),
    Column("about", Text("涉及单位", "About"), width=30),
    Column("amount", Text("金额（元）", "Amount (yuan)"), ColumnKind.MONEY, 16),
    Column("asked_by", Text("提交人", "Asked by"), width=14),
    Column("asked_at", Text("提交时间", "Asked at"), ColumnKind.MOMENT, 17),
    Column("state", Text("状态", "State"), width=14),
    Column("step", Text("当前步骤", "Open step"), width=20),
    Column("waits_for", Text("等待", "Waits for"), width=24),
)


def _approvals_out(ask: Ask) -> Iterator[RowOut]:
    wanted = read_filter({name: value for name, value in ask.given.items() if name in ("list", "state", "chain")})
    while True:
        found = list_approvals(ask.who, wanted, most=A_PAGE)
        for approval in found.rows:
            row = row_of(approval, at=ask.at)
            yield {
                "number": row.number, "title": row.title, "chain": row.chain, "about": row.about, "amount": row.amount,
                "asked_by": row.asked_by, "asked_at": row.asked_at, "state": row.badge.text, "step": row.step or "",
                "waits_for": row.waits_for or "",
            }  # fmt: skip
        if found.older is None:
            return
        wanted = replace(wanted, after=found.older)


APPROVALS_OUT = ListOut("approvals", "approvals", Text("审批", "Approvals"), _COLUMNS, _approvals_out)
