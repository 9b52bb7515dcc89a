"""What signers, partners and representatives are told about a proposal. Private to the verbs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from lingqu.base.money import in_yuan
from lingqu.base.text import Text, alike
from lingqu.credit.models import CreditLine, CreditProposal, GradeChange
from lingqu.credit.queries import partner_owners, payment_record, standing_of
from lingqu.credit.rules import Proposed, chain_key
from lingqu.credit.states import ProposalKind, ProposalState
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.partners.queries import representatives_of
from lingqu.policy.rules import Grade, Regulation

Facts = tuple[tuple[Text, Text], ...]


def link_to(proposal: CreditProposal) -> str:
    """Return the address of the proposal's page."""
    return f"/credit/proposals/{proposal.number}/"


def change_words(proposal: CreditProposal) -> Text:
    """Return the change in a few words: from what to what, and until when."""
    if proposal.kind == ProposalKind.GRADE.value:
        before, after = proposal.grade_before, proposal.grade_after
        return Text(f"信用等级由 {before} 改为 {after}", f"credit grade from {before} to {after}")
    before, after = f"{proposal.limit_before:,}", f"{proposal.limit_after:,}"
    if proposal.until is None:
        return Text(f"信用额度由 {before} 元改为 {after} 元", f"credit limit from {before} to {after} yuan")
    return Text(f"临时额度 {after} 元，至 {proposal.until}", f"temporary limit {after} yuan until {proposal.until}")


def title_of(proposal: CreditProposal) -> Text:
    """Return the title under which the proposal is decided."""
    words = change_words(proposal)
    return Text(f"{proposal.line.buyer.name}：{words.zh}", f"{proposal.line.buyer.name}: {words.en}")


def facts_of(line: CreditLine, proposed: Proposed, *, regulation: Regulation, on: date) -> Facts:
    """Return what signers need to see: the partner, how its line stands, how it paid in twelve months, and the clause."""
    standing = standing_of(line, on=on, tolerance_days=regulation.parameters.overdue_tolerance_days)
    paid = payment_record(line.pk, on=on)
    late_zh = f"，逾期 {paid.late} 批，最长 {paid.longest_late} 天" if paid.late else "，无逾期"
    late_en = f", {paid.late} late, by {paid.longest_late} days at most" if paid.late else ", none late"
    chain = regulation.chains[chain_key(proposed.kind)]
    until = ((Text("临时额度至", "Until"), alike(proposed.until)),) if proposed.until else ()
    return (
        (Text("客户", "Partner"), alike(line.buyer.name)),
        (Text("现行等级", "Grade now"), alike(line.grade)),
        (Text("现行额度", "Limit now"), in_yuan(standing.limit)),
        (Text("拟定等级", "Proposed grade"), alike(proposed.grade)),
        (Text("拟定额度", "Proposed limit"), in_yuan(proposed.limit)),
        *until,
        (Text("超出等级额度", "Above the grade's limit"), in_yuan(proposed.amount)),
        (Text("已用", "Used"), in_yuan(standing.used)),
        (Text("预留", "Held"), in_yuan(standing.held)),
        (
            Text("未结批次", "Open batches"),
            Text(f"{standing.open_count} / {standing.max_open} 批", f"{standing.open_count} of {standing.max_open}"),
        ),
        (Text("现有逾期", "Overdue now"), in_yuan(standing.overdue)),
        (Text("近 12 个月付款", "Paid in 12 months"), Text(f"结清 {paid.settled} 批{late_zh}", f"{paid.settled} batches settled{late_en}")),
        (Text("条款", "Clause"), alike(chain.clause)),
    )


def tell_result(proposal: CreditProposal, *, on: date, at: datetime) -> None:
    """Tell the partner's owner how a proposal came out: it is in force, or it was not agreed to. Reasons stay in the house."""
    line = proposal.line
    link = f"/partners/{line.buyer.code}/"
    if proposal.state == ProposalState.APPLIED.value:
        words = change_words(proposal)
        title = Text(f"已生效：您的{words.zh}", f"In force: your {words.en}")
        body = Text("从现在起有效，已受理的申请不受影响。", "From this moment on; accepted requests are not touched.")
    else:
        title = Text("信用调整未获同意", "The change of your credit was not agreed to")
        body = Text("等级和额度照旧。", "Grade and limit stay as they are.")
    message = Message(f"credit:{proposal.pk}:{proposal.state}", "credit", title, body, link)
    notify(message, to=partner_owners(line, on=on), at=at)


def tell_grade(change: GradeChange, terms: Grade, *, on: date, at: datetime) -> None:
    """Tell the partner's owner that its grade was set at once, and what it allows from now on. Reasons stay in the house."""
    line = change.line
    title = Text(
        f"您的信用等级由 {change.before} 改为 {change.after}", f"Your credit grade was changed from {change.before} to {change.after}"
    )
    body = Text(
        f"额度 {terms.limit:,} 元，至多 {terms.max_open_batches} 批未结；已受理的申请不受影响。",
        f"The limit is {terms.limit:,} yuan, at most {terms.max_open_batches} open batches; accepted requests are not touched.",
    )
    message = Message(f"grade:{change.pk}", "credit", title, body, f"/partners/{line.buyer.code}/")
    notify(message, to=partner_owners(line, on=on), at=at)


def tell_table(line: CreditLine, limit: Decimal, *, document: tuple[str, int], on: date, at: datetime) -> None:
    """Tell the partner's owner that its limit follows a new version of the regulation."""
    title = Text(f"您的信用额度改为 {limit:,} 元", f"Your credit limit is {limit:,} yuan now")
    body = Text("随制度的新版本调整，已受理的申请不受影响。", "By a new version of the regulation; accepted requests are not touched.")
    message = Message(f"{document[0]}:{document[1]}:{line.pk}", "credit", title, body, f"/partners/{line.buyer.code}/")
    notify(message, to=partner_owners(line, on=on), at=at)


def tell_end(proposal: CreditProposal, limit: Decimal, *, on: date, at: datetime) -> None:
    """Tell the partner's owner and its representatives that the temporary raise is over, and what the limit is now."""
    line = proposal.line
    title = Text(f"{line.buyer.name}的临时额度已到期", f"The temporary limit of {line.buyer.name} is over")
    body = Text(
        f"额度恢复为 {limit:,} 元，已受理的申请不受影响。", f"The limit is {limit:,} yuan again; accepted requests are not touched."
    )
    message = Message(f"credit:{proposal.pk}:ended", "credit", title, body, f"/partners/{line.buyer.code}/")
    people = {*partner_owners(line, on=on), *representatives_of(line.buyer_id, line.seller_id, on)}
    notify(message, to=people, at=at)
