"""One editor for each kind of part of a regulation: its fields before anything was typed, the change that they become, its page."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from lingqu.base.text import Text
from lingqu.organisation.states import POST_WORDS
from lingqu.policy.forms import chain as chains
from lingqu.policy.forms import clause as clauses
from lingqu.policy.forms import duty as duties
from lingqu.policy.forms import parameter as parameters
from lingqu.policy.forms.typed import OUTSIDE, Typed, clause_choices, post_choices, small_number
from lingqu.policy.present.gaps import gap_laws
from lingqu.policy.present.values import bounds_of, value_of
from lingqu.policy.present.words import TYPE_WORDS, law_words
from lingqu.policy.rules import (
    AddClause,
    Edit,
    Regulation,
    RemoveClause,
    SetDuty,
    SetParameter,
)
from lingqu.policy.states import ALWAYS_ON, WAIVABLE

NEW = "new"


class Editor(ABC):
    """What every editor answers; the kinds below say how."""

    template = ""
    word = Text("", "")
    part = ""

    def has(self, text: Regulation, key: str) -> bool:
        """Return whether the regulation has this part."""
        return key in getattr(text, self.part)

    def name(self, text: Regulation, key: str) -> Text:
        """Return what the part is called."""
        title: Text = getattr(text, self.part)[key].title
        return title

    def clause(self, text: Regulation, key: str) -> str:
        """Return the clause to which the part belongs, blank for none."""
        return str(getattr(text, self.part)[key].clause) if self.has(text, key) else ""

    @abstractmethod
    def texts(self, text: Regulation, key: str) -> dict[str, str]:
        """Return what the fields hold before anything was typed."""

    @abstractmethod
    def read(self, text: Regulation, key: str, typed: Typed) -> Edit | None:
        """Return the change; None with errors at the fields when something is wrong."""

    def rearranged(self, text: Regulation, key: str, typed: Typed, verb: str) -> Typed:
        """Return what was typed with its rows as a button asks."""
        del text, key, verb
        return typed

    def removal(self, key: str) -> Edit | None:
        """Return the change that takes the part out, None where it cannot be."""
        del key
        return None

    def context(self, text: Regulation, key: str, typed: Typed) -> dict[str, Any]:
        """Return what the page needs beside what was typed."""
        del text, key, typed
        return {}


class ParameterEditor(Editor):
    """Edits the value of a parameter."""

    template = "policy/edit_parameter.html"
    word = Text("参数", "Parameter")
    part = "notes"

    def texts(self, text: Regulation, key: str) -> dict[str, str]:
        """Return the present value, field by field."""
        return parameters.texts_of(text.notes[key], value_of(key, text))

    def read(self, text: Regulation, key: str, typed: Typed) -> Edit | None:
        """Return the new value."""
        value = parameters.read_parameter(text.notes[key], value_of(key, text), typed)
        return SetParameter(key, value) if typed.fits else None

    def rearranged(self, text: Regulation, key: str, typed: Typed, verb: str) -> Typed:
        """Add a rung, or remove one."""
        note, value = text.notes[key], value_of(key, text)
        name, _, number = verb.partition("-")
        if name == "add":
            return parameters.with_rung(typed)
        if name == "drop":
            return parameters.without_rung(note, value, typed, small_number(number, default=-1, most=parameters.MOST_RUNGS))
        return typed

    def context(self, text: Regulation, key: str, typed: Typed) -> dict[str, Any]:
        """Return the fields of the value."""
        note = text.notes[key]
        return {
            "form": parameters.form_of(note, value_of(key, text), typed), "note": note, "type": TYPE_WORDS[note.kind],
            "bounds": bounds_of(note), "obeyed": key not in text.declared,
            "column_bounds": [(column.title, bounds_of(column)) for column in note.columns if bounds_of(column)],
        }  # fmt: skip


class ClauseEditor(Editor):
    """Edits the text of a clause."""

    template = "policy/edit_clause.html"
    word = Text("条文", "Text")
    part = "clauses"

    def clause(self, text: Regulation, key: str) -> str:
        """Return the clause itself."""
        del text
        return key

    def texts(self, text: Regulation, key: str) -> dict[str, str]:
        """Return title, text and posts."""
        return clauses.clause_texts(text.clauses[key])

    def read(self, text: Regulation, key: str, typed: Typed) -> Edit | None:
        """Return the clause written anew."""
        del text
        return clauses.read_clause(key, typed)

    def removal(self, key: str) -> Edit | None:
        """Return the change that takes the clause out."""
        return RemoveClause(key)

    def context(self, text: Regulation, key: str, typed: Typed) -> dict[str, Any]:
        """Return the posts to choose from."""
        del text, key, typed
        return {"responsibles": post_choices(relations=True, outside=True), "appraisers": post_choices(outside=True), "adds": False}


class ArticleEditor(ClauseEditor):
    """Adds a clause at the end of an article; the key is the article's."""

    word = Text("新款", "New clause")
    part = "articles"

    def clause(self, text: Regulation, key: str) -> str:
        """Return the last clause of the article: what was added stands there."""
        article = text.articles.get(key)
        return article.clauses[-1] if article and article.clauses else ""

    def texts(self, text: Regulation, key: str) -> dict[str, str]:
        """Return empty fields with the next number."""
        tails = [clause.removeprefix(f"{key}.") for clause in text.articles[key].clauses]
        numbers = [int(tail) for tail in tails if tail.isdecimal() and tail.isascii()]
        return {"tail": str(max(numbers, default=0) + 1)}

    def read(self, text: Regulation, key: str, typed: Typed) -> Edit | None:
        """Return the new clause."""
        found: AddClause | None = clauses.read_new_clause(key, text, typed)
        return found

    def removal(self, key: str) -> Edit | None:
        """Return None: there is nothing to take out yet."""
        del key
        return None

    def context(self, text: Regulation, key: str, typed: Typed) -> dict[str, Any]:
        """Return the posts to choose from."""
        return super().context(text, key, typed) | {"adds": True}


class LawEditor(Editor):
    """Switches a law on or off, and names who may waive it."""

    template = "policy/edit_law.html"
    word = Text("规则", "Law")
    part = "laws"

    def name(self, text: Regulation, key: str) -> Text:
        """Return the law's name."""
        del text
        return law_words(key)[0]

    def texts(self, text: Regulation, key: str) -> dict[str, str]:
        """Return its switch and its post."""
        return clauses.law_texts(text.laws[key])

    def read(self, text: Regulation, key: str, typed: Typed) -> Edit | None:
        """Return the law's new setting."""
        del text
        return clauses.read_law(key, typed)

    def context(self, text: Regulation, key: str, typed: Typed) -> dict[str, Any]:
        """Return what may be chosen."""
        del text, typed
        return {
            "formula": law_words(key)[1], "switch": clauses.law_switch(key), "waivers": clauses.law_waivers(key),
            "always_on": key in ALWAYS_ON, "never_waived": key not in WAIVABLE,
        }  # fmt: skip


class ChainEditor(Editor):
    """Edits the steps of a procedure."""

    template = "policy/edit_chain.html"
    word = Text("流程", "Procedure")
    part = "chains"

    def texts(self, text: Regulation, key: str) -> dict[str, str]:
        """Return the steps."""
        return chains.chain_texts(text.chains[key])

    def read(self, text: Regulation, key: str, typed: Typed) -> Edit | None:
        """Return the steps as they shall be."""
        return chains.read_chain(key, text, typed)

    def rearranged(self, text: Regulation, key: str, typed: Typed, verb: str) -> Typed:
        """Add, move or remove a step."""
        del text, key
        return chains.rearranged(typed, verb)

    def context(self, text: Regulation, key: str, typed: Typed) -> dict[str, Any]:
        """Return the rows of the form, and what may be chosen."""
        del key
        return {
            "steps": chains.step_forms(typed), "who": chains.who_choices(text), "posts": post_choices(outside=True),
            "nexts": chains.next_choices(typed), "working": chains.WORKING, "most": chains.MOST_STEPS,
        }  # fmt: skip


class DutyEditor(Editor):
    """Edits a duty rule."""

    template = "policy/edit_duty.html"
    word = Text("职责", "Duty")
    part = "duties"

    def texts(self, text: Regulation, key: str) -> dict[str, str]:
        """Return the rule, field by field."""
        return duties.duty_texts(text.duties[key])

    def read(self, text: Regulation, key: str, typed: Typed) -> Edit | None:
        """Return the rule as it shall be."""
        return duties.read_duty(text.duties[key], text, typed)

    def removal(self, key: str) -> Edit | None:
        """Return the change that takes the duty out."""
        return SetDuty(key, None)

    def context(self, text: Regulation, key: str, typed: Typed) -> dict[str, Any]:
        """Return what may be chosen."""
        del key, typed
        return {
            "rhythms": duties.RHYTHMS, "each": duties.EACH, "owed": duties.OWED, "clauses": clause_choices(text), "posts": post_choices(),
            "responsibles": post_choices(empty=False, relations=True, outside=True),
        }  # fmt: skip


class CommitteeEditor(Editor):
    """Edits a committee: members, head, quorum, majority."""

    template = "policy/edit_committee.html"
    word = Text("委员会", "Committee")
    part = "committees"

    def texts(self, text: Regulation, key: str) -> dict[str, str]:
        """Return members, head and shares."""
        return clauses.committee_texts(text.committees[key])

    def read(self, text: Regulation, key: str, typed: Typed) -> Edit | None:
        """Return the committee as it shall be."""
        return clauses.read_committee(key, text, typed)

    def context(self, text: Regulation, key: str, typed: Typed) -> dict[str, Any]:
        """Return the posts to choose from."""
        del text, key
        inside = {code.value: words for code, words in POST_WORDS.items() if code not in OUTSIDE}
        members = [(post, words, typed.has(f"member-{post}")) for post, words in inside.items()]
        return {"members": members, "posts": post_choices(empty=False)}


class GapEditor(Editor):
    """Answers an open question."""

    template = "policy/edit_gap.html"
    word = Text("待明确事项", "Open question")
    part = "gaps"

    def name(self, text: Regulation, key: str) -> Text:
        """Return the question."""
        return text.gaps[key].question

    def clause(self, text: Regulation, key: str) -> str:
        """Return the first clause that the question is about, or that a law using it carries out."""
        gap = text.gaps.get(key)
        found = [*(gap.clauses if gap else ()), *(text.laws[law].clause for law in gap_laws(key, text))]
        return found[0] if found else ""

    def texts(self, text: Regulation, key: str) -> dict[str, str]:
        """Return the answer, or nothing."""
        answer = text.gaps[key].answer
        return {"answer-zh": answer.zh, "answer-en": answer.en} if answer else {}

    def read(self, text: Regulation, key: str, typed: Typed) -> Edit | None:
        """Return the answer."""
        return clauses.read_answer(text.gaps[key], typed)

    def context(self, text: Regulation, key: str, typed: Typed) -> dict[str, Any]:
        """Return the question with its interim rule, and the laws that use it."""
        del typed
        return {"gap": text.gaps[key], "laws": [law_words(law)[0] for law in gap_laws(key, text)]}


class NewGapEditor(Editor):
    """Notes a new open question; the key is always `new`."""

    template = "policy/edit_new_gap.html"
    word = Text("新的待明确事项", "New open question")

    def has(self, text: Regulation, key: str) -> bool:
        """Return whether the address is the one of a new question."""
        del text
        return key == NEW

    def name(self, text: Regulation, key: str) -> Text:
        """Return what the page is for."""
        del text, key
        return self.word

    def clause(self, text: Regulation, key: str) -> str:
        """Return blank: it belongs to none yet."""
        del text, key
        return ""

    def texts(self, text: Regulation, key: str) -> dict[str, str]:
        """Return empty fields with the next number."""
        del key
        return {"id": clauses.next_gap(text)}

    def read(self, text: Regulation, key: str, typed: Typed) -> Edit | None:
        """Return the new question."""
        del key
        return clauses.read_gap(text, typed)

    def context(self, text: Regulation, key: str, typed: Typed) -> dict[str, Any]:
        """Return what may be chosen."""
        del key
        none = {"": Text("（不属于某一款）", "(no clause)")}
        laws = [(law, law_words(law)[0], typed.has(f"law-{law}")) for law in text.laws]
        return {"clauses": none | clause_choices(text), "owners": post_choices(empty=False), "laws": laws}


EDITORS: dict[str, Editor] = {
    "parameter": ParameterEditor(), "clause": ClauseEditor(), "article": ArticleEditor(), "law": LawEditor(), "chain": ChainEditor(),
    "duty": DutyEditor(), "committee": CommitteeEditor(), "gap": GapEditor(), "question": NewGapEditor(),
}  # fmt: skip
"""What can be changed, by the word that stands in the address."""
