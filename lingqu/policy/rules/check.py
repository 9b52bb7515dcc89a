"""Whether a regulation may come into force: everything that is not right, all at once, each with its place and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lingqu.base.text import Text
from lingqu.duties.rules import DutyRule
from lingqu.organisation.states import PostCode
from lingqu.policy.rules.check_chains import chain_problems, committee_problems
from lingqu.policy.rules.check_parameters import parameter_problems
from lingqu.policy.rules.citing import citations
from lingqu.policy.rules.edit import cannot_be_off
from lingqu.policy.rules.place_words import in_words
from lingqu.policy.rules.problem import Problem, problem
from lingqu.policy.rules.regulation import Regulation
from lingqu.policy.rules.words import law_name
from lingqu.policy.states import ALWAYS_ON, WAIVABLE, WAIVING_POSTS, Law

POSTS = frozenset(post.value for post in PostCode)
RELATIONS = frozenset({"representative_of"})
JUDGED = frozenset({"agent", "retailer", "partner", "issuer"})
"""Whom a scorecard may judge beside posts."""

CHANGE_CHAIN = "regulation_change"
"""The procedure by which the regulation itself is changed (M-4): without it no draft could ever come into force."""

LIMITS = {"clauses": 500, "parameters": 300, "chains": 100, "duties": 200, "committees": 50, "gaps": 200, "scorecards": 50, "accounts": 50}
LONGEST_TEXT = 4_000
LONGEST_TITLE = 200
MOST_REMINDERS = 5
LONGEST_DAYS = 366
WHOLE = 100
"""Percent."""

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,29}")
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
RESERVED = frozenset({"drafts", "versions"})
"""Names that addresses of the regulation's pages use."""

_LIMIT_WORDS = {
    "clauses": Text("条款", "clauses"), "parameters": Text("参数", "parameters"), "chains": Text("流程", "procedures"),
    "duties": Text("职责", "duties"), "committees": Text("委员会", "committees"), "gaps": Text("待明确事项", "gaps"),
    "scorecards": Text("评分卡", "scorecards"), "accounts": Text("账户", "accounts"),
}  # fmt: skip


def problems_of(regulation: Regulation) -> tuple[Problem, ...]:
    """Return everything that keeps a regulation from coming into force; empty when all is right.

    What this version of the product does not know (a law, a measure, a declared parameter) is no problem: it reads *not yet*.
    """
    found = (
        *_limits(regulation), *_names(regulation), *_texts(regulation), *_structure(regulation), *_citations(regulation),
        *_posts(regulation), *parameter_problems(regulation), *_laws(regulation), *_gaps(regulation),
        *committee_problems(regulation, POSTS), *chain_problems(regulation, POSTS, RELATIONS), *_duties(regulation),
        *_scorecards(regulation), *_change_chain(regulation),
    )  # fmt: skip
    return tuple(in_words(one, regulation) for one in found)


def _limits(regulation: Regulation) -> Iterator[Problem]:
    for part, most in LIMITS.items():
        found = len(regulation.notes if part == "parameters" else getattr(regulation, part))
        if found > most:
            words = _LIMIT_WORDS[part]
            yield problem(
                part, f"{words.zh}共 {found}，最多 {most}，请合并或删减。", f"There are {found} {words.en}, at most {most}; merge some."
            )


def _names(regulation: Regulation) -> Iterator[Problem]:
    if regulation.pack in RESERVED:
        yield problem(
            "pack",
            f"制度包不能叫“{regulation.pack}”：这个名字是网址的一部分，请换一个。",
            f"A pack cannot be called “{regulation.pack}”: the name is part of an address; choose another.",
        )
    for part in ("articles", "clauses", "gaps"):
        for key in getattr(regulation, part):
            if not ID.fullmatch(key):
                yield problem(
                    f"{part}/{key}",
                    f"编号“{key[:40]}”须为字母、数字和 . - _，最多 30 个字符。",
                    f"The number “{key[:40]}” must be letters, figures, . - and _, at most 30 characters.",
                )
    for part in ("notes", "laws", "committees", "chains", "duties", "accounts", "scorecards"):
        for key in getattr(regulation, part):
            if not KEY.fullmatch(key):
                yield problem(
                    f"{'parameters' if part == 'notes' else part}/{key}",
                    f"代号“{key[:40]}”须以小写字母开头，只含小写字母、数字和 _，最多 40 个字符。",
                    f"The key “{key[:40]}” must be small letters, figures and _, a letter first, at most 40 characters.",
                )


def _texts(regulation: Regulation) -> Iterator[Problem]:
    yield from _words("title", regulation.title, LONGEST_TITLE)
    for chapter in regulation.chapters:
        yield from _words(f"chapter/{chapter.id}/title", chapter.title, LONGEST_TITLE)
    for part in ("articles", "clauses", "committees", "chains", "duties", "accounts", "scorecards"):
        for key, one in getattr(regulation, part).items():
            yield from _words(f"{part}/{key}/title", one.title, LONGEST_TITLE)
    for key, note in regulation.notes.items():
        yield from _words(f"parameters/{key}/title", note.title, LONGEST_TITLE)
    for key, clause in regulation.clauses.items():
        yield from _words(f"clauses/{key}/text", clause.text, LONGEST_TEXT)
    for key, gap in regulation.gaps.items():
        yield from _words(f"gaps/{key}/question", gap.question, LONGEST_TEXT)
        yield from _words(f"gaps/{key}/interim", gap.interim, LONGEST_TEXT)
        if gap.answer is not None:
            yield from _words(f"gaps/{key}/answer", gap.answer, LONGEST_TEXT)


def _words(place: str, text: Text, most: int) -> Iterator[Problem]:
    if not text.zh.strip():
        yield problem(f"{place}/zh", f"{place} 缺中文，请写上中文。", f"{place} has no Chinese text; write it.")
    if not text.en.strip():
        yield problem(f"{place}/en", f"{place} 缺英文，请写上英文。", f"{place} has no English text; write it.")
    for language, words in (("zh", text.zh), ("en", text.en)):
        if len(words) > most:
            yield problem(
                f"{place}/{language}",
                f"{place} 有 {len(words):,} 个字符，最多 {most:,}，请拆成几款。",
                f"{place} has {len(words):,} characters, at most {most:,}; split it.",
            )


def _structure(regulation: Regulation) -> Iterator[Problem]:
    if not regulation.articles and not regulation.chapters:
        return  # a version of before there were articles
    in_chapters = [article for chapter in regulation.chapters for article in chapter.articles]
    in_articles = [clause for article in regulation.articles.values() for clause in article.clauses]
    for key, article in regulation.articles.items():
        if not article.clauses:
            yield problem(
                f"articles/{key}", f"第 {key} 条没有条款，请加上条款或删去此条。", f"Article {key} has no clauses; add one or remove it."
            )
        if in_chapters.count(key) != 1:
            yield problem(f"articles/{key}", f"第 {key} 条须恰好属于一章。", f"Article {key} must stand in exactly one chapter.")
    for key in regulation.clauses:
        if in_articles.count(key) != 1:
            yield problem(
                f"clauses/{key}",
                f"条款 {key} 须恰好属于一条，请在同一文件的 articles 中写上 {key.split('.')[0]}。",
                f"Clause {key} must stand in exactly one article; name {key.split('.')[0]} among the articles of its file.",
            )
    for one in (*in_chapters, *in_articles):
        if one not in regulation.articles and one not in regulation.clauses:
            yield problem(f"articles/{one}", f"章或条中列有不存在的 {one}，请删去。", f"{one} is listed but does not exist; take it out.")


def _citations(regulation: Regulation) -> Iterator[Problem]:
    for one in citations(regulation):
        if one.clause not in regulation.clauses:
            yield problem(
                one.place,
                f"{one.name.zh}引用的条款 {one.clause or '（空）'} 不存在，请改引存在的条款。",
                _sentence(f"{one.name.en} cites clause {one.clause or '(none)'}, which does not exist; cite one that does."),
            )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _unknown_post(place: str, post: str, *, empty: bool = True, others: frozenset[str] = frozenset()) -> Iterator[Problem]:
    if post in POSTS or post in others or (empty and not post):
        return
    known = "、".join(sorted(POSTS | others))
    yield problem(
        place,
        f"{place} 写的岗位“{post}”不存在，请改为：{known}。",
        f"{place} names the post “{post}”, which is unknown; use one of {known.replace('、', ', ')}.",
    )


def _posts(regulation: Regulation) -> Iterator[Problem]:
    for key, clause in regulation.clauses.items():
        yield from _unknown_post(f"clauses/{key}/responsible", clause.responsible, others=RELATIONS)
        yield from _unknown_post(f"clauses/{key}/appraiser", clause.appraiser)
    for key, gap in regulation.gaps.items():
        yield from _unknown_post(f"gaps/{key}/owner", gap.owner, empty=False)
    for key, duty in regulation.duties.items():
        yield from _unknown_post(f"duties/{key}/responsible", duty.responsible, empty=False, others=RELATIONS)
        yield from _unknown_post(f"duties/{key}/appraiser", duty.appraiser)
        yield from _unknown_post(f"duties/{key}/escalate_to", duty.escalate_to)


def _laws(regulation: Regulation) -> Iterator[Problem]:
    for law in Law:
        if law.value not in regulation.laws:
            name = law_name(law.value)
            yield problem(
                "laws",
                f"缺规则 {law.value}（{name.zh}），请写上；不用的写 enabled: false。",
                f"The law {law.value} ({name.en}) is missing; name it, with enabled: false where it is not wanted.",
            )
    for key, setting in regulation.laws.items():
        place = f"laws/{key}/waivable_by"
        if key in ALWAYS_ON and not setting.enabled:
            words = cannot_be_off(key)
            yield problem(f"laws/{key}/enabled", words.zh, words.en)
        if setting.waivable_by and key in {law.value for law in Law} and key not in WAIVABLE:
            yield problem(place, f"规则 {key} 不能特批，请留空。", f"No special signature can be given for the law {key}; leave it empty.")
        elif setting.waivable_by and setting.waivable_by not in WAIVING_POSTS:
            known = ", ".join(WAIVING_POSTS)
            yield problem(
                place,
                f"规则 {key} 的特批岗位“{setting.waivable_by}”不能签特批，请改为 {known} 或留空。",
                f"The post “{setting.waivable_by}” cannot sign for the law {key}; use {known}, or leave it empty.",
            )
        for gap in setting.gaps:
            if gap not in regulation.gaps:
                yield problem(
                    f"laws/{key}/gaps",
                    f"规则 {key} 所用的待明确事项 {gap} 不存在，请改正。",
                    f"The law {key} uses gap {gap}, which does not exist; put that right.",
                )


def _gaps(regulation: Regulation) -> Iterator[Problem]:
    for key, gap in regulation.gaps.items():
        if gap.answer is not None and any(key in law.gaps for law in regulation.laws.values()):
            yield problem(
                f"gaps/{key}",
                f"待明确事项 {key} 已答复，规则中不应再列出它。",
                f"Gap {key} is answered; no law may still list it.",
            )


def _duties(regulation: Regulation) -> Iterator[Problem]:
    for key, duty in regulation.duties.items():
        place = f"duties/{key}"
        if duty.key != key:
            yield problem(f"{place}/key", f"职责 {key} 的代号不一致。", f"The duty {key} calls itself {duty.key}.")
        yield from _duty_days(place, duty)
        if len(duty.remind_days) > MOST_REMINDERS or len(set(duty.remind_days)) != len(duty.remind_days):
            yield problem(
                f"{place}/remind_days",
                f"职责 {key} 的提醒最多 {MOST_REMINDERS} 次，且不能重复。",
                f"The duty {key} may remind at most {MOST_REMINDERS} times, each on a day of its own.",
            )


def _duty_days(place: str, duty: DutyRule) -> Iterator[Problem]:
    days: Mapping[str, tuple[int, ...]] = {
        "grace_days": (duty.grace_days,), "escalate_days": (duty.escalate_days,), "remind_days": duty.remind_days,
    }  # fmt: skip
    for field, found in days.items():
        if any(not 0 <= day <= LONGEST_DAYS for day in found):
            yield problem(
                f"{place}/{field}",
                f"{place}/{field} 须在 0 与 {LONGEST_DAYS} 天之间。",
                f"{place}/{field} must lie between 0 and {LONGEST_DAYS} days.",
            )
    if not -LONGEST_DAYS <= duty.due_days <= LONGEST_DAYS:
        yield problem(
            f"{place}/due_days",
            f"{place}/due_days 须在 −{LONGEST_DAYS} 与 {LONGEST_DAYS} 天之间。",
            f"{place}/due_days must lie between −{LONGEST_DAYS} and {LONGEST_DAYS} days.",
        )


def _scorecards(regulation: Regulation) -> Iterator[Problem]:
    for key, card in regulation.scorecards.items():
        place = f"scorecards/{key}/indicators"
        if card.judges not in POSTS and card.judges not in JUDGED:
            known = ", ".join(sorted(JUDGED))
            yield problem(
                f"scorecards/{key}/judges",
                f"评分卡 {key} 的对象“{card.judges}”不存在，请写岗位，或 {known}。",
                f"The scorecard {key} judges “{card.judges}”, which is unknown; name a post, or {known}.",
            )
        weights = sum(one.weight for one in card.indicators)
        if weights != WHOLE:
            yield problem(
                place,
                f"评分卡 {key} 的权重合计为 {weights}，须为 100。",
                f"The weights of the scorecard {key} add up to {weights}, not 100.",
            )
        for one in card.indicators:
            if not 0 < one.weight <= WHOLE:
                yield problem(
                    place,
                    f"评分卡 {key} 中 {one.measure} 的权重须在 1 与 100 之间。",
                    f"The weight of {one.measure} in {key} must lie in 1 to 100.",
                )
        if len({one.measure for one in card.indicators}) != len(card.indicators):
            yield problem(place, f"评分卡 {key} 有重复的指标。", f"The scorecard {key} names a measure twice.")


def _change_chain(regulation: Regulation) -> Iterator[Problem]:
    if CHANGE_CHAIN not in regulation.chains:
        yield problem(
            "chains",
            f"缺流程 {CHANGE_CHAIN}（制度修订），没有它以后无法修订制度，请写上。",
            f"The procedure {CHANGE_CHAIN} is missing; without it the regulation could never be changed again, so write it.",
        )
