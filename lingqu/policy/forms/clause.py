"""Clauses, laws, committees and open questions as they are typed, and the edits of the draft that they become."""

from __future__ import annotations

import re

from lingqu.approvals.rules import Committee
from lingqu.base.text import Text
from lingqu.policy.forms.typed import (
    LONGEST_ID,
    LONGEST_TITLE,
    Typed,
    clause_choices,
    post_choices,
    read_both,
    read_choice,
    read_whole,
    read_words,
)
from lingqu.policy.rules import (
    AddClause,
    AddGap,
    AnswerGap,
    Clause,
    Gap,
    LawSetting,
    Regulation,
    SetClause,
    SetCommittee,
    SetLaw,
)
from lingqu.policy.states import ALWAYS_ON, WAIVABLE, WAIVING_POSTS

TAIL = re.compile(r"[0-9A-Za-z]{1,6}(\.[0-9A-Za-z]{1,6}){0,3}", re.ASCII)
GAP_ID = re.compile(r"G-[0-9A-Za-z]{1,8}", re.ASCII)


def clause_texts(clause: Clause) -> dict[str, str]:
    """Return what the fields of a clause hold before anything was typed."""
    return {
        "title-zh": clause.title.zh, "title-en": clause.title.en, "text-zh": clause.text.zh, "text-en": clause.text.en,
        "responsible": clause.responsible, "appraiser": clause.appraiser,
    }  # fmt: skip


def read_clause(clause: str, typed: Typed) -> SetClause | None:
    """Return the change of a clause; None when something is wrong."""
    title, text = read_both(typed, "title", most=LONGEST_TITLE), read_both(typed, "text")
    responsible = read_choice(typed, "responsible", post_choices(relations=True, outside=True))
    appraiser = read_choice(typed, "appraiser", post_choices(outside=True))
    if not typed.fits or title is None or text is None:
        return None
    return SetClause(clause, title, text, responsible, appraiser)


def read_new_clause(article: str, regulation: Regulation, typed: Typed) -> AddClause | None:
    """Return a new clause of an article, None when something is wrong; `tail` is what stands behind the article in its number."""
    tail = read_words(typed, "tail", most=LONGEST_ID)
    if tail and not TAIL.fullmatch(tail):
        typed.error(
            "tail", Text("编号只能是数字或字母，用点分开，如 7 或 3.2。", "Digits or letters with dots between them, such as 7 or 3.2.")
        )
    key = f"{article}.{tail}"
    if key in regulation.clauses:
        typed.error("tail", Text(f"已有条款 {key}。", f"There is a clause {key} already."))
    written = read_clause(key, typed)
    if written is None:
        return None
    return AddClause(article, key, written.title, written.text, written.responsible, written.appraiser)


def law_texts(setting: LawSetting) -> dict[str, str]:
    """Return what the fields of a law hold before anything was typed."""
    return {"enabled": "yes" if setting.enabled else "no", "waivable_by": setting.waivable_by}


def law_waivers(law: str) -> dict[str, Text]:
    """Return the posts that may be named to waive a law: nobody for one that no signature can waive."""
    known = post_choices()
    return {post: known[post] for post in ("", *(WAIVING_POSTS if law in WAIVABLE else ())) if post in known}


def law_switch(law: str) -> dict[str, Text]:
    """Return whether a law may be on or off."""
    on = {"yes": Text("启用", "on")}
    return on if law in ALWAYS_ON else on | {"no": Text("停用", "off")}


def read_law(law: str, typed: Typed) -> SetLaw | None:
    """Return the change of a law; None when something is wrong."""
    enabled = read_choice(typed, "enabled", law_switch(law))
    post = read_choice(typed, "waivable_by", law_waivers(law))
    return SetLaw(law, enabled == "yes", post) if typed.fits else None


def committee_texts(committee: Committee) -> dict[str, str]:
    """Return what the fields of a committee hold before anything was typed."""
    members = {f"member-{post}": "on" for post in committee.members}
    return members | {"head": committee.head, "quorum": str(committee.quorum), "majority": str(committee.majority)}


def read_committee(key: str, regulation: Regulation, typed: Typed) -> SetCommittee | None:
    """Return the change of a committee; None when something is wrong."""
    posts = post_choices(empty=False)
    before = regulation.committees[key].members
    chosen = [post for post in posts if typed.has(f"member-{post}")]
    members = (*(post for post in before if post in chosen), *(post for post in chosen if post not in before))
    if not members:
        typed.error("members", Text("至少选择一个岗位。", "Choose at least one post."))
    head = read_choice(typed, "head", posts)
    quorum = read_whole(typed, "quorum", least=1, most=100)
    majority = read_whole(typed, "majority", least=0, most=99)
    if not typed.fits or quorum is None or majority is None:
        return None
    return SetCommittee(key, members, head, quorum, majority)


def read_answer(gap: Gap, typed: Typed) -> AnswerGap | None:
    """Return the answer to an open question; None when something is wrong."""
    answer = read_both(typed, "answer")
    return AnswerGap(gap.id, answer) if answer is not None else None


def next_gap(regulation: Regulation) -> str:
    """Return a number for a new open question: one more than the greatest."""
    numbers = [int(key[2:]) for key in regulation.gaps if key[:2] == "G-" and key[2:].isdecimal()]
    return f"G-{max(numbers, default=0) + 1:02d}"


def read_gap(regulation: Regulation, typed: Typed) -> AddGap | None:
    """Return a new open question; None when something is wrong."""
    key = read_words(typed, "id", most=LONGEST_ID)
    if key and not GAP_ID.fullmatch(key):
        typed.error("id", Text("编号如 G-24。", "A number such as G-24."))
    elif key in regulation.gaps:
        typed.error("id", Text(f"已有 {key}。", f"There is a {key} already."))
    question, interim = read_both(typed, "question"), read_both(typed, "interim")
    owner = read_choice(typed, "owner", post_choices(empty=False))
    clause = read_choice(typed, "clause", {"": Text("", "")} | clause_choices(regulation))
    laws = tuple(law for law in regulation.laws if typed.has(f"law-{law}"))
    if not typed.fits or question is None or interim is None:
        return None
    return AddGap(key, question, interim, owner, (clause,) if clause else (), laws)
