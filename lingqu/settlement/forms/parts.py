"""To whom a bank line is booked, as it was typed: what is wrong stands at its field, what was typed stays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import msgspec

from lingqu.base.money import ZERO, read_amount, total
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.base.typed import read_id
from lingqu.settlement.rules import Owing

MOST_PARTS: Final = 20
_FIELD: Final = re.compile(r"(partner|amount)-(\d{1,2})", re.ASCII)
_DETAIL: Final = re.compile(r"detail-([1-9]\d{0,17})", re.ASCII)


class PartTyped(msgspec.Struct):
    """One part as it was typed: partner (a credit line's id) and amount as text, what was typed for batches, and what could be read."""

    place: int
    partner: str = ""
    amount: str = ""
    details: dict[int, str] = {}
    line: int | None = None
    yuan: Decimal | None = None
    detail: dict[int, Decimal] = {}

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was typed."""
        return not self.partner and not self.amount


class PartsTyped(msgspec.Struct):
    """All parts as they were typed, the errors by field, and what is left of the bank line, in yuan."""

    parts: list[PartTyped]
    left: Decimal
    errors: dict[str, Text] = {}

    @property
    def fits(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.errors

    @property
    def rest(self) -> Decimal:
        """Return what no part takes yet, yuan."""
        return self.left - total(part.yuan for part in self.parts if part.yuan is not None)

    def error(self, field: str, text: Text) -> None:
        """Note what is wrong with a field; the first complaint stays."""
        self.errors.setdefault(field, text)


def read_parts(sent: Mapping[str, str], owing: Mapping[int, Owing], left: Decimal) -> PartsTyped:
    """Return the parts that were sent, with what is wrong at their fields; parts in which nothing was typed are left out."""
    found: dict[int, PartTyped] = {}
    for name, words in sent.items():
        field = _FIELD.fullmatch(name)
        if field and int(field[2]) < MOST_PARTS:
            part = found.setdefault(int(field[2]), PartTyped(int(field[2]), details={}, detail={}))
            setattr(part, field[1], words.replace("\x00", "").strip()[:40])
    typed = PartsTyped([found[place] for place in sorted(found) if not found[place].is_empty], left, {})
    details = {int(named[1]): words.strip()[:40] for name, words in sent.items() if words.strip() and (named := _DETAIL.fullmatch(name))}
    seen: set[int] = set()
    for part in typed.parts:
        _read_part(typed, part, owing, seen)
        _read_details(typed, part, owing, details)
    if not typed.parts:
        typed.error("parts", Text("请选择客户并填写金额。", "Choose a partner and enter the amount."))
    elif typed.fits and typed.rest != ZERO:
        rest = f"{abs(typed.rest):,}"
        typed.error(
            "parts",
            Text(f"还有 {rest} 没有分配。", f"{rest} is not given to anybody yet.")
            if typed.rest > 0
            else Text(f"多分配了 {rest}。", f"{rest} too much is given out."),
        )
    return typed


def _read_part(typed: PartsTyped, part: PartTyped, owing: Mapping[int, Owing], seen: set[int]) -> None:
    line = read_id(part.partner)
    if line is None or line not in owing:
        typed.error(f"partner-{part.place}", Text("请选择客户。", "Choose a partner."))
    elif line in seen:
        typed.error(f"partner-{part.place}", Text("同一客户只能有一部分。", "A partner can have one part only."))
    else:
        part.line = line
        seen.add(line)
    try:
        part.yuan = read_amount(part.amount, field=f"amount-{part.place}")
    except Refusal as refusal:
        typed.error(f"amount-{part.place}", refusal.text)


def _read_details(typed: PartsTyped, part: PartTyped, owing: Mapping[int, Owing], details: Mapping[int, str]) -> None:
    for batch in owing[part.line].batches if part.line else ():
        words = details.get(batch.batch)
        if not words:
            continue
        part.details[batch.batch] = words
        field = f"detail-{batch.batch}"
        try:
            part.detail[batch.batch] = read_amount(words, field=field)
        except Refusal as refusal:
            typed.error(field, refusal.text)
            continue
        if part.detail[batch.batch] > batch.remaining:
            rest = f"{batch.remaining:,}"
            typed.error(field, Text(f"第{batch.number}批只欠 {rest} 元。", f"Only {rest} yuan is owed on batch {batch.number}."))
    if part.yuan is not None and total(part.detail.values()) > part.yuan:
        too_much = Text("各批次指定金额合计大于这一部分。", "The amounts for the batches add up to more than this part.")
        typed.error(f"amount-{part.place}", too_much)
