"""What is done with stock: open a warehouse, take goods in, and move copies of lots. A door of this module."""

from __future__ import annotations

from lingqu.inventory.actions.goods_in import open_warehouse, take_goods_in
from lingqu.inventory.actions.lots import Label, Picked, pick_lots, put_back_in_lots, put_in_lots

__all__ = ["Label", "Picked", "open_warehouse", "pick_lots", "put_back_in_lots", "put_in_lots", "take_goods_in"]
