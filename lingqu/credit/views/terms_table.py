"""Terms of an agent's retailers as a workbook, and the same table filled in: all rows are given their terms, or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lingqu.base.refusal import Refusal, forbidden
from lingqu.base.sheets import CellIn, Column, ColumnIn, ColumnKind, RowIn, TableIn, Trouble
from lingqu.base.text import Text
from lingqu.credit.access import may_ask_terms, may_set_terms
from lingqu.credit.actions import give_terms
from lingqu.credit.forms import TermsTyped, read_terms
from lingqu.credit.present import branch_shapes, percent
from lingqu.credit.queries import branch_rows, branch_rows_of, lines_by_code
from lingqu.credit.rules import bound_clauses, check_terms
from lingqu.documents.queries import A_PAGE, Ask, ListIn, ListOut, Looked, RowOut, paged
from lingqu.policy.queries import regulation_in_force

MOST_ROWS = 200
_OUT = (
    Column("code", Text("编号", "Code"), width=16),
    Column("name", Text("零售商", "Retailer"), width=30),
    Column("grade", Text("等级", "Grade"), width=8),
    Column("limit", Text("额度（元）", "Limit (yuan)"), ColumnKind.MONEY, 16),
    Column("batches", Text("未结批次", "Open batches"), ColumnKind.COUNT, 12),
    Column("days", Text("账期（天）", "Term (days)"), ColumnKind.COUNT, 12),
    Column("discount", Text("自定折扣（%）", "Own price (%)"), width=14),
    Column("reason", Text("理由", "Reason"), width=40),
    Column("paid", Text("执行折扣（%）", "Price in force (%)"), width=14),
    Column("taken", Text("已占用（元）", "Taken (yuan)"), ColumnKind.MONEY, 16, summed=True),
)
_IN = (
    ColumnIn("code", Text("编号", "Code"), CellIn.KNOWN, most=30, also=("客户编号", "零售商编号")),
    ColumnIn("name", Text("零售商", "Retailer"), needed=False, most=120, also=("名称", "客户")),
    ColumnIn("grade", Text("等级", "Grade"), most=2, also=("信用等级",)),
    ColumnIn("limit", Text("额度", "Limit"), most=30, also=("信用额度",)),
    ColumnIn("batches", Text("未结批次", "Open batches"), most=10, also=("批次",)),
    ColumnIn("days", Text("账期", "Term"), most=10, also=("账期天数",)),
    ColumnIn("discount", Text("自定折扣", "Own price"), needed=False, most=10, also=("折扣",)),
    ColumnIn("reason", Text("理由", "Reason"), needed=False, most=200),
)
_TOLD = (
    Text(
        "可先导出现行条件，改好后传回；没有变化的行不动。",
        "Take the present terms out, change them, send them back; rows without a change are left alone.",
    ),
    Text(
        "折扣写百分数，如 72.5；空 = 按折扣表。改动的行须写理由。",
        "Prices are percent, like 72.5; empty: by the table. A row that you change needs its reason.",
    ),
    Text(
        "负责人传入即生效；下单员传入的逐家等负责人决定。",
        "What the owner sends in holds at once; what a clerk sends in waits for the owner, each retailer for itself.",
    ),
)


def _terms_out(ask: Ask) -> Iterator[RowOut]:
    regulation = regulation_in_force(on=ask.on)
    for row in paged(lambda last: branch_rows(ask.who.firm, after=last.line if last else None, most=A_PAGE)):
        (shape,) = branch_shapes([row], regulation)
        yield {
            "code": row.code, "name": row.name, "grade": row.grade, "limit": row.limit, "batches": row.batches, "days": shape["days"],
            "discount": percent(row.discount_bp), "reason": "", "paid": shape["price"], "taken": shape["taken"],
        }  # fmt: skip


def _may(ask: Ask) -> bool:
    return may_ask_terms(ask.who, ask.who.firm)


def _known(ask: Ask) -> Mapping[str, Mapping[str, object]]:
    return {"code": lines_by_code(ask.who.firm)}


def _typed(row: RowIn) -> TermsTyped:
    words = {key: str(value).strip() if (value := row.values.get(key)) is not None else "" for key in ("grade", "limit", "batches", "days")}
    discount, reason = (str(row.values.get(key) or "").strip() for key in ("discount", "reason"))
    return read_terms(words | {"grade": words["grade"].upper(), "discount": discount, "reason": reason})


def _changed(ask: Ask, table: TableIn) -> list[tuple[RowIn, int, TermsTyped]]:
    """Return the rows that differ from what holds today, with the credit line of each."""
    regulation = regulation_in_force(on=ask.on)
    found, lines = [], lines_by_code(ask.who.firm)
    rows = branch_rows_of(ask.who.firm, {lines[str(row.values["code"])] for row in table.rows})
    present = {
        row.line: (row.grade, row.limit, row.batches, shape["days"], row.discount_bp)
        for row, shape in zip(rows, branch_shapes(rows, regulation), strict=True)
    }
    for row in table.rows:
        typed, line = _typed(row), lines[str(row.values["code"])]
        same = (typed.texts["grade"], typed.limit, typed.batches, typed.days, typed.discount_bp) == present.get(line)
        if not same or set(typed.errors) - {"reason"}:
            found.append((row, line, typed))
    return found


def _look(ask: Ask, table: TableIn) -> Looked:
    regulation = regulation_in_force(on=ask.on)
    clauses, errors, seen = bound_clauses(regulation), [], set()
    changed = _changed(ask, table)
    for row, line, typed in changed:
        troubles = dict(typed.errors)
        if line in seen:
            troubles["code"] = Text("同一零售商只能出现一次。", "Each retailer may be named once only.")
        seen.add(line)
        if not troubles:
            try:
                check_terms(typed.terms(), regulation.parameters, clauses)
            except Refusal as refusal:
                clause = f" {refusal.clause}" if refusal.clause else ""
                troubles[refusal.field] = Text(f"{refusal.text.zh}{clause}", f"{refusal.text.en}{clause}")
        errors += [table.trouble(row, field, text) for field, text in troubles.items()]
    if len(changed) > MOST_ROWS:
        errors.append(Trouble(changed[MOST_ROWS][0].row, 0, Text(f"一次最多改 {MOST_ROWS} 家。", f"At most {MOST_ROWS} at once.")))
    sums = [(Text("调整", "Changed"), len(changed)), (Text("不变", "As before"), len(table.rows) - len(changed))]
    return Looked(errors, sums)


def _take(ask: Ask, table: TableIn, key: str) -> Text:
    del key  # rows that hold already are left alone
    wanted = [(line, typed.terms()) for _, line, typed in _changed(ask, table)]
    if not _may(ask):
        told = Text("供货条件由代理商的负责人设定，下单员提出。", "Terms are set by the agent's owner and proposed by its clerks.")
        raise forbidden(told)
    if not wanted:
        return Text("没有变化。", "Nothing has changed.")
    made = give_terms(wanted, regulation=regulation_in_force(on=ask.on), by=ask.who, at=ask.at)
    if may_set_terms(ask.who, ask.who.firm):
        return Text(f"{len(made)} 家的供货条件已生效。", f"The terms of {len(made)} retailers are in force.")
    return Text(f"{len(made)} 家的供货条件已提交负责人。", f"The terms of {len(made)} retailers wait for the owner.")


TERMS_OUT = ListOut("branch_terms", "branch_terms", Text("零售商供货条件", "Terms of retailers"), _OUT, _terms_out)
TERMS_IN = ListIn("branch_terms", "branch_terms", Text("零售商供货条件", "Terms of retailers"), _TOLD, _IN, _may, _known, _look, _take)
