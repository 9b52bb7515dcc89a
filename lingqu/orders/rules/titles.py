"""Which title a line of a booklist means: by number, ISBN or name; what is only close is offered, never taken (M-16.3.1)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from lingqu.base.money import read_copies
from lingqu.base.refusal import Refusal
from lingqu.base.sheets import as_money
from lingqu.base.text import Text
from lingqu.catalogue.rules import read_isbn
from lingqu.orders.rules.listed import MOST_LISTED, Listed, ListedLine

MOST_CLOSE: Final = 5
CLOSE: Final = 0.5
"""How much of two names must be alike, by their pairs of letters, for one to be offered for the other."""

STRANGE: Final = 0.2
LONG_NUMBER: Final = 5
"""So many digits are a number of a title, and no copies."""

COMMON: Final = 2_000
"""A pair of letters in more names than this tells nothing."""

_UNIT: Final = re.compile(r"(?:册|本|套|份|部|copies|copy|pcs)$", re.IGNORECASE)
_WHOLE: Final = re.compile(r"(?<=\d)\.0+$")
_ISBN: Final = re.compile(r"(?:97[89])?\d{9}[\dX]")
_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}", re.IGNORECASE)
_PLACE: Final = re.compile(r"\(?\d{1,4}[.)]?")
_MONEY: Final = re.compile(r"\d\.\d{1,4}$|^[¥￥]|元$")
_SERIAL: Final = re.compile(r"^\d{1,3}[.)](?!\d)")

NO_COPIES: Final = Text("每行要有编号和册数。", "Each line needs a number and copies.")
UNKNOWN: Final = Text("没有这个编号。", "There is no such number.")
UNKNOWN_NAME: Final = Text("目录里没有这个品种。", "The catalogue has no such title.")
SEVERAL: Final = Text("不止一个品种符合，请选择。", "More than one title fits; choose one.")
NEAR: Final = Text("没有完全相同的，请从相近的品种中选择。", "None is exactly like it; choose from those that are close.")
NOT_SOLD: Final = Text("今天没有定价：已停售或还没有上市。", "has no price today: withdrawn, or not published yet.")
TOO_MANY: Final = Text(f"一次最多认 {MOST_LISTED:,} 行。", f"At most {MOST_LISTED:,} lines are looked up at a time.")


class KnownTitle(msgspec.Struct, frozen=True):
    """A title of the publisher: its list price in yuan on the day, None when it is not sold on it, and its ISBN, empty without one."""

    product: int
    code: str
    name: str
    price: Decimal | None
    isbn: str = ""


class Found(msgspec.Struct, frozen=True):
    """What became of a line: the title and its copies, or why not, with the titles that are close; and what a person should know."""

    line: ListedLine
    title: KnownTitle | None = None
    copies: int = 0
    wrong: Text | None = None
    close: tuple[KnownTitle, ...] = ()
    told: tuple[Text, ...] = ()

    @property
    def key(self) -> str:
        """Return what names the line when a person chooses for it: the same line again has the same."""
        return line_key(self.line.line)


def line_key(line: str) -> str:
    """Return a short name of a line as it came."""
    return hashlib.sha256(line.encode()).hexdigest()[:12]


def plain_number(words: str) -> str:
    """Return a title's number in capitals, without blanks and dashes: qh26－101 is QH26101."""
    return re.sub(r"[^0-9A-Z\u4e00-\u9fff]", "", unicodedata.normalize("NFKC", words).upper())


def plain_title(words: str) -> str:
    """Return a name as it is compared: letters and digits alone, small."""
    return "".join(one for one in unicodedata.normalize("NFKC", words).casefold() if one.isalnum())


class TitleIndex:
    """The titles of a publisher, found by number, ISBN and name. An ISBN, or a number that is one, is found in both its forms."""

    def __init__(self, titles: Iterable[KnownTitle]) -> None:
        """Keep the titles; what only close searches need is made when the first one comes."""
        self.titles = list(titles)
        self.by_number: dict[str, list[KnownTitle]] = defaultdict(list)
        self.by_name: dict[str, list[KnownTitle]] = defaultdict(list)
        self.by_isbn: dict[str, KnownTitle] = {}
        for title in self.titles:
            self.by_number[plain_number(title.code)].append(title)
            self.by_name[plain_title(title.name)].append(title)
            isbn = title.isbn or read_isbn(title.code)
            if isbn:
                self.by_isbn[isbn] = title
        self._pairs: dict[str, list[int]] = {}
        self._shortened: dict[str, list[int]] = {}

    def numbered(self, words: str) -> KnownTitle | None:
        """Return the one title with this number or ISBN."""
        isbn = read_isbn(words)
        if isbn and isbn in self.by_isbn:
            return self.by_isbn[isbn]
        found = self.by_number.get(plain_number(words), [])
        exact = [title for title in found if title.code.upper() == words.upper()] or found
        return exact[0] if len(exact) == 1 else None

    def named(self, words: str) -> list[KnownTitle]:
        """Return the titles of exactly this name."""
        return self.by_name.get(plain_title(words), []) if plain_title(words) else []

    def close_numbers(self, words: str) -> list[KnownTitle]:
        """Return titles whose number differs by one letter, by two that changed places, or by zeros in front that Excel took away."""
        plain = plain_number(words)
        if len(plain) < 2:  # noqa: PLR2004 - one letter is close to everything
            return []
        if not self._shortened:
            shortened: dict[str, list[int]] = defaultdict(list)
            for place, title in enumerate(self.titles):
                for one in _shortened(plain_number(title.code)):
                    shortened[one].append(place)
            self._shortened = shortened
        places = dict.fromkeys(place for one in _shortened(plain) for place in self._shortened.get(one, ()))
        return [self.titles[place] for place in places if _one_apart(plain, plain_number(self.titles[place].code))][:MOST_CLOSE]

    def close_names(self, words: str) -> list[KnownTitle]:
        """Return the titles whose names are most like this one, the best first."""
        asked = _pairs(plain_title(words))
        if not asked:
            return []
        if not self._pairs:
            found: dict[str, list[int]] = defaultdict(list)
            for place, title in enumerate(self.titles):
                for pair in _pairs(plain_title(title.name)):
                    found[pair].append(place)
            self._pairs = found
        shared = Counter(place for pair in asked if len(self._pairs.get(pair, ())) <= COMMON for place in self._pairs.get(pair, ()))
        scored = [(likeness(words, self.titles[place].name), -place) for place, _ in shared.most_common(50)]
        return [self.titles[-place] for score, place in sorted(scored, reverse=True) if score >= CLOSE][:MOST_CLOSE]


def likeness(one: str, other: str) -> float:
    """Return how much of two names is alike, from 0 to 1: shared pairs of letters; a name that stands whole in the other is very close."""
    first, second = plain_title(one), plain_title(other)
    if len(first) > 2 and len(second) > 2 and (first in second or second in first):  # noqa: PLR2004 - two letters are in many names
        return 0.9
    mine, theirs = _pairs(first), _pairs(second)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine and theirs else 0.0


def _pairs(plain: str) -> frozenset[str]:
    return frozenset(plain[place : place + 2] for place in range(len(plain) - 1)) or frozenset({plain} - {""})


def _shortened(plain: str) -> set[str]:
    return {plain, plain.lstrip("0")} | {plain[:place] + plain[place + 1 :] for place in range(len(plain))}


def _one_apart(one: str, other: str) -> bool:
    if one.lstrip("0") == other.lstrip("0"):
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        apart = [place for place in range(len(short)) if short[place] != long[place]]
        swapped = len(apart) == 2 and short[apart[0]] == long[apart[1]] and short[apart[1]] == long[apart[0]]  # noqa: PLR2004 - two places
        return len(apart) <= 1 or swapped
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))


def recognise(listed: Listed, index: TitleIndex, chosen: Mapping[str, int]) -> list[Found]:
    """Return what becomes of each line, in their order. `chosen` is the title (id) that a person chose, by the key of a line."""
    by_id = {title.product: title for title in index.titles}
    found = [_recognise(line, index, by_id.get(chosen.get(line_key(line.line), -1))) for line in listed.lines[:MOST_LISTED]]
    return found + [Found(line, wrong=TOO_MANY) for line in listed.lines[MOST_LISTED:]]


def _recognise(line: ListedLine, index: TitleIndex, chosen: KnownTitle | None) -> Found:
    line = line if not line.parts else _by_words(line, index)
    try:
        copies = read_copies(_WHOLE.sub("", _UNIT.sub("", line.copies.strip()).strip())) if line.copies else 0
    except Refusal as refusal:
        return Found(line, wrong=refusal.text)
    if not copies or not (line.number or line.isbn or line.name):
        return Found(line, wrong=NO_COPIES)
    title = chosen or _exact(line, index)
    if title is None:
        wrong, close = _why(line, index)
        return Found(line, copies=copies, wrong=wrong, close=close)
    if title.price is None:
        words = Text(f"{title.code} {NOT_SOLD.zh}", f"{title.code} {NOT_SOLD.en}")
        return Found(line, copies=copies, wrong=words)
    return Found(line, title, copies, told=tuple(_told(line, title, chosen=chosen is not None)))


def _exact(line: ListedLine, index: TitleIndex) -> KnownTitle | None:
    for words in (line.number, line.isbn):
        title = index.numbered(words) if words else None
        if title:
            return title
    # A number that is not ours must not be overruled by a name that happens to fit.
    if line.number or line.isbn:
        return None
    named = index.named(line.name)
    return named[0] if len(named) == 1 else None


def _why(line: ListedLine, index: TitleIndex) -> tuple[Text, tuple[KnownTitle, ...]]:
    """Return why no title was taken, and those that are close."""
    number = line.number or line.isbn
    if _SCIENTIFIC.fullmatch(number):
        words = f"“{number}”是 Excel 缩写的长数字。请把这一列设为文本，重新填写。"
        return Text(words, f"“{number}” is a long number that Excel cut short; make the column text and write it again."), ()
    close = [*index.named(line.name), *index.close_numbers(number), *index.close_names(line.name)]
    if number and not line.name:
        close += index.named(number) + index.close_names(number)
    few = tuple({title.product: title for title in close if title.price is not None}.values())[:MOST_CLOSE]
    if _ISBN.fullmatch(re.sub(r"[\s-]", "", number.upper())) and not read_isbn(number):
        words = f"书号“{number}”的校验位不对，请核对。"
        return Text(words, f"The check digit of ISBN “{number}” is wrong."), few
    if few:
        same = bool(line.name) and len(index.named(line.name)) > 1 and not number
        return SEVERAL if same else NEAR, few
    return UNKNOWN if number else UNKNOWN_NAME, ()


def _told(line: ListedLine, title: KnownTitle, *, chosen: bool) -> list[Text]:
    told = []
    theirs = as_money(line.price) if line.price else None
    if theirs is not None and title.price is not None and theirs != title.price:
        ours = f"{title.price.normalize():f}"
        told.append(
            Text(
                f"{title.code}：书目写定价 {theirs:f}，目录是 {ours}，按目录计。",
                f"{title.code}: the list says {theirs:f}, our list price is {ours}, which counts.",
            )
        )
    if line.name and not chosen and likeness(line.name, title.name) < STRANGE:
        told.append(
            Text(
                f"{title.code}：书目写“{line.name[:40]}”，目录是“{title.name}”，请核对。",
                f"{title.code}: the list says “{line.name[:40]}”, ours is “{title.name}”; look it over.",
            )
        )
    return told


# ------------------------------------------------------------------------------------------------------- lines without heads


def _by_words(line: ListedLine, index: TitleIndex) -> ListedLine:
    """Return a line of words with its parts told: the first word that is a known number, the copies last or with a unit, a price."""
    parts = _joined_isbn(line.parts)
    known = next((place for place, part in enumerate(parts) if index.numbered(part) and not _is_last_figure(parts, place)), None)
    rest = [part for place, part in enumerate(parts) if place != known]
    figures = [place for place, part in enumerate(rest) if _figure(part)]
    units = [place for place in figures if _UNIT.search(rest[place])]
    title = index.numbered(parts[known]) if known is not None else None
    at = _copies_at(rest, figures, units, title)
    copies = _UNIT.sub("", rest[at]) if at is not None else _wrong_copies(rest, known)
    others = [part for place, part in enumerate(rest) if place != at]
    money = next((part for part in reversed(others) if _is_price(part)), "")
    words = [_SERIAL.sub("", part) for part in others if part != money and not (_PLACE.fullmatch(part) and _figure(part))]
    if known is None and not words:
        words = others[:1]
        number = "".join(words)
    else:
        number = parts[known] if known is not None else (words[0] if words and _like_number(words[0]) else "")
    name = " ".join(one for one in words if one not in {"", number, copies})
    return msgspec.structs.replace(line, number=number, name=name, price=money, copies=copies, parts=())


def _joined_isbn(parts: Sequence[str]) -> list[str]:
    """Return the parts with an ISBN written with blanks in one."""
    kept = list(parts)
    for start in range(len(kept)):
        for end in range(start + 2, min(start + 6, len(kept)) + 1):
            joined = "".join(kept[start:end])
            if joined.upper().startswith(("978", "979", "ISBN")) and read_isbn(joined):
                return [*kept[:start], joined, *kept[end:]]
    return kept


def _is_last_figure(parts: Sequence[str], place: int) -> bool:
    """Return whether the part is the only figure at the end of the line, and so its copies, though a title may have it as its number."""
    return place == len(parts) - 1 and place > 0 and parts[place].isdigit() and len(parts[place]) < 7  # noqa: PLR2004 - copies


def _figure(part: str) -> bool:
    try:
        read_copies(_UNIT.sub("", part))
    except Refusal:
        return False
    return True


def _is_price(part: str) -> bool:
    return as_money(part) is not None and bool(_MONEY.search(part))


def _copies_at(rest: Sequence[str], figures: Sequence[int], units: Sequence[int], title: KnownTitle | None) -> int | None:
    """Return which part is the copies: one with a unit, else the last figure; not the list price where another figure stands there."""
    if units:
        return units[-1]
    if len(figures) > 1 and title and title.price == as_money(rest[figures[-1]]):
        return figures[-2]
    return figures[-1] if figures else None


def _wrong_copies(rest: Sequence[str], known: int | None) -> str:
    """Return the last word as copies that are none, such as 2.5; empty when there is no such word."""
    last = rest[-1] if rest and (known is not None or len(rest) > 1) else ""
    return last if last and any(letter.isdigit() for letter in last) and not _like_number(last) else ""


def _like_number(word: str) -> bool:
    digits = sum(letter.isdigit() for letter in word)
    return digits >= LONG_NUMBER or (digits > 0 and any(letter.isascii() and letter.isalpha() for letter in word))
