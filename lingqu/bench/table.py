"""A workbook of 100,000 rows, checked and stored, beside the least that any program must do: open it and copy its cells into a table."""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import psycopg
import xlsxwriter

from lingqu.base.text import Text

ROWS: Final = 100_000
TIMES: Final = 3
MIB: Final = 1024
COLUMNS: Final = "(number text, name text, discipline text, price numeric, since date, copies int, note text, place text)"
SCHEMA: Final = f"""
DROP SCHEMA IF EXISTS tables CASCADE;
CREATE SCHEMA tables;
CREATE TABLE tables.bare {COLUMNS};
CREATE TABLE tables.checked {COLUMNS};
"""
DISCIPLINES: Final = ("A", "S", "W", "H", "E", "R")


def make_workbook() -> bytes:
    """Return the workbook: 100,000 titles of eight cells, as a shop system would write it."""
    made = io.BytesIO()
    book: Any = xlsxwriter.Workbook(made, {"constant_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, ["编号", "名称", "专业", "定价", "执行日", "册数", "备注", "库位"])
    for number in range(1, ROWS + 1):
        title = (f"QH{number:06}", f"通用设计图集 {number}", DISCIPLINES[number % 6], number % 90 + 10.5)
        page.write_row(number, 0, (*title, "2026-12-01", number % 500 + 1, "印厂直送", "A-12"))
    book.close()
    return made.getvalue()


def measure_table(parts: dict[str, str], report: Callable[[str], None]) -> dict[str, float]:
    """Return seconds of the bare and of our way for the workbook, the one as a part of the other, and the memory of both processes.

    By turns, the median of three. `parts` are libpq parameters of an owner of the scratch database.
    """
    content = make_workbook()
    with psycopg.connect(**parts, autocommit=True) as owner:  # type: ignore[arg-type]
        owner.execute(SCHEMA.encode())
        bare, ours = [], []
        for _ in range(TIMES):
            bare.append(_timed(lambda: _copy(owner, "tables.bare", _bare_rows(content))))
            ours.append(_timed(lambda: _copy(owner, "tables.checked", _checked_rows(content))))
            report(str(Text(f"表格 {ROWS:,} 行：直读 {bare[-1]:.2f} 秒，核对并入库 {ours[-1]:.2f} 秒",
                            f"{ROWS:,} rows: bare {bare[-1]:.2f} s, checked and stored {ours[-1]:.2f} s")))  # fmt: skip
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    low, high = sorted(bare)[TIMES // 2], sorted(ours)[TIMES // 2]
    return {
        "table_bare_s": round(low, 2), "table_s": round(high, 2), "table_ratio": round(high / low, 2), "table_mb": round(own / MIB),
        "table_child_mb": round(child / MIB),
    }  # fmt: skip


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _copy(owner: psycopg.Connection[Any], table: str, rows: Iterable[Sequence[object]]) -> None:
    with owner.transaction():
        owner.execute(f"TRUNCATE {table}".encode())
        with owner.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)


def _bare_rows(content: bytes) -> Iterable[Sequence[object]]:
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).iter_rows()
    next(iter(rows))
    for row in rows:
        yield (*row[:5], int(row[5]), *row[6:])  # type: ignore[arg-type]


def _checked_rows(content: bytes) -> Iterable[Sequence[object]]:
    from lingqu.base.sheets import CellIn, ColumnIn, read_columns, read_table

    columns = (
        ColumnIn("number", Text("编号", "Number"), CellIn.CODE),
        ColumnIn("name", Text("名称", "Title"), most=120),
        ColumnIn("discipline", Text("专业", "Discipline"), CellIn.KNOWN),
        ColumnIn("price", Text("定价", "Price"), CellIn.PRICE),
        ColumnIn("since", Text("执行日", "From"), CellIn.DAY),
        ColumnIn("copies", Text("册数", "Copies"), CellIn.COPIES),
        ColumnIn("note", Text("备注", "Note"), needed=False),
        ColumnIn("place", Text("库位", "Place"), needed=False),
    )
    sheets = read_table("bench.xlsx", content, most_rows=ROWS + 1, most_columns=20)
    table = read_columns(columns, sheets, {"discipline": dict.fromkeys(DISCIPLINES)})
    if table.errors or len(table.rows) != ROWS:
        message = f"{len(table.errors)} errors, {len(table.rows)} rows"
        raise RuntimeError(message)
    return (tuple(row.values.values()) for row in table.rows)
