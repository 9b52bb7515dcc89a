"""Forms of documents: Django's own, with fields that understand what people type here, and refusals put at their fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Final

from django import forms

from lingqu.base.money import CENT, plain_digits, read_amount, read_copies
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.organisation.queries import Acting

MOST_WORDS: Final = 400
_ROW: Final = re.compile(r"(?:lines|rows)\.(\d{1,4})\.(\w+)", re.ASCII)
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)


class DocumentForm(forms.Form):
    """A form that knows who fills it in and on which day; a module's form sets its choices in `prepare`."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, files: Any = None, *, who: Acting, on: date, initial: Mapping[str, Any] | None = None,  # noqa: ANN401 - Django's own
        prefix: str = "", **more: Any,  # noqa: ANN401 - what a table of rows gives each of its forms
    ) -> None:  # fmt: skip
        """Make the form, bound when there is data."""
        super().__init__(data, files, initial=dict(initial or {}), prefix=prefix or None, label_suffix="", **more)
        self.who, self.on = who, on
        self.prepare()

    def prepare(self) -> None:
        """Set what depends on who asks, such as the partners to choose from."""

    def offer(self, name: str, choices: Iterable[tuple[str, object]]) -> None:
        """Set what may be chosen in a field; an empty choice leads it."""
        field: Any = self.fields[name]
        field.choices = [("", ""), *choices]

    def has_changed(self) -> bool:
        """Return whether a row of a table says anything: one that was offered does not when it comes back as it was, nor when emptied."""
        told = not self.is_bound or any(self.data.get(self.add_prefix(name)) for name in self.fields)
        return told and super().has_changed()

    def clean(self) -> dict[str, Any]:
        """Return what was understood, without the characters that no text holds."""
        return {name: value.replace("\x00", "") if isinstance(value, str) else value for name, value in self.cleaned_data.items()}


def _read(read: Callable[[str], Any], words: object) -> Any:  # noqa: ANN401 - whatever is read
    """Return what `read` makes of the words, its refusal as an error of the field."""
    try:
        return read(str(words))
    except Refusal as refusal:
        raise forms.ValidationError(str(refusal.text)) from refusal


def _lazy(words: Text | str) -> Any:  # noqa: ANN401 - Django takes whatever has words, and asks for them when it shows them
    return words


class WordsField(forms.CharField):
    """Words of at most 400 letters, on one line or on several."""

    def __init__(
        self, *, label: Text, most: int = MOST_WORDS, several: bool = False, required: bool = True, help_text: Text | str = ""
    ) -> None:
        """Make the field."""
        widget = forms.Textarea(attrs={"rows": 3, "class": "input"}) if several else forms.TextInput(attrs={"class": "input"})
        super().__init__(label=_lazy(label), max_length=most, required=required, widget=widget, help_text=_lazy(help_text))


class CopiesField(forms.Field):
    """A whole number of copies, 1 (or `least`) to 1,000,000, also in full-width digits."""

    def __init__(self, *, label: Text, required: bool = True, help_text: Text | str = "", least: int = 1) -> None:
        """Make the field."""
        self.least = least
        widget = forms.TextInput(attrs={"class": "input num", "inputmode": "numeric"})
        super().__init__(label=_lazy(label), required=required, widget=widget, help_text=_lazy(help_text))

    def clean(self, value: object) -> int | None:
        """Return the copies, None for nothing typed where nothing is needed."""
        checked = super().clean(value)
        return _read(partial(read_copies, least=self.least), checked) if checked not in self.empty_values else None


class MoneyField(forms.Field):
    """An amount of at least 0.01 yuan (or `least`) to the cent."""

    def __init__(self, *, label: Text, required: bool = True, help_text: Text | str = "", least: Decimal = CENT) -> None:
        """Make the field."""
        self.least = least
        widget = forms.TextInput(attrs={"class": "input num", "inputmode": "decimal"})
        super().__init__(label=_lazy(label), required=required, widget=widget, help_text=_lazy(help_text))

    def clean(self, value: object) -> Decimal | None:
        """Return the amount, None for nothing typed where nothing is needed."""
        checked = super().clean(value)
        return _read(partial(read_amount, least=self.least), checked) if checked not in self.empty_values else None


class DayField(forms.Field):
    """A day as 2026-11-05, 2026/11/5 or 2026年11月5日."""

    def __init__(self, *, label: Text, required: bool = True, help_text: Text | str = "") -> None:
        """Make the field."""
        super().__init__(
            label=_lazy(label),
            required=required,
            widget=forms.DateInput(attrs={"class": "input", "type": "date"}),
            help_text=_lazy(help_text),
        )

    def clean(self, value: object) -> date | None:
        """Return the day, None for nothing typed where nothing is needed."""
        checked = super().clean(value)
        if checked in self.empty_values:
            return None
        found = _DAY.fullmatch(plain_digits(str(checked)))
        try:
            return date(*(int(part) for part in found.groups())) if found else _no_day(str(checked))
        except ValueError:
            return _no_day(str(checked))


def _no_day(words: str) -> date:
    told = Text(f"“{words[:20]}”不是日期，请写成如 2026-11-05。", f"“{words[:20]}” is no date; write it like 2026-11-05.")
    raise forms.ValidationError(str(told))


class ChosenField(forms.ChoiceField):
    """One of a few; `choices` are pairs of a value and its words, an empty one leads them."""

    def __init__(
        self, *, label: Text, choices: Iterable[tuple[str, object]] = (), required: bool = True, help_text: Text | str = ""
    ) -> None:
        """Make the field."""
        widget = forms.Select(attrs={"class": "input"})
        super().__init__(
            label=_lazy(label), choices=[("", ""), *choices], required=required, widget=widget, help_text=_lazy(help_text)
        )  # fmt: skip


class SeveralField(forms.MultipleChoiceField):
    """Any of a few, as boxes to tick; `choices` are pairs of a value and its words."""

    def __init__(self, *, label: Text, choices: Iterable[tuple[str, object]], help_text: Text | str = "") -> None:
        """Make the field."""
        super().__init__(
            label=_lazy(label), choices=list(choices), required=False, widget=forms.CheckboxSelectMultiple, help_text=_lazy(help_text)
        )


def blame(refusal: Refusal, form: forms.Form, rows: forms.BaseFormSet[Any] | None) -> bool:
    """Put a refusal at the field it names, `lines.3.copies` at the third row; return whether there is such a field."""
    place = _ROW.fullmatch(refusal.field)
    target: forms.Form | None = form
    name = refusal.field
    if place:
        typed = [one for one in rows.forms if one.has_changed()] if rows is not None else []
        target = typed[int(place[1]) - 1] if 0 < int(place[1]) <= len(typed) else None
        name = place[2]
    if target is None or name not in target.fields:
        return False
    target.add_error(name, str(refusal.text))
    return True
