"""The schema of a policy pack: what may stand in its YAML files. Every part refuses what it does not know."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

LARGEST = Decimal(10) ** 15


def _number(value: str | int) -> str | int:
    """Refuse a word where a number belongs."""
    try:
        known = abs(Decimal(value)) < LARGEST
    except InvalidOperation:  # a word, or NaN compared
        known = False
    if not known:
        raise PydanticCustomError("no_number", "must be a number")
    return value


def _day(value: str) -> str:
    """Refuse what is no day, and one that is not written like 2026-01-31."""
    try:
        known = date.fromisoformat(value).isoformat() == value
    except ValueError:
        known = False
    if not known:
        raise PydanticCustomError("no_day", "must be a day")
    return value


PACK_NAME = re.compile(r"^[a-z][a-z0-9_-]{0,29}$")
Number = Annotated[str | int, AfterValidator(_number)]
Day = Annotated[str, AfterValidator(_day)]


class Strict(BaseModel):
    """A part of a pack: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Words(Strict):
    """A text in both languages; neither may be empty."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Unit(Strict):
    """A unit in both languages; empty where a value has none."""

    zh: str
    en: str


class ChapterHead(Strict):
    """What a chapter is called."""

    id: str
    title: Words


class ArticleFile(Strict):
    """An article as written in a pack; its clauses are those whose ids begin with its id."""

    id: str
    title: Words


class ClauseFile(Strict):
    """A clause as written in a pack."""

    id: str
    title: Words
    text: Words
    responsible: str = ""
    appraiser: str = ""
    carried_by: list[str] = []
    origin: Literal["text", "supplement"] = "text"


class ChoiceFile(Strict):
    """One value that a choice offers."""

    value: str
    title: Words


class ColumnFile(Strict):
    """One column of a table."""

    key: str
    title: Words
    unit: Unit = Unit(zh="", en="")
    kind: Literal["integer", "money", "percent", "basis_points", "factor"] = "integer"
    least: Number | None = None
    most: Number | None = None


class ParameterFile(Strict):
    """A parameter as written in a pack: every one cites its clause."""

    key: str
    clause: str
    title: Words
    unit: Unit
    kind: Literal["integer", "money", "percent", "basis_points", "factor", "choice", "flag", "table", "ladder", "calendar"] = "integer"
    least: Number | None = None
    most: Number | None = None
    choices: list[ChoiceFile] = []
    rows_by: list[Words] = []
    columns: list[ColumnFile] = []
    origin: Literal["text", "supplement"] = "text"
    value: Any


class LawFile(Strict):
    """A law as written in a pack."""

    key: str
    clause: str
    waivable_by: str = ""
    gaps: list[str] = []
    enabled: bool = True


class GapFile(Strict):
    """An open question as written in a pack."""

    id: str
    question: Words
    interim: Words
    owner: str
    clauses: list[str] = []
    answer: Words | None = None
    laws: list[str] = []


class WhoFile(Strict):
    """Who decides a step: exactly one of post, relation, committee."""

    post: str = ""
    relation: str = ""
    committee: str = ""


class StepFile(Strict):
    """One step of a chain as written in a pack."""

    key: str
    title: Words
    who: WhoFile
    kind: Literal["sign", "vote"] = "sign"
    over: Number | None = None
    enough_up_to: Number | None = None
    days: int = 0
    working_days: bool = True
    late_to: str = ""
    next: str = ""


class ChainFile(Strict):
    """A procedure as written in a pack."""

    key: str
    clause: str
    title: Words
    steps: list[StepFile] = Field(min_length=1)


class CommitteeFile(Strict):
    """A committee as written in a pack."""

    key: str
    clause: str
    title: Words
    members: list[str] = Field(min_length=1)
    head: str
    quorum: int = 50
    majority: int = 50


class DutyFile(Strict):
    """A duty rule as written in a pack."""

    key: str
    clause: str
    title: Words
    task: Words | None = None
    rhythm: Literal["monthly", "quarterly", "half_yearly", "yearly"]
    responsible: str
    appraiser: str
    due_days: int
    for_each: Literal["issuer", "agent", "retailer", "partner"] = "issuer"
    owed_by: Literal["issuer", "partner"] = "issuer"
    grace_days: int = 0
    remind_days: list[int] = [3, 0]
    escalate_days: int = 1
    escalate_to: str = ""
    papers: list[str] = []


class AccountFile(Strict):
    """An account as written in a pack."""

    key: str
    clause: str
    title: Words
    unit: Unit


class IndicatorFile(Strict):
    """One line of a scorecard as written in a pack."""

    measure: str
    title: Words
    weight: int


class ScorecardFile(Strict):
    """A scorecard as written in a pack."""

    key: str
    clause: str
    title: Words
    judges: str
    rhythm: Literal["quarterly", "yearly"]
    indicators: list[IndicatorFile] = Field(min_length=1)


class HeadFile(Strict):
    """The file `pack.yaml`: what the pack is."""

    pack: str = Field(pattern=PACK_NAME.pattern)
    title: Words
    in_force_from: Day
    number: int = Field(default=1, ge=1)
