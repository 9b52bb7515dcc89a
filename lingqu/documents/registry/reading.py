"""Documents of a registered type as a person sees them: the list by keys, one by its number, its history, what was said about it."""

# ruff: noqa: S608 - the one statement here is made of our own names; every value is a parameter

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from django.db.models import BigIntegerField, Case, F, Model, Q, QuerySet, Value, When

from lingqu.audit.queries import facts_of
from lingqu.base.access import sight_for
from lingqu.base.refusal import not_found
from lingqu.documents.models import Comment
from lingqu.documents.registry.declared import DocumentType
from lingqu.organisation.models import Person
from lingqu.organisation.queries import Acting, rows_seen

MOST_SHOWN: Final = 50
MOST_TOLD: Final = 200
LONGEST_WORDS: Final = 40
_BEHIND: Final = 10**17
"""No id is as large: documents that wait have places above it, by which the oldest of them stands first."""

_NUMBER: Final = re.compile(r"[A-Z]{2}-\d{4}-\d{1,12}", re.ASCII)
_PLACE: Final = re.compile(r"[1-9]\d{0,17}", re.ASCII)


class Wanted(msgspec.Struct, frozen=True):
    """What a list shows: a state, words of number or partner, and below which place (`place_of`) it begins; empty and None for all."""

    state: str = ""
    words: str = ""
    before: int | None = None


class Page(msgspec.Struct, frozen=True):
    """Documents of one page, and the place below which the next one begins, None at the end."""

    rows: list[Any]
    older: int | None


class Happened(msgspec.Struct, frozen=True):
    """A deed: its verb, when, who did it ("" for the system) and for whom ("" for nobody), and what was said with it."""

    verb: str
    at: datetime
    who: str
    absent: str
    said: str


def read_wanted(given: Any, made: DocumentType) -> Wanted:  # noqa: ANN401 - a mapping of strings, Django's or ours
    """Read the filters of a list from its address; what is not understood is left out."""
    state = given.get("state", "")
    before = _PLACE.fullmatch(given.get("before", ""))
    words = given.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS]
    return Wanted(state if state in made.tones else "", words, int(before[0]) if before else None)


def seen(made: DocumentType, who: Acting) -> QuerySet[Any]:
    """Return the documents of a type that a person sees, newest first, as `MODELS` declares; with what their columns name."""
    sight = sight_for(made.model._meta.label)
    found: QuerySet[Any] = made.model.objects.filter(rows_seen(sight, who) if sight else Q(pk__in=()))
    return found.select_related(_joined(made.about), _joined(made.by), *made.related).order_by("-pk")


def _joined(path: str) -> str:
    return path.replace(".", "__")


def page_of(made: DocumentType, who: Acting, wanted: Wanted, *, most: int = MOST_SHOWN) -> Page:
    """Return one page of the documents that a person sees."""
    found = seen(made, who)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.words:
        firm = _joined(made.about)
        named = Q(**{f"{firm}__name__icontains": wanted.words}) | Q(**{f"{firm}__pinyin__icontains": wanted.words})
        found = found.filter(named | Q(number__icontains=wanted.words) | Q(**{f"{firm}__code__iexact": wanted.words}))
    if made.waiting:
        place = Case(When(state__in=made.waiting, then=Value(2 * _BEHIND) - F("pk")), default=F("pk"), output_field=BigIntegerField())
        found = found.alias(place=place).order_by("-place")
    if wanted.before is not None:
        found = found.filter(**{"place__lt" if made.waiting else "pk__lt": wanted.before})
    rows = list(found[: most + 1])
    return Page(rows[:most], place_of(made, rows[most - 1]) if len(rows) > most else None)


def place_of(made: DocumentType, document: Any) -> int:  # noqa: ANN401 - of the type's own model
    """Return where a document stands in its list, the highest first: its id, or above all ids, the older the higher, while it waits."""
    return 2 * _BEHIND - document.pk if document.state in made.waiting else int(document.pk)


def document_by_number(made: DocumentType, number: str, *, by: Acting) -> Any:  # noqa: ANN401 - of the type's own model
    """Return one document; refuses (404) what does not exist or is not the person's to see."""
    found = seen(made, by).filter(number=number).first() if _NUMBER.fullmatch(number) else None
    if found is None:
        raise not_found()
    return found


def numbered(made: DocumentType, who: Acting, *, numbers: Sequence[str], ranges: Sequence[tuple[str, str]]) -> QuerySet[Any]:
    """Return the documents of a type that a person sees whose number is one of these, or lies in a stretch, the newest first."""
    wanted = Q(number__in=[made.series + number for number in numbers])
    for low, high in ranges:
        wanted |= Q(number__gte=made.series + low, number__lte=made.series + high)
    return seen(made, who).filter(wanted)


def record_source(made: DocumentType) -> str:
    """Return the statement by which a type's documents are counted as records of the firm `%(firm)s`: id, at, title, about, link."""
    sight = sight_for(made.model._meta.label)
    table, column = made.model._meta.db_table, made.model._meta.get_field
    firms = ", ".join(f"d.{column(way.column).column}" for way in sight.firms if "__" not in way.column) if sight else "NULL"
    return f"""
        SELECT d.id, d.{column(made.at).column} AS at, d.number AS title, f.name AS about, '/{made.slug}/' || d.number || '/' AS link
          FROM {table} d JOIN organisation_firm f ON f.id = d.{column(made.about).column} WHERE %(firm)s IN ({firms})"""


def history_of(made: DocumentType, document: Model) -> list[Happened]:
    """Return what was done with a document, latest first, 200 deeds at most; two statements."""
    facts = list(facts_of(made.key, document.pk).order_by("-id")[:MOST_TOLD])
    ids = {one for fact in facts for one in (fact.person, fact.on_behalf_of) if one}
    names = dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        Happened(
            fact.verb, fact.at, names.get(fact.person or 0, ""), names.get(fact.on_behalf_of or 0, ""),
            str(fact.after.get("because") or fact.after.get("reason") or ""),
        )
        for fact in facts
    ]  # fmt: skip


def comments_of(made: DocumentType, document: Model, *, by: Acting) -> list[Comment]:
    """Return what was said about a document, oldest first; what was said inside a firm only to its people."""
    found = Comment.objects.filter(document_kind=made.key, document_id=document.pk).select_related("said_by__firm").order_by("pk")
    return list(found.filter(Q(inside=False) | Q(said_by__firm_id=by.firm))[:MOST_TOLD])
