"""What is asked of lists, typed for papers, and pasted for the working calendar: understood, or refused at its field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from lingqu.base.period import MONTH, Period, calendar_period
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.duties.present import STATE_CHOICES
from lingqu.duties.queries import Asked
from lingqu.duties.rules import HolidayList, read_holidays
from lingqu.duties.rules.holidays import FIRST_YEAR, LAST_YEAR, MOST_LETTERS

LONGEST_KEY, LONGEST_WORD = 64, 60
_PLACE = re.compile(r"[1-9]\d{0,17}", re.ASCII)
_AFTER = re.compile(r"(\d{4}-\d\d-\d\d)_([1-9]\d{0,17})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)


class CalendarTyped(msgspec.Struct):
    """A list of holidays as typed: year, text and source as they stand in the form; what was read, and errors by field."""

    year: str
    text: str
    source: str
    number: int = 0
    errors: dict[str, Text] = {}
    read: HolidayList | None = None

    @property
    def fits(self) -> bool:
        """Return whether the list can be imported as it stands."""
        return not self.errors and self.read is not None and self.read.fits


def read_asked(sent: Mapping[str, str]) -> Asked:
    """Read the filters of a list from the address; what is not understood is left out."""
    word = {name: sent.get(name, "").replace("\x00", "")[:LONGEST_WORD] for name in ("rule", "firm", "state", "who")}
    after = _AFTER.fullmatch(sent.get("after", ""))
    place = None
    if after:
        try:
            place = (date.fromisoformat(after[1]), int(after[2]))
        except ValueError:
            place = None
    state = word["state"] if word["state"] in STATE_CHOICES else "open"
    return Asked("all" if word["who"] == "all" else "mine", state, word["rule"], word["firm"], place)


def read_month(words: str, *, today: date) -> Period:
    """Read a month such as 2026-12 from the address; today's for anything else, and for a year that no calendar is kept of."""
    found = _MONTH.fullmatch(words)
    try:
        asked = date(int(found[1]), int(found[2]), 1) if found else today
    except ValueError:
        asked = today
    return calendar_period(asked if FIRST_YEAR <= asked.year <= LAST_YEAR else today, MONTH)


def read_places(words: Sequence[str]) -> list[int]:
    """Read ids of duties; refuses what is no id."""
    if any(not _PLACE.fullmatch(word) for word in words):
        raise bad_input("duties", Text("职责选择无法识别，请刷新页面。", "The chosen duties are not understood; reload the page."))
    return [int(word) for word in words]


def read_until(words: str) -> date | None:
    """Read the new day of a duty that is asked for again; None for an empty field. Refuses what is no date."""
    if not words.strip():
        return None
    try:
        return date.fromisoformat(words.strip())
    except ValueError:
        raise bad_input("until", Text("请填写日期，如 2026-12-10。", "Enter a date, like 2026-12-10.")) from None


def read_calendar(sent: Mapping[str, str], *, file: str | None, unreadable: bool = False) -> CalendarTyped:
    """Read a list of holidays as pasted or, when a file came, as its lines say; everything typed stays in the answer."""
    text = sent.get("text", "").replace("\x00", "")[: MOST_LETTERS + 1]
    typed = CalendarTyped(sent.get("year", "").strip()[:4], text, sent.get("source", "").replace("\x00", "").strip()[:200])
    if unreadable:
        wrong = "读不出内容。可用的有 Excel（xlsx）和文本（CSV）；也可以把单元格复制到下面。"
        typed.errors["file"] = Text(wrong, "It cannot be read. Excel (xlsx) and text (CSV) can be; or copy the cells into the field below.")
    elif file is not None:
        typed.text = file[: MOST_LETTERS + 1]
    if _YEAR.fullmatch(typed.year) and FIRST_YEAR <= int(typed.year) <= LAST_YEAR:
        typed.number = int(typed.year)
    else:
        typed.errors["year"] = Text("请填写 2000 至 2100 之间的年份。", "Enter a year between 2000 and 2100.")
    if not typed.source:
        typed.errors["source"] = Text(
            "请写明来源，如国务院办公厅通知的文号。", "Name the source, such as the number of the State Council's notice."
        )
    if not typed.text.strip():
        typed.errors.setdefault("text", Text("请粘贴清单，或选择文件。", "Paste the list, or choose a file."))
    elif typed.number:
        typed.read = read_holidays(typed.number, typed.text)
    return typed
