"""The words of a decision, from stored JSON alone: each law passed, failed, waived, not judged; cures; what other versions left out."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from lingqu.base.text import Text
from lingqu.orders.present.cures import Offers, sentence_of
from lingqu.orders.present.decision import panel_of, version_word
from lingqu.orders.present.laws import body_of, is_waived, points_word
from lingqu.orders.present.lines import price_text
from lingqu.orders.present.values import Values

AT = datetime(2026, 11, 24, 1, 41, tzinfo=UTC)
FACTS = Values(
    {
        "on": "2026-11-24",
        "keeps_stock": True,
        "credit": {
            "grade": "A",
            "used": "240000.00",
            "held": "0.00",
            "held_count": 0,
            "batches": [
                {"number": 2, "request": "JH-2026-1077", "remaining": "70000.00", "due_on": "2026-11-26"},
                {"number": 3, "request": "JH-2026-1140", "remaining": "170000.00", "due_on": None},
            ],
        },
        "lines": [{"product": 7, "code": "QH25-711", "copies": 117}],
    }
)
OVER = {"used": "240000.00", "held": "0.00", "net": "60000.01", "limit": "300000.00", "over": "0.01", "waived": "0.00", "grade": "A"}


def sentence(law: str, numbers: dict[str, Any], state: str = "passed", **more: Any) -> Text:
    return body_of(law, Values(numbers), Values({**FACTS.raw, **more}), state=state).sentence


def panel(laws: list[dict[str, Any]], verdict: str = "waivable", cures: list[dict[str, Any]] | None = None, **more: Any) -> Any:
    decision = msgspec.json.encode({"verdict": verdict, "laws": laws, "cures": cures or []}).decode()
    facts = msgspec.json.encode(FACTS.raw).decode()
    return panel_of(decision, facts, at=AT, reference="publisher/3/abc", regulation=None, **more)


@pytest.mark.parametrize(
    ("law", "state", "numbers", "zh", "en"),
    [
        (
            "certificate", "failed",
            {"certified_until": "2027-02-28", "contract_until": None, "licence_until": "2026-11-20", "on": "2026-11-24"},
            "没有合同；许可证已于 2026-11-20 到期", "No agreement; licence ended on 2026-11-20",
        ),
        (
            "area", "failed", {"division": "370112", "areas": "37", "inside": 1, "lines_outside": 1},
            "1个品种不在授权产品线内", "1 title outside the product lines granted",
        ),
        ("stock", "not_applicable", {"copies": 5}, "供货方的库存不在本系统管理", "The seller's stock is not kept here"),
        (
            "stock", "passed", {"copies": 1153, "ready": 1129, "short_lines": 1, "back_order": 24},
            "可发 1,129 / 1,153册；1个品种欠 24册，到货补发，仍属本批",
            "1,129 of 1,153 copies are in stock; 1 title short by 24, sent later in the same batch",
        ),
        (
            "batches", "passed", {"open": 0, "held": 0, "this": 0, "max": 0, "over": 0, "grade": "D"},
            "预收款已够付本单，不占批次", "Paid for in advance; it takes no batch",
        ),
        (
            "credit", "passed", {**OVER, "used": "-500.00", "net": "100.00", "over": "-300400.00"},
            "已占用 −500.00（预收余款） + 本单 100.00 ≤ 300,000.00，余 300,400.00",
            "Used −500.00 (paid in advance) + this request 100.00 ≤ limit 300,000.00; 300,400.00 left",
        ),
        (
            "overdue", "passed", {"overdue": "0.00", "days": 0, "tolerance": "0.00"},
            "逾期 0.00；第2批 2026-11-26 到期", "Overdue 0.00; batch 2 falls due on 2026-11-26",
        ),
        (
            "price", "failed", {"lowest_bp": 6500},
            "折扣表中没有该客户的级别和等级", "The discount table has no row for this partner's level and grade",
        ),
    ],
)  # fmt: skip
def test_a_law_in_one_sentence(law: str, state: str, numbers: dict[str, Any], zh: str, en: str) -> None:
    assert sentence(law, numbers, state) == Text(zh, en)


def test_dropped_shortages_are_said_to_be_left_out() -> None:
    said = sentence("stock", {"copies": 96, "ready": 96, "short_lines": 1, "back_order": 0}, drop_shortage=True)
    assert said.zh == "可发 96 / 96册；1个品种的缺货部分已取消"


def test_the_dotted_used_amount_opens_the_batches_that_it_is_made_of() -> None:
    body = body_of("credit", Values(OVER), FACTS, state="waivable")
    used = body.terms[0]
    assert [term.value for term in body.terms] == ["240,000.00", "60,000.01", "300,000.00"]
    assert used.parts
    assert [(term.operator, term.value) for term in used.parts.terms] == [("", "70,000.00"), ("+", "170,000.00")]
    assert body.result
    assert (body.result.value, body.result.tone) == ("0.01", "amber")


def test_money_paid_in_advance_stands_among_the_parts() -> None:
    facts = Values({"credit": {**FACTS.raw["credit"], "used": "239000.00"}})  # type: ignore[dict-item]
    used = body_of("credit", Values(OVER), facts, state="failed").terms[0]
    assert used.parts
    assert (used.parts.terms[-1].operator, used.parts.terms[-1].value) == ("−", "1,000.00")


def test_what_is_held_stands_in_both_formulas_or_in_none() -> None:
    facts = Values({"credit": {"held": "5073.00", "held_count": 1}})
    credit = body_of("credit", Values({**OVER, "held": "5073.00"}), facts, state="waivable")
    batches = body_of("batches", Values({"open": 1, "held": 1, "this": 1, "max": 2, "over": 1, "grade": "A"}), facts, state="waivable")
    assert (len(credit.terms), len(batches.terms)) == (4, 4)


def test_a_passed_law_over_its_limit_was_waived() -> None:
    assert is_waived("credit", Values({"over": "0.01", "waived": "0.01"}))
    assert is_waived("overdue", Values({"overdue": "5.00", "tolerance": "0.00"}))
    assert is_waived("price", Values({"lowest_bp": 6000, "floor_bp": 6200}))
    assert not is_waived("credit", Values({"over": "-1.00", "waived": "0.01"}))
    assert not is_waived("batches", Values({"over": 1, "waived": 1, "this": 0}))
    assert not is_waived("price", Values({"lowest_bp": 6200, "floor_bp": 6200}))


def test_a_panel_counts_and_names_who_may_sign() -> None:
    laws = [
        {"law": "stock", "outcome": "not_applicable", "clause": "M-16.5", "numbers": {}, "gaps": ["G-01"]},
        {"law": "price", "outcome": "failed", "clause": "M-17.1", "numbers": {}, "waivable_by": "manager", "gaps": ["G-23", "G-01"]},
        {"law": "credit", "outcome": "failed", "clause": "M-19.5", "numbers": OVER, "waivable_by": "director"},
        {"law": "overdue", "outcome": "passed", "clause": "M-19.3", "numbers": {}},
    ]
    shown = panel(laws)
    assert (shown.counts.total, shown.counts.passed, shown.counts.failed, shown.version) == (3, 1, 2, "v3")
    assert shown.counts.remark == Text("可由主任特批", "the director may waive them")
    assert [law.state for law in shown.laws] == ["not_applicable", "waivable", "waivable", "passed"]
    assert [gap.id for gap in shown.gaps] == ["G-01", "G-23"]
    assert shown.laws[2].clause.url == "/regulation/"


def test_a_cure_has_its_effect_on_every_failed_law_and_the_verb_of_the_reader() -> None:
    laws = [
        {"law": "credit", "outcome": "failed", "clause": "", "numbers": OVER, "waivable_by": "director"},
        {"law": "batches", "outcome": "failed", "clause": "", "numbers": {"max": 2, "over": 1}, "waivable_by": "director"},
    ]
    cures = [
        {
            "kind": "reduce",
            "numbers": {"product": 7, "copies": 1, "net": "59969.78"},
            "effects": [{"law": "credit", "passes": True, "number": "30.22"}, {"law": "batches", "passes": False, "number": 1}],
        },
        {
            "kind": "ask",
            "numbers": {"post": "director"},
            "effects": [{"law": "credit", "passes": True}, {"law": "batches", "passes": True}],
        },
    ]
    shown = panel(laws, cures=cures, offers=Offers(form="request"))
    reduce, ask = shown.cures.rows
    assert reduce.text == Text("减1册 QH25-711，本单 59,969.78", "1 copy of QH25-711 less, this request 59,969.78")
    assert [(effect.tone, effect.text.zh) for effect in reduce.effects] == [("green", "余 30.22"), ("amber", "仍超1批")]
    assert (reduce.action.method, reduce.action.name, reduce.action.value) == ("submit", "set", "7:116")
    assert [effect.text.zh for effect in ask.effects] == ["特批", "特批"]
    assert ask.action is None
    assert shown.laws[0].cure.text == reduce.text
    assert shown.laws[1].cure.text == ask.text


@pytest.mark.parametrize(
    ("kind", "numbers", "zh"),
    [
        (
            "pay",
            {"first": 2, "last": 2, "request": "JH-2026-1077", "amount": "70000.00", "at_least": "69999.00"},
            "先结清第2批（JH-2026-1077）：回款 70,000.00（至少 69,999.00，容差 1.00）",
        ),
        (
            "pay",
            {"first": 2, "last": 3, "request": "JH-2026-1077", "amount": "240000.00", "at_least": "240000.00"},
            "先结清第2–3批（JH-2026-1077 起）：回款 240,000.00",
        ),
        ("prepay", {"amount": "12460.00"}, "先款后货：预付 12,460.00，到账后重新判定"),
        ("order_at_most", {"net": "59999.99"}, "本单实洋减到 59,999.99 以内"),
        ("lift_prices", {"floor_bp": 6250, "net": "61000.00"}, "折扣提到底线 62.50%，本单 61,000.00"),
        ("pray", {}, "这种办法出自其他版本。"),
    ],
)
def test_a_cure_in_one_sentence(kind: str, numbers: dict[str, Any], zh: str) -> None:
    assert sentence_of(Values({"kind": kind, "numbers": numbers}), FACTS).zh == zh


@pytest.mark.parametrize("broken", ["", "null", "[1]", '{"laws": 3}', '{"laws": [3, null, {"law": 5, "numbers": [1]}]}', "{"])
def test_broken_json_gives_an_empty_panel(broken: str) -> None:
    shown = panel_of(broken, broken, at=AT, reference="", regulation=None)
    assert shown.verdict == "refused"
    assert str(shown.headline)


def test_values_of_another_kind_read_as_nothing() -> None:
    values = Values({"number": "NaN", "flag": "yes", "count": True, "day": "2026-13-01", "text": 5, "list": "x"})
    assert (values.amount("number"), values.count("count"), values.day("day")) == (None, None, None)
    assert (values.flag("flag"), values.text("text"), values.parts("list"), values.texts("list")) == (False, "", [], [])


def test_small_words() -> None:
    assert points_word(-200) == Text("−2.0 个点", "−2.0 points")
    assert points_word(-25) == Text("−0.25 个点", "−0.25 points")
    assert version_word("publisher/12/abcdef") == "v12"
    assert (price_text(Decimal("96.0000")), price_text(Decimal("0.0154"))) == ("96.00", "0.0154")
