"""Read stock: on hand, reserved, available; its lots; and counts. A door of this module."""

from __future__ import annotations

from lingqu.inventory.queries.counts import (
    CountLine,
    CountProgress,
    codes_of_count,
    count_by_number,
    count_lines,
    counts_of,
    differences_of,
    items_to_count,
    progress_of,
)
from lingqu.inventory.queries.lots import LotRow, MoveRow, goods_paper_of, lines_of_paper, lots_of, moves_of, title_in_stock
from lingqu.inventory.queries.numbers import title_numbers
from lingqu.inventory.queries.stock import (
    StockRow,
    StockSums,
    goods_with_key,
    products_to_stock,
    stock_of,
    stock_rows,
    stock_sums,
    titles_by_id,
    warehouse_of,
)

__all__ = [
    "CountLine", "CountProgress", "LotRow", "MoveRow", "StockRow", "StockSums", "codes_of_count", "count_by_number", "count_lines",
    "counts_of", "differences_of", "goods_paper_of", "goods_with_key", "items_to_count", "lines_of_paper", "lots_of", "moves_of",
    "products_to_stock", "progress_of", "stock_of", "stock_rows", "stock_sums", "title_in_stock", "title_numbers", "titles_by_id",
    "warehouse_of",
]  # fmt: skip
