"""What comes in: files of banks, and what people type about a bank line."""

from lingqu.settlement.forms.choosing import COLUMN, read_columns, read_id, read_search, read_state, read_ticked
from lingqu.settlement.forms.parts import PartsTyped, PartTyped, read_parts
from lingqu.settlement.forms.reading import read_bank_file
from lingqu.settlement.forms.statements import read_days, read_month, read_page

__all__ = [
    "COLUMN", "PartTyped", "PartsTyped", "read_bank_file", "read_columns", "read_days", "read_id", "read_month", "read_page", "read_parts",
    "read_search", "read_state", "read_ticked",
]  # fmt: skip
