"""What is done with stock: open a warehouse, take goods in, move copies of lots, count. A door of this module."""

from __future__ import annotations

from lingqu.inventory.actions.count_booked import on_count_moved
from lingqu.inventory.actions.counts import enter_counted, give_up_count, send_count, start_count
from lingqu.inventory.actions.goods_in import open_warehouse, take_goods_in
from lingqu.inventory.actions.lots import Picked, pick_lots, put_back_in_lots, put_in_lots
from lingqu.inventory.actions.table import take_table_in

__all__ = [
    "Picked", "enter_counted", "give_up_count", "on_count_moved", "open_warehouse", "pick_lots",
    "put_back_in_lots", "put_in_lots", "send_count", "start_count", "take_goods_in", "take_table_in",
]  # fmt: skip
