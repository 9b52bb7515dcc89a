"""The changes that people make in a draft, as frozen values, and how each is applied. An edit never leaves a half-changed regulation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

import msgspec

from lingqu.approvals.rules import Chain, Committee, Step
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.duties.rules import DutyRule
from lingqu.policy.rules.citing import who_cites
from lingqu.policy.rules.regulation import Clause, Gap, Parameters, Regulation
from lingqu.policy.rules.words import law_name, number_of
from lingqu.policy.states import ALWAYS_ON, Origin


class SetTitle(msgspec.Struct, frozen=True):
    """Call the regulation something else."""

    title: Text


class SetParameter(msgspec.Struct, frozen=True):
    """Give a parameter another value, as plain data; a table or ladder is given whole."""

    key: str
    value: Any


class SetClause(msgspec.Struct, frozen=True):
    """Write a clause anew: title, text, who is responsible and who appraises."""

    id: str
    title: Text
    text: Text
    responsible: str = ""
    appraiser: str = ""


class AddClause(msgspec.Struct, frozen=True):
    """Add a clause at the end of an article."""

    article: str
    id: str
    title: Text
    text: Text
    responsible: str = ""
    appraiser: str = ""


class RemoveClause(msgspec.Struct, frozen=True):
    """Take a clause out that nothing cites."""

    id: str


class SetLaw(msgspec.Struct, frozen=True):
    """Switch a law on or off, and say which post may waive it ("" for nobody)."""

    key: str
    enabled: bool
    waivable_by: str = ""


class SetChain(msgspec.Struct, frozen=True):
    """Give a procedure its steps; title and clause are needed for a new one only."""

    key: str
    steps: tuple[Step, ...]
    title: Text | None = None
    clause: str = ""


class SetDuty(msgspec.Struct, frozen=True):
    """Give a duty its rule, or take it away (None)."""

    key: str
    rule: DutyRule | None


class AnswerGap(msgspec.Struct, frozen=True):
    """Answer an open question: from then on the answer holds and no decision marks it; None opens it again."""

    id: str
    answer: Text | None


class AddGap(msgspec.Struct, frozen=True):
    """Note a question that the text leaves open, with the interim rule, who is to answer it, and the laws that use the interim rule."""

    id: str
    question: Text
    interim: Text
    owner: str
    clauses: tuple[str, ...] = ()
    laws: tuple[str, ...] = ()


class SetCommittee(msgspec.Struct, frozen=True):
    """Give a committee its members, head, quorum and majority; title and clause are needed for a new one only."""

    key: str
    members: tuple[str, ...]
    head: str
    quorum: int = 50
    majority: int = 50
    title: Text | None = None
    clause: str = ""


Edit = SetTitle | SetParameter | SetClause | AddClause | RemoveClause | SetLaw | SetChain | SetDuty | AnswerGap | AddGap | SetCommittee


def apply_edit(regulation: Regulation, edit: Edit) -> Regulation:
    """Return the regulation with the edit made.

    Refuses what cannot be made at all: an unknown key, a value of the wrong kind, a law that cannot be off, a clause that is still cited.
    What is merely not right yet (`problems_of`) may stand in a draft until it is sent.
    """
    return _HOW[type(edit)](regulation, edit)


def fits_parameter(key: str, value: object) -> Any:  # noqa: ANN401 - whatever the parameter holds
    """Return the value of a parameter that the product obeys as its type; refuses (`bad_input`) one of the wrong kind."""
    kind = {field.name: field.type for field in msgspec.structs.fields(Parameters)}[key]
    try:
        found = msgspec.convert(msgspec.to_builtins(value), kind, strict=False)
    except msgspec.ValidationError as wrong:
        words = Text(f"参数 {key} 的值不合要求：{wrong}", f"The value of the parameter {key} does not fit: {wrong}")
        raise bad_input(key, words) from wrong
    if any(number_of(amount) is None for amount in _amounts_in(found)):
        raise bad_input(key, Text(f"参数 {key} 中有不是金额的数。", f"The parameter {key} holds a number that is no amount."))
    return found


def _amounts_in(value: object) -> Iterator[Decimal]:
    if isinstance(value, Decimal):
        yield value
    parts: Iterable[object] = ()
    if isinstance(value, msgspec.Struct):
        parts = msgspec.structs.astuple(value)
    elif isinstance(value, dict):
        parts = value.values()
    for part in parts:
        yield from _amounts_in(part)


def _set_title(regulation: Regulation, edit: SetTitle) -> Regulation:
    return _with(regulation, title=edit.title)


def _set_parameter(regulation: Regulation, edit: SetParameter) -> Regulation:
    if edit.key in Parameters.__struct_fields__:
        value = fits_parameter(edit.key, edit.value)
        return _with(regulation, parameters=msgspec.structs.replace(regulation.parameters, **{edit.key: value}))
    _must_have(regulation.declared, edit.key, Text("参数", "parameter"))
    return _with(regulation, declared=regulation.declared | {edit.key: msgspec.to_builtins(edit.value)})


def _set_clause(regulation: Regulation, edit: SetClause) -> Regulation:
    before = _must_have(regulation.clauses, edit.id, Text("条款", "clause"))
    changed = msgspec.structs.replace(before, title=edit.title, text=edit.text, responsible=edit.responsible, appraiser=edit.appraiser)
    return _with(regulation, clauses=regulation.clauses | {edit.id: changed})


def _add_clause(regulation: Regulation, edit: AddClause) -> Regulation:
    article = _must_have(regulation.articles, edit.article, Text("条", "article"))
    _must_be_new(regulation.clauses, edit.id, Text("条款", "clause"))
    if not edit.id.startswith(f"{edit.article}."):
        raise bad_input("id", Text(f"条款编号须以 {edit.article}. 开头。", f"The number of the clause must begin with {edit.article}."))
    added = Clause(edit.id, edit.title, edit.text, edit.responsible, edit.appraiser, origin=Origin.TEXT)
    longer = msgspec.structs.replace(article, clauses=(*article.clauses, edit.id))
    return _with(regulation, clauses=regulation.clauses | {edit.id: added}, articles=regulation.articles | {edit.article: longer})


def _remove_clause(regulation: Regulation, edit: RemoveClause) -> Regulation:
    _must_have(regulation.clauses, edit.id, Text("条款", "clause"))
    citing = who_cites(regulation, edit.id)
    if citing:
        raise Refusal(
            "clause_in_use",
            Text(
                f"条款 {edit.id} 仍被引用，不能删除：{'、'.join(one.zh for one in citing)}。请先让它们引用别的条款。",
                f"Clause {edit.id} is still cited by {', '.join(one.en for one in citing)}; let these cite another clause first.",
            ),
        )
    clauses = {key: clause for key, clause in regulation.clauses.items() if key != edit.id}
    articles = {
        key: msgspec.structs.replace(article, clauses=tuple(one for one in article.clauses if one != edit.id))
        for key, article in regulation.articles.items()
    }
    return _with(regulation, clauses=clauses, articles=articles)


def _set_law(regulation: Regulation, edit: SetLaw) -> Regulation:
    before = _must_have(regulation.laws, edit.key, Text("规则", "law"))
    if not edit.enabled and edit.key in ALWAYS_ON:
        raise Refusal("law_cannot_be_off", cannot_be_off(edit.key), clause=before.clause)
    changed = msgspec.structs.replace(before, enabled=edit.enabled, waivable_by=edit.waivable_by)
    return _with(regulation, laws=regulation.laws | {edit.key: changed})


def cannot_be_off(law: str) -> Text:
    """Return the sentence that says why a law cannot be switched off."""
    name = law_name(law)
    return Text(
        f"规则“{name.zh}”由账簿保证，不能停用；请改额度或批数。",
        f"The law on {name.en} is kept by the ledger and cannot be switched off; change limits or numbers of batches instead.",
    )


def _set_chain(regulation: Regulation, edit: SetChain) -> Regulation:
    before = regulation.chains.get(edit.key)
    title, clause = edit.title or (before.title if before else None), edit.clause or (before.clause if before else "")
    if title is None or not clause:
        raise _incomplete(Text("流程", "procedure"))
    return _with(regulation, chains=regulation.chains | {edit.key: Chain(edit.key, title, clause, edit.steps)})


def _set_duty(regulation: Regulation, edit: SetDuty) -> Regulation:
    if edit.rule is None:
        _must_have(regulation.duties, edit.key, Text("职责", "duty"))
        return _with(regulation, duties={key: rule for key, rule in regulation.duties.items() if key != edit.key})
    if edit.rule.key != edit.key:
        raise bad_input("key", Text("职责的代号不一致。", "The key of the duty is not the same."))
    return _with(regulation, duties=regulation.duties | {edit.key: edit.rule})


def _answer_gap(regulation: Regulation, edit: AnswerGap) -> Regulation:
    before = _must_have(regulation.gaps, edit.id, Text("待明确事项", "gap"))
    users = tuple(key for key, law in regulation.laws.items() if edit.id in law.gaps)
    if edit.answer is None:
        opened = msgspec.structs.replace(before, answer=None, laws=())
        return _mark(_with(regulation, gaps=regulation.gaps | {edit.id: opened}), edit.id, before.laws)
    answered = msgspec.structs.replace(before, answer=edit.answer, laws=tuple(dict.fromkeys((*before.laws, *users))))
    laws = {
        key: msgspec.structs.replace(law, gaps=tuple(gap for gap in law.gaps if gap != edit.id)) for key, law in regulation.laws.items()
    }
    return _with(regulation, gaps=regulation.gaps | {edit.id: answered}, laws=laws)


def _add_gap(regulation: Regulation, edit: AddGap) -> Regulation:
    _must_be_new(regulation.gaps, edit.id, Text("待明确事项", "gap"))
    for law in edit.laws:
        _must_have(regulation.laws, law, Text("规则", "law"))
    gap = Gap(edit.id, edit.question, edit.interim, edit.owner, edit.clauses)
    return _mark(_with(regulation, gaps=regulation.gaps | {edit.id: gap}), edit.id, edit.laws)


def _mark(regulation: Regulation, gap: str, laws: tuple[str, ...]) -> Regulation:
    """Let decisions by these laws mark the gap."""
    marked = {
        key: msgspec.structs.replace(regulation.laws[key], gaps=(*regulation.laws[key].gaps, gap))
        for key in laws
        if key in regulation.laws and gap not in regulation.laws[key].gaps
    }
    return _with(regulation, laws=regulation.laws | marked)


def _set_committee(regulation: Regulation, edit: SetCommittee) -> Regulation:
    before = regulation.committees.get(edit.key)
    title, clause = edit.title or (before.title if before else None), edit.clause or (before.clause if before else "")
    if title is None or not clause:
        raise _incomplete(Text("委员会", "committee"))
    changed = Committee(edit.key, title, clause, edit.members, edit.head, edit.quorum, edit.majority)
    return _with(regulation, committees=regulation.committees | {edit.key: changed})


def _incomplete(what: Text) -> Refusal:
    return bad_input("title", Text(f"新增{what.zh}须有名称和条款。", f"A new {what.en} needs a title and a clause."))


_HOW: dict[type, Callable[[Regulation, Any], Regulation]] = {
    SetTitle: _set_title, SetParameter: _set_parameter, SetClause: _set_clause, AddClause: _add_clause, RemoveClause: _remove_clause,
    SetLaw: _set_law, SetChain: _set_chain, SetDuty: _set_duty, AnswerGap: _answer_gap, AddGap: _add_gap, SetCommittee: _set_committee,
}  # fmt: skip


def _with(regulation: Regulation, **changed: Any) -> Regulation:  # noqa: ANN401 - the fields of a regulation
    return msgspec.structs.replace(regulation, reference="", **changed)


def _must_have(known: dict[str, Any], key: str, what: Text) -> Any:  # noqa: ANN401 - whatever is kept there
    if key not in known:
        raise Refusal(
            "unknown_part",
            Text(f"制度中没有{what.zh} {key}。请刷新后再看。", f"The regulation has no {what.en} {key}. Reload and look again."),
            status=404,
        )
    return known[key]


def _must_be_new(known: dict[str, Any], key: str, what: Text) -> None:
    if not key.strip():
        raise bad_input("id", Text(f"{what.zh}须有编号。", f"The {what.en} needs a number."))
    if key in known:
        raise bad_input("id", Text(f"{what.zh} {key} 已经存在。", f"There is a {what.en} {key} already."))
