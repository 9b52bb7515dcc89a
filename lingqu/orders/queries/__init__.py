"""Reads of purchase requests."""

from lingqu.orders.queries.facts import Place, Shelf, load_bench
from lingqu.orders.queries.lists import decisions_of, order_by_number, orders_for

__all__ = ["Place", "Shelf", "decisions_of", "load_bench", "order_by_number", "orders_for"]
