"""The booklist by which a return or a transfer is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lingqu.base.sheets import Column, ColumnKind, SheetOut, write_workbook
from lingqu.base.text import Text, active_language
from lingqu.returns.queries import TitleRow

_BOOKLIST_COLUMNS = (
    Column("code", Text("编号", "Number"), width=18),
    Column("isbn", Text("书号", "ISBN"), width=16),
    Column("name", Text("名称", "Title"), width=44),
    Column("free", Text("可退（本）", "Can go back"), ColumnKind.COUNT, 12),
    Column("last", Text("最近发货", "Last shipped"), ColumnKind.DATE, 12),
    Column("copies", Text("册数", "Copies"), ColumnKind.COUNT, 12),
)
_ABOVE = (
    Text(
        "在最后一列“册数”填册数，其余留空；表头、编号请勿改动。填好后在申请页上传。",
        "Fill in the copies in the last column and leave the rest empty; keep heads and numbers. Then send it on the page of the form.",
    ),
    Text(
        "别的书目也可直接上传或粘贴：编号、书号或名称，加册数。",
        "Any other list can be sent or pasted too: number, ISBN or name, and copies.",
    ),
)


def booklist_of(shipped: Sequence[TitleRow], partner: str, *, by: str, at: datetime) -> bytes:
    """Return what a partner was shipped and did not send back as a workbook to fill in; it is read again with whatever copies it has."""
    rows = [{"code": one.code, "isbn": one.isbn, "name": one.name, "free": max(one.free, 0), "last": one.last} for one in shipped]
    sheet = SheetOut(Text(f"书目 {partner}", f"Booklist {partner}"), _BOOKLIST_COLUMNS, rows, above=_ABOVE)
    return write_workbook([sheet], language=active_language(), author=by, at=at)
