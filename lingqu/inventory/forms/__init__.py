"""What is typed about stock."""

from __future__ import annotations

from lingqu.inventory.forms.counts import CountedTyped, read_counted, read_counted_table
from lingqu.inventory.forms.goods import COPIES, GoodsTyped, read_goods

__all__ = ["COPIES", "CountedTyped", "GoodsTyped", "read_counted", "read_counted_table", "read_goods"]
