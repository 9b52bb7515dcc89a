"""Reads of a replay: the files of the source, and what came out."""

from lingqu.rehearsal.queries.adventureworks import read_source
from lingqu.rehearsal.queries.figures import Figures, figures_of
from lingqu.rehearsal.queries.house import Counterpart, House, Progress, find_house, pieces_received, progress_of, unapplied_money

__all__ = [
    "Counterpart", "Figures", "House", "Progress", "figures_of", "find_house", "pieces_received", "progress_of", "read_source",
    "unapplied_money",
]  # fmt: skip
