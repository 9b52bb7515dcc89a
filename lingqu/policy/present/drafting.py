"""What can be changed in a draft and where, and what is still to be put right."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from django.urls import reverse

from lingqu.base.text import Text
from lingqu.policy.present.tree import article_of
from lingqu.policy.present.values import key_words
from lingqu.policy.present.words import KIND_WORDS, law_words
from lingqu.policy.rules import ParameterNote, Problem, Regulation


class EditLink(msgspec.Struct, frozen=True):
    """One thing that can be changed: what kind, what it is called, and the page where it is changed."""

    kind: Text
    name: Text
    url: str


def edit_links(pack: str, clause: str, text: Regulation) -> tuple[EditLink, ...]:
    """Return everything that can be changed at a clause of the draft."""
    links = [EditLink(Text("条文", "Text"), text.clauses[clause].title, edit_url(pack, "clause", clause))]
    links += [_link(pack, "parameter", key, note.title) for key, note in text.notes.items() if note.clause == clause]
    links += [_link(pack, "law", key, law_words(key)[0]) for key, law in text.laws.items() if law.clause == clause]
    links += [_link(pack, "chain", key, chain.title) for key, chain in text.chains.items() if chain.clause == clause]
    links += [_link(pack, "duty", key, rule.title) for key, rule in text.duties.items() if rule.clause == clause]
    links += [_link(pack, "committee", key, one.title) for key, one in text.committees.items() if one.clause == clause]
    article = article_of(clause, text)
    if article and article.id in text.articles:
        links.append(EditLink(Text("新款", "New clause"), article.title, edit_url(pack, "article", article.id)))
    return tuple(links)


def edit_url(pack: str, kind: str, key: str) -> str:
    """Return the page on which a part of the draft is changed."""
    return reverse("regulation_edit", args=[pack, kind, key])


def _link(pack: str, kind: str, key: str, name: Text) -> EditLink:
    word = {"chain": "procedure"}.get(kind, kind)
    return EditLink(KIND_WORDS[word], name, edit_url(pack, kind, key))


class ProblemRow(msgspec.Struct, frozen=True):
    """Something that keeps a draft from being sent: where, what, and the page on which it is put right ("" for none)."""

    where: Text
    text: Text
    url: str


class Shelf(msgspec.Struct, frozen=True):
    """All things of one kind that can be changed."""

    kind: str
    word: Text
    links: tuple[EditLink, ...]


KINDS = {
    "parameters": "parameter", "clauses": "clause", "laws": "law", "chains": "chain", "duties": "duty", "committees": "committee",
    "gaps": "gap", "articles": "article",
}  # fmt: skip
"""Parts of a regulation, and the pages on which they are changed."""


def shelves_of(pack: str, text: Regulation) -> tuple[Shelf, ...]:
    """Return everything that can be changed, by kind, for somebody who knows what it is called but not where it stands."""
    parts = (
        ("parameter", Text("参数", "Parameters"), {key: note.title for key, note in text.notes.items()}),
        ("law", Text("规则", "Laws"), {key: law_words(key)[0] for key in text.laws}),
        ("chain", Text("流程", "Procedures"), {key: chain.title for key, chain in text.chains.items()}),
        ("duty", Text("职责", "Duties"), {key: rule.title for key, rule in text.duties.items()}),
        ("committee", Text("委员会", "Committees"), {key: one.title for key, one in text.committees.items()}),
        ("gap", Text("待明确事项", "Open questions"), {key: gap.question for key, gap in text.gaps.items() if gap.answer is None}),
    )
    return tuple(
        Shelf(kind, word, tuple(EditLink(word, name, edit_url(pack, kind, key)) for key, name in names.items()))
        for kind, word, names in parts
    )


def problem_row(problem: Problem, pack: str, text: Regulation) -> ProblemRow:
    """Return a problem in words: the codes of its place are replaced by what people call them."""
    part, _, rest = problem.place.partition("/")
    key = rest.split("/")[0]
    where = _where(part, rest, text)
    kind = KINDS.get(part, "")
    known = kind and key in _keys(kind, text)
    said = Text(_plain(problem.text.zh, where.zh, key, ""), _plain(problem.text.en, where.en, key, " "))
    return ProblemRow(where, said, edit_url(pack, kind, key) if known else "")


def _plain(words: str, where: str, key: str, blank: str) -> str:
    """Return the words with the code of a part replaced by its name; English keeps the blanks around it."""
    return words.replace(f" {key} ", f"{blank}“{where}”{blank}") if key else words


def _keys(kind: str, text: Regulation) -> set[str]:
    found: dict[str, Collection[str]] = {
        "parameter": text.notes, "clause": text.clauses, "law": text.laws, "chain": text.chains, "duty": text.duties,
        "committee": text.committees, "gap": text.gaps, "article": text.articles,
    }  # fmt: skip
    return set(found[kind])


def _where(part: str, rest: str, text: Regulation) -> Text:
    key, _, inner = rest.partition("/")
    names: dict[str, Text] = {
        **({key: text.notes[key].title} if part == "parameters" and key in text.notes else {}),
        **({key: law_words(key)[0]} if part == "laws" else {}),
        **({key: text.chains[key].title} if part == "chains" and key in text.chains else {}),
        **({key: text.duties[key].title} if part == "duties" and key in text.duties else {}),
        **({key: text.committees[key].title} if part == "committees" and key in text.committees else {}),
        **({key: Text(f"{key} {text.clauses[key].title.zh}", f"{key} {text.clauses[key].title.en}")} if key in text.clauses else {}),
    }
    name = names.get(key, Text(key, key)) if key and part != "title" else Text("整份制度", "The regulation as a whole")
    if part == "parameters" and inner.startswith("value/"):
        note = text.notes.get(key)
        heads = {column.key: column.title for column in note.columns} if note else {}
        rows = [heads.get(word) or _row_words(word, note) for word in inner.split("/")[1:]]
        zh = [one.zh if isinstance(one, Text) else one for one in rows]
        en = [one.en if isinstance(one, Text) else one for one in rows]
        return Text(" · ".join([name.zh, *zh]), " · ".join([name.en, *en]))
    if part == "chains" and inner.startswith("steps/"):
        step = next((one for one in text.chains[key].steps if one.key == inner.split("/")[1]), None) if key in text.chains else None
        return Text(f"{name.zh} · {step.title.zh}", f"{name.en} · {step.title.en}") if step else name
    return name


def _row_words(word: str, note: ParameterNote | None) -> Text | str:
    """Return the name of a row of a table, or which rung of a ladder it is."""
    return Text(f"第 {int(word) + 1} 级", f"rung {int(word) + 1}") if word.isdecimal() and word.isascii() else key_words(word, note)
