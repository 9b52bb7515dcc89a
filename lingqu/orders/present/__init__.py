"""Page-only shaping of requests: words of laws, terms, cures, steps and events. Reads and returns plain values; writes nothing."""

from lingqu.orders.present.cells import Cells
from lingqu.orders.present.cures import Offers
from lingqu.orders.present.decision import panel_of
from lingqu.orders.present.deliveries import DELIVERY_GROUP_WORDS, delivery_view, listed_deliveries
from lingqu.orders.present.delivery_papers import labels_of, note_of, pick_slip_of
from lingqu.orders.present.lines import Basis
from lingqu.orders.present.page import OrderView, view_of
from lingqu.orders.present.paths import Path, as_of, must_go, rows_for, seen_of
from lingqu.orders.present.preview import PreviewView, cells_of, preview_of
from lingqu.orders.present.printed import acceptance_of, contract_of
from lingqu.orders.present.rows import GROUP_WORDS, ORDER_TONES, rows_of
from lingqu.orders.present.verbs import Verbs

__all__ = [
    "DELIVERY_GROUP_WORDS",
    "GROUP_WORDS",
    "ORDER_TONES",
    "Basis",
    "Cells",
    "Offers",
    "OrderView",
    "Path",
    "PreviewView",
    "Verbs",
    "acceptance_of",
    "as_of",
    "cells_of",
    "contract_of",
    "delivery_view",
    "labels_of",
    "listed_deliveries",
    "must_go",
    "note_of",
    "panel_of",
    "pick_slip_of",
    "preview_of",
    "rows_for",
    "rows_of",
    "seen_of",
    "view_of",
]
