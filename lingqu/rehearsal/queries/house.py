"""The house that a replay plays in: its own root firm with the resellers as agents, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from lingqu.base.database import rows
from lingqu.orders.states import OrderState
from lingqu.organisation.models import Firm, Person
from lingqu.organisation.queries import Acting, acting
from lingqu.rehearsal.states import GradePolicy

ROOT = "AW"


class Counterpart(msgspec.Struct, frozen=True):
    """A reseller as it stands in the house: its firm and its credit line."""

    firm: int
    line: int


class House(msgspec.Struct, frozen=True):
    """The root firm, the person who does everything there, resellers and products by their codes in the source."""

    firm: int
    by: Acting
    resellers: dict[str, Counterpart]
    products: dict[str, int]


class Progress(msgspec.Struct):
    """What is there already: id and state of the orders by their numbers in the source, and the keys of receipts."""

    orders: dict[str, tuple[int, OrderState]]
    receipts: set[str]

    def was_accepted(self, number: str) -> bool:
        """Return whether the order was accepted, shipped or not."""
        return number in self.orders and self.orders[number][1] in ACCEPTED_STATES

    def waits_for_shipping(self, number: str) -> bool:
        """Return whether something of the order is still to be shipped."""
        return number in self.orders and self.orders[number][1] in (OrderState.ACCEPTED, OrderState.PART_SHIPPED)


ACCEPTED_STATES = (OrderState.ACCEPTED, OrderState.PART_SHIPPED, OrderState.SHIPPED)


def root_code(policy: GradePolicy) -> str:
    """Return the code of the root firm of a policy; resellers are numbered under it."""
    return f"{ROOT}-{policy.value}"


_RESELLERS = """
SELECT f.code, f.id, c.id AS line FROM organisation_firm f JOIN credit_creditline c ON c.buyer_id = f.id AND c.seller_id = f.parent_id
 WHERE f.parent_id = %s
"""
_PRODUCTS = "SELECT code, id FROM catalogue_product WHERE publisher_id = %s"


def find_house(policy: GradePolicy) -> House | None:
    """Return the house of a policy as far as it was set up, None before its first replay."""
    root = Firm.objects.filter(code=root_code(policy)).first()
    person = Person.objects.select_related("firm").filter(firm=root).order_by("id").first() if root else None
    if root is None or person is None:
        return None
    cut = len(root.code) + 1
    resellers = {row.code[cut:]: Counterpart(row.id, row.line) for row in rows(_RESELLERS, (root.pk,))}
    products = {row.code: row.id for row in rows(_PRODUCTS, (root.pk,))}
    return House(root.pk, acting(person, on=root.valid.lower), resellers, products)


_RECEIVED = """
SELECT s.product_id, sum(p.amount)::bigint AS pieces
  FROM inventory_warehouse w JOIN inventory_stockitem s ON s.warehouse_id = w.id
  JOIN ledger_posting p ON p.destination_id = s.account_id AND p.document_kind = 'goods_in'
 WHERE w.firm_id = %s GROUP BY s.product_id
"""


def pieces_received(house: int) -> dict[int, int]:
    """Return how many pieces of each product (by id) were taken into the house's warehouse so far."""
    return {row.product_id: row.pieces for row in rows(_RECEIVED, (house,))}


_ORDERS = "SELECT key, id, state FROM orders_order WHERE seller_id = %s"
_RECEIPTS = "SELECT r.key FROM credit_receipt r JOIN credit_creditline c ON c.id = r.line_id WHERE c.seller_id = %s"


def progress_of(house: int) -> Progress:
    """Return what of the replay is there already."""
    orders = {row.key: (row.id, OrderState(row.state)) for row in rows(_ORDERS, (house,))}
    return Progress(orders, {row.key for row in rows(_RECEIPTS, (house,))})


def unapplied_money(lines: Iterable[int]) -> dict[int, Decimal]:
    """Return the money of credit lines that was applied to no batch yet, in yuan, by line id."""
    return {
        row.id: row.unapplied for row in rows("SELECT id, unapplied FROM credit_creditline WHERE id = ANY(%s::bigint[])", (list(lines),))
    }
