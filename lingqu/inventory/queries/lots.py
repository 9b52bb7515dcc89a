"""Read the lots of a title, how they moved, and the papers with which goods came."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from lingqu.base.database import rows
from lingqu.inventory.models import GoodsIn, StockItem

MOST_LOTS = 200
MOST_MOVES = 200
MOST_LINES = 5_000


class LotRow(msgspec.Struct, frozen=True):
    """A lot: number, edition, first and last day, copies that came, are left, and leave next (`first`: the oldest with copies)."""

    id: int
    number: str
    edition: str
    received_on: date
    ends_on: date | None
    came: int
    remaining: int
    first: bool


class MoveRow(msgspec.Struct, frozen=True):
    """Copies of a lot moved: why, how many, when, and by which document (kind and id)."""

    id: int
    kind: str
    copies: int
    at: datetime
    lot: str
    document_kind: str
    document_id: int


class PaperLine(msgspec.Struct, frozen=True):
    """Copies of a title that came with a paper, and their lot."""

    code: str
    name: str
    lot: str
    edition: str
    ends_on: date | None
    copies: int


_LOTS = """
WITH known AS (
    SELECT id, number, edition, received_on, ends_on, came, remaining,
           remaining > 0 AND row_number() OVER (PARTITION BY remaining > 0 ORDER BY received_on, number, id) = 1 AS first
      FROM inventory_lot WHERE item_id = %(item)s
)
SELECT * FROM known
 WHERE %(after)s = 0 OR (remaining = 0, received_on, number, id) > (
       SELECT l.remaining = 0, l.received_on, l.number, l.id FROM inventory_lot l WHERE l.item_id = %(item)s AND l.id = %(after)s)
 ORDER BY remaining = 0, received_on, number, id LIMIT %(most)s
"""

_MOVES = """
SELECT m.id, m.kind, m.copies, m.at, l.number AS lot, m.document_kind, m.document_id
  FROM inventory_lotmove m JOIN inventory_lot l ON l.id = m.lot_id
 WHERE l.item_id = %(item)s AND (%(before)s = 0 OR m.id < %(before)s) ORDER BY m.id DESC LIMIT %(most)s
"""

_PAPER = """
SELECT p.code, p.name, l.number AS lot, l.edition, l.ends_on, m.copies
  FROM inventory_lotmove m
  JOIN inventory_lot l ON l.id = m.lot_id
  JOIN inventory_stockitem s ON s.id = l.item_id
  JOIN catalogue_product p ON p.id = s.product_id
 WHERE m.document_kind = 'goods_in' AND m.document_id = %s ORDER BY p.code, m.id LIMIT %s
"""


def title_in_stock(warehouse: int, code: str) -> StockItem | None:
    """Return a title of a warehouse by its number, None when it was never stocked there."""
    found = StockItem.objects.select_related("product", "account__running")
    return found.filter(warehouse_id=warehouse, product__code=code).first()


def lots_of(item: int, *, after: int = 0, most: int = MOST_LOTS) -> list[LotRow]:
    """Return up to `most` lots of a title behind the lot `after`: with copies in the order in which they leave, then the empty ones."""
    return [LotRow(**row._asdict()) for row in rows(_LOTS, {"item": item, "after": after, "most": most})]


def moves_of(item: int, *, before: int = 0, most: int = MOST_MOVES) -> list[MoveRow]:
    """Return up to `most` moves of a title's lots, newest first, those before the move of the id `before`."""
    return [MoveRow(**row._asdict()) for row in rows(_MOVES, {"item": item, "before": before, "most": most})]


def goods_paper_of(warehouse: int, number: str) -> GoodsIn | None:
    """Return a paper of goods that came into a warehouse by its number, None when there is none."""
    return GoodsIn.objects.select_related("entered_by", "warehouse").filter(warehouse_id=warehouse, number=number).first()


def lines_of_paper(paper: int) -> list[PaperLine]:
    """Return what came with a paper, by product number."""
    return [PaperLine(**row._asdict()) for row in rows(_PAPER, (paper, MOST_LINES))]
