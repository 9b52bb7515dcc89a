"""What documents get: numbers, files and comments; lists taken out, tables taken over; forms that are done once."""

from __future__ import annotations

from lingqu.documents.actions.attaching import attach
from lingqu.documents.actions.commenting import comment
from lingqu.documents.actions.exporting import ask_export, delete_expired, fail_export, finish_export, note_rows, start_export
from lingqu.documents.actions.importing import drop_import, keep_import, take_import
from lingqu.documents.actions.numbers import take_numbers
from lingqu.documents.actions.sending import Before, Form, forget_forms, send_once

__all__ = [
    "Before", "Form", "ask_export", "attach", "comment", "delete_expired", "drop_import", "fail_export", "finish_export", "forget_forms",
    "keep_import", "note_rows", "send_once", "start_export", "take_import", "take_numbers",
]  # fmt: skip
