"""Excel workbooks out, and tables of people in: Excel or text, whichever the file is by its content."""

from __future__ import annotations

from lingqu.base.sheets.cells import Cell, as_day, as_money, as_text
from lingqu.base.sheets.read import SheetIn, read_table
from lingqu.base.sheets.write import Column, ColumnKind, SheetOut, write_workbook

__all__ = ["Cell", "Column", "ColumnKind", "SheetIn", "SheetOut", "as_day", "as_money", "as_text", "read_table", "write_workbook"]
