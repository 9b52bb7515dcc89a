"""Open questions of the regulation as pages show them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from lingqu.base.text import Text
from lingqu.policy.present.words import law_words, post_words
from lingqu.policy.rules import Gap, Regulation


class GapRow(msgspec.Struct, frozen=True):
    """One gap: the question, the rule in use until it is answered, who is to answer, where it stands, and which laws use it.

    `used` is how many decisions used the interim rule; None while nobody has counted.
    """

    id: str
    question: Text
    interim: Text
    answer: Text | None
    owner: Text | None
    holders: tuple[str, ...]
    clauses: tuple[str, ...]
    laws: tuple[Text, ...]
    used: int | None = None

    @property
    def open(self) -> bool:
        """Return whether nobody has answered it."""
        return self.answer is None


def gap_row(gap: Gap, regulation: Regulation, *, holders: Mapping[str, tuple[str, ...]], used: int | None = None) -> GapRow:
    """Return one gap of the regulation."""
    laws = gap_laws(gap.id, regulation)
    clauses = dict.fromkeys([*gap.clauses, *(regulation.laws[key].clause for key in laws)])
    return GapRow(
        id=gap.id, question=gap.question, interim=gap.interim, answer=gap.answer, owner=post_words(gap.owner),
        holders=holders.get(gap.owner, ()), clauses=tuple(clauses), laws=tuple(law_words(key)[0] for key in laws), used=used,
    )  # fmt: skip


def gap_laws(gap: str, regulation: Regulation) -> tuple[str, ...]:
    """Return the laws that use the interim rule of a gap, those that did until it was answered included."""
    answered = getattr(regulation.gaps[gap], "laws", ()) if gap in regulation.gaps else ()
    using = (key for key, law in regulation.laws.items() if gap in law.gaps)
    return tuple(key for key in dict.fromkeys((*answered, *using)) if key in regulation.laws)
