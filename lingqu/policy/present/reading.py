"""An article as it is read: its clauses with their text and tables, and what changed against another version marked in them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from lingqu.base.text import Text
from lingqu.policy.present.marks import Piece, pieces_of
from lingqu.policy.present.tree import article_of, outline_of
from lingqu.policy.present.values import Cell, Grid, grid_of, value_of
from lingqu.policy.present.words import article_number, article_words, chapter_words, clause_number, post_words
from lingqu.policy.rules import Clause, Regulation
from lingqu.policy.states import Origin

Pieces = tuple[Piece, ...]


class MarkedGrid(msgspec.Struct, frozen=True):
    """A table of a parameter with its changes marked cell by cell."""

    key: str
    title: Text
    keys: int
    head: tuple[Cell, ...]
    rows: tuple[tuple[Pieces, ...], ...]
    obeyed: bool


class ClauseText(msgspec.Struct, frozen=True):
    """A clause in the text of its article. `change` is "", "added" or "removed" against the other version."""

    id: str
    number: Text
    title: Pieces
    paragraphs: tuple[Pieces, ...]
    grids: tuple[MarkedGrid, ...]
    chosen: bool
    supplement: bool
    change: str


class ArticleText(msgspec.Struct, frozen=True):
    """An article to be read."""

    id: str
    number: Text
    title: Text
    clauses: tuple[ClauseText, ...]


def article_text(place: str, regulation: Regulation, *, before: Regulation | None = None) -> ArticleText | None:
    """Return the article that holds the clause `place` (or is it), marked against the version `before`; None when there is none.

    A clause that the version `before` had and this one has not stands where it stood, taken out.
    """
    article = article_of(place, regulation)
    if article is None:
        return None
    old = article_of(article.id, before) if before else None
    order = _merged(article.clauses, old.clauses if old else (), regulation)
    clauses = tuple(_clause(key, regulation, before, chosen=key == place) for key in order)
    if order == [article.id]:  # its title is the article's and stands above it
        clauses = tuple(msgspec.structs.replace(clause, title=()) for clause in clauses)
    number = article_number(article.id)
    return ArticleText(article.id, article_words(number) if number else Text("", ""), article.title, clauses)


def responsible_rows(clause: Clause, holders: Mapping[str, tuple[str, ...]]) -> list[tuple[Text, Text | None, tuple[str, ...]]]:
    """Return who is responsible and who appraises: the word, the post, and the people who hold it now."""
    pairs = ((Text("责任人", "Responsible"), clause.responsible), (Text("考核人", "Appraiser"), clause.appraiser))
    return [(word, post_words(post), holders.get(post, ())) for word, post in pairs]


def _merged(now: tuple[str, ...], old: tuple[str, ...], regulation: Regulation) -> list[str]:
    """Return the clauses of both versions in order: a removed one stands behind the one that it followed."""
    order = list(now)
    for place, key in enumerate(old):
        if key not in order and key not in regulation.clauses:
            ahead = next((one for one in reversed(old[:place]) if one in order), None)
            order.insert(order.index(ahead) + 1 if ahead else 0, key)
    return order


def _clause(key: str, regulation: Regulation, before: Regulation | None, *, chosen: bool) -> ClauseText:
    now = regulation.clauses.get(key)
    old = before.clauses.get(key) if before else now
    known = now or old
    assert known is not None  # noqa: S101 - the key came from one of the two
    change = "removed" if now is None else "added" if old is None else ""
    return ClauseText(
        id=key, number=clause_number(key),
        title=pieces_of(str(old.title) if old else None, str(now.title) if now else None),
        paragraphs=_paragraphs(str(old.text) if old else None, str(now.text) if now else None),
        grids=_grids(key, regulation, before) if now else (), chosen=chosen, supplement=known.origin is Origin.SUPPLEMENT, change=change,
    )  # fmt: skip


def _paragraphs(old: str | None, now: str | None) -> tuple[Pieces, ...]:
    found: list[list[Piece]] = [[]]
    for piece in pieces_of(old, now):
        for place, line in enumerate(piece.text.split("\n")):
            if place:
                found.append([])
            if line:
                found[-1].append(Piece(piece.kind, line))
    return tuple(tuple(pieces) for pieces in found if pieces)


def _grids(clause: str, regulation: Regulation, before: Regulation | None) -> tuple[MarkedGrid, ...]:
    found = []
    for key, note in regulation.notes.items():
        now = grid_of(note, value_of(key, regulation)) if note.clause == clause else None
        if now is None:
            continue
        old = grid_of(before.notes[key], value_of(key, before)) if before and key in before.notes else None
        found.append(MarkedGrid(key, note.title, now.keys, now.head, _rows(now, old or now), key not in regulation.declared))
    return tuple(found)


def _rows(now: Grid, old: Grid) -> tuple[tuple[Pieces, ...], ...]:
    """Return the rows of both tables, cell by cell; rows are known by their keys, those of a table without keys by their place."""
    by_key = {_key(row, now.keys, place): row for place, row in enumerate(now.rows)}
    was = {_key(row, old.keys, place): row for place, row in enumerate(old.rows)}
    rows = [_cells(was.get(key), row, now.keys) for key, row in by_key.items()]
    return tuple(rows + [_cells(row, None, now.keys) for key, row in was.items() if key not in by_key])


def _key(row: tuple[Cell, ...], keys: int, place: int) -> tuple[str, ...]:
    return tuple(str(cell) for cell in row[:keys]) or (str(place),)


def _cells(old: tuple[Cell, ...] | None, now: tuple[Cell, ...] | None, keys: int) -> tuple[Pieces, ...]:
    width = len(now or old or ())
    return tuple(_cell(_at(old, place), _at(now, place), whole=place >= keys) for place in range(width))


def _cell(old: str | None, now: str | None, *, whole: bool) -> Pieces:
    """Return a cell's pieces; a number is always shown whole, never digit by digit."""
    if old == now or not whole:
        return pieces_of(old, now)
    return tuple(Piece(kind, text) for kind, text in (("out", old), ("in", now)) if text)


def _at(row: tuple[Cell, ...] | None, place: int) -> str | None:
    return str(row[place]) if row is not None and place < len(row) else None


def whole_text(regulation: Regulation) -> list[tuple[Text | None, Text, list[ArticleText]]]:
    """Return the whole text: chapters with their numbers, titles and articles, nothing marked."""
    chapters, articles = outline_of(regulation)
    found = []
    for place, chapter in enumerate(chapters, 1):
        texts = [article_text(key, regulation) for key in chapter.articles if key in articles]
        found.append((chapter_words(place) if chapter.id else None, chapter.title, [text for text in texts if text]))
    return found
