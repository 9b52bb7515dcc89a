"""Values as other systems write and read them: strict shapes, money and quantities as text, days and moments by ISO 8601."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from ninja import Header
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from lingqu.base.calendar import CHINA
from lingqu.base.money import half_up
from lingqu.base.text import Text

MOST_ROWS: Final = 200
USUAL_ROWS: Final = 50
_EVERY_DAY: Final = "(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31"
_DAY: Final = f"(20[0-9]{{2}}-({_EVERY_DAY})|20([02468][048]|[13579][26])-02-29)"
_HOUR: Final = "([01][0-9]|2[0-3]):[0-5][0-9]"
_MOMENT: Final = f"{_DAY}T{_HOUR}:[0-5][0-9]([.][0-9]{{1,6}})?(Z|[+-]{_HOUR})"
_IS_DAY, _IS_MOMENT = re.compile(_DAY), re.compile(_MOMENT)


class Shape(BaseModel):
    """What is sent or answered; a field that it does not name is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Shape):
    """Nothing is to be said: `{}`."""


class Words(Shape):
    """A sentence in both languages, whatever language was asked for."""

    zh: str
    en: str


def words(text: Text | str) -> dict[str, str]:
    """Return a text in both languages; a word that is the same in both may be a plain one."""
    return {"zh": text.zh, "en": text.en} if isinstance(text, Text) else {"zh": text, "en": text}


def _read_day(sent: Any) -> Any:  # noqa: ANN401 - whatever was sent
    if isinstance(sent, date):
        return sent
    if not isinstance(sent, str) or not _IS_DAY.fullmatch(sent):
        message = "no day"
        raise ValueError(message)
    return date.fromisoformat(sent)


def _read_moment(sent: Any) -> Any:  # noqa: ANN401 - whatever was sent
    if isinstance(sent, datetime):
        return sent
    if not isinstance(sent, str) or not _IS_MOMENT.fullmatch(sent):
        message = "no moment"
        raise ValueError(message)
    return datetime.fromisoformat(sent)


Day = Annotated[
    date,
    BeforeValidator(_read_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": f"^{_DAY}$", "examples": ["2026-11-23"]}),
]
Moment = Annotated[
    datetime,
    BeforeValidator(_read_moment),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "pattern": f"^{_MOMENT}$",
            "examples": ["2026-11-23T09:00:00+08:00"],
        }
    ),
]
_PLAIN: Final = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
Free = Annotated[str, Field(pattern=f"^[^{_PLAIN}]*$")]
"""Any words, without signs that nobody can see or store; how many is said where they stand."""

Said = Annotated[str, Field(pattern=f"^[^{_PLAIN}]*[^{_PLAIN}\\s][^{_PLAIN}]*$")]
"""Words that are not blank."""

Yuan = Annotated[str, Field(pattern=r"^-?[0-9]{1,14}\.[0-9]{2}$", examples=["60000.01"], description="Yuan.")]
Amount = Annotated[
    str,
    Field(
        pattern=r"^(0\.(0[1-9]|[1-9][0-9])|[1-9][0-9]{0,10}\.[0-9]{2})$",
        examples=["60000.01"],
        description="Yuan, from 0.01 to 99,999,999,999.99.",
    ),
]
Quantity = Annotated[str, Field(pattern=r"^-?[0-9]{1,12}\.[0-9]{2}$", examples=["20.00"], description="Copies.")]
Copies = Annotated[
    str,
    Field(pattern=r"^([1-9][0-9]{0,5}|1000000)(\.00)?$", examples=["20.00"], description="Whole copies, from 1 to 1,000,000."),
]
Counted = Annotated[
    str,
    Field(
        pattern=r"^(0|[1-9][0-9]{0,5}|1000000)(\.00)?$",
        examples=["0.00"],
        description="Whole copies as they were counted, from 0 to 1,000,000.",
    ),
]
Percent = Annotated[
    str, Field(pattern=r"^[0-9]{1,3}\.[0-9]{2}$", examples=["65.00"], description="Percent of the list price that is paid.")
]
OrderNumber = Annotated[str, Field(pattern=r"^[A-Z]{2}-[0-9]{4}-[0-9]{1,12}$", examples=["JH-2026-0001"])]
PartnerCode = Annotated[str, Field(pattern=r"^[^\x00-\x20\x7f/]{1,30}$", examples=["A-001"])]
ShelfCode = Annotated[str, Field(pattern=r"^[^\x00-\x20\x7f/]{1,30}$", examples=["22G101-1"])]
"""The number of a title where it is a part of the address."""

ProductCode = Annotated[str, Field(pattern=r"^[^\x00-\x20\x7f]{1,30}$", examples=["22G101-1"])]
OwnKey = Annotated[
    str,
    Field(
        pattern=r"^[\x21-\x7e]{1,64}$",
        examples=["erp-4711"],
        description="Your own number of it, made before sending: however often it comes, it is the same one.",
    ),
]
Key = Annotated[
    str,
    Header(
        ...,
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,255}$",
        description="Made by you before sending. For 7 days the same key gets the same answer, and nothing is done twice.",
    ),
]
Cursor = Annotated[
    str | None,
    Field(pattern=r"^[A-Za-z0-9_:-]{1,400}$", description="Where the page before ended: the `cursor` in its `next`."),
]
Limit = Annotated[int, Field(ge=1, le=MOST_ROWS, description="Rows of one page.")]


UpdatedSince = Annotated[
    Moment | None, Field(description="Only those with which anything was done since this moment; a change of state is such a thing.")
]


class Paging(Shape):
    """How much of a list is asked for, and from where."""

    limit: Limit = USUAL_ROWS
    cursor: Cursor = None


def yuan(amount: Decimal) -> str:
    """Return an amount as text with two decimals."""
    return f"{half_up(amount):.2f}"


def quantity(copies: int | Decimal) -> str:
    """Return a number of copies as text with two decimals."""
    return f"{Decimal(copies):.2f}"


def percent(basis_points: int) -> str:
    """Return basis points as percent with two decimals."""
    return f"{Decimal(basis_points) / 100:.2f}"


def day(on: date | None) -> str | None:
    """Return a day as ISO 8601, None for none."""
    return on.isoformat() if on else None


def moment(at: datetime | None) -> str | None:
    """Return a moment as ISO 8601 in China's time, None for none."""
    return at.astimezone(CHINA).isoformat() if at else None


def read_copies(sent: str) -> int:
    """Return the copies that a checked text says."""
    return int(Decimal(sent))


def read_yuan(sent: str) -> Decimal:
    """Return the yuan that a checked text says."""
    return Decimal(sent)
