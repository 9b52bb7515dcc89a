"""What finance types to apply money that waits: an amount for each batch, what is wrong at its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec

from lingqu.base.money import read_amount
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.credit.forms.receipt import DETAIL, read_place
from lingqu.credit.models import Batch


class UnappliedTyped(msgspec.Struct):
    """Amounts as typed, by batch id, the errors by field, and what could be read of them in yuan."""

    words: dict[int, str]
    errors: dict[str, Text] = {}
    detail: dict[int, Decimal] = {}


def read_unapplied(sent: Mapping[str, str], batches: Iterable[Batch]) -> UnappliedTyped:
    """Return the amounts that were sent for batches; an empty field says nothing. Refuses (404) the id of a batch that is no number."""
    owed = {batch.pk: batch.value - batch.applied for batch in batches}
    words = {read_place(name.removeprefix(DETAIL)): text.strip() for name, text in sent.items() if name.startswith(DETAIL) and text.strip()}
    typed = UnappliedTyped(words, {}, {})
    for place, text in words.items():
        field = f"{DETAIL}{place}"
        try:
            part = read_amount(text, field=field)
        except Refusal as refusal:
            typed.errors[field] = refusal.text
            continue
        typed.detail[place] = part
        if place not in owed:
            typed.errors[field] = Text("该批次已不在未结之列，请刷新后重填。", "This batch is not open any more; reload, fill in again.")
        elif part > owed[place]:
            typed.errors[field] = Text(f"该批次只欠 {owed[place]:,} 元。", f"Only {owed[place]:,} yuan is owed on it.")
    return typed
