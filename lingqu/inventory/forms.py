"""Goods that came in, as they are typed: one field of copies a title."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import msgspec

from lingqu.base.money import read_copies
from lingqu.base.refusal import Refusal, not_found
from lingqu.base.text import Text

COPIES = "copies-"
MOST_KEY = 64
MOST_NOTE = 200
FIRST_YEAR = 2000
_PLACE = re.compile(r"[1-9]\d{0,17}", re.ASCII)


class GoodsTyped(msgspec.Struct):
    """Goods as typed: copies per product id as text, day, note and form key; the errors by field; what could be read."""

    texts: dict[str, str]
    asked: dict[int, str]
    errors: dict[str, Text] = {}
    copies: dict[int, int] = {}
    received_on: date | None = None


def read_goods(sent: Mapping[str, str], *, today: date) -> GoodsTyped:
    """Read the goods as sent; what is wrong is noted at its field. Refuses (404) the id of a product that is no number at all."""
    texts = {name: sent.get(name, "").strip() for name in ("received_on", "note", "key")}
    typed = GoodsTyped(texts, _asked(sent), {}, {})
    for product, words in typed.asked.items():
        try:
            typed.copies[product] = read_copies(words, field=f"{COPIES}{product}")
        except Refusal as refusal:
            typed.errors[refusal.field] = refusal.text
    typed.received_on = _day(typed, today)
    if not typed.asked:
        typed.errors["copies"] = Text("请至少填写一个品种的册数。", "Enter the copies of at least one title.")
    if len(texts["note"]) > MOST_NOTE or "\x00" in texts["note"]:
        typed.errors["note"] = Text(f"备注最多 {MOST_NOTE} 字。", f"A note has at most {MOST_NOTE} characters.")
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
