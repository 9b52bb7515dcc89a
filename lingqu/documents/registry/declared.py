"""What a module declares of a document type; plain values that the registry reads. See `docs/start/add-a-document-type.md`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

import msgspec
from django.db.models import Model
from django.urls import reverse

from lingqu.base.access import ANYBODY, Way
from lingqu.base.states import StateTable
from lingqu.base.text import Text
from lingqu.documents.registry.forms import DocumentForm
from lingqu.documents.rules import NewFile
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode

MOST_ROWS: Final = 200
"""Rows of a form's table at most."""


A_TITLE: Final = Text("一行一个：编号或书号，加册数。", "One a line: number or ISBN, and copies.")


class Look(StrEnum):
    """How a value is shown on a page, and what it is in a workbook."""

    WORDS = "words"
    LONG = "long"
    CODE = "code"
    NAME = "name"
    MONEY = "money"
    COPIES = "copies"
    PERCENT = "percent"
    DAY = "day"
    MOMENT = "moment"


class Shown(msgspec.Struct, frozen=True):
    """A value of a document or of one of its lines: its key, its head, where it is found, how it looks.

    `of` is a path such as `partner.name` or a function; None and "" show a dash. `link` gives the address it leads to, "" for none.
    `summed` values are added up below a list that goes out, and below lines.
    """

    key: str
    title: Text
    of: str | Callable[[Any], object]
    look: Look = Look.WORDS
    link: Callable[[Any], str] | None = None
    summed: bool = False

    def value(self, row: object) -> object:
        """Return the value of a row; a path stops at the first None."""
        if not isinstance(self.of, str):
            return self.of(row)
        found: object = row
        for name in self.of.split("."):
            found = getattr(found, name) if found is not None else None
        return found


class Sent(msgspec.Struct, frozen=True):
    """What a person sent, understood: the fields of the form, the rows of its table, files; and the key made before it was sent."""

    who: Acting
    at: datetime
    on: date
    data: Mapping[str, Any] = {}
    rows: Sequence[Mapping[str, Any]] = ()
    files: Sequence[NewFile] = ()
    key: str = ""


class Typing(msgspec.Struct, frozen=True):
    """What is asked before something is done: a form, a table of rows beneath it, files. `told` stands above it.

    `first` and `first_rows` give what a form begins with, from the document for a verb, from the address (a mapping) for a new one.
    `offered` gives rows that wait to be filled in, as words, before the others: one that is sent as it was offered says nothing.
    `read` makes rows of a list that was pasted (its name is "") or sent as a file, `line` says what a line of it holds. `preview` gives a
    template and its context that show, before anything is done, what would come of what was typed; it takes the document, or the
    address, and what was sent. `beside` gives those that stand above the form: what is known already of what will be typed.
    """

    form: type[DocumentForm] = DocumentForm
    rows: type[DocumentForm] | None = None
    most_rows: int = MOST_ROWS
    files: int = 0
    told: Text | None = None
    first: Callable[[Any], Mapping[str, Any]] | None = None
    first_rows: Callable[[Any], Sequence[Mapping[str, Any]]] | None = None
    offered: Callable[[Any, Looking], Sequence[Mapping[str, Any]]] | None = None
    read: Callable[[str, bytes], Sequence[Mapping[str, Any]]] | None = None
    line: Text = A_TITLE
    preview: Callable[[Any, Sent], tuple[str, Mapping[str, Any]]] | None = None
    beside: Callable[[Any, Looking], tuple[str, Mapping[str, Any]] | None] | None = None

    @property
    def nothing(self) -> bool:
        """Return whether nothing is asked at all: one press does it."""
        return not self.form.base_fields and self.rows is None and not self.files


NOTHING_ASKED: Final = Typing()


class Verb(msgspec.Struct, frozen=True, kw_only=True):
    """What a person may do with a document on its page: a verb of its table, who may (`may`), and the action that does it (`do`).

    `do` makes one call of an action and returns what is told, or None for the verb's own words. `ways` declares the address as
    `access.py` does. What approvals and jobs do is in the table alone. `route` names the address of a page written by hand, and
    `address` gives it where it is not made of that name and the number alone.
    """

    verb: StrEnum
    ways: tuple[Way, ...] = ANYBODY
    may: Callable[[Acting, Any, date], bool] = lambda who, document, on: True  # noqa: ARG005 - whoever the ways let in
    do: Callable[[Any, Sent], Text | None] | None = None
    typing: Typing = NOTHING_ASKED
    icon: str = ""
    strong: bool = False
    route: str = ""
    address: Callable[[Any], str] | None = None


class Making(msgspec.Struct, frozen=True, kw_only=True):
    """How a new document comes to be: who may (`may`), what is typed, and the action that makes it and returns it (`do`)."""

    words: Text
    ways: tuple[Way, ...]
    may: Callable[[Acting, date], bool]
    typing: Typing
    do: Callable[[Sent], Model]


class Lines(msgspec.Struct, frozen=True):
    """The lines of a document: their title, the function that finds them, their columns."""

    title: Text
    of: Callable[[Any], Iterable[object]]
    columns: tuple[Shown, ...]


class Looking(msgspec.Struct, frozen=True):
    """Who looks at a page, when."""

    who: Acting
    at: datetime
    on: date


class Panel(msgspec.Struct, frozen=True):
    """A part of the page that the registry does not know: a template with its context, None when there is nothing to show."""

    template: str
    context: Callable[[Any, Looking], Mapping[str, object] | None]
    aside: bool = True


class Menu(msgspec.Struct, frozen=True):
    """The place in the menu: its icon, and the kinds of firm that have it (none named: all)."""

    icon: str
    kinds: tuple[str, ...] = ()
    posts: tuple[PostCode, ...] = ()


class HandMade(msgspec.Struct, frozen=True):
    """Names of the addresses of pages that a module wrote itself; the registry makes the others. `address` as for a verb."""

    list: str = ""
    one: str = ""
    new: str = ""
    address: Callable[[Any], str] | None = None


class DocumentType(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of document: what it is called and where it is kept, its states, what is shown, what is typed, what is done.

    `key` is its word in facts, approvals, files and addresses; `slug` begins its addresses; `series` its numbers. `about`, `by` and `at`
    are paths to the partner, to who made it and to when. `tones` gives the kind (a key of STATES) of every state. Its rows are seen
    as `MODELS` in the module's `access.py` declares. `carries` names what it carries out in a regulation, such as `record:visits`.
    Documents in a state of `waiting` lead its list, the oldest first; without one the newest stand first.
    """

    key: str
    title: Text
    plural: Text
    slug: str
    series: str
    model: type[Any]
    states: StateTable[Any, Any]
    tones: Mapping[str, str]
    waiting: tuple[str, ...] = ()
    columns: tuple[Shown, ...] = ()
    facts: tuple[Shown, ...] = ()
    lines: Lines | None = None
    panels: tuple[Panel, ...] = ()
    making: Making | None = None
    verbs: tuple[Verb, ...] = ()
    about: str = "partner"
    by: str = "asked_by"
    at: str = "asked_at"
    related: tuple[str, ...] = ()
    list_ways: tuple[Way, ...] = ANYBODY
    one_ways: tuple[Way, ...] = (Way(relation="party"),)
    told: Text | None = None
    empty: Text = Text("还没有。", "There are none yet.")
    menu: Menu | None = None
    hand_made: HandMade = HandMade()
    carries: tuple[str, ...] = ()

    @property
    def list_route(self) -> str:
        """Return the name of the list's address."""
        return self.hand_made.list or f"{self.key}_list"

    @property
    def one_route(self) -> str:
        """Return the name of the address of one document."""
        return self.hand_made.one or self.key

    @property
    def new_route(self) -> str:
        """Return the name of the address where one is made, "" when people make none."""
        return self.hand_made.new or (f"{self.key}_new" if self.making else "")

    def url_of(self, document: Any) -> str:  # noqa: ANN401 - of the type's own model
        """Return the address of a document."""
        own = self.hand_made.address
        return own(document) if own else reverse(self.one_route, args=[document.number])

    def url_of_verb(self, verb: Verb, document: Any) -> str:  # noqa: ANN401 - of the type's own model
        """Return the address at which a verb is done with a document."""
        return verb.address(document) if verb.address else reverse(self.route_of(verb), args=[document.number])

    def route_of(self, verb: Verb) -> str:
        """Return the name of the address of a verb."""
        return verb.route or f"{self.key}_{verb.verb.value}"
