"""What documents get: numbers and files."""

from __future__ import annotations

from lingqu.documents.actions.attaching import attach
from lingqu.documents.actions.numbers import take_numbers

__all__ = ["attach", "take_numbers"]
