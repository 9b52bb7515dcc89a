"""The pages of stock."""

from __future__ import annotations

from lingqu.inventory.views.counts import count, count_file, count_give_up, count_new, count_send, count_sheet, counts
from lingqu.inventory.views.lots import goods_paper, lots
from lingqu.inventory.views.stock import goods_in, stock

__all__ = [
    "count", "count_file", "count_give_up", "count_new", "count_send", "count_sheet", "counts", "goods_in", "goods_paper", "lots", "stock",
]  # fmt: skip
