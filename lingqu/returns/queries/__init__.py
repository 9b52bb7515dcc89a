"""Read returns and transfers: what may come back, the figures of the year, lists, one of them whole."""

from lingqu.returns.queries.judged import judge_caps, source_lines
from lingqu.returns.queries.lists import MOST_SHOWN, ReturnFilter, returns_page, transfers_page
from lingqu.returns.queries.one import (
    WholeReturn,
    WholeTransfer,
    evidence_file,
    known_return,
    return_by_number,
    transfer_by_number,
    whole_return,
    whole_transfer,
)
from lingqu.returns.queries.shipped import parcels_for, year_figures
from lingqu.returns.queries.typing import TitleRow, partner_called, partners_to_choose, shipped_titles, titles_by_id
from lingqu.returns.queries.waiting import overdue_returns

__all__ = [
    "MOST_SHOWN", "ReturnFilter", "TitleRow", "WholeReturn", "WholeTransfer", "evidence_file", "judge_caps", "known_return",
    "overdue_returns", "parcels_for", "partner_called", "partners_to_choose", "return_by_number", "returns_page", "shipped_titles",
    "source_lines", "titles_by_id", "transfer_by_number", "transfers_page", "whole_return", "whole_transfer", "year_figures",
]  # fmt: skip
