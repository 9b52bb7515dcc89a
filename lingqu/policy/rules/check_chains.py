"""Whether procedures and committees can work: known posts, steps that are all reached and come to an end, clocks with somebody behind."""

from __future__ import annotations

from collections.abc import Iterator

from lingqu.approvals.rules import Chain, Step
from lingqu.approvals.states import StepKind
from lingqu.policy.rules.problem import Problem, problem
from lingqu.policy.rules.regulation import Regulation
from lingqu.policy.rules.words import END, number_of

MOST_STEPS = 20
LONGEST_CLOCK = 366
WHOLE = 100
"""Percent."""


def committee_problems(regulation: Regulation, posts: frozenset[str]) -> Iterator[Problem]:
    """Yield what is not right with the committees."""
    for key, committee in regulation.committees.items():
        place = f"committees/{key}"
        if committee.key != key:
            yield problem(f"{place}/key", f"委员会 {key} 的代号不一致。", f"The committee {key} calls itself {committee.key}.")
        if not committee.members:
            yield problem(
                f"{place}/members", f"委员会 {key} 没有成员，请写上岗位。", f"The committee {key} has no members; name their posts."
            )
        for post in (*committee.members, committee.head):
            if post not in posts:
                field = "head" if post == committee.head else "members"
                yield problem(
                    f"{place}/{field}",
                    f"委员会 {key} 的岗位“{post}”不存在，请改正。",
                    f"The committee {key} names “{post}”, which is no post.",
                )
        if len(set(committee.members)) != len(committee.members):
            yield problem(f"{place}/members", f"委员会 {key} 有重复的岗位。", f"The committee {key} names a post twice.")
        for field in ("quorum", "majority"):
            least = 1 if field == "quorum" else 0
            most = WHOLE if field == "quorum" else WHOLE - 1
            if not least <= getattr(committee, field) <= most:
                yield problem(
                    f"{place}/{field}",
                    f"委员会 {key} 的 {field} 须在 {least} 与 {most} 之间。",
                    f"{field} of the committee {key} must lie between {least} and {most} percent.",
                )


def chain_problems(regulation: Regulation, posts: frozenset[str], relations: frozenset[str]) -> Iterator[Problem]:
    """Yield what is not right with the procedures."""
    for key, chain in regulation.chains.items():
        if chain.key != key:
            yield problem(f"chains/{key}/key", f"流程 {key} 的代号不一致。", f"The procedure {key} calls itself {chain.key}.")
        if not 1 <= len(chain.steps) <= MOST_STEPS:
            yield problem(
                f"chains/{key}/steps",
                f"流程 {key} 须有 1 至 {MOST_STEPS} 步，现有 {len(chain.steps)} 步。",
                f"The procedure {key} must have 1 to {MOST_STEPS} steps; it has {len(chain.steps)}.",
            )
        keys = [step.key for step in chain.steps]
        for step in chain.steps:
            place = f"chains/{key}/steps/{step.key}"
            if keys.count(step.key) > 1 or not step.key:
                yield problem(
                    place, f"流程 {key} 的步骤代号“{step.key}”重复或为空。", f"A step of {key} is called “{step.key}” twice, or nothing."
                )
            yield from _who(place, step, regulation, posts, relations)
            yield from _clock(place, step, posts)
            yield from _amounts(place, step)
        yield from _order(chain, keys)


def _who(place: str, step: Step, regulation: Regulation, posts: frozenset[str], relations: frozenset[str]) -> Iterator[Problem]:
    who = step.who
    named = [one for one in (who.post, who.relation, who.committee) if one]
    if len(named) != 1:
        yield problem(
            f"{place}/who",
            f"{place} 须恰好写明岗位、关系、委员会三者之一。",
            f"{place} must name exactly one of post, relation and committee.",
        )
    if who.post and who.post not in posts:
        yield problem(f"{place}/who/post", f"{place} 的岗位“{who.post}”不存在，请改正。", f"{place} names “{who.post}”, which is no post.")
    if who.relation and who.relation not in relations:
        known = ", ".join(sorted(relations))
        yield problem(
            f"{place}/who/relation",
            f"{place} 的关系“{who.relation}”不存在，可用：{known}。",
            f"{place} names the relation “{who.relation}”, which is unknown; there is {known}.",
        )
    if who.committee and who.committee not in regulation.committees:
        yield problem(
            f"{place}/who/committee",
            f"{place} 的委员会“{who.committee}”不存在，请先写上该委员会。",
            f"{place} names the committee “{who.committee}”, which does not exist; write it first.",
        )
    if (step.kind is StepKind.VOTE) != bool(who.committee):
        yield problem(
            f"{place}/kind",
            f"{place}：表决须由委员会进行，委员会也只能表决。",
            f"{place}: a vote needs a committee, and a committee decides by vote only.",
        )


def _clock(place: str, step: Step, posts: frozenset[str]) -> Iterator[Problem]:
    if not 0 <= step.days <= LONGEST_CLOCK:
        yield problem(
            f"{place}/days",
            f"{place} 的时限须在 0 与 {LONGEST_CLOCK} 天之间。",
            f"The clock of {place} must lie between 0 and {LONGEST_CLOCK} days.",
        )
    if step.late_to and step.late_to not in posts:
        yield problem(
            f"{place}/late_to",
            f"{place} 的逾时岗位“{step.late_to}”不存在，请改正。",
            f"{place} goes late to “{step.late_to}”, which is no post.",
        )
    elif step.late_to and step.late_to == step.who.post:
        yield problem(
            f"{place}/late_to",
            f"{place} 逾时上报给了同一岗位，请改为上级岗位。",
            f"{place}, when late, goes to the very post that is late; name a higher one.",
        )
    if step.late_to and not step.days:
        yield problem(
            f"{place}/days",
            f"{place} 有逾时岗位却没有时限，请写明天数。",
            f"{place} says who is told when it is late, but has no clock; give it days.",
        )


def _amounts(place: str, step: Step) -> Iterator[Problem]:
    for field in ("over", "enough_up_to"):
        amount = getattr(step, field)
        number = number_of(amount)
        if amount is not None and (number is None or number < 0):
            yield problem(
                f"{place}/{field}", f"{place}/{field} 须为不小于 0 的金额。", f"{place}/{field} must be an amount of 0 yuan or more."
            )


def _order(chain: Chain, keys: list[str]) -> Iterator[Problem]:
    """Follow the steps: each must be reached from the first, none twice, and the last must end."""
    place = f"chains/{chain.key}/steps"
    known = True
    for step in chain.steps:
        if step.next not in {"", END, *keys}:
            known = False
            yield problem(
                f"{place}/{step.key}/next",
                f"{place}/{step.key} 之后的步骤“{step.next}”不存在，请改为本流程的步骤、空或 end。",
                f"After {place}/{step.key} comes “{step.next}”, which does not exist; name a step of this procedure, nothing, or end.",
            )
    if not known or not keys or len(set(keys)) != len(keys):
        return
    seen: list[str] = []
    key = keys[0]
    while key != END:
        if key in seen:
            yield problem(
                f"{place}/{seen[-1]}/next",
                f"流程 {chain.key} 在步骤 {seen[-1]} 之后回到 {key}，永远不会结束，请改正。",
                f"After the step {seen[-1]} the procedure {chain.key} comes back to {key} and never ends; put that right.",
            )
            break
        seen.append(key)
        at = keys.index(key)
        key = chain.steps[at].next or (keys[at + 1] if at + 1 < len(keys) else END)
    for key in keys:
        if key not in seen:
            yield problem(
                f"{place}/{key}",
                f"流程 {chain.key} 的步骤 {key} 永远走不到，请删去或让某一步指向它。",
                f"The step {key} of the procedure {chain.key} is never reached; take it out, or let a step lead to it.",
            )
