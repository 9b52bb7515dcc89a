"""The caps of a return as a panel: each a row with its numbers and its clause, and how the return would pass."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from lingqu.base.text import Text
from lingqu.orders.present.decision import clause_link, version_word
from lingqu.policy.rules import Regulation
from lingqu.returns.rules import CapRow
from lingqu.returns.states import CAP_WORDS, Cap

OWNER = Text("由供货方负责人同意", "The owner agrees")
CHAIN = Text("报批：营销主管，金额大的由副主任", "Approval: the manager, above an amount the deputy")
PASSED, BEYOND = Text("通过", "passed"), Text("须审批", "needs approval")
HEADLINES = {True: Text("未超出上限", "within the caps"), False: Text("超出上限，按程序审批", "beyond a cap: the procedure decides")}


def caps_panel(
    rows: Sequence[CapRow], *, regulation: Regulation | None, reference: str, at: datetime, alone: bool = False
) -> dict[str, Any]:  # fmt: skip
    """Return the caps as `parts/decision.html` shows decisions. `alone` is set where no procedure decides: an agent's own house."""
    failed = [row for row in rows if not row.passed]
    return {
        "verdict": "waivable" if failed else "passed",
        "headline": HEADLINES[not failed],
        "counts": {"total": len(rows), "passed": len(rows) - len(failed), "failed": len(failed), "remark": None},
        "at": at,
        "version": version_word(reference),
        "laws": [_law(row, regulation) for row in rows],
        "cures": _cures(failed, alone=alone),
        "gaps": None,
    }


def _law(row: CapRow, regulation: Regulation | None) -> dict[str, Any]:
    law = {
        "state": "passed" if row.passed else "waivable", "state_text": PASSED if row.passed else BEYOND, "name": CAP_WORDS[row.cap],
        "clause": clause_link(_clause_of(row.cap, regulation), regulation), "waivable_by": None, "chips": None, "note": None,
        "terms": None, "result": None, "sentence": _sentence(row),
    }  # fmt: skip
    if row.cap is Cap.SHARE:
        law |= _share(row)
    return law


def _share(row: CapRow) -> dict[str, Any]:
    n = row.numbers
    over = Decimal(n["over"])
    left = Decimal(n["most"]) - Decimal(n["after"])
    return {
        "terms": [
            _term("", n["shipped"], Text(f"{n['year']} 年发货码洋", f"shipped in {n['year']}")),
            {"operator": "×", "value": f"{n['share']}%", "label": Text("上限", "cap"), "dotted": False},
            _term("−", n["returned"], Text("已退与在办", "returned or asked")),
            _term("−", n["asked"], Text("本次", "this one")),
        ],
        "result": {
            "value": f"{left:,.2f}", "label": Text("超出", "over") if over else Text("余", "left"), "tone": "amber" if over else "green",
        },
        "note": Text(
            f"按定价计，自然年 {n['year']}；各种退货原因都计入。", f"At list price, in the calendar year {n['year']}; every reason counts."
        ),
    }  # fmt: skip


def _term(operator: str, value: int | str, label: Text) -> dict[str, Any]:
    return {"operator": operator, "value": f"{Decimal(value):,.2f}", "label": label, "dotted": False}


def _sentence(row: CapRow) -> Text:
    n = row.numbers
    if row.cap is Cap.AGE:
        return _age(row)
    if row.cap is Cap.CONDITION:
        unfit = Text(f"{n['unfit']} 册有磨损或破损", f"{n['unfit']} copies are worn or damaged")
        return Text("可再次销售，或为质量问题", "fit for sale, or faulty when they came") if row.passed else unfit
    if row.cap is Cap.RECORD:
        extra = Text(
            f"{n['extra']} 册查不到发货记录，附凭证 {n['files']} 件", f"no shipment on record for {n['extra']} copies; {n['files']} files"
        )
        return Text("每册都找到发货记录", "a shipment is on record for every copy") if row.passed else extra
    return Text("", "")


def _age(row: CapRow) -> Text:
    n = row.numbers
    oldest = n["oldest"] or "—"
    if row.passed:
        return Text(
            f"最早发货 {oldest}，不早于 {n['since']}（{n['months']} 个月）",
            f"oldest shipped {oldest}, not before {n['since']} ({n['months']} months)",
        )
    return Text(
        f"{n['old']} 册发货早于 {n['since']}（{n['months']} 个月），最早 {oldest}",
        f"{n['old']} copies were shipped before {n['since']} ({n['months']} months), the oldest {oldest}",
    )


def _cures(failed: Sequence[CapRow], *, alone: bool) -> dict[str, Any] | None:
    if not failed:
        return None
    columns = [CAP_WORDS[row.cap] for row in failed]
    rows = [{"text": OWNER if alone else CHAIN, "effects": [{"tone": "green", "text": PASSED} for _ in failed], "action": None}]
    for row in failed:
        words = _own_cure(row)
        if words:
            effects = [
                {"tone": "green", "text": PASSED} if other.cap is row.cap else {"tone": "grey", "text": Text("不变", "as it is")}
                for other in failed
            ]
            rows.append({"text": words, "effects": effects, "action": None})
    return {"columns": columns, "rows": rows}


def _own_cure(row: CapRow) -> Text | None:
    n = row.numbers
    if row.cap is Cap.SHARE:
        over = f"{Decimal(n['over']):,.2f}"
        return Text(f"少退码洋 {over} 元", f"Send back {over} yuan less at list price")
    if row.cap is Cap.AGE:
        return Text(f"去掉 {n['old']} 册超期的", f"Leave out the {n['old']} old copies")
    if row.cap is Cap.CONDITION:
        return Text(f"去掉 {n['unfit']} 册不可再销售的", f"Leave out the {n['unfit']} unfit copies")
    return Text(f"去掉 {n['extra']} 册无记录的", f"Leave out the {n['extra']} copies without record")


def _clause_of(cap: Cap, regulation: Regulation | None) -> str:
    note = regulation.notes.get("return_age_months" if cap is Cap.AGE else "return_share") if regulation else None
    return note.clause if note else ""
