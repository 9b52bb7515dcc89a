"""A booklist, sent as a file or pasted, filled into the form of a request: what is understood goes in, all the rest stays (M-16.3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from lingqu.base.money import ZERO, line_list_value, read_copies, total
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.orders.forms.request import Typed
from lingqu.orders.rules import Found, KnownTitle, Listed, read_listed, rows_of_text

MOST_TOLD: Final = 50


class Filled(msgspec.Struct, frozen=True):
    """What a booklist did: titles and copies filled in and their list value in yuan, each line that was not, and what should be known."""

    titles: int
    copies: int
    list_value: Decimal
    left: tuple[Found, ...]
    told: tuple[Text, ...]
    empty: int
    more_told: int = 0


def read_pasted(text: str) -> Listed:
    """Return the lines of a paste."""
    return read_listed(rows_of_text(text))


def fill_from_list(typed: Typed, listed: Listed, found: Sequence[Found]) -> Filled:
    """Fill the titles that were recognised into the form and leave in the paste only the lines that were not, under their heads.

    A title that stands in several lines is added up. What a cell held before is replaced, and that is told; a line for which a person
    chose is added to it.
    """
    sums: dict[int, int] = {}
    lines: dict[int, int] = {}
    titles: dict[int, KnownTitle] = {}
    added: set[int] = set()
    told: list[Text] = []
    for one in found:
        if one.title:
            product = one.title.product
            titles[product] = one.title
            sums[product] = sums.get(product, 0) + one.copies
            lines[product] = lines.get(product, 0) + 1
            added |= {product} if one.key in typed.chosen else set()
            told += one.told
    doubled = [_doubled(titles[product], many, sums[product]) for product, many in lines.items() if many > 1]
    changed = [text for product, copies in sums.items() for text in _put(typed, titles[product], copies, add=product in added)]
    told = [*_totals(listed, found), *told, *changed, *doubled]
    left = tuple(one for one in found if not one.title)
    typed.paste = "\n".join([listed.head_line, *(one.line.line for one in left)] if listed.head_line and left else _lines(left))
    value = total(line_list_value(titles[product].price or ZERO, copies) for product, copies in sums.items())
    more = max(len(told) - MOST_TOLD, 0)
    return Filled(len(sums), sum(sums.values()), value, left, tuple(told[:MOST_TOLD]), listed.empty, more)


def _lines(left: Iterable[Found]) -> list[str]:
    return [one.line.line for one in left]


def _put(typed: Typed, title: KnownTitle, copies: int, *, add: bool) -> list[Text]:
    """Put copies into the cell of a title, and tell when it held others before."""
    before = typed.copies.get(title.product, "").strip()
    had = _understood(before)
    typed.copies[title.product] = str(had + copies if add else copies)
    if not before or (not add and had == copies):
        return []
    now = typed.copies[title.product]
    return [Text(f"{title.code}：原填 {before} 册，现为 {now} 册。", f"{title.code}: {before} copies were filled in; now {now} are.")]


def _understood(cell: str) -> int:
    try:
        return read_copies(cell) if cell else 0
    except Refusal:
        return 0


def _doubled(title: KnownTitle, many: int, copies: int) -> Text:
    return Text(f"{title.code} 出现 {many} 次，合并为 {copies:,} 册。", f"{title.code} stands {many} times: {copies:,} copies together.")


def _totals(listed: Listed, found: Sequence[Found]) -> list[Text]:
    """Return what to say of the list's own rows of totals, where they say something else than the lines above them."""
    told = []
    for said in listed.totals:
        if not said.copies:
            continue
        above = sum(one.copies for one in found if one.line.row < said.row)
        if _understood(said.copies) not in (0, above):
            words = f"书目第 {said.row} 行合计写 {said.copies} 册，以上各行相加是 {above:,} 册。"
            told.append(Text(words, f"Row {said.row} of the list says {said.copies} copies in all; the lines add up to {above:,}."))
    return told
