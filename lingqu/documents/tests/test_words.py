"""Template words: numbers, dates, states and sentences read one way, in both languages, and never unescaped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template, TemplateSyntaxError

from lingqu.base.templatetags import words
from lingqu.base.text import Text, use_language

SYMBOL = "{http://www.w3.org/2000/svg}symbol"


@pytest.fixture(autouse=True)
def _chinese_on_the_day_of_the_pictures() -> Iterator[None]:
    use_language("zh")
    words.use_today(date(2026, 11, 24))
    yield
    use_language("zh")


def shown(source: str, *, autoescape: bool = True, **values: object) -> str:
    return Template("{% load words %}" + source).render(Context(values, autoescape=autoescape))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("60000.01"), "60,000.01"),
        (Decimal("2.675"), "2.68"),
        (Decimal(-38600), "−38,600.00"),
        (Decimal("-0.004"), "0.00"),
        (0, "0.00"),
        (None, "—"),
    ],
)
def test_money_has_two_decimals_commas_and_a_true_minus(value: Decimal | int | None, text: str) -> None:
    assert shown("{{ value|money }}", value=value) == text


@pytest.mark.parametrize("value", [1.5, "60000", "", True])
def test_money_refuses_what_is_no_exact_number(value: object) -> None:
    with pytest.raises(TypeError):
        shown("{{ value|money }}", value=value)


@pytest.mark.parametrize(
    ("filtered", "value", "text"),
    [
        ("wan", Decimal(10350000), "1,035.0"),
        ("wan", Decimal(-72500), "−7.3"),
        ("thousands", Decimal(10350000), "10,350.0"),
        ("thousands", Decimal("277406.80"), "277.4"),
        ("large", Decimal("277406.80"), "27.7"),
        ("yuan", Decimal("149999.50"), "150,000"),
        ("copies", 1153, "1,153"),
        ("copies", Decimal("1153.00"), "1,153"),
        ("percent_bp", 6500, "65%"),
        ("percent_bp", 6465, "64.65%"),
        ("percent_bp", 6250, "62.50%"),
        ("percent", Decimal("0.8964"), "89.6%"),
        ("percent", Decimal("-0.02"), "−2.0%"),
    ],
)
def test_numbers_read_as_in_the_pictures(filtered: str, value: Decimal | int, text: str) -> None:
    assert shown(f"{{{{ value|{filtered} }}}}", value=value) == text
    assert shown(f"{{{{ value|{filtered} }}}}", value=None) == "—"


def test_a_large_amount_is_told_in_thousands_in_english_where_nobody_counts_in_ten_thousands() -> None:
    use_language("en")
    assert shown("{{ value|large }}", value=Decimal("277406.80")) == "277.4"


def test_a_broken_copy_is_refused() -> None:
    with pytest.raises(ValueError, match="whole number"):
        words.copies(Decimal("2.5"))


def test_a_day_is_short_only_inside_the_year_of_the_page() -> None:
    assert shown("{{ d|day }} {{ d|day:'short' }}", d=date(2026, 11, 24)) == "2026-11-24 11-24"
    assert shown("{{ d|day:'short' }}", d=date(2027, 2, 28)) == "2027-02-28"
    assert shown("{{ d|day }}", d=None) == "—"


def test_the_day_of_a_moment_is_the_day_in_china() -> None:
    assert words.day(datetime(2026, 11, 24, 16, 30, tzinfo=UTC)) == "2026-11-25"


def test_a_limit_at_midnight_reads_as_the_end_of_the_day_before() -> None:
    midnight = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
    assert shown("{{ at|clock }}", at=midnight) == "11-25 24:00"
    assert shown("{{ at|clock:'start' }}", at=midnight) == "11-26 00:00"


def test_a_clock_shows_the_year_when_it_is_another_one() -> None:
    assert words.clock(datetime(2026, 11, 24, 1, 41, 7, tzinfo=UTC)) == "11-24 09:41"
    assert words.clock(datetime(2025, 12, 31, 16, 0, tzinfo=UTC)) == "2025-12-31 24:00"
    assert words.time_of_day(datetime(2026, 11, 24, 1, 41, 7, tzinfo=UTC)) == "09:41:07"
    assert words.clock(None) == "—"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError, match="zone"):
        words.clock(datetime(2026, 11, 24, 9, 41))  # noqa: DTZ001 - the very mistake


def test_words_come_in_the_active_language_with_their_values() -> None:
    sentence = '{% tr "共 {n} 册，{state}" "{n} copies, {state}" n=n|copies state=state %}'
    assert shown(sentence, n=1153, state=Text("已结清", "settled")) == "共 1,153 册，已结清"
    use_language("en")
    assert shown(sentence, n=1153, state=Text("已结清", "settled")) == "1,153 copies, settled"
    assert shown("{% language %} {{ d|weekday }}", d=date(2026, 11, 24)) == "en Tue"


def test_values_and_variables_are_escaped_and_words_of_the_template_may_carry_markup() -> None:
    assert shown('{% tr "<b>{n}</b> 项" "<b>{n}</b> laws" n=n %}', n="<i>") == "<b>&lt;i&gt;</b> 项"
    assert shown("{% tr zh zh %}", zh="<b>") == "&lt;b&gt;"
    assert shown('{% tr "{n} 项" "{n} laws" n=n %}', n="<i>", autoescape=False) == "<i> 项"


@pytest.mark.parametrize("source", ['{% tr "订单" %}', '{% tr "订单" "" %}', '{% tr "" "Order" %}'])
def test_a_missing_half_is_an_error(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        shown(source)


def test_a_place_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        shown('{% tr "共 {n} 册" "{n} copies" %}')


def test_amounts_percentages_and_dates_stand_out_and_codes_and_counts_do_not() -> None:
    sentence = "第8批 12-03 补发 QH25-711 共 24 册，欠 −38,600.00；65% 按 M-19.5，2026-11-26 到期 <b>"
    assert words.figures(sentence) == (
        "第8批 <b>12-03</b> 补发 QH25-711 共 24 册，欠 <b>−38,600.00</b>；<b>65%</b> 按 M-19.5，<b>2026-11-26</b> 到期 &lt;b&gt;"
    )


def test_a_state_is_an_icon_and_a_word_in_its_colour() -> None:
    badge = words.status("held", Text("暂缓发货", "shipping delayed"))
    assert badge.startswith('<span class="stamp stamp-red"><svg class="icon"')
    assert badge.endswith('#hand-stop"></use></svg>暂缓发货</span>')
    assert words.status("progress", "<备货中>") == '<span class="stamp stamp-blue">&lt;备货中&gt;</span>'


def test_a_state_of_a_row_may_break_at_its_dot() -> None:
    assert words.state("waivable", "不通过·可特批").endswith(
        '<span class="pieces"><span class="piece">不通过</span><span class="dot">·</span><span class="piece">可特批</span></span></span>'
    )


def test_an_unknown_state_is_an_error() -> None:
    with pytest.raises(KeyError):
        words.status("splendid", "好")


def test_an_icon_is_silent_unless_it_has_a_name() -> None:
    assert 'aria-hidden="true"' in words.icon("check")
    assert 'role="img" aria-label="已完成"' in words.icon("check", Text("已完成", "done"))


def test_every_icon_of_a_state_is_in_the_sprite() -> None:
    found = finders.find(words.ICONS)
    assert isinstance(found, str)
    drawn = {symbol.get("id") for symbol in ET.parse(found).getroot().iter(SYMBOL)}
    assert {picture for _, picture in words.STATES.values() if picture} | set(words.TONES.values()) <= drawn
