"""Page-only shaping of requests: words of laws, terms, cures, steps and events. Reads and returns plain values; writes nothing."""

from lingqu.orders.present.course import batches_of, steps_of
from lingqu.orders.present.cures import Offers
from lingqu.orders.present.decision import panel_of
from lingqu.orders.present.events import events_of, outcome_of
from lingqu.orders.present.lines import Basis, sums_of, table_of
from lingqu.orders.present.page import OrderView, view_of
from lingqu.orders.present.preview import PreviewView, cells_of, preview_of
from lingqu.orders.present.rows import GROUP_WORDS, rows_of
from lingqu.orders.present.verbs import Verbs

__all__ = [
    "GROUP_WORDS",
    "Basis",
    "Offers",
    "OrderView",
    "PreviewView",
    "Verbs",
    "batches_of",
    "cells_of",
    "events_of",
    "outcome_of",
    "panel_of",
    "preview_of",
    "rows_of",
    "steps_of",
    "sums_of",
    "table_of",
    "view_of",
]
