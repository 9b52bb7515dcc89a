"""What people type about money and grades, read without surprises: what is wrong stands at its field, what was typed stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TypeVar

import msgspec

from lingqu.base.money import ZERO, read_amount
from lingqu.base.refusal import Refusal, bad_input, not_found
from lingqu.base.text import Text
from lingqu.credit.rules import OpenBatch

ReadT = TypeVar("ReadT")
DETAIL = "detail-"
LONGEST = {"payer": 120, "bank_reference": 60, "reason": 200, "key": 64}
FIRST_YEAR = 2000
UNSTORABLE = Text("含有无法保存的字符。", "It holds a character that cannot be stored.")
_PLACE = re.compile(r"[1-9]\d{0,17}", re.ASCII)


class ReceiptTyped(msgspec.Struct):
    """A receipt as it was typed: every field as text, the errors by field, and what could be read of it."""

    texts: dict[str, str]
    details: dict[int, str]
    errors: dict[str, Text] = {}
    amount: Decimal | None = None
    received_on: date | None = None
    detail: dict[int, Decimal] = {}

    @property
    def fits(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.errors

    def error(self, field: str, text: Text) -> None:
        """Note what is wrong with a field; the first complaint stays."""
        self.errors.setdefault(field, text)


def read_receipt(sent: Mapping[str, str], batches: Iterable[OpenBatch], *, today: date, whole: bool = True) -> ReceiptTyped:
    """Return a receipt as it was sent, with what is wrong at its fields. `whole` also checks what only the entering needs.

    Refuses (404) the id of a batch that is no number at all; a batch that is not open any more is an error at its field.
    """
    owed = {batch.batch: batch for batch in batches}
    texts = {name: sent.get(name, "").strip() for name in ("amount", "received_on", "payer", "bank_reference", "key")}
    typed = ReceiptTyped(texts, _details(sent), {}, detail={})
    typed.amount = _try(typed, "amount", partial(read_amount, texts["amount"]))
    typed.received_on = _try(typed, "received_on", partial(read_day, texts["received_on"], today=today))
    for place, words in typed.details.items():
        field = f"{DETAIL}{place}"
        if place not in owed:
            typed.error(field, Text("该批次已不在未结之列，请刷新后重填。", "This batch is not open any more; reload, fill in again."))
            continue
        part = _try(typed, field, partial(read_amount, words, field=field))
        if part is not None:
            typed.detail[place] = part
            _check_part(typed, field, part, owed[place])
    if typed.amount is not None and sum(typed.detail.values(), ZERO) > typed.amount:
        typed.error("amount", Text("各批次指定金额合计大于到账金额。", "The amounts for the batches add up to more than was received."))
    if whole:
        _check_lengths(typed)
    return typed


def read_day(words: str, *, today: date) -> date:
    """Return a day as typed: 2026-11-24, 2026/11/24 or 20261124. Refuses a day in the future and one before 2000."""
    plain = re.sub(r"[./年月]", "-", words.strip().rstrip("日"))
    try:
        day = date.fromisoformat(plain)
    except ValueError as wrong:
        raise bad_input("received_on", Text("请填写日期，如 2026-11-24。", "Enter a date, like 2026-11-24.")) from wrong
    if day > today:
        raise bad_input("received_on", Text("到账日不能晚于今天。", "The day of receipt cannot lie in the future."))
    if day.year < FIRST_YEAR:
        raise bad_input("received_on", Text("到账日过早，请核对年份。", "The day lies too far back; check the year."))
    return day


def read_place(words: str) -> int:
    """Return the id in an address or a hidden field; refuses (404) what is none."""
    if not _PLACE.fullmatch(words):
        raise not_found()
    return int(words)


def read_reason(words: str) -> str:
    """Return a reason as typed; refuses an empty one and more than 200 characters."""
    reason = words.strip()
    if not reason:
        raise bad_input("reason", Text("请写明理由。", "Give the reason."))
    if len(reason) > LONGEST["reason"]:
        raise bad_input("reason", Text("理由最多 200 字。", "The reason has at most 200 characters."))
    if "\x00" in reason:
        raise bad_input("reason", UNSTORABLE)
    return reason


def _details(sent: Mapping[str, str]) -> dict[int, str]:
    """Amounts per batch as remitted; an empty field says nothing."""
    found = {}
    for name, words in sent.items():
        if name.startswith(DETAIL) and words.strip():
            found[read_place(name.removeprefix(DETAIL))] = words.strip()
    return found


def _check_part(typed: ReceiptTyped, field: str, part: Decimal, batch: OpenBatch) -> None:
    if part > batch.remaining:
        rest = f"{batch.remaining:,}"
        typed.error(field, Text(f"第{batch.number}批只欠 {rest} 元。", f"Only {rest} yuan is owed on batch {batch.number}."))


def _check_lengths(typed: ReceiptTyped) -> None:
    for field in ("payer", "bank_reference"):
        if len(typed.texts[field]) > LONGEST[field]:
            typed.error(field, Text(f"最多 {LONGEST[field]} 字。", f"At most {LONGEST[field]} characters."))
        if "\x00" in typed.texts[field]:
            typed.error(field, UNSTORABLE)
    key = typed.texts["key"]
    if not 1 <= len(key) <= LONGEST["key"] or "\x00" in key:
        typed.error("key", Text("缺少表单键，请刷新页面后重试。", "The form key is missing; reload the page and try again."))


def _try(typed: ReceiptTyped, field: str, read: Callable[[], ReadT]) -> ReadT | None:
    try:
        return read()
    except Refusal as refusal:
        typed.error(field, refusal.text)
        return None
