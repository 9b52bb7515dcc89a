"""What is typed to ask for a return or a transfer: kept as it came, understood, or blamed at its field."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

import msgspec

from lingqu.base.money import read_copies
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.base.typed import plain_text
from lingqu.orders.queries import why_not
from lingqu.orders.rules import Found, Listed, TitleIndex, read_listed, recognise, rows_of_text
from lingqu.orders.states import ReturnReason
from lingqu.returns.rules import MOST_BECAUSE, MOST_LINES, MOST_NOTE, AskedLine
from lingqu.returns.states import REASONS, Condition

MOST_CELL = 20
MOST_CELLS = 400
MOST_LIST = 200_000
MOST_TOLD = 10
TOO_MANY = Text(f"一份最多 {MOST_LINES} 个品种，请另开一份。", f"One paper has at most {MOST_LINES} titles; make another one.")
_CELL = re.compile(r"(copies|condition)-(\d{1,12})", re.ASCII)


class ReturnTyped(msgspec.Struct):
    """The form of a return as typed; `copies` and `conditions` are by product id, `paste` is a list from anywhere.

    `left` tells the first lines of a list that were not taken, `more` counts the others, `filled` the titles that were.
    """

    key: str = ""
    buyer: str = ""
    order: str = ""
    reason: str = ""
    note: str = ""
    paste: str = ""
    copies: dict[int, str] = {}
    conditions: dict[int, str] = {}
    errors: dict[str, Text] = {}
    left: list[Text] = []
    more: int = 0
    filled: int = 0

    def lines(self) -> tuple[AskedLine, ...]:
        """Return the lines that have copies; what is no number of copies is blamed at its cell."""
        found = []
        for product, words in self.copies.items():
            if not words:
                continue
            try:
                many = read_copies(words)
            except Refusal as refusal:
                self.errors[f"copies-{product}"] = refusal.text
                continue
            condition = self.conditions.get(product, "")
            found.append(AskedLine(product, many, Condition(condition) if condition in set(Condition) else Condition.GOOD))
        return tuple(found)

    def blame(self, refusal: Refusal, lines: tuple[AskedLine, ...]) -> bool:
        """Put a refusal at its field; return whether it has one here."""
        place = re.fullmatch(r"lines\.(\d+)\.\w+", refusal.field)
        if place and 0 < int(place[1]) <= len(lines):
            self.errors[f"copies-{lines[int(place[1]) - 1].product}"] = refusal.text
        elif refusal.field:
            self.errors[refusal.field] = refusal.text
        return bool(refusal.field)


class TransferTyped(ReturnTyped):
    """The form of a transfer as typed; `buyer` is the giver, `note` the reason."""

    taker: str = ""


def new_key() -> str:
    """Return a fresh key for a form: the same key is the same document, however often it is sent."""
    return str(uuid.uuid4())


def read_return(given: Mapping[str, str]) -> ReturnTyped:
    """Return the form of a return as typed."""
    typed = ReturnTyped(copies={}, conditions={}, errors={}, left=[])
    _read(typed, given, most=MOST_NOTE)
    typed.order = plain_text(given.get("order"), most=30).strip()
    reason = given.get("reason", "")
    typed.reason = reason if reason in {one.value for one in REASONS} else ""
    return typed


def read_transfer(given: Mapping[str, str]) -> TransferTyped:
    """Return the form of a transfer as typed."""
    typed = TransferTyped(copies={}, conditions={}, errors={}, left=[])
    _read(typed, given, most=MOST_BECAUSE)
    typed.taker = plain_text(given.get("taker"), most=40).strip()
    return typed


def reason_of(typed: ReturnTyped) -> ReturnReason:
    """Return the reason of a return; one that was not chosen is blamed."""
    if typed.reason:
        return ReturnReason(typed.reason)
    typed.errors["reason"] = Text("请选择退货原因。", "Choose why they go back.")
    return ReturnReason.OTHER


def pasted(typed: ReturnTyped) -> Listed:
    """Return the lines that were pasted."""
    return read_listed(rows_of_text(typed.paste))


def found_in(listed: Listed, index: TitleIndex, typed: ReturnTyped) -> list[Found]:
    """Return what becomes of each line of a list. Titles beyond the 200 of one paper, with those typed already, are not taken."""
    taken = {product for product, words in typed.copies.items() if words}
    found = []
    for one in recognise(listed, index, {}):
        if one.title and one.title.product not in taken and len(taken) >= MOST_LINES:
            found.append(msgspec.structs.replace(one, title=None, wrong=TOO_MANY))
            continue
        taken |= {one.title.product} if one.title else set()
        found.append(one)
    return found


def take_list(typed: ReturnTyped, listed: Listed, index: TitleIndex) -> None:
    """Fill a list into the cells: what is recognised is added up by title, all the rest stays in the paste and is told.

    Refuses at `booklist`, with nothing changed, a list of which more than 200,000 letters would stay.
    """
    kept = []
    sums: dict[int, int] = {}
    told: list[Text] = []
    for one in found_in(listed, index, typed):
        if one.title:
            sums[one.title.product] = sums.get(one.title.product, 0) + one.copies
            continue
        kept.append(one.line.line)
        why = why_not(one)
        told.append(Text(f"“{one.line.line[:40]}”：{why.zh}", f"“{one.line.line[:40]}”: {why.en}"))
    paste = "\n".join([listed.head_line, *kept] if listed.head_line and kept else kept)
    if len(paste) > MOST_LIST:
        words = Text(
            f"有 {len(kept):,} 行没认出，太多了。请分成几个文件，或核对表头。",
            f"{len(kept):,} lines were not recognised, which is too many; send smaller files, or look at the heads.",
        )
        raise bad_input("booklist", words)
    for product, copies in sums.items():
        typed.copies[product] = str(copies)
    typed.paste = paste
    typed.left, typed.more = told[:MOST_TOLD], max(len(told) - MOST_TOLD, 0)
    typed.filled = len(sums)


def _read(typed: ReturnTyped, given: Mapping[str, str], *, most: int) -> None:
    typed.key = plain_text(given.get("key"), most=64).strip()
    typed.buyer = plain_text(given.get("buyer"), most=40).strip()
    typed.note = plain_text(given.get("note"), most=most * 2).strip()
    typed.paste = plain_text(given.get("paste"), most=MOST_LIST)
    if len(given.get("paste", "")) > MOST_LIST:
        many = f"{MOST_LIST:,}"
        typed.errors["paste"] = Text(
            f"粘贴的内容超过 {many} 字，后面的已略去。", f"More than {many} characters were pasted; the rest is cut."
        )
    for name, value in given.items():
        cell = _CELL.fullmatch(name)
        if cell and len(typed.copies) < MOST_CELLS:
            cells = typed.copies if cell[1] == "copies" else typed.conditions
            cells[int(cell[2])] = plain_text(value, most=MOST_CELL).strip()
