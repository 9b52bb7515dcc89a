"""Who cites what inside a regulation: laws, parameters, procedures, duties, committees, accounts, scorecards and gaps."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from lingqu.base.text import Text
from lingqu.policy.rules.regulation import Regulation
from lingqu.policy.rules.words import law_name


class Citation(msgspec.Struct, frozen=True):
    """One part of a regulation that cites a clause: its place, what it is called, and the carrier `kind:key` that it is."""

    place: str
    clause: str
    name: Text
    carrier: str


def citations(regulation: Regulation) -> Iterator[Citation]:
    """Yield everything that cites a clause, in the order of a pack's lists; a gap cites each clause that it is about."""
    for key, note in regulation.notes.items():
        yield _citation("parameters", "parameter", key, note.clause, Text("参数", "the parameter"), note.title)
    for key, law in regulation.laws.items():
        yield _citation("laws", "law", key, law.clause, Text("规则", "the law on"), law_name(key))
    for key, committee in regulation.committees.items():
        yield _citation("committees", "committee", key, committee.clause, Text("委员会", "the committee"), committee.title)
    for key, chain in regulation.chains.items():
        yield _citation("chains", "procedure", key, chain.clause, Text("流程", "the procedure"), chain.title)
    for key, duty in regulation.duties.items():
        yield _citation("duties", "duty", key, duty.clause, Text("职责", "the duty"), duty.title)
    for key, account in regulation.accounts.items():
        yield _citation("accounts", "account", key, account.clause, Text("账户", "the account"), account.title)
    for key, card in regulation.scorecards.items():
        yield _citation("scorecards", "scorecard", key, card.clause, Text("评分卡", "the scorecard"), card.title)
    for key, gap in regulation.gaps.items():
        for clause in gap.clauses:
            name = Text(f"待明确事项 {key}", f"the gap {key}")
            yield Citation(f"gaps/{key}/clauses", clause, name, f"gap:{key}")


def who_cites(regulation: Regulation, clause: str) -> tuple[Text, ...]:
    """Return the names of what cites a clause; empty when nothing does."""
    return tuple(one.name for one in citations(regulation) if one.clause == clause)


def _citation(part: str, kind: str, key: str, clause: str, what: Text, title: Text) -> Citation:
    return Citation(f"{part}/{key}/clause", clause, Text(f"{what.zh}“{title.zh}”", f"{what.en} “{title.en}”"), f"{kind}:{key}")
