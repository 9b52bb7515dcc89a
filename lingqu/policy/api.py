"""The regulation for other systems: its versions, what a version says, and the clause that a decision or a refusal cites."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Path, Query, Router
from pydantic import Field, JsonValue

from lingqu.base.refusal import not_found
from lingqu.base.text import Text
from lingqu.documents.api import ApiRequest, Day, Moment, Shape, Words, day, moment, reads, words
from lingqu.organisation.states import Scope
from lingqu.policy.queries import VersionRow, regulation_by_reference, regulation_in_force, versions
from lingqu.policy.rules import Regulation, parameter_value

router = Router(tags=["regulation"])
Reference = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9_-]{0,29}/[1-9][0-9]{0,8}/[0-9a-f]{6,64}$",
        examples=["publisher/1/0123456789ab"],
        description="A version as decisions name it; the one in force when it is left out.",
    ),
]
ClausePlace = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,30}$", examples=["M-19.3"])]


class VersionFilter(Shape):
    """Which version: by its reference, else the one that was in force `on` a day; today's when nothing is said."""

    reference: Reference | None = None
    on: Day | None = None


class CitedFilter(Shape):
    """In which version."""

    reference: Reference | None = None


class VersionOut(Shape):
    """A version of the regulation; `in_force_until` is the day on which the next one took its place, null while there is none."""

    reference: str
    number: int
    in_force_from: Day
    in_force_until: Day | None
    issued_at: Moment


class VersionsOut(Shape):
    """The versions, newest first."""

    items: list[VersionOut]


class ParameterOut(Shape):
    """A parameter: what it is called, its unit, the clause it comes from, and its value, as a number, a word, a list or a table."""

    key: str
    title: Words
    unit: Words
    clause: str
    kind: str
    value: JsonValue


class LawSettingOut(Shape):
    """A law that judges requests: whether it is on, the clause that it carries out, and which post may let it pass; empty: nobody."""

    law: str
    enabled: bool
    clause: str
    waivable_by: str


class RegulationOut(Shape):
    """A version of the regulation as the product obeys it."""

    reference: str
    laws: list[LawSettingOut]
    parameters: list[ParameterOut]


class ClauseOut(Shape):
    """A clause in both languages."""

    reference: str
    clause: str
    title: Words
    text: Words


@reads(router, "/regulation", name="regulation", operation="get_regulation", scope=Scope.ORDERS_READ, out=RegulationOut)
def get_regulation(request: ApiRequest, asked: Query[VersionFilter]) -> dict[str, Any]:
    """Read the laws and parameters of the regulation: of today, of a day, or of the version that a decision names."""
    found = _version(request, asked)
    return {
        "reference": found.reference,
        "laws": [
            {"law": name, "enabled": one.enabled, "clause": one.clause, "waivable_by": one.waivable_by} for name, one in found.laws.items()
        ],
        "parameters": [
            {
                "key": key, "title": words(note.title), "unit": words(note.unit), "clause": note.clause, "kind": str(note.kind),
                "value": parameter_value(found, key),
            }
            for key, note in found.notes.items()
        ],
    }  # fmt: skip


@reads(router, "/regulation/versions", name="regulation_versions", operation="list_versions", scope=Scope.ORDERS_READ, out=VersionsOut)
def list_versions(request: ApiRequest) -> dict[str, Any]:
    """List the versions of the regulation that the company goes by, newest first."""
    pack = regulation_in_force(on=request.today).reference.partition("/")[0]
    return {"items": [_of_version(row) for row in versions(pack)]}


@reads(router, "/regulation/clauses/{place}", name="regulation_clause", operation="get_clause", scope=Scope.ORDERS_READ, out=ClauseOut)
def get_clause(request: ApiRequest, place: Path[ClausePlace], asked: Query[CitedFilter]) -> dict[str, Any]:
    """Read the clause that a decision or a problem cites."""
    found = _version(request, VersionFilter(reference=asked.reference))
    clause = found.clauses.get(place)
    if clause is None:
        raise not_found(Text("这个版本没有这一条。", "This version has no such clause."))
    return {"reference": found.reference, "clause": clause.id, "title": words(clause.title), "text": words(clause.text)}


def _version(request: ApiRequest, asked: VersionFilter) -> Regulation:
    if asked.reference:
        return regulation_by_reference(asked.reference)
    return regulation_in_force(on=asked.on or request.today)


def _of_version(row: VersionRow) -> dict[str, Any]:
    return {
        "reference": row.reference, "number": row.number, "in_force_from": day(row.in_force_from),
        "in_force_until": day(row.in_force_until), "issued_at": moment(row.issued_at),
    }  # fmt: skip


ROUTERS = (router,)
