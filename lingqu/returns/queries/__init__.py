"""Read returns and transfers: what may come back, the figures of the year, lists, one of them whole."""

from lingqu.returns.queries.feed import PaperFeed, feed_of_returns, feed_of_transfers
from lingqu.returns.queries.judged import caps_of, judge_caps, lines_as_kept, source_lines, with_relief
from lingqu.returns.queries.lists import MOST_SHOWN, Page, ReturnFilter, returns_page, transfers_page
from lingqu.returns.queries.one import (
    WholeReturn,
    WholeTransfer,
    because_told,
    evidence_file,
    return_by_number,
    transfer_by_number,
    whole_return,
    whole_transfer,
)
from lingqu.returns.queries.shipped import parcels_for, year_figures
from lingqu.returns.queries.typing import PartnerAsked, TitleRow, partner_called, partners_to_choose, shipped_titles, titles_by_id
from lingqu.returns.queries.waiting import overdue_returns

__all__ = [
    "MOST_SHOWN",
    "Page",
    "PaperFeed",
    "PartnerAsked",
    "ReturnFilter",
    "TitleRow",
    "WholeReturn",
    "WholeTransfer",
    "because_told",
    "caps_of",
    "evidence_file",
    "feed_of_returns",
    "feed_of_transfers",
    "judge_caps",
    "lines_as_kept",
    "overdue_returns",
    "parcels_for",
    "partner_called",
    "partners_to_choose",
    "return_by_number",
    "returns_page",
    "shipped_titles",
    "source_lines",
    "titles_by_id",
    "transfer_by_number",
    "transfers_page",
    "whole_return",
    "whole_transfer",
    "with_relief",
    "year_figures",
]  # fmt: skip
