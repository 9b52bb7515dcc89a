"""Say something about a document. What was said is never changed or taken away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.database import run
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.documents.models import Comment
from lingqu.organisation.queries import Acting

LONGEST = 1_000
MOST_COMMENTS = 200


@transaction.atomic
def comment(kind: str, document: int, words: str, *, inside: bool = False, by: Acting, at: datetime) -> Comment:
    """Add a comment to a document and return it; `inside` is for the people of the person's own firm alone.

    Refuses at `words` nothing at all, more than 1,000 letters, and more than 200 on one document. That the document exists and is the
    person's to see was asked by the caller.
    """
    plain = words.replace("\x00", "").strip()
    if not plain:
        raise bad_input("words", Text("请写下要说的话。", "Write what you want to say."))
    if len(plain) > LONGEST:
        raise bad_input("words", Text(f"最多 {LONGEST} 字。", f"At most {LONGEST} characters."))
    run("SELECT pg_advisory_xact_lock(hashtextextended('comment:' || %s, %s))", (kind, document))
    if Comment.objects.filter(document_kind=kind, document_id=document).count() >= MOST_COMMENTS:
        raise bad_input("words", Text(f"一份单据最多 {MOST_COMMENTS} 条留言。", f"A document has at most {MOST_COMMENTS} comments."))
    made = Comment.objects.create(
        document_kind=kind, document_id=document, words=plain, inside=inside, said_by_id=by.person, said_at=at
    )  # fmt: skip
    record([Deed("comment", kind, document, {"comment": made.pk, "inside": inside})], by=by.person, at=at)
    return made
