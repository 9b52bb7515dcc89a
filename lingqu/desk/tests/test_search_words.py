"""What somebody types is read in every way that it can be meant: a name, pinyin, initials, a number or a part of one."""

from __future__ import annotations

from datetime import date

import pytest

from lingqu.desk.rules import Part, parts_of, read_wanted, wants

TODAY = date(2026, 11, 23)
NAME, PINYIN = "济南岱青书业有限公司", "ji nan dai qing shu ye you xian gong si"


def found(typed: str, name: str = NAME, pinyin: str = PINYIN) -> int | None:
    return wants(read_wanted(typed, on=TODAY), name, pinyin)


@pytest.mark.parametrize(
    ("typed", "rank"),
    [
        (NAME, 0), ("济南", 1), ("jndq", 2), ("岱青", 3), ("daiqing", 3), ("jinan", 3), ("dq", 3), ("济南 书业", 1), ("ＪＮＤＱ", 2),
    ],
)  # fmt: skip
def test_a_name_is_found_by_its_signs_pinyin_or_initials_the_beginning_first(typed: str, rank: int) -> None:
    assert found(typed) == rank


@pytest.mark.parametrize("typed", ["武汉", "jnd4", "qdnj", "济南 武汉", "jndqx"])
def test_a_name_that_misses_one_word_is_not_found(typed: str) -> None:
    assert found(typed) is None


@pytest.mark.parametrize(
    ("typed", "series", "number"),
    [
        ("JH-2026-1198", "JH", "-2026-1198"), ("jh20261198", "JH", "-2026-1198"), ("jh 2026 1198", "JH", "-2026-1198"),
        ("1198", "", "-2026-1198"), ("19", "", "-2026-0019"), ("19", "", "-2024-0019"), ("ｊｈ１９", "JH", "-2026-0019"),
        ("2025-7", "", "-2025-0007"), ("JH-2026-1000198", "JH", "-2026-1000198"),
    ],
)  # fmt: skip
def test_a_number_is_read_whole_or_as_its_count(typed: str, series: str, number: str) -> None:
    wanted = read_wanted(typed, on=TODAY)
    assert wanted.series == series
    assert number in wanted.numbers


def test_the_start_of_a_number_is_a_stretch_whatever_stands_behind_it() -> None:
    ((low, high), *_) = read_wanted("JH-2026-11", on=TODAY).ranges
    assert [low <= number <= high for number in ("-2026-11", "-2026-1198", "-2026-119", "-2026-1199999", "-2026-0011", "-2026-12")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip


def test_the_last_digits_are_tried_for_longer_numbers_and_never_more_than_two_thousand() -> None:
    tails = read_wanted("1198", on=TODAY).tails
    assert "-2026-1001198" not in tails or len("1001198") <= 7
    assert {"-2026-11198", "-2026-9991198", "-2025-11198"} <= set(tails)
    assert len(tails) <= 2_000
    assert read_wanted("119", on=TODAY).tails == ()
    assert read_wanted("JH1198", on=TODAY).tails == ()


@pytest.mark.parametrize("typed", ["", "   ", "a", "1", "\n", "\u200b"])
def test_nothing_and_a_single_letter_ask_for_nothing(typed: str) -> None:
    assert read_wanted(typed, on=TODAY).is_empty


@pytest.mark.parametrize("typed", ["%%%", "'; DROP TABLE x; --", "[a-z", "((((", "\\", "😀😀", "a" * 5_000, "济" * 5_000, "0" * 40, "JH-"])
def test_hostile_words_are_only_words(typed: str) -> None:
    wanted = read_wanted(typed, on=TODAY)
    assert len(wanted.typed) <= 60
    assert wants(wanted, NAME, PINYIN) is None if wanted.words else wanted.is_empty


@pytest.mark.parametrize(
    ("typed", "hit"), [("岱青", "岱青"), ("jndq", "济南岱青"), ("daiqing", "岱青"), ("daiq", "岱青"), ("书业", "书业"), ("zzz", "")]
)
def test_the_signs_that_were_met_are_marked(typed: str, hit: str) -> None:
    parts = parts_of(NAME, read_wanted(typed, on=TODAY), PINYIN)
    assert "".join(part.text for part in parts) == NAME
    assert "".join(part.text for part in parts if part.hit) == hit


def test_a_number_typed_without_its_hyphens_is_marked_with_them() -> None:
    assert parts_of("JH-2026-1198", read_wanted("jh20261198", on=TODAY)) == (Part("JH-2026-1198", hit=True),)
    assert parts_of("JH-2026-1198", read_wanted("1198", on=TODAY))[-1] == Part("1198", hit=True)
