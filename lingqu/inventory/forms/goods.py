"""Goods that came in, as they are typed: one field of copies a title."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import msgspec

from lingqu.base.money import read_copies
from lingqu.base.refusal import Refusal, not_found
from lingqu.base.text import Text
from lingqu.inventory.rules import Label

COPIES = "copies-"
MOST_KEY = 64
MOST = {"note": 200, "lot": 60, "edition": 40, "supplier": 120, "their_number": 60}
"""The greatest number of characters of each text that may stay empty."""
LAST_YEAR = 2100
FIRST_YEAR = 2000
_PLACE = re.compile(r"[1-9]\d{0,17}", re.ASCII)


class GoodsTyped(msgspec.Struct):
    """Goods as typed: copies per product id as text, day, note and form key; the errors by field; what could be read."""

    texts: dict[str, str]
    asked: dict[int, str]
    errors: dict[str, Text] = {}
    copies: dict[int, int] = {}
    received_on: date | None = None
    label: Label = Label()


def read_goods(sent: Mapping[str, str], *, today: date) -> GoodsTyped:
    """Read the goods as sent; what is wrong is noted at its field. Refuses (404) the id of a product that is no number at all."""
    texts = {name: sent.get(name, "").strip() for name in ("received_on", "ends_on", "key", *MOST)}
    typed = GoodsTyped(texts, _asked(sent), {}, {})
    for product, words in typed.asked.items():
        try:
            typed.copies[product] = read_copies(words, field=f"{COPIES}{product}")
        except Refusal as refusal:
            typed.errors[refusal.field] = refusal.text
    typed.received_on = _day(typed, today)
    typed.label = Label(texts["lot"], texts["edition"], _end(typed))
    if not typed.asked:
        typed.errors["copies"] = Text("请至少填写一个品种的册数。", "Enter the copies of at least one title.")
    for name, most in MOST.items():
        if len(texts[name]) > most or "\x00" in texts[name]:
            typed.errors[name] = Text(f"最多 {most} 字。", f"At most {most} characters.")
    if not 1 <= len(texts["key"]) <= MOST_KEY or "\x00" in texts["key"]:
        typed.errors["key"] = Text("缺少表单键，请刷新页面后重试。", "The form key is missing; reload the page and try again.")
    return typed


def _asked(sent: Mapping[str, str]) -> dict[int, str]:
    asked = {}
    for name, words in sent.items():
        if name.startswith(COPIES) and words.strip():
            place = name.removeprefix(COPIES)
            if not _PLACE.fullmatch(place):
                raise not_found()
            asked[int(place)] = words.strip()
    return asked


def _end(typed: GoodsTyped) -> date | None:
    if not typed.texts["ends_on"]:
        return None
    try:
        day = date.fromisoformat(typed.texts["ends_on"])
    except ValueError:
        typed.errors["ends_on"] = Text("请填写日期，如 2027-12-31。", "Enter a date, like 2027-12-31.")
        return None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        typed.errors["ends_on"] = Text("可售至须在 2000 至 2100 年之间。", "The last day lies between 2000 and 2100.")
    return day


def _day(typed: GoodsTyped, today: date) -> date | None:
    try:
        day = date.fromisoformat(typed.texts["received_on"])
    except ValueError:
        typed.errors["received_on"] = Text("请填写日期，如 2026-11-24。", "Enter a date, like 2026-11-24.")
        return None
    if day > today or day.year < FIRST_YEAR:
        typed.errors["received_on"] = Text("入库日不能晚于今天，也不能早于 2000 年。", "The day cannot lie in the future nor before 2000.")
        return None
    return day
