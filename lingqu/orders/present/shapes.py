"""What the shared page parts are handed: plain frozen values, named as the parts name them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec

from lingqu.base.text import Text

REGULATION_PAGE = "/regulation/"


class Term(msgspec.Struct, frozen=True):
    """One number of a formula over its name; `parts` is a formula that the dotted number opens."""

    operator: str
    value: str
    label: Text
    dotted: bool = False
    parts: Formula | None = None


class Result(msgspec.Struct, frozen=True):
    """What a formula comes to, and the rule it keeps or breaks."""

    value: Text | str
    label: Text
    tone: str


class Formula(msgspec.Struct, frozen=True):
    """Terms and their result."""

    terms: tuple[Term, ...]
    result: Result | None = None


class Chip(msgspec.Struct, frozen=True):
    """A small tinted word, such as a batch behind a law."""

    tone: str
    text: Text


class ClauseLink(msgspec.Struct, frozen=True):
    """A clause with its title and where it is read."""

    id: str
    title: Text | str
    url: str


class Action(msgspec.Struct, frozen=True):
    """A verb beside a cure: a link, a form, or (`submit`) a button of the form with the id `form`."""

    label: Text
    url: str = ""
    method: str = "get"
    icon: str = ""
    form: str = ""
    name: str = ""
    value: str = ""


class PathLink(msgspec.Struct, frozen=True):
    """A way to change a request, in its menu."""

    key: str
    text: Text
    icon: str
    url: str


class CureHint(msgspec.Struct, frozen=True):
    """The cure beside a failed law on a phone."""

    text: Text
    action: Action | None = None


class LawRow(msgspec.Struct, frozen=True):
    """One law of the decision panel."""

    law: str
    state: str
    state_text: Text
    name: Text | str
    sentence: Text
    clause: ClauseLink | None
    terms: tuple[Term, ...] = ()
    result: Result | None = None
    note: Text | None = None
    chips: tuple[Chip, ...] = ()
    waivable_by: Text | None = None
    cure: CureHint | None = None


class Effect(msgspec.Struct, frozen=True):
    """What a cure does to one failed law, in a word with its colour."""

    tone: str
    text: Text


class CureRow(msgspec.Struct, frozen=True):
    """One way to pass, with its effect on every failed law."""

    text: Text
    effects: tuple[Effect, ...]
    action: Action | None = None


class Cures(msgspec.Struct, frozen=True):
    """All ways to pass; the columns are the failed laws."""

    columns: tuple[Text | str, ...]
    rows: tuple[CureRow, ...]


class Counts(msgspec.Struct, frozen=True):
    """How many laws passed and failed, and the word behind it."""

    total: int
    passed: int
    failed: int
    remark: Text | None


class GapNote(msgspec.Struct, frozen=True):
    """An open question of the regulation whose interim rule the decision used."""

    id: str
    question: Text | None
    interim: Text | None
    url: str


class Panel(msgspec.Struct, frozen=True):
    """The decision panel."""

    verdict: str
    headline: Text
    counts: Counts
    at: datetime
    version: str
    laws: tuple[LawRow, ...]
    cures: Cures | None
    gaps: tuple[GapNote, ...] = ()


class Input(msgspec.Struct, frozen=True):
    """One input of a why with its source."""

    name: Text
    value: Text | str
    url: str = ""


class Why(msgspec.Struct, frozen=True):
    """The inside of a why: the sentence, the formula, each input with its source, and the clause."""

    id: str
    title: Text
    basis: Text
    terms: tuple[Term, ...]
    result: Result
    inputs: tuple[Input, ...]
    clause: ClauseLink | None
    note: Text | None = None


class Step(msgspec.Struct, frozen=True):
    """One state of the request in its order."""

    text: Text
    note: Text | str
    state: str


class Event(msgspec.Struct, frozen=True):
    """Something that happened."""

    tone: str
    text: Text
    at: datetime
    note: Text | str
    url: str = ""


class BatchChip(msgspec.Struct, frozen=True):
    """One batch of the credit line, with the request that opened it."""

    name: Text
    state: str
    state_text: Text
    request: str
    on: date
    amount: Decimal
    amount_word: Text
    note: Text | None = None
    url: str = ""


class Sums(msgspec.Struct, frozen=True):
    """品种, 册数, 码洋, 折扣, 实洋: always all five."""

    titles: int
    copies: int
    list_value: Decimal
    discount_bp: Decimal | None
    net: Decimal
