"""Pure pricing: which discount a line gets, the price law, and what a special price may be (M-17.1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec
from stdnum import isbn as numbers
from stdnum.exceptions import ValidationError

from lingqu.base.decision import LawResult, Number, Outcome
from lingqu.base.money import LEAST_BP, MAX_COPIES, line_list_value, line_net
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.catalogue.states import SpecialKind
from lingqu.policy.rules import Discount, LawSetting
from lingqu.policy.states import Law

SPECIAL_CHAIN = "special_price"
LONGEST_DAYS = 366
MOST_CUSTOMER = 120
MOST_REASON = 400
MOST_DISCIPLINES = 200
MOST_DISCIPLINE_ZH, MOST_DISCIPLINE_EN = 40, 60
_DISCIPLINE: Final = re.compile(r"[A-Za-z0-9-]{1,10}")


class SpecialOffer(msgspec.Struct, frozen=True):
    """A special price that holds on the day for a buyer and a title: what is paid, in basis points, and how many copies are left of it."""

    id: int
    number: str
    discount_bp: int
    left: int

    def covers(self, copies: int, asked_bp: int | None, discount: Discount | None) -> bool:
        """Return whether a line of so many copies is sold by it: they are all left of it, and no higher or lower discount was chosen.

        Without a discount asked it is taken where it lies below the rule's; a discount asked is covered down to it.
        """
        if copies > self.left:
            return False
        if asked_bp is None:
            return discount is None or self.discount_bp < discount.rule_bp
        below = discount is None or asked_bp < discount.floor_bp
        return asked_bp == self.discount_bp or (below and asked_bp > self.discount_bp)


class PricedLine(msgspec.Struct, frozen=True):
    """A line with its money: list price and values in yuan, discount in basis points of the list price.

    `special` is the id of the special price by which it is sold; 0 for none.
    """

    product: int
    copies: int
    list_price: Decimal
    list_value: Decimal
    discount_bp: int
    net: Decimal
    special: int = 0


def price_line(product: int, copies: int, list_price: Decimal, discount_bp: int, special: int = 0) -> PricedLine:
    """Return the line with list-price value and net, each rounded once, half-up to 0.01."""
    value, net = line_list_value(list_price, copies), line_net(list_price, copies, discount_bp)
    return PricedLine(product, copies, list_price, value, discount_bp, net, special)


def price_law(
    lowest_bp: int, lines_below: int, discount: Discount | None, setting: LawSetting, told: Mapping[str, Number] | None = None
) -> LawResult:  # fmt: skip
    """Judge the discounts of a request: none may lie below the floor of the partner's level and grade (M-17.1).

    `lowest_bp` is the lowest discount of the lines that are not sold by a special price; `lines_below` counts those under the floor.
    `told` is what there is to say of special prices. Without a row in the table nothing passes.
    """
    if discount is None:
        return LawResult(Law.PRICE.value, Outcome.FAILED, setting.clause, {"lowest_bp": lowest_bp}, setting.waivable_by, setting.gaps)
    outcome = Outcome.FAILED if lines_below else Outcome.PASSED
    numbers: dict[str, Number] = {
        "lowest_bp": lowest_bp, "floor_bp": discount.floor_bp, "rule_bp": discount.rule_bp, "lines_below": lines_below,
    }  # fmt: skip
    numbers |= told or {}
    return LawResult(Law.PRICE.value, outcome, setting.clause, numbers, setting.waivable_by, setting.gaps)


class NewSpecial(msgspec.Struct, frozen=True):
    """A special price to ask for: title, what is paid (basis points), how many copies at most, from which day to which, and why.

    `customer` names the school or the bid that it is for; empty for a price of one title alone.
    """

    product: int
    kind: SpecialKind
    discount_bp: int
    copies: int
    since: date
    until: date
    reason: str
    customer: str = ""


def given_up(list_price: Decimal, new: NewSpecial, discount: Discount) -> Decimal:
    """Return by how many yuan all copies at the special price stay under the rule's."""
    return line_net(list_price, new.copies, discount.rule_bp) - line_net(list_price, new.copies, new.discount_bp)


def check_special(new: NewSpecial, discount: Discount, *, today: date) -> NewSpecial:
    """Return what is asked, with its words cut clean; refuses, at its field, what cannot be."""
    _check_days(new, today)
    if not LEAST_BP <= new.discount_bp < discount.rule_bp:
        rule = f"{Decimal(discount.rule_bp) / 100:g}"
        raise bad_input("discount", Text(f"特价须低于该客户的规则折扣 {rule}%。", f"A special price lies below the rule's {rule} %."))
    if not 1 <= new.copies <= MAX_COPIES:
        raise bad_input("copies", Text(f"册数须在 1 至 {MAX_COPIES:,} 之间。", f"Copies lie between 1 and {MAX_COPIES:,}."))
    if new.kind is not SpecialKind.TITLE and not new.customer.strip():
        raise bad_input("customer", Text("请写明院校或投标项目。", "Name the school or the bid."))
    if not new.reason.strip():
        raise bad_input("reason", Text("请写明理由。", "Give the reason."))
    customer, reason = new.customer.strip()[:MOST_CUSTOMER], new.reason.strip()[:MOST_REASON]
    return msgspec.structs.replace(new, customer=customer, reason=reason)


def _check_days(new: NewSpecial, today: date) -> None:
    if new.since < today:
        raise bad_input("since", Text("第一天不能早于今天。", "The first day is today or later."))
    if new.until < new.since:
        raise bad_input("until", Text("最后一天不能早于第一天。", "The last day is the first or later."))
    if (new.since - today).days > LONGEST_DAYS:
        words = Text(f"第一天须在 {LONGEST_DAYS} 天之内。", f"The first day is at most {LONGEST_DAYS} days away.")
        raise bad_input("since", words)
    if (new.until - new.since).days > LONGEST_DAYS:
        raise bad_input("until", Text(f"特价最长 {LONGEST_DAYS} 天。", f"A special price holds {LONGEST_DAYS} days at most."))


class NewDiscipline(msgspec.Struct, frozen=True):
    """A discipline as it is entered: a short code of letters, digits and dashes, and its names."""

    code: str
    name_zh: str
    name_en: str


def check_discipline(new: NewDiscipline) -> NewDiscipline:
    """Return a discipline with its words cut clean; refuses, at its field, a code or name that is empty, too long or none."""
    code, zh, en = (" ".join(unicodedata.normalize("NFKC", words).split()) for words in (new.code, new.name_zh, new.name_en))
    if not _DISCIPLINE.fullmatch(code):
        raise bad_input("code", Text("代码为 1 至 10 个字母、数字或横线。", "A code has 1 to 10 letters, digits and dashes."))
    for field, words, most in (("name_zh", zh, MOST_DISCIPLINE_ZH), ("name_en", en, MOST_DISCIPLINE_EN)):
        if not 1 <= len(words) <= most:
            raise bad_input(field, Text(f"请填写名称，最多 {most} 字。", f"Enter the name, {most} letters at most."))
        if any(not sign.isprintable() for sign in words):
            raise bad_input(field, Text("名称里有不能显示的字符。", "The name holds signs that cannot be shown."))
    return NewDiscipline(code, zh, en)


class TitleChange(StrEnum):
    """What a line of a table does to a title."""

    NEW = "new"
    PRICED = "priced"
    SAME = "same"


class KnownPrice(msgspec.Struct, frozen=True):
    """A list price that a title has from a day on, in yuan."""

    since: date
    amount: Decimal


def change_of(amount: Decimal, since: date, known: Sequence[KnownPrice] | None, *, on: date) -> tuple[TitleChange, Text | None]:
    """Return what a price from a day on does to a title, whose prices are `known` (None = the title is new), and why it cannot be.

    A known title's price begins today or later, and a day has one price. A price that holds on that day anyway is no change.
    """
    if known is None:
        return TitleChange.NEW, None
    holds = max((one for one in known if one.since <= since), key=lambda one: one.since, default=None)
    if holds and holds.amount == amount:
        return TitleChange.SAME, None
    if holds and holds.since == since:
        was = f"{holds.amount.normalize():f}"
        told = Text(f"{since} 起的定价已是 {was}，不能再改。", f"its price from {since} on is {was} and cannot be changed.")
        return TitleChange.SAME, told
    if since < on:
        told = Text(f"新定价须从今天或以后的日子起，不能从 {since} 起。", f"a new price begins today or later, not on {since}.")
        return TitleChange.SAME, told
    return TitleChange.PRICED, None


OLD_PREFIX: Final = "978"
"""What stands before the digits of an ISBN of 10 digits in its new form."""

LEAST_ISBN: Final = 4
"""Fewer digits of an ISBN find nothing: every title has them."""

_BETWEEN: Final = re.compile(r"[\s\u2010-\u2015\u2212-]")
_OLD_PART: Final = re.compile(r"\d{4,9}", re.ASCII)
_NEW_PART: Final = re.compile(r"97[89]\d{1,10}", re.ASCII)


def _bare(words: str) -> str:
    plain = unicodedata.normalize("NFKC", words).upper().strip().removeprefix("ISBN").lstrip(":")
    return _BETWEEN.sub("", plain)


def read_isbn(words: str) -> str:
    """Return an ISBN of 10 or 13 digits as its 13 digits; empty for anything else, a wrong check digit too.

    Dashes, blanks, full-width digits and the word ISBN in front are understood.
    """
    bare = _bare(words)
    if not bare.isascii():
        return ""
    try:
        return str(numbers.to_isbn13(numbers.validate(bare)))
    except ValidationError:
        return ""


def isbn_starts(words: str) -> tuple[str, ...]:
    """Return with which digits a whole or a half typed ISBN begins, old ones as new ones; nothing for other words and under 4 digits."""
    whole = read_isbn(words)
    if whole:
        return (whole,)
    bare = _bare(words)
    if len(bare) < LEAST_ISBN:
        return ()
    if _NEW_PART.fullmatch(bare):
        return (bare,)
    return (f"{OLD_PREFIX}{bare}",) if _OLD_PART.fullmatch(bare) else ()


class PricedTitle(msgspec.Struct, frozen=True):
    """A title that is there already: its name, its ISBN (empty without one) and all its list prices."""

    name: str
    isbn: str
    prices: Sequence[KnownPrice]
