"""What signers and members are told about a proposal for a group. Private to the verbs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from lingqu.approvals.rules import Chain
from lingqu.base.calendar import china_day
from lingqu.base.money import in_yuan
from lingqu.base.text import Text, alike
from lingqu.credit.models import CreditGroup, CreditLine, GroupProposal
from lingqu.credit.queries import partner_owners
from lingqu.credit.states import GROUP_KIND_WORDS, GroupProposalKind
from lingqu.ledger.queries import standings
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.partners.queries import representatives_of

Facts = tuple[tuple[Text, Text], ...]


def link_to_group(proposal: GroupProposal) -> str:
    """Return the address of the proposal's page."""
    return f"/credit/groups/proposals/{proposal.number}/"


def name_of(proposal: GroupProposal) -> str:
    """Return the name of the group that a proposal is about, also of one that is not opened yet."""
    return proposal.group.name if proposal.group else proposal.name


def title_of_group(proposal: GroupProposal) -> Text:
    """Return the title under which the proposal is decided."""
    kind, name = GroupProposalKind(proposal.kind), name_of(proposal)
    words = GROUP_KIND_WORDS[kind]
    if kind in (GroupProposalKind.JOIN, GroupProposalKind.LEAVE):
        buyer = proposal.line.buyer.name if proposal.line else ""
        return Text(f"{buyer}{words.zh}：{name}", f"{buyer}: {words.en.lower()}, {name}")
    if kind is GroupProposalKind.CLOSE:
        return Text(f"{words.zh}：{name}", f"{words.en}: {name}")
    before, after = f"{proposal.limit_before:,.2f}", f"{proposal.limit_after:,.2f}"
    if kind is GroupProposalKind.OPEN:
        return Text(f"{words.zh}：{name}，{after} 元", f"{words.en}: {name}, {after} yuan")
    return Text(f"{words.zh}：{name}，由 {before} 元改为 {after} 元", f"{words.en}: {name}, from {before} to {after} yuan")


def facts_of_group(proposal: GroupProposal, amount: Decimal, chain: Chain) -> Facts:
    """Return what signers need to see: the group and its limit, how group and line stand, the yuan that choose the route, the clause."""
    facts = [(Text("集团", "Group"), alike(name_of(proposal)))]
    if proposal.group:
        facts += _standing(proposal.group.account_id, "集团", "of the group")
    if proposal.line:
        facts += [(Text("客户", "Partner"), alike(proposal.line.buyer.name)), *_of_line(proposal.line)]
    if proposal.kind in (GroupProposalKind.OPEN.value, GroupProposalKind.LIMIT.value):
        facts.append((Text("拟定集团额度", "Proposed limit of the group"), in_yuan(proposal.limit_after)))
    return (*facts, (Text("按此金额审批", "Route by this amount"), in_yuan(amount)), (Text("条款", "Clause"), alike(chain.clause)))


def tell_member(line: CreditLine, group: CreditGroup, proposal: GroupProposal, *, at: datetime) -> None:
    """Tell the partner's owner and its representatives that it is in a group now, or in none any more. Others' figures are not told."""
    name, buyer = group.name, line.buyer.name
    if line.group_id is None:
        title = Text(f"{buyer}不再属于集团额度“{name}”", f"{buyer} does not share the limit of {name} any more")
        body = Text("从现在起只按本户额度判定，已受理的申请不受影响。", "Its own limit alone counts from now on; accepted requests stay.")
    else:
        title = Text(f"{buyer}已并入集团额度“{name}”", f"{buyer} shares the limit of {name} now")
        body = Text(
            "从现在起每张申请须同时不超过本户额度和集团额度，已受理的申请不受影响。",
            "From now on each request must fit its own limit and the group's; accepted requests stay.",
        )
    _tell(line, Message(f"group:{proposal.pk}:{line.pk}", "credit", title, body, f"/partners/{line.buyer.code}/"), at=at)


def tell_limit(group: CreditGroup, before: Decimal, after: Decimal, proposal: GroupProposal, *, at: datetime) -> None:
    """Tell all members of a group, and who looks after them, that the limit which they share is another one now."""
    title = Text(
        f"集团额度“{group.name}”由 {before:,} 元改为 {after:,} 元", f"The limit of {group.name}: from {before:,} to {after:,} yuan"
    )
    body = Text("从现在起有效，已受理的申请不受影响。", "From this moment on; accepted requests are not touched.")
    for line in CreditLine.objects.filter(group=group).select_related("buyer").order_by("id"):
        _tell(line, Message(f"group:{proposal.pk}:{line.pk}", "credit", title, body, f"/partners/{line.buyer.code}/"), at=at)


def _tell(line: CreditLine, message: Message, *, at: datetime) -> None:
    day = china_day(at)
    notify(message, to={*partner_owners(line, on=day), *representatives_of(line.buyer_id, line.seller_id, day)}, at=at)


def _of_line(line: CreditLine) -> list[tuple[Text, Text]]:
    return _standing(line.account_id, "本户", "of the partner")


def _standing(account: int, zh: str, en: str) -> list[tuple[Text, Text]]:
    now = standings([account])[account]
    return [
        (Text(f"{zh}额度", f"Limit {en}"), in_yuan(now.limit)),
        (Text(f"{zh}已用", f"Used {en}"), in_yuan(now.used)),
        (Text(f"{zh}预留", f"Held {en}"), in_yuan(now.held)),
    ]
