"""All parameters of a version by the article that they come from."""

from __future__ import annotations

import msgspec

from lingqu.base.text import Text
from lingqu.policy.present.tree import article_of
from lingqu.policy.present.values import Shown, shown_parameter
from lingqu.policy.present.words import TYPE_WORDS, article_number, article_words, place_of
from lingqu.policy.rules import Regulation


class ParameterRow(msgspec.Struct, frozen=True):
    """A parameter in the list."""

    shown: Shown
    type: Text
    clause_title: Text | None


class ParameterGroup(msgspec.Struct, frozen=True):
    """The parameters of one article."""

    number: Text
    title: Text
    rows: tuple[ParameterRow, ...]


def parameter_groups(regulation: Regulation) -> tuple[ParameterGroup, ...]:
    """Return all parameters by article, in the order of the text."""
    groups: dict[str, list[ParameterRow]] = {}
    titles: dict[str, tuple[Text, Text]] = {}
    for key in sorted(regulation.notes, key=lambda one: place_of(regulation.notes[one].clause)):
        note = regulation.notes[key]
        article = article_of(note.clause, regulation)
        home = article.id if article else ""
        number = article_number(home)
        titles[home] = (article_words(number) if number else Text("", ""), article.title if article else Text("其他", "Other"))
        clause = regulation.clauses.get(note.clause)
        row = ParameterRow(shown_parameter(key, regulation), TYPE_WORDS[note.kind], clause.title if clause else None)
        groups.setdefault(home, []).append(row)
    return tuple(ParameterGroup(*titles[home], tuple(rows)) for home, rows in groups.items())
