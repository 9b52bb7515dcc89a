"""Words and shapes of the regulation's pages: numbers of clauses, marks of a difference, drawings, tables."""

from __future__ import annotations

import pytest

from lingqu.base.text import Text
from lingqu.policy.present.evidence import chart_of
from lingqu.policy.present.marks import Piece, pieces_of
from lingqu.policy.present.values import number_words
from lingqu.policy.present.words import article_words, chinese_number, clause_number, place_of
from lingqu.policy.states import ParameterKind


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (9, "九"), (10, "十"), (13, "十三"), (20, "二十"), (21, "二十一"), (35, "三十五"), (99, "九十九"), (100, "100")],
)
def test_numbers_of_articles_are_written_as_people_do(number: int, words: str) -> None:
    assert chinese_number(number) == words
    assert article_words(number) == Text(f"第{words}条", f"Article {number}")


@pytest.mark.parametrize(("clause", "words"), [("M-19.5", "（五）"), ("M-16.3.3.1", "3.1"), ("M-4", ""), ("O-3.12", "（十二）")])
def test_numbers_of_clauses_are_written_as_people_do(clause: str, words: str) -> None:
    assert clause_number(clause).zh == words


def test_clauses_stand_in_the_order_of_their_numbers() -> None:
    assert sorted(["M-16.10", "M-16.9", "M-4", "M-16.3.3.1", "M-16.3.1"], key=place_of) == [
        "M-4", "M-16.3.1", "M-16.3.3.1", "M-16.9", "M-16.10",
    ]  # fmt: skip


def test_a_changed_word_is_marked_and_the_rest_stays() -> None:
    assert pieces_of("须经主任同意。", "须经主任书面特批。") == (
        Piece("same", "须经主任"), Piece("out", "同意"), Piece("in", "书面特批"), Piece("same", "。"),
    )  # fmt: skip
    assert pieces_of("It needs a signature.", "It needs the director's signature.") == (
        Piece("same", "It needs "), Piece("out", "a"), Piece("in", "the director's"), Piece("same", " signature."),
    )  # fmt: skip


def test_the_pieces_always_give_back_both_texts() -> None:
    for before, after in [
        ("甲乙丙丁", "甲丙丁戊"),
        ("a b c", "c b a"),
        ("", "新"),
        ("旧", ""),
        ("同", "同"),
        ("完全不同的句子", "nothing alike"),
    ]:
        pieces = pieces_of(before, after)
        assert "".join(piece.text for piece in pieces if piece.kind != "in") == before
        assert "".join(piece.text for piece in pieces if piece.kind != "out") == after


def test_a_short_island_between_two_changes_is_no_island() -> None:
    kinds = [piece.kind for piece in pieces_of("甲一乙二丙三丁", "甲壹乙贰丙叁丁")]
    assert kinds == ["same", "out", "in", "same"]


def test_the_months_are_drawn_to_one_scale() -> None:
    chart = chart_of([(1, 10, 4), (2, 5, 0), (3, 0, 0)])
    assert chart
    assert [(bar.judged, bar.failed) for bar in chart.bars] == [(10, 4), (5, 0), (0, 0)]
    assert [float(bar.passed_height) + float(bar.failed_height) for bar in chart.bars] == [72.0, 36.0, 0.0]
    assert [mark.value for mark in chart.marks] == [0, 5, 10]
    assert chart_of([(1, 0, 0)]) is None


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (ParameterKind.MONEY, "50000.00", "50,000.00"), (ParameterKind.BASIS_POINTS, 6500, "65%"),
        (ParameterKind.PERCENT, "12.50", "12.5%"),
        (ParameterKind.INTEGER, 1200, "1,200"), (ParameterKind.FACTOR, "0.75", "0.75"), (ParameterKind.INTEGER, None, "—"),
        (ParameterKind.INTEGER, "NaN", "NaN"), (ParameterKind.INTEGER, "frei", "frei"),
    ],
)  # fmt: skip
def test_values_are_written_by_their_kind(kind: ParameterKind, value: object, words: str) -> None:
    assert number_words(kind, value) == words
