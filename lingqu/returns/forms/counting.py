"""What the warehouse types when it counts, and the prices proposed for copies that nothing explains."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

import msgspec

from lingqu.base.money import plain_digits, read_amount
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.base.typed import plain_text
from lingqu.returns.rules import Counted
from lingqu.returns.states import Rest

MOST_CELL = 20
MOST_COUNTED = 1_000_000
_CELL = re.compile(r"(good|damaged|foreign|copies|price)-(\d{1,4})", re.ASCII)
_WHOLE = re.compile(r"\d{1,7}", re.ASCII)


class CountTyped(msgspec.Struct):
    """Cells as typed, by their name such as `good-1`; `words` is a reason."""

    cells: dict[str, str] = {}
    words: str = ""
    rest: str = Rest.GOES_BACK.value
    errors: dict[str, Text] = {}

    def numbers(self, column: str) -> dict[int, int]:
        """Return a column as copies by line number, an empty cell as none; what is no number is blamed at its cell."""
        found: dict[int, int] = {}
        for name, words in self.cells.items():
            kind, _, line = name.partition("-")
            if kind != column:
                continue
            plain = plain_digits(words) or "0"
            if not _WHOLE.fullmatch(plain) or int(plain) > MOST_COUNTED:
                self.errors[name] = Text(f"“{words}”不是整数册数。", f"“{words}” is no whole number of copies.")
            else:
                found[int(line)] = int(plain)
        return found

    def blame(self, refusal: Refusal) -> bool:
        """Put a refusal at its cell; return whether it has a field."""
        place = re.fullmatch(r"lines\.(\d+)\.(\w+)", refusal.field)
        if place:
            self.errors[f"{place[2]}-{place[1]}"] = refusal.text
        elif refusal.field:
            self.errors[refusal.field] = refusal.text
        return bool(refusal.field)


def read_cells(given: Mapping[str, str]) -> CountTyped:
    """Return the cells as typed."""
    cells = {name: plain_text(value, most=MOST_CELL).strip() for name, value in given.items() if _CELL.fullmatch(name)}
    rest = given.get("rest", "")
    return CountTyped(
        cells, plain_text(given.get("reason"), most=1_000).strip(), rest if rest in set(Rest) else Rest.GOES_BACK.value, {}
    )  # fmt: skip


def read_count(given: Mapping[str, str]) -> tuple[CountTyped, Counted]:
    """Return a count as typed, and as understood; what is wrong stands at its cell."""
    typed = read_cells(given)
    return typed, Counted(typed.numbers("good"), typed.numbers("damaged"), typed.numbers("foreign"), Rest(typed.rest))


def read_counts(given: Mapping[str, str]) -> tuple[CountTyped, dict[int, int]]:
    """Return what one side of a transfer counted, as typed and as understood."""
    typed = read_cells(given)
    return typed, typed.numbers("copies")


def read_prices(given: Mapping[str, str]) -> tuple[CountTyped, dict[int, Decimal]]:
    """Return the prices of copies that nothing explains, as typed and as understood; an empty cell is none."""
    typed = read_cells(given)
    prices: dict[int, Decimal] = {}
    for name, words in typed.cells.items():
        kind, _, line = name.partition("-")
        if kind == "price" and words:
            try:
                prices[int(line)] = read_amount(words, field=name)
            except Refusal as refusal:
                typed.errors[name] = refusal.text
    return typed, prices
