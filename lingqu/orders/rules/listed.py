"""A booklist of somebody's, as rows of cells: where its heads are, which column is what, and its lines as they stand (M-16.3.1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Final

import msgspec

from lingqu.base.sheets import Cell, as_text

MOST_LISTED: Final = 1_000
"""Lines that are looked up at once; what is beyond is kept as it came."""

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 200
HEAD_WITHIN: Final = 40
_TOTAL: Final = re.compile(r"(?:本页|累计|总)?\s*(?:合\s*计|总\s*计|小\s*计)|(?:grand |sub)?total\b", re.IGNORECASE)
_ASIDE: Final = re.compile(r"[(（\[【].*?[)）\]】]|[*＊:：/\\\s_-]")
_PARTING: Final = re.compile(r"[,，]")


class Head(StrEnum):
    """What a column of a booklist may be."""

    NUMBER = "number"
    ISBN = "isbn"
    NAME = "name"
    PRICE = "price"
    COPIES = "copies"


HEADS: Final[dict[Head, tuple[str, ...]]] = {
    Head.COPIES: (
        *("订数", "订购数", "订购数量", "订购册数", "订货数", "订货数量", "订货册数", "征订数", "征订数量", "采购数量", "采购册数"),
        *("需求数量", "申请数量", "申请册数", "进货数量", "购买数量", "册数", "本数", "套数", "复本", "复本数", "数量"),
        *("copies", "quantity", "qty", "ordered"),
    ),
    Head.NUMBER: (
        *("图集号", "图集编号", "品种编号", "产品编号", "商品编号", "商品编码", "产品编码"),
        *("货号", "编号", "编码", "代码", "图号", "标准号"),
        *("number", "no.", "no", "code", "item", "sku", "titlenumber"),
    ),
    Head.ISBN: ("isbn", "isbn号", "isbn13", "国际标准书号", "标准书号", "书号", "条码", "条形码", "barcode"),
    Head.NAME: (
        *("图集名称", "品名", "名称", "书名", "题名", "产品名称", "商品名称", "品种名称", "品种", "图书名称"),
        *("title", "name", "titlename", "booktitle"),
    ),
    Head.PRICE: ("定价", "码价", "单册定价", "标价", "单价", "价格", "listprice", "price"),
}
"""How columns are called, the more certain word first."""

_NOT_COPIES: Final = ("库存", "在库", "可发", "已订", "起订", "每包", "包册", "每箱", "码洋", "实洋", "金额", "stock")


class ListedLine(msgspec.Struct, frozen=True):
    """A line of a booklist: its row from 1, the line as it came (cells parted by tabs), and its cells by what their columns are.

    Without heads `parts` holds the cells, or the words of a typed line, in their order, and the named ones are empty.
    """

    row: int
    line: str
    number: str = ""
    isbn: str = ""
    name: str = ""
    price: str = ""
    copies: str = ""
    parts: tuple[str, ...] = ()


class SaidTotal(msgspec.Struct, frozen=True):
    """A row of totals: what it says of copies, empty when nothing; it is no line itself."""

    row: int
    copies: str


class Listed(msgspec.Struct, frozen=True):
    """A booklist: its lines, its totals, the line of its heads (empty without one), and how many rows had no copies at all."""

    lines: list[ListedLine]
    totals: list[SaidTotal]
    head: int = 0
    head_line: str = ""
    empty: int = 0


def rows_of_text(text: str) -> list[list[Cell]]:
    """Return pasted words as rows: a line with tabs as its cells; with commas where heads stand so; else one cell a line."""
    lines = text.split("\n")
    if not any("\t" in line for line in lines):
        parted: list[list[Cell]] = [list(_PARTING.split(line)) for line in lines]
        if find_heads(parted) is not None:
            return parted
    return [list(line.split("\t")) for line in lines]


def read_listed(rows: Sequence[Sequence[Cell]]) -> Listed:
    """Return the lines of a booklist. Heads may stand in any of the first 40 rows, in one row or two; without heads each row is words."""
    found = find_heads(rows)
    if found is None:
        return _without_heads(rows)
    at, places = found
    lines: list[ListedLine] = []
    totals: list[SaidTotal] = []
    empty = 0
    heads = [as_text(cell) for cell in rows[at]]
    for number, row in enumerate(rows[at + 1 :], at + 2):
        cells = [as_text(cell) for cell in row]
        if not any(cells) or cells == heads:
            continue
        got = {head: cells[place] if place < len(cells) else "" for head, place in places.items()}
        if _is_total(cells):
            totals.append(SaidTotal(number, got[Head.COPIES]))
        elif sum(1 for cell in cells if cell) == 1 and not got[Head.COPIES]:
            empty += _add_alone(lines, number, next(cell for cell in cells if cell))
        elif got[Head.COPIES] in ("", "0"):
            empty += 1
        else:
            named = {head.value: got.get(head, "") for head in Head}
            lines.append(ListedLine(number, "\t".join(cells), **named))  # type: ignore[arg-type]
    return Listed(lines, totals, at + 1, "\t".join(heads), empty)


_IDENTITY: Final = (Head.NUMBER, Head.ISBN, Head.NAME)


def _add_alone(lines: list[ListedLine], number: int, words: str) -> int:
    """Take a row of one cell for a typed line when a number stands at its end; else return that one row more has no copies."""
    if not (words[-1:].isdigit() and re.search(r"\s", words)):
        return 1
    lines.append(ListedLine(number, words, parts=words_of(words)))
    return 0


def _without_heads(rows: Sequence[Sequence[Cell]]) -> Listed:
    lines: list[ListedLine] = []
    totals: list[SaidTotal] = []
    for number, row in enumerate(rows, 1):
        cells = [text for cell in row if (text := as_text(cell))]
        if not cells:
            continue
        if _is_total(cells):
            totals.append(SaidTotal(number, cells[-1] if len(cells) > 1 else "".join(re.findall(r"\d[\d,]*", cells[0])[-1:])))
            continue
        parts = words_of(cells[0]) if len(cells) == 1 else tuple(unicodedata.normalize("NFKC", cell) for cell in cells)
        lines.append(ListedLine(number, "\t".join(cells), parts=parts))
    return Listed(lines, totals)


def words_of(line: str) -> tuple[str, ...]:
    """Return the words of a typed line: parted by commas, semicolons, × and blanks, full-width ones made plain."""
    plain = re.sub(r"(?<=\s)[xX](?=\d+$)", " ", unicodedata.normalize("NFKC", line).strip())
    return tuple(part for part in re.split(r"[\s,;|×*、。]+", plain) if part)


def find_heads(rows: Sequence[Sequence[Cell]]) -> tuple[int, dict[Head, int]] | None:
    """Return in which row (from 0) the heads stand and which column is what; None where no row names copies and a title.

    Heads may be two rows of merged cells: the lower one is returned then.
    """
    plain = [[_plain(as_text(cell)) for cell in row] for row in rows[:HEAD_WITHIN]]
    for at, heads in enumerate(plain):
        found = _places(heads)
        if found:
            return at, found
    for at, (upper, lower) in enumerate(pairwise(plain)):
        wide = max(len(upper), len(lower))
        joined = [(lower[place] if place < len(lower) else "") or (upper[place] if place < len(upper) else "") for place in range(wide)]
        found = _places(joined)
        if found:
            return at + 1, found
    return None


def _plain(words: str) -> str:
    return _ASIDE.sub("", unicodedata.normalize("NFKC", words)).lower()[:40]


def _places(heads: Sequence[str]) -> dict[Head, int] | None:
    found: dict[Head, int] = {}
    for head, words in HEADS.items():
        place = next((heads.index(word) for word in words if word in heads and heads.index(word) not in found.values()), None)
        if place is None:
            place = _like(head, heads, words, set(found.values()))
        if place is not None:
            found[head] = place
    named = any(head in found for head in _IDENTITY)
    return found if named and Head.COPIES in found else None


def _like(head: Head, heads: Sequence[str], words: Sequence[str], taken: set[int]) -> int | None:
    """Return the column whose head holds a known Chinese word of two letters or more, as 本次订购册数 holds 订购册数."""
    for word in words:
        for place, written in enumerate(heads):
            fits = len(word) > 1 and word in written and place not in taken and not word.isascii()
            if fits and not (head is Head.COPIES and any(other in written for other in _NOT_COPIES)):
                return place
    return None


def _is_total(cells: Sequence[str]) -> bool:
    first = next((cell for cell in cells if cell), "")
    return bool(_TOTAL.match(first))
