"""What is typed before a document is made or a verb is done: bound to its form, understood, shown again with its errors."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec
from django import forms
from django.http import HttpRequest

from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest, sent_files
from lingqu.documents.registry.declared import Looking, Sent, Typing
from lingqu.documents.registry.forms import blame
from lingqu.documents.rules import FIELD, NewFile, check_many

BEGIN_ROWS: Final = 5
MORE_ROWS: Final = 10
MOST_PASTED: Final = 200_000
LIST: Final = "list"
"""The field in which a list comes as a file; words are pasted in `paste`."""

_KEY: Final = re.compile(r"[0-9a-f-]{8,64}", re.ASCII)
UNREADABLE: Final = 422


class Typed(msgspec.Struct):
    """A form with its table of rows (None: it has none), the key of this sending, an error of the files, and why it was refused.

    `reads` says what a line of a list holds that fills the table, None where none does.
    """

    form: Any
    rows: Any
    key: str
    files_error: str = ""
    refusal: Refusal | None = None
    most_files: int = 0
    paste: str = ""
    reads: Text | None = None
    previews: bool = False

    @property
    def columns(self) -> list[dict[str, Any]]:
        """Return the heads of the table."""
        return [{"label": field.label, "needed": field.field.required} for field in self.rows.empty_form] if self.rows else []

    @property
    def status(self) -> int:
        """Return the status of the page that shows it."""
        if self.refusal:
            return self.refusal.status
        wrong = self.files_error or (self.form.is_bound and (self.form.errors or (self.rows and self.rows.total_error_count())))
        return UNREADABLE if wrong else 200


def begin(asked: Typing, request: PageRequest, start: object) -> Typed:
    """Return an empty form, or one that begins with what the document or the address gives."""
    first = asked.first(start) if asked.first else {}
    rows = [*_offered(asked, request, start), *(asked.first_rows(start) if asked.first_rows else ())]
    many = max(BEGIN_ROWS, len(rows))
    return _typed(asked, request, None, first, rows, many, uuid.uuid4().hex)


def sent(asked: Typing, request: PageRequest, start: object = None) -> tuple[Typed, Sent | None]:
    """Return what was sent as typed, and understood; None where something is at fault or only more rows were asked for.

    `start` is what the form began from: rows that were offered then and came back as they were say nothing.
    """
    key = request.POST.get("key", "")
    key = key if _KEY.fullmatch(key) else uuid.uuid4().hex
    more, fill = "more" in request.POST, _list_came(asked, request)
    many = _many(request, asked) + (MORE_ROWS if more else 0)
    data = request.POST.copy()
    data["rows-TOTAL_FORMS"], data["rows-INITIAL_FORMS"] = str(min(many, asked.most_rows)), "0"
    typed = _typed(asked, request, data, {}, _offered(asked, request, start), many, key)
    files = _files(asked, request, typed)
    if more or fill:
        return _unblamed(asked, request, data, key, fill=fill), None
    good = typed.form.is_valid() and (typed.rows is None or typed.rows.is_valid())
    if not good or typed.files_error:
        return typed, None
    rows = [row.cleaned_data for row in typed.rows.forms if row.has_changed()] if typed.rows is not None else []
    return typed, Sent(request.who, request.at, request.today, typed.form.cleaned_data, rows, files, key)


def does(typed: Typed, do: Callable[[], Any]) -> Any:  # noqa: ANN401 - what the action returns, None when it was refused
    """Do it, or put the refusal at its field or above the form. What is not the person's to see or do is raised again."""
    try:
        return do()
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        if refusal.field == FIELD:
            typed.files_error = str(refusal.text)
        elif not blame(refusal, typed.form, typed.rows):
            typed.refusal = refusal
        return None


def _typed(
    asked: Typing, request: PageRequest, data: Any, first: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], many: int, key: str  # noqa: ANN401 - Django's own, or None
) -> Typed:  # fmt: skip
    form = asked.form(data, who=request.who, on=request.today, initial=first)
    made = None
    if asked.rows:
        table = forms.formset_factory(
            asked.rows, extra=max(many - len(rows), 0), max_num=asked.most_rows, absolute_max=asked.most_rows, validate_max=True
        )  # fmt: skip
        made = table(data, prefix="rows", initial=list(rows), form_kwargs={"who": request.who, "on": request.today})
    return Typed(form, made, key, most_files=asked.files, reads=asked.line if asked.read else None, previews=asked.preview is not None)


def _offered(asked: Typing, request: PageRequest, start: object) -> Sequence[Mapping[str, Any]]:
    return asked.offered(start, Looking(request.who, request.at, request.today)) if asked.offered else ()


def _unblamed(asked: Typing, request: PageRequest, data: Any, key: str, *, fill: bool) -> Typed:  # noqa: ANN401 - Django's own
    """Return the form with more rows and what was typed in them, or with those of a list; nothing is blamed, for nothing was sent yet."""
    form = asked.form(None, who=request.who, on=request.today, initial={name: data.get(name, "") for name in asked.form.base_fields})
    names = asked.rows.base_fields if asked.rows else {}
    many = int(data["rows-TOTAL_FORMS"])
    rows = [{name: data.get(f"rows-{place}-{name}", "") for name in names} for place in range(many)]
    if not fill:
        return _typed(asked, request, None, form.initial, rows, many, key)
    kept, refusal = [row for row in rows if any(row.values())], None
    read: Sequence[Mapping[str, Any]] = ()
    try:
        read = _list_sent(asked, request)
        if len(kept) + len(read) > asked.most_rows:
            told = Text(f"最多 {asked.most_rows} 行，请分成几份。", f"At most {asked.most_rows} rows; send several.")
            raise bad_input("paste", told)
    except Refusal as wrong:
        refusal, read = wrong, ()
    full = [*kept, *read]
    typed = _typed(asked, request, None, form.initial, full, min(max(BEGIN_ROWS, len(full)), asked.most_rows), key)
    typed.refusal, typed.paste = refusal, request.POST.get("paste", "")[:MOST_PASTED] if refusal else ""
    return typed


def _list_came(asked: Typing, request: HttpRequest) -> bool:
    """Return whether a list came for the table: it is filled in first, whatever button was pressed."""
    return asked.read is not None and ("fill" in request.POST or bool(request.POST.get("paste", "").strip()) or LIST in request.FILES)


def _list_sent(asked: Typing, request: HttpRequest) -> Sequence[Mapping[str, Any]]:
    words = request.POST.get("paste", "")
    if asked.read is None or not (words.strip() or LIST in request.FILES):
        return ()
    if len(words) > MOST_PASTED:
        raise bad_input("paste", Text(f"最多粘贴 {MOST_PASTED:,} 字。", f"Paste at most {MOST_PASTED:,} characters."))
    read = list(asked.read("", words.replace("\x00", "").encode())) if words.strip() else []
    for file in sent_files(request, LIST):
        read += asked.read(file.name, file.content)
    if not read:
        raise bad_input("paste", Text("清单里没有读到一行。", "Not one line was found in the list."))
    return read


def _many(request: HttpRequest, asked: Typing) -> int:
    words = request.POST.get("rows-TOTAL_FORMS", "")
    return min(int(words), asked.most_rows) if words.isascii() and words.isdigit() and len(words) <= len("1000") else BEGIN_ROWS


def _files(asked: Typing, request: PageRequest, typed: Typed) -> Sequence[NewFile]:
    if not asked.files:
        return ()
    try:
        found = sent_files(request)
        check_many(len(found), field=FIELD)
        if len(found) > asked.files:
            typed.files_error = str(Text(f"最多 {asked.files} 个文件。", f"At most {asked.files} files."))
    except Refusal as refusal:
        typed.files_error = str(refusal.text)
        return ()
    return found
