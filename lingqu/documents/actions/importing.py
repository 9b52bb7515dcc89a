"""Tables taken over: kept when they are sent, taken over whole when a person has looked at them, or put away (P17)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text, in_one_line
from lingqu.documents.models import ImportFile
from lingqu.documents.queries.exports import Ask
from lingqu.documents.queries.imports import FIELD, ListIn, import_called, read_import
from lingqu.documents.rules import NewFile, plain_name
from lingqu.documents.states import IMPORTS, ImportState, ImportVerb

SUBJECT = "import_file"


@transaction.atomic
def keep_import(made: ListIn, file: NewFile, *, ask: Ask) -> ImportFile:
    """Keep a table to be looked at, and return it; the same bytes again are the file that is kept or was taken over.

    Refuses people who may not, what is no table, and the file that a colleague has sent already. Nothing is changed by it yet.
    """
    _check(made, ask)
    read_import(made, file.name, file.content, ask=ask)
    digest = hashlib.sha256(file.content).hexdigest()
    kept = ImportFile(
        kind=made.key, firm_id=ask.who.firm, sent_by_id=ask.who.person, name=plain_name(file.name), sha256=digest, content=file.content,
        state=ImportState.LOOKED_AT.value, sent_at=ask.at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            kept.save(force_insert=True)
    except IntegrityError:
        same = ImportFile.objects.filter(firm_id=ask.who.firm, kind=made.key, sha256=digest)
        found = same.exclude(state=ImportState.DROPPED.value).select_related("sent_by").get()
        if found.sent_by_id != ask.who.person:
            raise bad_input(FIELD, _of_colleague(found)) from None
        return found
    record([Deed("send", SUBJECT, kept.pk, {"kind": made.key, "sha256": digest})], by=ask.who.person, at=ask.at)
    return kept


def _of_colleague(found: ImportFile) -> Text:
    name, day = found.sent_by.name, china_day(found.sent_at)
    if found.state == ImportState.TAKEN.value:
        return Text(f"{name} 在 {day} 已交过同一文件，并已导入。", f"{name} sent the same file on {day}, and it is taken over.")
    return Text(
        f"{name} 在 {day} 已交过同一文件，请其导入或放弃。",
        f"{name} sent the same file on {day} already; ask them to take it over or put it away.",
    )


@transaction.atomic
def take_import(number: int, *, ask: Ask) -> ImportFile:
    """Take a table over, all of it or nothing, and return it; one that was taken over already is returned as it is.

    Refuses people who may not, and (422, has_errors) a table with an error against what there is now.
    """
    kept = _locked(number, ask)
    made = import_called(kept.kind)
    _check(made, ask)
    if kept.state == ImportState.TAKEN.value:
        return kept
    kept.state = IMPORTS.next(ImportState(kept.state), ImportVerb.TAKE).value
    table, looked = read_import(made, kept.name, bytes(kept.content), ask=ask)
    many = len(table.errors) + len(looked.errors)
    if many:
        told = Text(f"还有 {many} 处错误，请更正后重新上传。", f"{many} errors are left; correct them and send the file again.")
        raise Refusal("has_errors", told, status=422)
    kept.taken_as = in_one_line(made.take(ask, table, f"import-{kept.pk}"))[:200]
    kept.taken_at = ask.at
    kept.save(update_fields=["state", "taken_at", "taken_as"])
    record([Deed("take_over", SUBJECT, kept.pk, {"kind": kept.kind, "rows": len(table.rows)})], by=ask.who.person, at=ask.at)
    return kept


@transaction.atomic
def drop_import(number: int, *, by_person: int, at: datetime) -> ImportFile:
    """Put a table away that was only looked at, and return it; the same file may be sent again."""
    kept = ImportFile.objects.select_for_update().filter(pk=number, sent_by_id=by_person).first()
    if kept is None:
        raise not_found()
    kept.state = IMPORTS.next(ImportState(kept.state), ImportVerb.DROP).value
    kept.save(update_fields=["state"])
    record([Deed("drop", SUBJECT, kept.pk, {"kind": kept.kind})], by=by_person, at=at)
    return kept


def _locked(number: int, ask: Ask) -> ImportFile:
    kept = ImportFile.objects.select_for_update(of=("self",)).filter(pk=number, sent_by_id=ask.who.person, firm_id=ask.who.firm).first()
    if kept is None:
        raise not_found()
    return kept


def _check(made: ListIn, ask: Ask) -> None:
    if not made.may(ask):
        raise forbidden(Text("您的岗位不能导入这一类数据。", "Your post does not take over tables of this kind."))
