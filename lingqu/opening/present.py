"""Workbooks as the pages show them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lingqu.base.text import Text
from lingqu.opening.access import may_book, may_sign
from lingqu.opening.models import OpeningFile
from lingqu.opening.rules import COLUMNS, INTRODUCTIONS, OpeningCell, Reading, RowRead
from lingqu.opening.states import KIND_WORDS, OPENINGS, OpeningKind, OpeningState, OpeningVerb
from lingqu.organisation.queries import Acting

MOST_ROWS_SHOWN = 100
MOST_ERRORS_SHOWN = 100
TOTAL_WORDS = {"rows": Text("行数", "Rows"), "amount": Text("金额合计（元）", "Sum (yuan)"), "copies": Text("册数合计", "Copies")}
TONES = {
    OpeningState.PREPARED: "waiting",
    OpeningState.SIGNED: "waivable",
    OpeningState.BOOKING: "waiting",
    OpeningState.BOOKED: "valid",
    OpeningState.WITHDRAWN: "cancelled",
}


def kinds_of(files: list[OpeningFile]) -> list[dict[str, Any]]:
    """Return the kinds in their order, with what each brings and how many workbooks of it were taken over."""
    done = [file.kind for file in files if file.state == OpeningState.BOOKED.value]
    return [
        {"kind": kind.value, "words": KIND_WORDS[kind], "told": INTRODUCTIONS[kind], "done": done.count(kind.value)} for kind in OpeningKind
    ]


def file_row(file: OpeningFile) -> dict[str, Any]:
    """Return a workbook as a row of the list."""
    state = OpeningState(file.state)
    return {
        "number": file.number, "kind": KIND_WORDS[OpeningKind(file.kind)], "name": file.name, "on": file.on, "rows": file.rows_count,
        "state": OPENINGS.words[state], "tone": TONES[state], "by": file.prepared_by.name, "at": file.prepared_at,
        "totals": totals_of(file.totals),
    }  # fmt: skip


def totals_of(totals: dict[str, str], now: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """Return control totals in words, beside what the product has now once it was taken over."""
    return [
        {
            "words": TOTAL_WORDS[name], "said": _figure(name, said), "now": _figure(name, now.get(name, "0")) if now else None,
            "same": now is None or (now.get(name) is not None and Decimal(now[name]) == Decimal(said)),
        }
        for name, said in totals.items()
    ]  # fmt: skip


def partners_of(reading: Reading) -> list[tuple[str, Decimal]]:
    """Return the control total of each partner by code, yuan; the first 100."""
    return [(code, Decimal(amount)) for code, amount in list(reading.by_partner.items())[:MOST_ROWS_SHOWN]]


def _figure(name: str, said: str) -> str:
    return f"{Decimal(said):,.2f}" if name == "amount" else f"{int(Decimal(said)):,}"


def table_of(kind: OpeningKind, reading: Reading) -> dict[str, Any]:
    """Return the first 100 rows that were understood, as a table."""
    heads = [{"words": column.title, "number": _is_number(column.cell)} for column in COLUMNS[kind]]
    return {
        "heads": heads,
        "rows": [_cells(kind, row) for row in reading.rows[:MOST_ROWS_SHOWN]],
        "more": len(reading.rows) - MOST_ROWS_SHOWN,
    }


def _is_number(cell: OpeningCell) -> bool:
    return cell in (OpeningCell.MONEY, OpeningCell.COPIES)


def _cells(kind: OpeningKind, row: RowRead) -> dict[str, Any]:
    cells = []
    for column in COLUMNS[kind]:
        value = row.values.get(column.key)
        words = "" if value is None else str(value)
        if isinstance(value, Decimal):
            words = f"{value:,.2f}"
        elif isinstance(value, int):
            words = f"{value:,}"
        cells.append({"words": words, "number": _is_number(column.cell), "label": column.title})
    return {"row": row.row, "cells": cells}


def verbs_of(file: OpeningFile, who: Acting) -> dict[str, bool]:
    """Return which verbs the state and the person's posts allow."""
    possible = OPENINGS.verbs(OpeningState(file.state))
    return {
        "sign": OpeningVerb.SIGN in possible and may_sign(who, file.firm_id),
        "book": OpeningVerb.BOOK in possible and may_book(who, file.firm_id, signed_by=file.signed_by_id),
        "withdraw": OpeningVerb.WITHDRAW in possible,
    }
