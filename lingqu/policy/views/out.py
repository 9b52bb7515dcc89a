"""The parameters of a regulation with what competitors do beside them, its open questions, and what happened under it, as workbooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from lingqu.base.sheets import Column, ColumnKind, SheetOut
from lingqu.base.text import Text
from lingqu.documents.queries import A_PAGE, Ask, Beside, ListOut, RowOut
from lingqu.policy.access import may_see_benchmarks
from lingqu.policy.present.carriers import Carrier
from lingqu.policy.present.gaps import gap_row
from lingqu.policy.present.parameters import ParameterGroup, ParameterRow, parameter_groups
from lingqu.policy.present.values import Cell, Grid
from lingqu.policy.queries import benchmarks, evidence_of
from lingqu.policy.queries.people import holder_names
from lingqu.policy.views.common import Seen, number_in_force, read_number, seen_by
from lingqu.policy.views.evidence import carrier_shown
from lingqu.policy.views.parameters import version_key

OBEYED = {True: Text("已执行", "carried out"), False: Text("尚未执行", "not yet carried out")}
SUPPLEMENT = Text("补充", "supplement")
_PARAMETER_COLUMNS = (
    Column("article", Text("条", "Article"), width=24),
    Column("clause", Text("条款", "Clause"), width=14),
    Column("title", Text("参数", "Parameter"), width=36),
    Column("key", Text("代号", "Name"), width=30),
    Column("row", Text("适用于", "For"), width=26),
    Column("field", Text("项", "Of"), width=20),
    Column("value", Text("值", "Value"), width=20),
    Column("unit", Text("单位", "Unit"), width=14),
    Column("bounds", Text("范围", "Bounds"), width=20),
    Column("type", Text("类型", "Type"), width=14),
    Column("obeyed", Text("执行", "Carried out"), width=14),
    Column("origin", Text("来源", "Origin"), width=12),
)
_NOTED_COLUMNS = (
    Column("key", Text("代号", "Name"), width=30),
    Column("competitor", Text("竞争者", "Competitor"), width=24),
    Column("value", Text("做法", "What they do"), width=30),
    Column("source", Text("出处", "Source"), width=36),
    Column("noted_on", Text("记录日", "Noted on"), ColumnKind.DATE, 12),
)
_SAMPLE_COLUMNS = (
    Column("at", Text("时间", "At"), ColumnKind.MOMENT, 17),
    Column("title", Text("单据", "Paper"), width=40),
    Column("about", Text("涉及", "About"), width=30),
    Column("outcome", Text("结果", "Outcome"), width=20),
)
_GAP_COLUMNS = (
    Column("id", Text("编号", "Number"), width=12),
    Column("clauses", Text("条款", "Clauses"), width=18),
    Column("question", Text("问题", "Question"), width=50),
    Column("interim", Text("暂行办法", "Interim rule"), width=50),
    Column("owner", Text("待答复岗位", "To be answered by"), width=18),
    Column("holders", Text("现任", "Held by"), width=18),
    Column("laws", Text("涉及规则", "Laws"), width=24),
    Column("answer", Text("答复", "Answer"), width=50),
)


def _text(cell: Cell) -> Text:
    return cell if isinstance(cell, Text) else Text(cell, cell)


def _joined(parts: Sequence[Text]) -> Text:
    return Text("、".join(one.zh for one in parts), ", ".join(one.en for one in parts))


def _pack(ask: Ask) -> str:
    return ask.given.get("pack", "")[:30].replace("\x00", "")


def _seen(ask: Ask) -> Seen:
    pack = _pack(ask)
    return seen_by(ask.who, pack, version_key(ask.given, pack, on=ask.on))


def _parameters_out(ask: Ask) -> Iterator[RowOut]:
    groups = parameter_groups(_seen(ask).text)
    return (made for group in groups for row in group.rows for made in _parameter_rows(group, row))


def _parameter_rows(group: ParameterGroup, row: ParameterRow) -> Iterator[RowOut]:
    """Yield a parameter of one value as a row, and a table cell by cell, each with what it is for."""
    shown = row.shown
    whole: RowOut = {
        "article": Text(f"{group.number.zh} {group.title.zh}".strip(), f"{group.number.en} {group.title.en}".strip()),
        "clause": shown.clause, "title": shown.title, "key": shown.key, "unit": shown.unit, "bounds": shown.bounds, "type": row.type,
        "obeyed": OBEYED[shown.obeyed], "origin": SUPPLEMENT if shown.supplement else "",
    }  # fmt: skip
    if shown.grid is None:
        yield {**whole, "value": _text(shown.value)}
        return
    yield from ({**whole, **cell} for cell in _cells(shown.grid))


def _cells(grid: Grid) -> Iterator[dict[str, Text]]:
    for row in grid.rows:
        named = _joined([_text(one) for one in row[: grid.keys]])
        for head, cell in zip(grid.head[grid.keys :], row[grid.keys :], strict=False):
            yield {"row": named, "field": _text(head), "value": _text(cell)}


def _parameters_beside(ask: Ask) -> Beside:
    if not may_see_benchmarks(ask.who):
        return Beside()
    rows: list[RowOut] = [
        {"key": one.parameter, "competitor": one.competitor, "value": one.value, "source": one.source, "noted_on": one.noted_on}
        for one in benchmarks(_pack(ask))
    ]
    note = Text(
        "竞争者的做法只供类比，不是制度的一部分。",
        "What competitors do is kept for comparison only; it is no part of the regulation.",
    )
    return Beside((note,), (SheetOut(Text("竞争者对照", "Benchmarks"), _NOTED_COLUMNS, rows),))


def _parameters_named(ask: Ask) -> Text:
    found = _seen(ask)
    return Text("参数表 草案", "Parameters, draft") if found.is_draft else Text(f"参数表 {found.key}", f"Parameters {found.key}")


def _gaps_out(ask: Ask) -> Iterator[RowOut]:
    pack = _pack(ask)
    number = read_number(ask.given.get("version", ""), default=0) or number_in_force(pack, on=ask.on)
    text = seen_by(ask.who, pack, f"v{number}").text
    holders = holder_names({gap.owner for gap in text.gaps.values()}, firm=ask.who.firm, on=ask.on)
    for gap in sorted((gap_row(one, text, holders=holders) for one in text.gaps.values()), key=lambda one: not one.open):
        yield {
            "id": gap.id, "clauses": " ".join(gap.clauses), "question": gap.question, "interim": gap.interim, "owner": gap.owner,
            "holders": "、".join(gap.holders), "laws": _joined(gap.laws), "answer": gap.answer,
        }  # fmt: skip


def _evidence_out(ask: Ask) -> Iterator[RowOut]:
    carrier, since, until = _carrier_asked(ask)
    after: int | None = None
    while True:
        found = evidence_of(carrier.carrier, firm=ask.who.firm, since=since, until=max(since, until), limit=A_PAGE, after=after)
        for one in found.samples if found else ():
            yield {"at": one.at, "title": one.title, "about": one.about, "outcome": one.outcome}
        if found is None or found.more is None:
            return
        after = found.more


def _carrier_asked(ask: Ask) -> tuple[Carrier, date, date]:
    found = seen_by(ask.who, _pack(ask), ask.given.get("key", ""))
    return carrier_shown(found, f"{ask.given.get('kind', '')}:{ask.given.get('name', '')}", on=ask.on)


def _evidence_named(ask: Ask) -> Text:
    return _carrier_asked(ask)[0].name


EVIDENCE_OUT = ListOut("evidence", "regulation_evidence", Text("证据", "Evidence"), _SAMPLE_COLUMNS, _evidence_out, named=_evidence_named)
PARAMETERS_OUT = ListOut(
    "parameters", "regulation_parameters", Text("参数表", "Parameters"), _PARAMETER_COLUMNS, _parameters_out, _parameters_beside,
    _parameters_named,
)  # fmt: skip
GAPS_OUT = ListOut("gaps", "regulation_gaps", Text("待明确事项", "Open questions"), _GAP_COLUMNS, _gaps_out)
