"""Excel workbooks out, and tables of people in: Excel or text, whichever the file is by its content."""

from __future__ import annotations

from lingqu.base.sheets.cells import Cell, as_day, as_money, as_text
from lingqu.base.sheets.marked import Trouble, write_marked
from lingqu.base.sheets.read import SheetIn, read_table
from lingqu.base.sheets.taking import CellIn, ColumnIn, RowIn, TableIn, columns_out, read_columns
from lingqu.base.sheets.write import Column, ColumnKind, SheetOut, write_workbook

__all__ = [
    "Cell", "CellIn", "Column", "ColumnIn", "ColumnKind", "RowIn", "SheetIn", "SheetOut", "TableIn", "Trouble", "as_day", "as_money",
    "as_text", "columns_out", "read_columns", "read_table", "write_marked", "write_workbook",
]  # fmt: skip
