"""Copies of lots move: in, out first come first served, and back where they left last (M-16.5).

Whoever calls holds the locks of the products' ledger accounts and posts the same copies there: lots only say which ones they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec

from lingqu.base.database import must_be_atomic, rows
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.inventory.rules import Label
from lingqu.inventory.states import LotMoveKind


class Picked(msgspec.Struct, frozen=True):
    """Copies of a lot that were picked for a document."""

    item: int
    lot: int
    copies: int


_IN = """
WITH came AS (
    INSERT INTO inventory_lot AS lot (item_id, number, edition, received_on, ends_on, came, remaining)
    SELECT i.item, %s, %s, %s::date, %s::date, i.copies, i.copies FROM unnest(%s::bigint[], %s::int[]) AS i(item, copies)
    ON CONFLICT ON CONSTRAINT lot_once
    DO UPDATE SET came = lot.came + EXCLUDED.came, remaining = lot.remaining + EXCLUDED.came
    RETURNING lot.id, lot.item_id
)
INSERT INTO inventory_lotmove (lot_id, kind, copies, document_kind, document_id, at)
SELECT came.id, %s, i.copies, %s, %s, %s
  FROM came JOIN unnest(%s::bigint[], %s::int[]) AS i(item, copies) ON i.item = came.item_id
RETURNING lot_id AS lot
"""

_PICK = """
WITH there AS (
    SELECT l.id, l.item_id, l.remaining, w.copies,
           sum(l.remaining) OVER (PARTITION BY l.item_id
                                  ORDER BY l.id <> ALL(%s::bigint[]), l.received_on, l.number, l.id) - l.remaining AS before
      FROM inventory_lot l JOIN unnest(%s::bigint[], %s::int[]) AS w(item, copies) ON w.item = l.item_id
     WHERE l.remaining > 0
), taken AS (
    SELECT id, LEAST(remaining, copies - before)::int AS copies FROM there WHERE before < copies
), changed AS (
    UPDATE inventory_lot l SET remaining = l.remaining - t.copies FROM taken t WHERE l.id = t.id
    RETURNING l.id, l.item_id, l.received_on, l.number, t.copies
), moved AS (
    INSERT INTO inventory_lotmove (lot_id, kind, copies, document_kind, document_id, at)
    SELECT id, %s, -copies, %s, %s, %s FROM changed
)
SELECT item_id AS item, id AS lot, copies FROM changed ORDER BY item_id, received_on, number, id
"""

_BACK = """
WITH out AS (
    SELECT l.id, l.item_id, w.copies AS wanted, -sum(m.copies) AS gone, max(m.id) AS last
      FROM inventory_lotmove m
      JOIN inventory_lot l ON l.id = m.lot_id
      JOIN unnest(%s::bigint[], %s::int[]) AS w(item, copies) ON w.item = l.item_id
     WHERE (m.document_kind, m.document_id) IN (SELECT * FROM unnest(%s::text[], %s::bigint[]))
     GROUP BY l.id, l.item_id, w.copies HAVING sum(m.copies) < 0
), upto AS (
    SELECT *, sum(gone) OVER (PARTITION BY item_id ORDER BY last DESC, id) - gone AS before FROM out
), given AS (
    SELECT id, LEAST(gone, wanted - before)::int AS copies FROM upto WHERE before < wanted
), changed AS (
    UPDATE inventory_lot l SET remaining = l.remaining + g.copies FROM given g WHERE l.id = g.id RETURNING l.id, l.item_id, g.copies
), moved AS (
    INSERT INTO inventory_lotmove (lot_id, kind, copies, document_kind, document_id, at)
    SELECT id, %s, copies, %s, %s, %s FROM changed
)
SELECT item_id AS item, id AS lot, copies FROM changed ORDER BY item_id, id
"""


def put_in_lots(
    copies: Mapping[int, int], *, label: Label, received_on: date, document: tuple[str, int, str], at: datetime,
    kind: LotMoveKind = LotMoveKind.IN,
) -> None:  # fmt: skip
    """Let copies by StockItem id come in as one lot of a day; the same lot of the same day grows. `document`: kind, id, number."""
    must_be_atomic()
    items, numbers = list(copies), list(copies.values())
    what, which, named = document
    given = (label.number or named, label.edition, received_on, label.ends_on, items, numbers)
    rows(_IN, (*given, kind.value, what, which, at, items, numbers))


def pick_lots(
    copies: Mapping[int, int], *, document: tuple[str, int], at: datetime, kind: LotMoveKind = LotMoveKind.OUT,
    lots: Sequence[int] = (),
) -> list[Picked]:  # fmt: skip
    """Take copies by StockItem id out of their lots, first in first out, and return which; `lots` come before all others.

    Refuses (`lots_short`) when the lots have fewer copies than the ledger, which `lingqu verify` would tell.
    """
    must_be_atomic()
    wanted = {item: number for item, number in copies.items() if number}
    found = rows(_PICK, (list(lots), list(wanted), list(wanted.values()), kind.value, *document, at)) if wanted else []
    picked = [Picked(row.item, row.lot, row.copies) for row in found]
    _must_be_whole(wanted, picked)
    return picked


def put_back_in_lots(
    copies: Mapping[int, int], *, left_by: Sequence[tuple[str, int]], on: date, document: tuple[str, int, str], at: datetime
) -> list[Picked]:  # fmt: skip
    """Put copies by StockItem id back into the lots from which the documents `left_by` took them, the last issued lot first.

    What came back before counts as not gone when it is among `left_by`: give the returns of the same goods with the deliveries.
    Copies that no lot is known to have left are a lot of the day, named by the document (kind, id, number).
    """
    must_be_atomic()
    what, which, named = document
    wanted = {item: number for item, number in copies.items() if number}
    kinds, ids = [kind for kind, _ in left_by], [one for _, one in left_by]
    given = (list(wanted), list(wanted.values()), kinds, ids, LotMoveKind.BACK.value, what, which, at)
    back = [Picked(row.item, row.lot, row.copies) for row in (rows(_BACK, given) if wanted else [])]
    for one in back:
        wanted[one.item] -= one.copies
    rest = {item: number for item, number in wanted.items() if number}
    if rest:
        put_in_lots(rest, label=Label(), received_on=on, document=(what, which, named), at=at, kind=LotMoveKind.BACK)
    return back


def _must_be_whole(wanted: Mapping[int, int], moved: Sequence[Picked]) -> None:
    done = dict.fromkeys(wanted, 0)
    for one in moved:
        done[one.item] += one.copies
    if done != wanted:
        raise Refusal(
            "lots_short",
            Text(
                "批次库存与账面不一致，未作改动。请管理员运行核对（verify）后再试。",
                "The lots do not add up to the stock in the books; nothing was changed. Ask the administrator to run the checks.",
            ),
        )
