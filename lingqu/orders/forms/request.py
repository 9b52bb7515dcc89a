"""A purchase request as it is typed: everything is kept as it came, and what is wrong stands at its field."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from decimal import Decimal

import msgspec

from lingqu.base.money import read_copies, read_discount
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.base.typed import plain_text, read_id
from lingqu.orders.queries import Wish
from lingqu.orders.states import Shortage, Source

MOST_LINES = 500
MOST_NOTE = 200
MOST_CELL = 60
CALLED = (Source.TELEPHONE, Source.WECHAT, Source.FAX)
"""How a request reaches the people who enter it for a partner."""

_CELL = re.compile(r"(copies|discount)-(\d{1,18})", re.ASCII)
_PICK = re.compile(r"pick-([0-9a-f]{12})", re.ASCII)
_KEY = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_SET = re.compile(r"(\d{1,18}):(\d{1,7})", re.ASCII)


class Typed(msgspec.Struct):
    """What stands in the form: cells by product id as they were typed, the titles chosen for lines of the paste by their key, the rest."""

    key: str
    buyer: str = ""
    source: str = ""
    shortage: str = Shortage.BACK_ORDER.value
    note: str = ""
    paste: str = ""
    words: str = ""
    copies: dict[int, str] = {}
    discounts: dict[int, str] = {}
    chosen: dict[str, int] = {}

    def filled(self) -> list[int]:
        """Return the products for which something was typed, in the order of the form."""
        return [product for product, typed in self.copies.items() if typed.strip()]


class Checked(msgspec.Struct, frozen=True):
    """What the form says: wishes that were understood, and what is wrong, by the name of the field."""

    wishes: tuple[Wish, ...]
    source: Source
    shortage: Shortage
    errors: dict[str, Text]


def new_key() -> str:
    """Return a fresh key for a form: the same key is the same request, however often it is sent."""
    return str(uuid.uuid4())


def read_key(given: str | None) -> str:
    """Return the key of a form; empty for a missing or broken one, which the action then refuses."""
    key = (given or "").strip()
    return key if _KEY.fullmatch(key) else ""


def read_typed(given: Mapping[str, str]) -> Typed:
    """Return what was typed, cell by cell, at most 60 characters of each number; cells of no product are left out."""
    cells: dict[str, dict[int, str]] = {"copies": {}, "discount": {}}
    chosen: dict[str, int] = {}
    for name, value in given.items():
        found, pick = _CELL.fullmatch(name), _PICK.fullmatch(name)
        if found:
            cells[found[1]][int(found[2])] = plain_text(value, most=MOST_CELL)
        elif pick and (title := read_id(value)) is not None:
            chosen[pick[1]] = title
    typed = Typed(
        key=read_key(given.get("key")),
        buyer=plain_text(given.get("buyer"), most=30).strip(),
        source=given.get("source", ""),
        shortage=given.get("shortage", Shortage.BACK_ORDER.value),
        note=plain_text(given.get("note"), most=2_000),
        paste=plain_text(given.get("paste")),
        words=plain_text(given.get("q"), most=MOST_CELL),
        copies=cells["copies"],
        discounts=cells["discount"],
        chosen=chosen,
    )
    return _with_cures(typed, given)


def _with_cures(typed: Typed, given: Mapping[str, str]) -> Typed:
    """Do what a button of the decision panel asks: set the copies of a line, or lift the discounts to the floor."""
    found = _SET.fullmatch(given.get("set", ""))
    if found:
        typed.copies[int(found[1])] = found[2] if int(found[2]) else ""
    floor = given.get("lift", "")
    if floor.isascii() and floor.isdigit() and len(floor) <= 5:  # noqa: PLR2004 - 10000 is the whole
        for product, cell in typed.discounts.items():
            typed.discounts[product] = _lifted(cell, int(floor))
    return typed


def _lifted(cell: str, floor: int) -> str:
    try:
        below = bool(cell.strip()) and read_discount(cell) < floor
    except Refusal:
        return cell
    return f"{Decimal(floor) / 100:f}" if below else cell


def check_typed(typed: Typed, *, for_partner: bool) -> Checked:
    """Return the wishes and everything that is wrong, each at its field; `lines` when not one title was filled in.

    `for_partner`: the source must be one of telephone, WeChat and fax. Who may offer discounts is the action's to say.
    """
    errors: dict[str, Text] = {}
    wishes = [wish for product in typed.filled() if (wish := _wish(product, typed, errors))]
    if not wishes and not errors:
        errors["lines"] = Text("请至少填写一个品种的册数。", "Enter the copies of at least one title.")
    if len(wishes) > MOST_LINES:
        errors["lines"] = Text(f"一份申请最多 {MOST_LINES} 个品种。", f"A request has at most {MOST_LINES} titles.")
    if len(typed.note) > MOST_NOTE:
        many = len(typed.note)
        errors["note"] = Text(f"备注最多 {MOST_NOTE} 字，现有 {many} 字。", f"A note has at most {MOST_NOTE} characters, not {many}.")
    if typed.shortage not in set(Shortage):
        errors["shortage"] = Text("请选择缺货时怎么办。", "Choose what is to be done with what is short.")
    shortage = Shortage.BACK_ORDER if "shortage" in errors else Shortage(typed.shortage)
    source = _source(typed.source, errors) if for_partner else Source.PARTNER
    return Checked(tuple(wishes), source, shortage, errors)


def _wish(product: int, typed: Typed, errors: dict[str, Text]) -> Wish | None:
    discount: int | None = None
    try:
        copies = read_copies(typed.copies[product])
    except Refusal as refusal:
        errors[f"copies-{product}"] = refusal.text
        return None
    offered = typed.discounts.get(product, "").strip()
    if offered:
        try:
            discount = read_discount(offered)
        except Refusal as refusal:
            errors[f"discount-{product}"] = refusal.text
            return None
    return Wish(product, copies, discount)


def _source(source: str, errors: dict[str, Text]) -> Source:
    if source in {one.value for one in CALLED}:
        return Source(source)
    errors["source"] = Text("请选择客户是怎么报来的。", "Choose how the partner sent it.")
    return Source.TELEPHONE
