"""Reads of what all documents share: their files, lists that go out as workbooks, tables that come in."""

from __future__ import annotations

from lingqu.documents.queries.attachments import BIGGEST_ID, AttachedFile, FileContent, attachment_content, attachments_of
from lingqu.documents.queries.exports import (
    A_PAGE,
    MOST_AT_ONCE,
    MOST_OUT,
    Ask,
    Beside,
    ListOut,
    RowOut,
    content_of,
    export_of,
    exports_of,
    list_called,
    may_still_see,
    paged,
    register_list,
    rows_out,
    sheets_out,
)
from lingqu.documents.queries.imports import ListIn, Looked, import_called, import_of, imports_of, read_import, register_import

__all__ = [
    "A_PAGE", "BIGGEST_ID", "MOST_AT_ONCE", "MOST_OUT", "Ask", "AttachedFile", "Beside", "FileContent", "ListIn", "ListOut", "Looked",
    "RowOut", "attachment_content", "attachments_of", "content_of", "export_of", "exports_of", "import_called", "import_of",
    "imports_of", "list_called", "may_still_see", "paged", "read_import", "register_import", "register_list", "rows_out", "sheets_out",
]  # fmt: skip
