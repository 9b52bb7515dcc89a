"""The list of duties as it goes out."""

from __future__ import annotations

from collections.abc import Iterator

from lingqu.base.sheets import Column, ColumnKind
from lingqu.base.text import Text
from lingqu.documents.queries import MOST_OUT, Ask, ListOut, RowOut
from lingqu.duties.forms import read_asked
from lingqu.duties.present import row_of
from lingqu.duties.queries import list_duties, reach

_COLUMNS = (
    Column("due_on", Text("到期日", "Due on"), ColumnKind.DATE, 12),
    Column("title", Text("职责", "Duty"), width=40),
    Column("period", Text("期间", "Period"), width=14),
    Column("firm", Text("涉及单位", "About"), width=30),
    Column("responsible", Text("责任岗位", "Responsible"), width=18),
    Column("owed_by", Text("责任单位", "Owed by"), width=30),
    Column("appraiser", Text("考核", "Appraised by"), width=18),
    Column("clause", Text("条款", "Clause"), width=12),
    Column("state", Text("状态", "State"), width=12),
    Column("done_at", Text("完成时间", "Done at"), ColumnKind.MOMENT, 17),
    Column("done_by", Text("完成人", "Done by"), width=14),
)


def _duties_out(ask: Ask) -> Iterator[RowOut]:
    asked = read_asked({name: value for name, value in ask.given.items() if name in ("who", "state", "rule", "firm")})
    for duty in list_duties(asked, reach=reach(ask.who, on=ask.on), on=ask.on, most=MOST_OUT + 1):
        row = row_of(duty, on=ask.on, mine=False)
        names = ("due_on", "title", "period", "firm", "responsible", "owed_by", "appraiser", "clause", "state", "done_at", "done_by")
        yield {name: row[name] for name in names}


DUTIES_OUT = ListOut("duties", "duties", Text("职责", "Duties"), _COLUMNS, _duties_out)
