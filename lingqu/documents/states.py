"""What kinds of files documents take, and which media type each has."""

from __future__ import annotations

from enum import StrEnum


class FileKind(StrEnum):
    """What may be attached to a document: told by the content, not by the name alone."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    XLSX = "xlsx"
    DOCX = "docx"
    CSV = "csv"
    TEXT = "txt"


MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.CSV: "text/csv",
    FileKind.TEXT: "text/plain",
}
