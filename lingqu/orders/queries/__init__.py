"""Reads of purchase requests."""

from lingqu.orders.queries.answers import answered_in_time
from lingqu.orders.queries.entry import (
    NOT_ORDERING,
    Buyer,
    Desk,
    Title,
    Titles,
    buyer_for,
    desk_for,
    known_key,
    lines_like,
    orders_for_others,
    orders_for_own,
    partners_to_order_for,
    titles_at,
    titles_called,
)
from lingqu.orders.queries.facts import Place, Shelf, late_requests, load_bench
from lingqu.orders.queries.lists import (
    GROUPS,
    OrderFilter,
    OrderRow,
    decisions_of,
    order_by_number,
    orders_for,
    page_of_orders,
    sums_of_orders,
)
from lingqu.orders.queries.papers import RequestPaper, contract_lines, file_of, mark_of, paper_of, preview_of_stored
from lingqu.orders.queries.paths import has_signature_on_its_way, ids_of, lines_of, mergeable_with
from lingqu.orders.queries.preview import Preview, Wish, preview_request
from lingqu.orders.queries.signatures import goes_by_procedure, needed_of, signature_by_number
from lingqu.orders.queries.whole import WholeOrder, regulation_words, whole_order

__all__ = [
    "GROUPS",
    "NOT_ORDERING",
    "Buyer",
    "Desk",
    "OrderFilter",
    "OrderRow",
    "Place",
    "Preview",
    "RequestPaper",
    "Shelf",
    "Title",
    "Titles",
    "WholeOrder",
    "Wish",
    "answered_in_time",
    "buyer_for",
    "contract_lines",
    "decisions_of",
    "desk_for",
    "file_of",
    "goes_by_procedure",
    "has_signature_on_its_way",
    "ids_of",
    "known_key",
    "late_requests",
    "lines_like",
    "lines_of",
    "load_bench",
    "mark_of",
    "mergeable_with",
    "needed_of",
    "order_by_number",
    "orders_for",
    "orders_for_others",
    "orders_for_own",
    "page_of_orders",
    "paper_of",
    "partners_to_order_for",
    "preview_of_stored",
    "preview_request",
    "regulation_words",
    "signature_by_number",
    "sums_of_orders",
    "titles_at",
    "titles_called",
    "whole_order",
]
