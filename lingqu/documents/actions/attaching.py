"""Attach files to a document. Nothing attached is ever changed or taken away."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.database import run
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.documents.models import Attachment
from lingqu.documents.rules import FIELD, MOST_ATTACHMENTS, NewFile, check_file, check_many
from lingqu.organisation.queries import Acting

_WORD = re.compile(r"[a-z][a-z_]{0,19}", re.ASCII)


@transaction.atomic
def attach(
    kind: str, document: int, role: str, files: Sequence[NewFile], *, by: Acting, at: datetime, on_behalf_of: int | None = None,
    field: str = FIELD,
) -> list[Attachment]:  # fmt: skip
    """Attach files to a document in a role, and return their attachments in the order of the files.

    The same bytes for the same document and role again are the same attachment. Refuses at `field` more than 5 files at once, more than
    50 on a document, and each file that `check_file` refuses (kinds, 10 MB); nothing is attached then. Who may attach to the document,
    and that it exists, was asked by the caller. Raises ValueError for a kind or role that is no word of at most 20 letters.
    """
    if not _WORD.fullmatch(kind) or not _WORD.fullmatch(role):
        message = f"{kind!r} or {role!r} is no word of small letters, at most 20"
        raise ValueError(message)
    check_many(len(files), field=field)
    checked = [(check_file(file.name, file.content, field=field), file.content) for file in files]
    sums = [hashlib.sha256(content).hexdigest() for _, content in checked]
    # Two at once on one document wait for each other here, so that the limit holds and the same bytes are kept once.
    run("SELECT pg_advisory_xact_lock(hashtextextended('attachment:' || %s, %s))", (kind, document))
    held = Attachment.objects.filter(document_kind=kind, document_id=document)
    known = {one.sha256: one for one in held.filter(role=role, sha256__in=sums).defer("content")}
    new: dict[str, Attachment] = {}
    for (file, content), digest in zip(checked, sums, strict=True):
        if digest not in known and digest not in new:
            new[digest] = Attachment(
                document_kind=kind, document_id=document, role=role, name=file.name, media_type=file.media_type, sha256=digest,
                size=len(content), content=content, added_by_id=by.person, on_behalf_of_id=on_behalf_of, added_at=at,
            )  # fmt: skip
    if new:
        if held.count() + len(new) > MOST_ATTACHMENTS:
            raise bad_input(field, Text(f"一份单据最多 {MOST_ATTACHMENTS} 个附件。", f"A document has at most {MOST_ATTACHMENTS} files."))
        Attachment.objects.bulk_create(new.values())
        after = {"role": role, "files": [{"name": one.name, "sha256": digest} for digest, one in new.items()]}
        record([Deed("attach", kind, document, after, on_behalf_of=on_behalf_of)], by=by.person, at=at)
    return [(known | new)[digest] for digest in sums]
