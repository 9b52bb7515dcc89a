"""What a planned visit and its record must hold, and how many a year asks for. Pure."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Final

import msgspec

from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.visits.states import Also

CHAIN: Final = "visit"
MOST_AHEAD: Final = timedelta(days=366)
MOST_BACK: Final = timedelta(days=92)
LONGEST: Final = 2_000
LONGEST_LINE: Final = 200


class NewVisit(msgspec.Struct, frozen=True):
    """A visit to plan: of which partner (Firm id), on which day, what for. The same key, made before sending, is the same visit."""

    key: str
    partner: int
    planned_on: date
    purpose: str


class Record(msgspec.Struct, frozen=True):
    """What came of a visit: its day, whom one met, what was found, what was agreed, what else was done, and when to come again (or not)."""

    visited_on: date
    met: str
    found: str
    agreed: str = ""
    also: tuple[Also, ...] = ()
    again_on: date | None = None


def check_plan(planned_on: date, purpose: str, *, today: date) -> str:
    """Return the purpose, trimmed; refuses a day before today or over a year ahead, and a purpose that is empty or past 200 letters."""
    if not today <= planned_on <= today + MOST_AHEAD:
        raise bad_input("planned_on", Text("请选今天起一年之内的日期。", "Choose a day from today, within a year."))
    return _words("purpose", purpose, LONGEST_LINE, Text("走访目的", "what the visit is for"))


def check_record(record: Record, *, today: date) -> Record:
    """Return the record with its words trimmed.

    Refuses a visit of a day to come or more than 92 days ago, nobody met, nothing found, words that are too long, and a next visit before
    today or more than a year ahead.
    """
    if not today - MOST_BACK <= record.visited_on <= today:
        told = Text("请填走访当天的日期，不晚于今天，不早于 92 天前。", "Give the day of the visit: not after today, at most 92 days ago.")
        raise bad_input("visited_on", told)
    if record.again_on is not None and not today <= record.again_on <= today + MOST_AHEAD:
        raise bad_input("again_on", Text("请选今天起一年之内的日期。", "Choose a day from today, within a year."))
    met = _words("met", record.met, LONGEST_LINE, Text("见了谁", "whom you met"))
    found = _words("found", record.found, LONGEST, Text("走访所见", "what you found"))
    agreed = record.agreed.strip()
    if len(agreed) > LONGEST:
        raise bad_input("agreed", Text(f"最多 {LONGEST} 字。", f"At most {LONGEST} characters."))
    return msgspec.structs.replace(record, met=met, found=found, agreed=agreed)


def fingerprint(visit: int, record: Record) -> str:
    """Return the fingerprint of what the appraiser confirms."""
    return hashlib.sha256(msgspec.json.encode([visit, record])).hexdigest()


def still_owed(done: int, least: int) -> int:
    """Return how many visits of the year are still to come before the least number is reached (M-15.1); none below zero."""
    return max(least - done, 0)


def _words(field: str, words: str, most: int, name: Text) -> str:
    plain = words.strip()
    if not plain:
        raise bad_input(field, Text(f"请填写{name.zh}。", f"Write {name.en}."))
    if len(plain) > most:
        raise bad_input(field, Text(f"最多 {most} 字。", f"At most {most} characters."))
    return plain
