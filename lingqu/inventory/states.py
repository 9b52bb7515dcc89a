"""Why copies of a lot move."""

from __future__ import annotations

from enum import StrEnum

from lingqu.base.text import Text


class LotMoveKind(StrEnum):
    """Why copies came into a lot or left it."""

    IN = "in"
    OUT = "out"
    BACK = "back"
    COUNT = "count"


LOT_MOVE_WORDS = {
    LotMoveKind.IN: Text("入库", "Came in"),
    LotMoveKind.OUT: Text("出库", "Left"),
    LotMoveKind.BACK: Text("退回", "Came back"),
    LotMoveKind.COUNT: Text("盘点差异", "Count difference"),
}
