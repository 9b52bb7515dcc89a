"""Read what somebody typed into the search: words, pinyin, initials, and the numbers of documents that it may mean."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

import msgspec

from lingqu.base.pinyin import initials_pattern, joined_letters

LONGEST: Final = 60
MOST_WORDS: Final = 3
YEARS: Final = 3
"""A count without its year is looked for in this year and the two before."""
FIRST_YEAR, LAST_YEAR = 2000, 2099
SERIES_LETTERS: Final = 2
YEAR_DIGITS: Final = 4
TAIL_DIGITS: Final = 4
LONGEST_COUNT: Final = 7
_NUMBER = re.compile(r"([A-Z]{0,2})(\d{0,12})", re.ASCII)
_ANY_COUNT = "9" * 8


class Word(msgspec.Struct, frozen=True):
    """One word in small letters; its letters when it holds nothing else; the patterns of its initials, anywhere and at a start."""

    text: str
    letters: str = ""
    initials: str = ""
    first_initials: str = ""


class Wanted(msgspec.Struct, frozen=True):
    """What was typed, read in all the ways it can be meant.

    `numbers` are whole numbers without their series (`-2026-1198`), `series` the two letters before them if any were typed; `ranges` are
    stretches of whole numbers, from and to, and `tails` numbers of requests that end in the digits typed.
    """

    typed: str
    words: tuple[Word, ...]
    part: str = ""
    series: str = ""
    numbers: tuple[str, ...] = ()
    ranges: tuple[tuple[str, str], ...] = ()
    tails: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is asked for: a blank, or a single letter or digit, which everything holds."""
        return not self.words or (len(self.typed) == 1 and self.typed.isascii())


def read_wanted(typed: str, *, on: date) -> Wanted:
    """Return what was typed as a wish; full-width letters are read as plain ones, and past 60 signs nothing is read."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", typed) if sign.isprintable())[:LONGEST]
    plain = " ".join(plain.split())
    words = tuple(_word(word) for word in plain.lower().split()[:MOST_WORDS])
    return _with_numbers(Wanted(plain, words), on.year)


def _word(word: str) -> Word:
    letters = joined_letters(word)
    initials = initials_pattern(letters)
    return Word(word, letters, initials, initials.removeprefix("(^| )") and "^" + initials.removeprefix("(^| )"))


def _with_numbers(wanted: Wanted, year: int) -> Wanted:
    """Read the digits as a number of a document: whole, from its start, or its count alone."""
    compact = re.sub(r"[\s\-_/·—–]", "", wanted.typed.upper())
    found = _NUMBER.fullmatch(compact)
    if not found or not compact or (found[1] and len(found[1]) < SERIES_LETTERS):
        return wanted
    series, digits = found[1], found[2]
    if not digits:
        return msgspec.structs.replace(wanted, series=series, part=series)
    years = range(year, year - YEARS, -1)
    own_year, count = digits[:YEAR_DIGITS], digits[YEAR_DIGITS:]
    numbers: list[str] = []
    ranges: list[tuple[str, str]] = []
    if len(own_year) == YEAR_DIGITS and FIRST_YEAR <= int(own_year) <= LAST_YEAR:
        numbers += [f"-{own_year}-{count.zfill(TAIL_DIGITS)}"] if count else []
        ranges += [_range(f"-{own_year}-{count}")]
    if len(digits) <= LONGEST_COUNT:
        numbers += [f"-{one}-{digits.zfill(TAIL_DIGITS)}" for one in years]
        ranges += [_range(f"-{one}-{digits}") for one in years]
    tails = _tails(digits, year) if not series else ()
    return msgspec.structs.replace(
        wanted, series=series, part=digits if not series else "", numbers=tuple(numbers), ranges=tuple(ranges), tails=tails
    )


def _range(start: str) -> tuple[str, str]:
    """From the first to the last number that begins so: digits stand in one order, whatever the server's collation makes of the hyphen."""
    return start, start + _ANY_COUNT


def _tails(digits: str, year: int) -> tuple[str, ...]:
    """Return the numbers of this year and the last of up to seven digits that end in four or more digits: at most 2,000."""
    if not TAIL_DIGITS <= len(digits) < LONGEST_COUNT:
        return ()
    heads = range(1, 10 ** (LONGEST_COUNT - len(digits)))
    return tuple(f"-{one}-{head}{digits}" for one in (year, year - 1) for head in heads)


def wants(wanted: Wanted, name: str, pinyin: str = "") -> int | None:
    """Return how well a name meets the wish, 0 best; None when some word is not in it. `pinyin` are its syllables with blanks between."""
    low, joined = name.lower(), pinyin.replace(" ", "")
    for word in wanted.words:
        by_letters = bool(word.letters) and word.letters in joined
        by_initials = bool(word.initials) and re.search(word.initials, pinyin) is not None
        if word.text not in low and not by_letters and not by_initials:
            return None
    first = wanted.words[0]
    ranks = (
        low == first.text,
        low.startswith(first.text),
        bool(first.first_initials) and re.match(first.first_initials, pinyin) is not None,
    )
    return next((rank for rank, holds in enumerate(ranks) if holds), len(ranks))


class Part(msgspec.Struct, frozen=True):
    """A stretch of a text, and whether the search met it."""

    text: str
    hit: bool


def parts_of(text: str, wanted: Wanted, pinyin: str = "") -> tuple[Part, ...]:
    """Return a text in stretches, those marked that the search met: as typed, or the signs whose syllables were typed."""
    marks = [False] * len(text)
    for start, end in (stretch for word in wanted.words for stretch in _stretches(text, word, pinyin)):
        marks[start:end] = [True] * (end - start)
    parts: list[Part] = []
    for sign, mark in zip(text, marks, strict=True):
        if parts and parts[-1].hit == mark:
            parts[-1] = Part(parts[-1].text + sign, mark)
        else:
            parts.append(Part(sign, mark))
    return tuple(parts)


def _stretches(text: str, word: Word, pinyin: str) -> list[tuple[int, int]]:
    low = text.lower()
    place = low.find(word.text) if len(low) == len(text) else -1
    if place >= 0:
        return [(place, place + len(word.text))]
    digits = _spread(text, word.text)
    if digits:
        return [digits]
    syllables = pinyin.split()
    if not word.letters or len(syllables) != len(text):
        return []
    return _by_syllables(syllables, word.letters)


def _spread(text: str, word: str) -> tuple[int, int] | None:
    """Find `jh20261198` in `JH-2026-1198`: the hyphens between are marked with it."""
    signs = [(sign.lower(), at) for at, sign in enumerate(text) if sign not in "- "]
    bare = re.sub(r"[\s\-_/]", "", word)
    place = "".join(sign for sign, _ in signs).find(bare) if bare and len("".join(sign for sign, _ in signs)) == len(signs) else -1
    return (signs[place][1], signs[place + len(bare) - 1][1] + 1) if place >= 0 else None


def _by_syllables(syllables: list[str], letters: str) -> list[tuple[int, int]]:
    many = len(letters)
    for start in range(len(syllables) - many + 1):
        if all(syllable.startswith(letter) for syllable, letter in zip(syllables[start : start + many], letters, strict=True)):
            return [(start, start + many)]
    for start in range(len(syllables)):
        joined = ""
        for end in range(start, len(syllables)):
            joined += syllables[end]
            if joined.startswith(letters):
                return [(start, end + 1)]
            if not letters.startswith(joined):
                break
    return []
