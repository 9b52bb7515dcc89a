"""Template words: both languages at the place of use, numbers, dates, icons and states, always written in one way.

Nothing here decides or queries. A value of the wrong type raises TypeError: a page that cannot write a number must fail in its test, not
show a plausible one. "Not known" is None and reads —, never 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Final

from django.template import Context, Library, TemplateSyntaxError
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from lingqu.base.calendar import CHINA, china_day
from lingqu.base.counted import counted
from lingqu.base.links import inside
from lingqu.base.money import half_up
from lingqu.base.plural import told_of_one
from lingqu.base.text import Text, active_language

register = Library()

NOTHING: Final = "—"
MINUS: Final = "−"
ICONS: Final = "vendor/tabler-icons/icons.svg"
WEEKDAYS: Final = (
    Text("周一", "Mon"),
    Text("周二", "Tue"),
    Text("周三", "Wed"),
    Text("周四", "Thu"),
    Text("周五", "Fri"),
    Text("周六", "Sat"),
    Text("周日", "Sun"),
)

STATES: Final[dict[str, tuple[str, str]]] = {
    "passed": ("green", "check"),
    "settled": ("green", "check"),
    "valid": ("green", "check"),
    "done": ("green", "check"),
    "waivable": ("amber", "alert-triangle"),
    "open": ("amber", ""),
    "waiting": ("amber", "clock-pause"),
    "due_soon": ("amber", "clock"),
    "failed": ("red", "ban"),
    "refused": ("red", "ban"),
    "stopped": ("red", "ban"),
    "held": ("red", "hand-stop"),
    "overdue": ("red", "clock"),
    "late": ("red", "clock"),
    "waived": ("blue", "signature"),
    "planned": ("blue", ""),
    "progress": ("blue", ""),
    "reminder": ("blue", "bell"),
    "draft": ("grey", "pencil"),
    "closed": ("grey", "lock"),
    "cancelled": ("grey", "x"),
    "not_applicable": ("grey", "minus"),
}
"""Kind of state → colour and icon. The words beside them come from the page: a colour never stands alone."""

TONES: Final = {"green": "check", "amber": "alert-triangle", "red": "ban", "blue": "signature", "grey": "minus"}
"""Colour → icon, for a word whose kind is only its effect."""

_ROW_ICONS: Final = {"passed": "circle-check"}
# Amounts, percentages and dates. ASCII, because a digit may touch a Chinese character and still stand free, while one behind a Latin
# letter or a hyphen is part of a code.
_FIGURE = re.compile(r"(?<![\w.\-])−?(?:\d[\d,]*(?:\.\d+)?%|\d[\d,]*\.\d+|\d{1,3}(?:,\d{3})+|(?:\d{4}-)?\d\d-\d\d)(?![\w-])", re.ASCII)
_today: ContextVar[date | None] = ContextVar("lingqu_page_today", default=None)


def use_today(today: date) -> None:
    """Make `today` the day to which short dates of this page refer; the web middleware sets it per request."""
    _today.set(today)


@register.simple_tag(takes_context=True)
def tr(context: Context, zh: str, en: str, **values: object) -> str:
    """Return the words of the active language with `{name}` places filled: `{% tr "共 {n} 册" "{n} copies" n=12 %}`.

    Both languages are required. Words written in the template may carry markup; variables and values are escaped.
    Raises TemplateSyntaxError for blank words and KeyError for a place without a value.
    """
    if not zh or not en:
        message = f"tr needs words in both languages: {zh!r}, {en!r}"
        raise TemplateSyntaxError(message)
    words = zh if active_language() == "zh" else en
    number = str if active_language() == "zh" else told_of_one
    if not context.autoescape:
        return number(words.format(**values))
    filled = {name: conditional_escape(value if isinstance(value, str) else str(value)) for name, value in values.items()}
    return mark_safe(number(conditional_escape(words).format(**filled)))  # noqa: S308 - every part was escaped above


@register.simple_tag
def language() -> str:
    """Return the active language, `zh` or `en`, for `{% language as lang %}`."""
    return active_language()


@register.filter(name="inside")
def inside_filter(link: object) -> str:
    """Return a kept address when it leads into the product, else the desk."""
    return inside(str(link or ""))


@register.filter
def money(value: Decimal | int | None) -> str:
    """Return an amount in yuan: 60,000.01, half-up to the cent; — for None."""
    return NOTHING if value is None else _signed(f"{half_up(_decimal(value)) + 0:,.2f}")


@register.filter
def yuan(value: Decimal | int | None) -> str:
    """Return an amount in whole yuan, for the labels of a scale: 150,000; — for None."""
    return NOTHING if value is None else _signed(f"{_rounded(_decimal(value), '1'):,.0f}")


@register.filter
def wan(value: Decimal | int | None) -> str:
    """Return an amount of yuan in units of ten thousand 万元, one decimal, half-up: 1,035.0; — for None."""
    return NOTHING if value is None else _signed(f"{_rounded(_decimal(value) / 10_000, '0.1'):,.1f}")


@register.filter
def thousands(value: Decimal | int | None) -> str:
    """Return an amount of yuan in units of a thousand, one decimal, half-up: 10,350.0; — for None."""
    return NOTHING if value is None else _signed(f"{_rounded(_decimal(value) / 1_000, '0.1'):,.1f}")


@register.filter
def large(value: Decimal | int | None) -> Text:
    """Return a large amount of yuan in the unit that its readers count in: 万元 in Chinese, a thousand yuan in English; name it beside."""
    return Text(wan(value), thousands(value))


@register.filter
def copies(value: Decimal | int | None) -> str:
    """Return a whole quantity with thousands commas: 1,153; — for None. Raises ValueError for a broken copy."""
    if value is None:
        return NOTHING
    number = _decimal(value)
    if number != number.to_integral_value():
        message = f"{value} is no whole number of copies"
        raise ValueError(message)
    return _signed(f"{int(number):,}")


register.filter("counted", counted)


@register.filter
def percent_bp(value: Decimal | int | None) -> str:
    """Return basis points as a percentage: 6,500 → 65%, 6,465 → 64.65%; — for None."""
    if value is None:
        return NOTHING
    share = _rounded(_decimal(value) / 100, "0.01")
    return _signed(f"{share:.0f}%" if share == share.to_integral_value() else f"{share:.2f}%")


@register.filter
def percent(value: Decimal | int | None) -> str:
    """Return a ratio as a percentage with one decimal: Decimal("0.896") → 89.6%; — for None."""
    return NOTHING if value is None else _signed(f"{_rounded(_decimal(value) * 100, '0.1'):,.1f}%")


@register.filter
def day(value: date | None, form: str = "") -> str:
    """Return a date as 2026-11-24; with `day:"short"` as 11-24 inside the year of the page's today; — for None.

    A moment (datetime) gives its day in China.
    """
    if value is None:
        return NOTHING
    plain = china_day(value) if isinstance(value, datetime) else _checked_date(value)
    reference = _today.get()
    if form == "short" and reference is not None and plain.year == reference.year:
        return plain.strftime("%m-%d")
    return plain.isoformat()


@register.filter
def clock(value: datetime | None, form: str = "end") -> str:
    """Return a moment in China as 11-24 09:41, with the year when it is not the one of the page's today; — for None.

    Midnight reads as the end of the day before (11-25 24:00), as people say a time limit; `clock:"start"` keeps 11-26 00:00.
    """
    if value is None:
        return NOTHING
    moment = _in_china(value)
    hour = moment.strftime("%H:%M")
    if form != "start" and moment.time() == time():
        moment, hour = moment - timedelta(days=1), "24:00"
    reference = _today.get()
    same_year = reference is None or reference.year == moment.year
    return f"{moment.strftime('%m-%d' if same_year else '%Y-%m-%d')} {hour}"


@register.filter
def time_of_day(value: datetime | None) -> str:
    """Return the time of a moment in China to the second, 09:41:07; — for None."""
    return NOTHING if value is None else _in_china(value).strftime("%H:%M:%S")


@register.filter
def weekday(value: date) -> str:
    """Return the day of the week: 周二 or Tue."""
    plain = china_day(value) if isinstance(value, datetime) else _checked_date(value)
    return str(WEEKDAYS[plain.weekday()])


@register.filter
def figures(value: object) -> SafeString:
    """Return a sentence with its amounts, percentages and dates marked up, so that the deciding figures stand out.

    Bare counts and codes such as QH25-711 and M-19.5 stay as they are.
    """
    sentence = str(value)
    parts: list[tuple[str]] = []
    at = 0
    for found in _FIGURE.finditer(sentence):
        parts.append((format_html("{}<b>{}</b>", sentence[at : found.start()], found.group()),))
        at = found.end()
    parts.append((sentence[at:],))
    return format_html_join("", "{}", parts)


@register.filter
def initial(name: object) -> str:
    """Return the first character of a person's name, for the round mark beside it."""
    return str(name).strip()[:1].upper()


@cache
def _sprite() -> str:
    """Return the address of all icons; a page of a hundred rows asks for it three hundred times."""
    return static(ICONS)


@register.simple_tag
def icon(name: str, label: object = "") -> SafeString:
    """Return an icon of the sprite: silent decoration, or a picture with a name when `label` is given."""
    url = _sprite()
    if label:
        return format_html(
            '<svg class="icon" width="16" height="16" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', str(label), url, name
        )
    return format_html('<svg class="icon" width="16" height="16" aria-hidden="true"><use href="{}#{}"></use></svg>', url, name)


@register.simple_tag
def status(kind: str, text: object) -> SafeString:
    """Return a state as a tinted badge: icon and word in the colour of `kind` (a key of STATES). Raises KeyError for an unknown kind."""
    colour, picture = STATES[kind]
    return format_html('<span class="stamp stamp-{}">{}{}</span>', colour, icon(picture) if picture else "", str(text))


@register.simple_tag
def state(kind: str, text: object) -> SafeString:
    """Return a state without tint, for rows that carry their colour themselves; 不通过·可特批 may break at its middle dot."""
    colour, picture = STATES[kind]
    picture = _ROW_ICONS.get(kind, picture)
    drawn = icon(picture) if picture else ""
    dot = mark_safe('<span class="dot">·</span>')
    pieces = format_html_join(dot, '<span class="piece">{}</span>', ((piece,) for piece in str(text).split("·")))
    return format_html('<span class="state tone-{}">{}<span class="pieces">{}</span></span>', colour, drawn, pieces)


@register.simple_tag
def toned(tone: str, text: object) -> SafeString:
    """Return a word in a colour of TONES, with its icon: the effect of a cure on one law. Raises KeyError for an unknown colour."""
    return format_html('<span class="state tone-{}">{}{}</span>', tone, icon(TONES[tone]), str(text))


@register.filter
def nth(row: Sequence[object], place: int) -> object:
    """Return the member of `row` at `place`, counted from 0: the column's name beside a cell."""
    return row[place]


@register.filter
def tone(kind: str) -> str:
    """Return the colour of a kind of state: green, amber, red, blue or grey. Raises KeyError for an unknown kind."""
    return STATES[kind][0]


def _decimal(value: object) -> Decimal:
    """Return an exact number; binary floats, words and booleans raise TypeError."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        message = f"a Decimal or int is wanted, not {type(value).__name__} {value!r}"
        raise TypeError(message)
    return Decimal(value)


def _rounded(value: Decimal, step: str) -> Decimal:
    """Return `value` half-up to `step`; adding zero takes the sign off a rounded zero."""
    return value.quantize(Decimal(step), ROUND_HALF_UP) + 0


def _signed(number: str) -> str:
    """Return the number with the true minus sign."""
    return number.replace("-", MINUS)


def _checked_date(value: object) -> date:
    """Return a date; anything else raises TypeError."""
    if not isinstance(value, date):
        message = f"a date is wanted, not {type(value).__name__} {value!r}"
        raise TypeError(message)
    return value


def _in_china(value: object) -> datetime:
    """Return a moment on the clock of China; a moment without a zone raises TypeError."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        message = f"a moment with its zone is wanted, not {type(value).__name__} {value!r}"
        raise TypeError(message)
    return value.astimezone(CHINA)
