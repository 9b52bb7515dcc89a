"""The tree of the regulation: chapters, articles, clauses, each with its mark; and the line of counts over it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from lingqu.base.text import Text
from lingqu.policy.present.words import STATE_WORDS, article_number, article_words, chapter_words, clause_number, place_of
from lingqu.policy.rules import Article, Chapter, ClauseStanding, Regulation
from lingqu.policy.states import Origin

OTHER = "other"
Standings = Mapping[str, ClauseStanding]


class Leaf(msgspec.Struct, frozen=True):
    """A clause in the tree."""

    id: str
    number: Text
    title: Text
    state: str
    gaps: int
    changes: int
    chosen: bool
    supplement: bool

    @property
    def state_word(self) -> Text:
        """Return its state in words."""
        return STATE_WORDS[self.state]


class Branch(msgspec.Struct, frozen=True):
    """An article in the tree; its clauses show when it is open."""

    id: str
    number: Text
    title: Text
    state: str
    gaps: int
    changes: int
    open: bool
    clauses: tuple[Leaf, ...]

    @property
    def single(self) -> bool:
        """Return whether the article is one clause and no more, so that nothing stands below it."""
        return len(self.clauses) == 1 and self.clauses[0].id == self.id

    @property
    def state_word(self) -> Text:
        """Return its state in words."""
        return STATE_WORDS[self.state]


class Part(msgspec.Struct, frozen=True):
    """A chapter in the tree; without a number for articles that stand in no chapter."""

    number: Text | None
    title: Text
    articles: tuple[Branch, ...]


class Summary(msgspec.Struct, frozen=True):
    """How many articles there are, how far they are carried out, and how many questions are open."""

    articles: int
    full: int
    part: int
    not_yet: int
    clauses: int
    gaps: int


def outline_of(regulation: Regulation) -> tuple[tuple[Chapter, ...], dict[str, Article]]:
    """Return chapters and articles; clauses that the pack puts into no article stand under the one that their ids name."""
    articles = dict(regulation.articles)
    placed = {clause for article in articles.values() for clause in article.clauses}
    for clause in sorted((one for one in regulation.clauses if one not in placed), key=place_of):
        home = clause.split(".")[0] if article_number(clause) else OTHER
        known = articles.get(home) or Article(home, article_words(article_number(home)), ())
        order = sorted((*known.clauses, clause), key=place_of)
        articles[home] = msgspec.structs.replace(known, clauses=tuple(order))
    chapters = list(regulation.chapters)
    listed = {article for chapter in chapters for article in chapter.articles}
    loose = tuple(sorted((one for one in articles if one not in listed), key=place_of))
    if loose:
        chapters.append(Chapter("", Text("条款", "Clauses") if not chapters else Text("其他", "Other"), loose))
    return tuple(chapters), articles


def article_of(clause: str, regulation: Regulation) -> Article | None:
    """Return the article that holds a clause, or that has this id itself."""
    _, articles = outline_of(regulation)
    return articles.get(clause) or next((article for article in articles.values() if clause in article.clauses), None)


def first_clause(regulation: Regulation) -> str:
    """Return the first clause in the order of the text; blank for a regulation without any."""
    chapters, articles = outline_of(regulation)
    found = (clause for chapter in chapters for key in chapter.articles if key in articles for clause in articles[key].clauses)
    return next(found, "")


def tree_of(
    regulation: Regulation, standings: Standings, *, chosen: str = "", words: str = "", changes: Mapping[str, int] | None = None
) -> tuple[Part, ...]:
    """Return the tree. `chosen` opens its article; `words` leaves only the clauses in which they stand; `changes` are counts by clause."""
    chapters, articles = outline_of(regulation)
    parts = []
    for place, chapter in enumerate(chapters, 1):
        branches = []
        for key in chapter.articles:
            if key not in articles:
                continue
            leaves = [_leaf(clause, regulation, standings, changes or {}, chosen) for clause in articles[key].clauses]
            kept = [leaf for leaf in leaves if _matches(leaf, regulation, words)]
            if kept or not words:
                branches.append(_branch(articles[key], leaves, kept, opened=bool(words) or chosen == key))
        if branches:
            parts.append(Part(chapter_words(place) if chapter.id else None, chapter.title, tuple(branches)))
    return tuple(parts)


def summary_of(regulation: Regulation, standings: Standings) -> Summary:
    """Return the counts over the tree."""
    branches = [branch for part in tree_of(regulation, standings) for branch in part.articles]
    states = [branch.state for branch in branches]
    return Summary(
        articles=len(branches), full=states.count("full"), part=states.count("part"), not_yet=states.count("not_yet"),
        clauses=len(regulation.clauses),
        gaps=sum(gap.answer is None for gap in regulation.gaps.values()),
    )  # fmt: skip


def _leaf(clause: str, regulation: Regulation, standings: Standings, changes: Mapping[str, int], chosen: str) -> Leaf:
    known, standing = regulation.clauses[clause], standings[clause]
    return Leaf(
        clause, clause_number(clause), known.title, standing.state.value, len(standing.gaps), changes.get(clause, 0), clause == chosen,
        known.origin is Origin.SUPPLEMENT,
    )  # fmt: skip


def _branch(article: Article, leaves: list[Leaf], kept: list[Leaf], *, opened: bool) -> Branch:
    states = {leaf.state for leaf in leaves}
    state = "full" if states == {"full"} else "not_yet" if states <= {"not_yet"} else "part"
    number = article_number(article.id)
    return Branch(
        id=article.id, number=article_words(number) if number else Text("", ""), title=article.title, state=state,
        gaps=sum(leaf.gaps for leaf in leaves), changes=sum(leaf.changes for leaf in leaves),
        open=opened or any(leaf.chosen for leaf in leaves), clauses=tuple(kept),
    )  # fmt: skip


def _matches(leaf: Leaf, regulation: Regulation, words: str) -> bool:
    if not words:
        return True
    clause = regulation.clauses[leaf.id]
    texts = (clause.id, clause.title.zh, clause.title.en, clause.text.zh, clause.text.en)
    return any(words.casefold() in text.casefold() for text in texts)
