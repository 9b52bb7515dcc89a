"""The files of documents. Who may see the document may see its files: the caller has asked that."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec
from django.db.models import F

from lingqu.base.refusal import not_found
from lingqu.documents.models import Attachment

BIGGEST_ID = 2**63 - 1


class AttachedFile(msgspec.Struct, frozen=True):
    """An attachment without its bytes: `size` in bytes, who added it, and for whom when they stood in for somebody."""

    id: int
    role: str
    name: str
    media_type: str
    sha256: str
    size: int
    added_by: int
    added_by_name: str
    on_behalf_of: int | None
    on_behalf_of_name: str
    added_at: datetime


class FileContent(msgspec.Struct, frozen=True):
    """A file to hand out: its name, its media type and its bytes."""

    name: str
    media_type: str
    content: bytes


def attachments_of(kind: str, ids: Collection[int]) -> dict[int, list[AttachedFile]]:
    """Return the files of documents of a kind, oldest first, without their bytes; every id of `ids` has its list. One statement."""
    found: dict[int, list[AttachedFile]] = {document: [] for document in ids}
    if not found:
        return found
    rows = (
        Attachment.objects.filter(document_kind=kind, document_id__in=list(found))
        .order_by("pk")
        .values(
            "id", "document_id", "role", "name", "media_type", "sha256", "size", "added_by", "added_at",
            added_by_name=F("added_by__name"), for_whom=F("on_behalf_of"), for_whom_name=F("on_behalf_of__name"),
        )
    )  # fmt: skip
    for row in rows:
        found[row["document_id"]].append(
            AttachedFile(
                id=row["id"], role=row["role"], name=row["name"], media_type=row["media_type"], sha256=row["sha256"], size=row["size"],
                added_by=row["added_by"], added_by_name=row["added_by_name"], on_behalf_of=row["for_whom"],
                on_behalf_of_name=row["for_whom_name"] or "", added_at=row["added_at"],
            )
        )  # fmt: skip
    return found


def attachment_content(attachment: int, *, kind: str, document: int) -> FileContent:
    """Return a file of this document with its bytes; refuses (404) one that does not exist or belongs to another document."""
    if not 0 < attachment <= BIGGEST_ID:
        raise not_found()
    found = Attachment.objects.filter(pk=attachment, document_kind=kind, document_id=document).first()
    if found is None:
        raise not_found()
    return FileContent(found.name, found.media_type, bytes(found.content))
