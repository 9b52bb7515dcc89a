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
from lingqu.inventory.queries.documents import Named, Namer, documents_of, register_moving_document
from lingqu.inventory.queries.feed import StockFeed, copies_by_paper, feed_of_counts, feed_of_goods, feed_of_stock
from lingqu.inventory.queries.lots import LotRow, MoveRow, goods_paper_of, lines_of_paper, lots_of, moves_of, title_in_stock
from lingqu.inventory.queries.numbers import items_numbered, numbers_by_name, titles_numbered
from lingqu.inventory.queries.stock import (
    Place,
    StockPage,
    StockRow,
    StockSums,
    goods_with_key,
    products_chosen,
    products_to_stock,
    stock_of,
    stock_page,
    stock_rows,
    stock_sums,
    titles_by_id,
    warehouse_of,
)

__all__ = [
    "CountLine", "CountProgress", "LotRow", "MoveRow", "Named", "Namer", "Place", "StockFeed", "StockPage", "StockRow", "StockSums",
    "codes_of_count", "copies_by_paper", "count_by_number", "count_lines", "counts_of", "differences_of", "documents_of", "feed_of_counts",
    "feed_of_goods", "feed_of_stock", "goods_paper_of", "goods_with_key", "items_numbered", "items_to_count", "lines_of_paper",
    "lots_of", "moves_of", "numbers_by_name", "products_chosen", "products_to_stock", "progress_of", "register_moving_document",
    "stock_of", "stock_page", "stock_rows", "stock_sums", "title_in_stock", "titles_by_id", "titles_numbered", "warehouse_of",
]  # fmt: skip
