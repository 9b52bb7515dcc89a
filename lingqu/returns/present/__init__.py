"""Returns and transfers as pages and papers show them. A door of this module."""

from __future__ import annotations

from lingqu.returns.present.caps import caps_panel
from lingqu.returns.present.page import return_view, transfer_view
from lingqu.returns.present.printed import slip_of, transfer_paper_of
from lingqu.returns.present.rows import STATE_KINDS, TRANSFER_KINDS, relief_note, return_row, transfer_row, transfer_told

__all__ = [
    "STATE_KINDS", "TRANSFER_KINDS", "caps_panel", "relief_note", "return_row", "return_view", "slip_of", "transfer_paper_of",
    "transfer_row", "transfer_told", "transfer_view",
]  # fmt: skip
