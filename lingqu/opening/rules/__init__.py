"""What stands in a workbook of each kind, and what a workbook says."""

from lingqu.opening.rules.columns import COLUMNS, INTRODUCTIONS, OpeningCell, OpeningColumn, head_of
from lingqu.opening.rules.found import Known, Reading, RowRead
from lingqu.opening.rules.reading import MOST_COLUMNS, MOST_ROWS, read_opening

__all__ = [
    "COLUMNS", "INTRODUCTIONS", "MOST_COLUMNS", "MOST_ROWS", "Known", "OpeningCell", "OpeningColumn", "Reading", "RowRead",
    "head_of", "read_opening",
]  # fmt: skip
