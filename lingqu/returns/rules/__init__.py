"""Pure rules of returns and transfers: from which requests copies are, which caps they keep, and what of a count is credited."""

from lingqu.returns.rules.caps import (
    CapFacts,
    CapRow,
    agreed_directly,
    back_to,
    cap_rows,
    keeps_all,
    read_rows,
    rows_text,
)
from lingqu.returns.rules.content import (
    MOST_BECAUSE,
    MOST_FILES,
    MOST_LINES,
    MOST_NOTE,
    RETURN_CHAIN,
    TRANSFER_CHAIN,
    AskedLine,
    Counted,
    NewReturnRequest,
    NewTransfer,
    accepts_damaged,
    check_because,
    check_both,
    check_count,
    check_new,
    check_transfer,
    highest_price,
)
from lingqu.returns.rules.sources import Parcel, Shipment, Sourced, Taken, assign, parcels_of, share_out

__all__ = [
    "MOST_BECAUSE", "MOST_FILES", "MOST_LINES", "MOST_NOTE", "RETURN_CHAIN", "TRANSFER_CHAIN", "AskedLine", "CapFacts", "CapRow",
    "Counted", "NewReturnRequest", "NewTransfer", "Parcel", "Shipment", "Sourced", "Taken", "accepts_damaged", "agreed_directly", "assign",
    "back_to", "cap_rows", "check_because", "check_both", "check_count", "check_new", "check_transfer", "highest_price", "keeps_all",
    "parcels_of", "read_rows", "rows_text", "share_out",
]  # fmt: skip
