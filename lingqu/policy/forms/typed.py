"""What was typed into a form of the draft: kept as text, with what is wrong at its field, so that nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

import msgspec
from django.http import QueryDict

from lingqu.base.money import plain_digits
from lingqu.base.text import Text
from lingqu.organisation.states import POST_WORDS, PostCode
from lingqu.policy.rules import Regulation

LONGEST_TITLE = 200
MOST_PLACES = 4
"""Digits of a number of rows."""

LONGEST_TEXT = 4_000
LONGEST_ID = 30
MOST_DAYS = 366
OUTSIDE = (PostCode.OWNER, PostCode.CLERK)
EMPTY = Text("请填写。", "Fill this in.")
NO_NUMBER = Text("请填数字，如 12 或 1,200.50。", "Enter a number, such as 12 or 1,200.50.")
NO_WHOLE = Text("请填整数。", "Enter a whole number.")
UNSTORABLE = Text("含有无法保存的字符。", "It holds a character that cannot be stored.")
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?", re.ASCII)
_REVISION = re.compile(r"\d{1,9}", re.ASCII)


class Typed(msgspec.Struct):
    """A form as it was typed: every field as text, the errors by field, and the revision of the draft that the person saw."""

    texts: dict[str, str]
    errors: dict[str, Text] = {}
    revision: int = 0

    @property
    def fits(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.errors

    def error(self, field: str, text: Text) -> None:
        """Note what is wrong with a field; the first complaint stays."""
        self.errors.setdefault(field, text)

    def has(self, field: str) -> bool:
        """Return whether a field was sent with anything in it."""
        return bool(self.texts.get(field))


def typed_from(sent: QueryDict | Mapping[str, str]) -> Typed:
    """Return what was sent as text, the blanks around it left out; what cannot be stored is an error at its field."""
    texts = {name: str(sent[name]).replace("\r\n", "\n").strip() for name in sent if name != "csrfmiddlewaretoken"}
    found = _REVISION.fullmatch(texts.get("revision", ""))
    typed = Typed(texts, {}, int(found[0]) if found else 0)
    for name, text in texts.items():
        if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
            typed.texts[name] = text.replace("\x00", "").encode("utf-8", "ignore").decode()
            typed.error(name, UNSTORABLE)
    return typed


def read_number(typed: Typed, field: str, *, least: Decimal | int | None = None, most: Decimal | int | None = None) -> Decimal | None:
    """Return a number; None with an error at its field when it is none or lies outside its bounds. Commas between digits may stand."""
    words = plain_digits(typed.texts.get(field, ""))
    if not words:
        typed.error(field, EMPTY)
        return None
    if not _NUMBER.fullmatch(words):
        typed.error(field, NO_NUMBER)
        return None
    number = Decimal(words)
    if least is not None and number < least:
        typed.error(field, Text(f"不能小于 {least:,}。", f"At least {least:,}."))
        return None
    if most is not None and number > most:
        typed.error(field, Text(f"不能大于 {most:,}。", f"At most {most:,}."))
        return None
    return number


def read_whole(typed: Typed, field: str, *, least: int | None = None, most: int | None = None) -> int | None:
    """Return a whole number; None with an error at its field when it is none."""
    number = read_number(typed, field, least=least, most=most)
    if number is None:
        return None
    if number != number.to_integral_value():
        typed.error(field, NO_WHOLE)
        return None
    return int(number)


def read_words(typed: Typed, field: str, *, most: int = LONGEST_TEXT, needed: bool = True) -> str:
    """Return a text; an error stands at its field when it is missing or too long."""
    words = typed.texts.get(field, "")
    if needed and not words:
        typed.error(field, EMPTY)
    if len(words) > most:
        typed.error(field, Text(f"最多 {most:,} 个字，现有 {len(words):,} 个。", f"At most {most:,} characters; there are {len(words):,}."))
    return words


def read_both(typed: Typed, field: str, *, most: int = LONGEST_TEXT, needed: bool = True) -> Text | None:
    """Return a text in both languages from `field-zh` and `field-en`; None with errors when one half is missing."""
    zh = read_words(typed, f"{field}-zh", most=most, needed=needed)
    en = read_words(typed, f"{field}-en", most=most, needed=needed)
    if bool(zh) != bool(en):
        typed.error(f"{field}-{'en' if zh else 'zh'}", Text("两种语言都要填写。", "Both languages are needed."))
    return Text(zh, en) if zh and en and typed.fits else None


def small_number(words: str, *, default: int, most: int) -> int:
    """Return a small whole number that a page itself put into a form, such as how many rows it has; `default` for what is none."""
    return min(int(words), most) if len(words) <= MOST_PLACES and words.isdecimal() and words.isascii() else default


def read_choice(typed: Typed, field: str, known: Mapping[str, Text]) -> str:
    """Return a choice; an error stands at its field when it is none of the known ones."""
    word = typed.texts.get(field, "")
    if word not in known:
        typed.error(field, Text("请从列表中选择。", "Choose one of the list."))
    return word


def post_choices(*, empty: bool = True, relations: bool = False, outside: bool = False) -> dict[str, Text]:
    """Return the posts to choose from, with nobody first where that is allowed."""
    found = {"": Text("（无）", "(nobody)")} if empty else {}
    if relations:
        found["representative_of"] = Text("客户的区域销售员", "the partner's representative")
    return found | {code.value: words for code, words in POST_WORDS.items() if outside or code not in OUTSIDE}


def clause_choices(regulation: Regulation) -> dict[str, Text]:
    """Return the clauses to choose from."""
    return {key: Text(f"{key} {clause.title.zh}", f"{key} {clause.title.en}") for key, clause in regulation.clauses.items()}
