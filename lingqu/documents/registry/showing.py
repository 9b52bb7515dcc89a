"""Documents of a registered type as its pages and its workbook show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from lingqu.base.money import WHOLE_BP
from lingqu.base.sheets import Column, ColumnKind
from lingqu.base.templatetags.words import NOTHING, clock, copies, day, money, percent_bp
from lingqu.base.text import Text, parted
from lingqu.documents.queries import A_PAGE, Ask, ListOut, RowOut, paged
from lingqu.documents.registry.declared import DocumentType, Look, Shown, Verb
from lingqu.documents.registry.kept import type_called
from lingqu.documents.registry.reading import Happened, Wanted, page_of, place_of, read_wanted
from lingqu.organisation.queries import Acting

_SHOW: Final[Mapping[Look, Callable[[Any], str]]] = {
    Look.MONEY: money, Look.COPIES: copies, Look.PERCENT: percent_bp, Look.DAY: day, Look.MOMENT: lambda at: clock(at, "start"),
}  # fmt: skip
_KINDS: Final = {
    Look.MONEY: ColumnKind.MONEY, Look.COPIES: ColumnKind.COUNT, Look.PERCENT: ColumnKind.PERCENT, Look.DAY: ColumnKind.DATE,
    Look.MOMENT: ColumnKind.MOMENT,
}  # fmt: skip
_FIGURES: Final = (Look.MONEY, Look.COPIES, Look.PERCENT)
_WIDE: Final = {Look.NAME: 24, Look.WORDS: 20, Look.MOMENT: 18}
SAID: Final = {
    "attach": Text("添加附件", "Files added"),
    "comment": Text("留言", "Comment"),
    "ask": Text("提交", "Submitted"),
    "edit": Text("修改", "Changed"),
    "propose": Text("提交", "Submitted"),
}
"""Deeds that every document may have beside the verbs of its table."""
NUMBER: Final = Text("编号", "Number")
PARTNER: Final = Text("客户", "Partner")
PARTNER_CODE: Final = Text("客户代码", "Partner code")
STATE: Final = Text("状态", "State")
MADE_AT: Final = Text("提交", "Submitted")
MADE_BY: Final = Text("提交人", "By")


def cell(shown: Shown, row: object) -> dict[str, Any]:
    """Return a value of a row as a page shows it: its words, its look, and the address it leads to."""
    value = shown.value(row)
    words = NOTHING if value is None or value == "" else _SHOW.get(shown.look, str)(value)
    link = shown.link(row) if shown.link and words != NOTHING else ""
    return {
        "key": shown.key, "title": shown.title, "words": words, "look": shown.look.value, "figure": shown.look in _FIGURES, "link": link,
    }  # fmt: skip


def state_of(made: DocumentType, document: Any) -> tuple[str, Text]:  # noqa: ANN401 - of the type's own model
    """Return the kind of a document's state for its colour, and its words."""
    return made.tones[document.state], words_of(made)[document.state]


def words_of(made: DocumentType) -> Mapping[str, Text]:
    """Return the words of all states and verbs of a type by their values."""
    return {str(key): words for key, words in made.states.words.items()}


def at_path(document: object, path: str) -> Any:  # noqa: ANN401 - what stands at the path
    """Return what stands at a path from a document, such as its partner at `line.buyer`."""
    return Shown("", PARTNER, path).value(document)


def row_of(made: DocumentType, document: Any) -> dict[str, Any]:  # noqa: ANN401 - of the type's own model
    """Return a document as a row of its list."""
    tone, words = state_of(made, document)
    return {
        "number": document.number, "url": made.url_of(document), "about": at_path(document, made.about).name,
        "at": at_path(document, made.at), "tone": tone, "state": words, "cells": [cell(shown, document) for shown in made.columns],
    }  # fmt: skip


def lines_of(made: DocumentType, document: object) -> dict[str, Any] | None:
    """Return the lines of a document as a table with its sums, None for a type without lines."""
    if made.lines is None:
        return None
    rows = list(made.lines.of(document))
    sums = {one.key: _sum(one, rows) for one in made.lines.columns if one.summed}
    foot = [
        {"title": one.title, "words": _SHOW[one.look](sums[one.key]) if one.key in sums else "", "figure": one.look in _FIGURES}
        for one in made.lines.columns
    ]
    return {
        "title": made.lines.title,
        "heads": [{"title": one.title, "figure": one.look in _FIGURES} for one in made.lines.columns],
        "rows": [[cell(one, row) for one in made.lines.columns] for row in rows],
        "sums": foot if sums and rows else None,
    }


def _sum(shown: Shown, rows: Iterable[object]) -> Any:  # noqa: ANN401 - yuan or copies
    values: list[Any] = [shown.value(row) for row in rows]
    return sum(value for value in values if value is not None)


def verbs_of(made: DocumentType, document: Any, *, who: Acting, on: date) -> list[Verb]:  # noqa: ANN401 - of the type's own model
    """Return the verbs that the document's state allows and the person may do, in the order of the declaration."""
    allowed = {str(verb) for state, verb in made.states.moves if str(state) == document.state}
    return [verb for verb in made.verbs if verb.verb.value in allowed and verb.may(who, document, on)]


def offered(key: str, document: Any, *, who: Acting, on: date) -> frozenset[str]:  # noqa: ANN401 - of the type's own model
    """Return the verbs that a page written by hand offers on a document of the type `key`: as `verbs_of`, by their values."""
    return frozenset(verb.verb.value for verb in verbs_of(type_called(key), document, who=who, on=on))


def action_of(made: DocumentType, verb: Verb, document: Any) -> dict[str, Any]:  # noqa: ANN401 - of the type's own model
    """Return a verb as a button: one press where nothing is asked, a link to its form otherwise."""
    return {
        "label": words_of(made)[verb.verb.value], "icon": verb.icon, "url": made.url_of_verb(verb, document),
        "method": "post" if verb.typing.nothing else "get", "kind": "btn-primary" if verb.strong else "",
    }  # fmt: skip


def event_of(made: DocumentType, deed: Happened) -> dict[str, Any]:
    """Return a deed as an event of `parts/timeline.html`."""
    words = words_of(made).get(deed.verb) or SAID.get(deed.verb) or Text("变更", "Changed")
    who = str(Text(f"{deed.who}（代 {deed.absent}）", f"{deed.who} (for {deed.absent})")) if deed.absent else deed.who
    return {"tone": "blue", "text": words, "at": deed.at, "note": " · ".join(part for part in (who, str(parted(deed.said))) if part)}


def list_out(made: DocumentType) -> ListOut:
    """Return the list of a type as a workbook: what the page shows, by the same filters."""

    def rows(ask: Ask) -> Iterator[RowOut]:
        wanted = read_wanted(ask.given, made)

        def after(last: Any) -> list[Any]:  # noqa: ANN401 - of the type's own model
            begin = Wanted(wanted.state, wanted.words, place_of(made, last) if last else None)
            return page_of(made, ask.who, begin, most=A_PAGE).rows

        return (_row_out(made, document) for document in paged(after))

    return ListOut(made.key, made.list_route, made.plural, tuple(_columns(made)), rows)


def _columns(made: DocumentType) -> Iterable[Column]:
    yield Column("number", NUMBER, width=16)
    yield Column("about", PARTNER, width=24)
    yield Column("about_code", PARTNER_CODE)
    for shown in made.columns:
        kind = _KINDS.get(shown.look, ColumnKind.TEXT)
        yield Column(shown.key, shown.title, kind, _WIDE.get(shown.look, 14), shown.summed)
    yield Column("made_at", MADE_AT, ColumnKind.MOMENT, 18)
    yield Column("made_by", MADE_BY)
    yield Column("state", STATE, width=16)


def _row_out(made: DocumentType, document: Any) -> RowOut:  # noqa: ANN401 - of the type's own model
    about = at_path(document, made.about)
    row: dict[str, Any] = {shown.key: _value_out(shown, document) for shown in made.columns}
    return row | {
        "number": document.number, "about": about.name, "about_code": about.code, "made_at": at_path(document, made.at),
        "made_by": at_path(document, f"{made.by}.name"), "state": state_of(made, document)[1],
    }  # fmt: skip


def _value_out(shown: Shown, document: object) -> Any:  # noqa: ANN401 - a cell
    value: Any = shown.value(document)
    if value is None or isinstance(value, Text):
        return value
    if shown.look is Look.PERCENT:
        return Decimal(value) / WHOLE_BP
    return value if shown.look in _KINDS else str(value)
