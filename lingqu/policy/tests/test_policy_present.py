"""Words and shapes of the regulation's pages: numbers of clauses, marks of a difference, drawings, tables."""

from __future__ import annotations

import pytest

from lingqu.base.text import Text
from lingqu.policy.forms.chain import chain_texts, read_chain
from lingqu.policy.forms.duty import duty_texts, read_duty
from lingqu.policy.forms.parameter import read_parameter, texts_of
from lingqu.policy.forms.typed import Typed
from lingqu.policy.pack import PACKS, read_pack
from lingqu.policy.present.drafting import problem_row
from lingqu.policy.present.evidence import chart_of
from lingqu.policy.present.marks import Piece, pieces_of
from lingqu.policy.present.values import number_words, shown_parameter, value_of
from lingqu.policy.present.words import article_words, chinese_number, clause_number, place_of
from lingqu.policy.rules import SetChain, SetDuty, SetParameter, SetTitle, apply_edit, problems_of
from lingqu.policy.states import ParameterKind
from tests.world import World


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (9, "九"), (10, "十"), (13, "十三"), (20, "二十"), (21, "二十一"), (35, "三十五"), (99, "九十九"), (100, "100")],
)
def test_numbers_of_articles_are_written_as_people_do(number: int, words: str) -> None:
    assert chinese_number(number) == words
    assert article_words(number) == Text(f"第{words}条", f"Article {number}")


@pytest.mark.parametrize(("clause", "words"), [("M-19.5", "（五）"), ("M-16.3.3.1", "（三）3.1"), ("M-4", ""), ("O-3.12", "（十二）")])
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


@pytest.mark.parametrize("pack", ["publisher", "general"])
def test_every_form_gives_back_what_it_was_given(pack: str) -> None:
    regulation = read_pack(PACKS / pack)
    for key, note in regulation.notes.items():
        typed = Typed(texts_of(note, value_of(key, regulation)))
        value = read_parameter(note, value_of(key, regulation), typed)
        assert typed.errors == {}, key
        assert value_of(key, apply_edit(regulation, SetParameter(key, value))) == value_of(key, regulation), key
    for key, chain in regulation.chains.items():
        typed = Typed(chain_texts(chain))
        assert read_chain(key, regulation, typed) == SetChain(key, chain.steps), (key, typed.errors)
    for key, rule in regulation.duties.items():
        typed = Typed(duty_texts(rule))
        assert read_duty(rule, regulation, typed) == SetDuty(key, rule), (key, typed.errors)


@pytest.mark.parametrize("pack", ["publisher", "general"])
def test_no_table_shows_a_code_to_people(pack: str) -> None:
    regulation = read_pack(PACKS / pack)
    shown = [shown_parameter(key, regulation) for key in regulation.notes]
    cells = [cell for one in shown if one.grid for row in one.grid.rows for cell in row if isinstance(cell, str)]
    assert [cell for cell in cells if any(sign.islower() for sign in cell)] == []


def test_a_problem_is_told_by_names_and_leads_to_its_page(world: World) -> None:
    regulation = apply_edit(world.regulation, SetParameter("answer_days", -4))
    (found,) = problems_of(regulation)
    row = problem_row(found, "publisher", regulation)
    assert row.url == "/regulation/publisher/draft/edit/parameter/answer_days"
    assert row.where == Text("答复时限", "Answer time")
    assert "answer_days" not in row.text.zh + row.text.en
    nameless = apply_edit(world.regulation, SetTitle(Text("", "x")))
    (found,) = problems_of(nameless)
    assert problem_row(found, "publisher", nameless).where.zh == "整份制度"
