"""Whom a hold is told to, in which words. Private to the verbs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from lingqu.base.money import in_yuan
from lingqu.base.text import Text, alike, parted
from lingqu.credit.access import HOLD_POSTS, INFORMED_POSTS
from lingqu.credit.models import CreditLine, HoldRequest, SupplyHold
from lingqu.credit.queries import last_promise, partner_owners, payment_record, standing_of
from lingqu.credit.rules import RELEASE_CHAIN
from lingqu.credit.states import HOLD_CAUSE_WORDS, HOLD_LEVEL_WORDS, HoldCause, HoldLevel, HoldRequestKind
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.organisation.queries import holders, stand_ins
from lingqu.organisation.states import PostCode
from lingqu.partners.queries import representatives_of
from lingqu.policy.rules import Regulation

KIND = "hold"


def link_to_hold(hold: SupplyHold) -> str:
    """Return the address of the hold's page."""
    return f"/credit/holds/{hold.number}/"


def change_words(request: HoldRequest) -> Text:
    """Return what is asked about a hold in a few words."""
    if request.kind == HoldRequestKind.RELEASE.value:
        return Text("提前解除供货控制", "release the hold early")
    return Text(f"供货控制延期至 {request.until}", f"put the hold off until {request.until}")


def title_of_request(request: HoldRequest, line: CreditLine) -> Text:
    """Return the title under which a request about a hold is decided."""
    words = change_words(request)
    return Text(f"{line.buyer.name}：{words.zh}", f"{line.buyer.name}: {words.en}")


def facts_of_hold(
    hold: SupplyHold, request: HoldRequest, line: CreditLine, *, regulation: Regulation, on: date
) -> tuple[tuple[Text, Text], ...]:  # fmt: skip
    """Return what signers need to see: the hold, what is overdue, how the line stands, how it paid, and what was promised."""
    standing = standing_of(line, on=on, tolerance_days=regulation.parameters.overdue_tolerance_days)
    paid = payment_record(line.pk, on=on)
    late_zh = f"，逾期 {paid.late} 批，最长 {paid.longest_late} 天" if paid.late else "，无逾期"
    late_en = f", {paid.late} late, by {paid.longest_late} days at most" if paid.late else ", none late"
    days = (on - hold.oldest_due_on).days if hold.oldest_due_on else 0
    promise = last_promise(line.pk)
    promised = Text("没有", "none")
    if promise is not None:
        day, amount = promise.promised_on, f"{promise.promised_amount:,}"
        promised = Text(f"{day} 付 {amount} 元", f"{amount} yuan by {day}")
    return (
        (Text("客户", "Partner"), alike(line.buyer.name)),
        (Text("供货控制", "Hold"), alike(hold.number)),
        (Text("程度", "Level"), HOLD_LEVEL_WORDS[HoldLevel(hold.level)]),
        (Text("原因", "Cause"), HOLD_CAUSE_WORDS[HoldCause(hold.cause)]),
        (Text("申请", "Asked"), change_words(request)),
        (Text("逾期货款", "Overdue"), in_yuan(hold.amount)),
        (Text("最长逾期", "Oldest overdue"), Text(f"{days} 天", f"{days} {'day' if days == 1 else 'days'}")),
        (Text("等级", "Grade"), alike(line.grade)),
        (Text("额度", "Limit"), in_yuan(standing.limit)),
        (Text("已用", "Used"), in_yuan(standing.used)),
        (
            Text("未结批次", "Open batches"),
            Text(f"{standing.open_count} / {standing.max_open} 批", f"{standing.open_count} of {standing.max_open}"),
        ),
        (Text("近 12 个月付款", "Paid in 12 months"), Text(f"结清 {paid.settled} 批{late_zh}", f"{paid.settled} batches settled{late_en}")),
        (Text("付款承诺", "Promised"), promised),
        (Text("条款", "Clause"), alike(regulation.chains[RELEASE_CHAIN].clause)),
    )


def staff_told(line: CreditLine, *, on: date) -> set[int]:
    """Return who of the seller hears of a hold: representatives, warehouse, finance, director, and who stands in for them (M-19.3)."""
    posts = [post.value for post in (PostCode.WAREHOUSE, *HOLD_POSTS, *INFORMED_POSTS)]
    held = [
        *holders(sorted(set(posts)), line.seller_id, on=on),
        *((person, PostCode.REPRESENTATIVE.value) for person in representatives_of(line.buyer_id, line.seller_id, on)),
    ]
    return {person for person, _ in held} | set(stand_ins(held, on=on))


def tell_set(hold: SupplyHold, line: CreditLine, *, key: str, on: date, at: datetime) -> None:
    """Tell everybody that a hold is in force, was tightened or is in force again; the partner's owner reads what to pay."""
    name, words = line.buyer.name, HOLD_LEVEL_WORDS[HoldLevel(hold.level)]
    title = Text(f"{name}：{words.zh}", f"{name}: {words.en}")
    body = parted(hold.reason)
    _tell(hold, f"{key}:staff", title, body, to=sorted(staff_told(line, on=on)), at=at)
    if hold.cause == HoldCause.OVERDUE.value:
        body = Text(
            f"请付逾期货款 {hold.amount:,} 元；到账并核销后自动解除。",
            f"Please pay the {hold.amount:,} yuan that are overdue; once they are in, it ends by itself.",
        )
    else:
        body = Text("请与您的区域销售员联系。", "Please speak with your representative.")
    requests = Text("，新的进货申请暂不通过", "; new requests do not pass") if hold.level == HoldLevel.STOP.value else Text("", "")
    title = Text(f"货物暂不发出{requests.zh}", f"Your goods are held back{requests.en}")
    _tell(hold, f"{key}:partner", title, body, to=partner_owners(line, on=on), at=at)


def tell_deferred(hold: SupplyHold, line: CreditLine, *, key: str, on: date, at: datetime) -> None:
    """Tell everybody up to which day goods may leave all the same."""
    name, until = line.buyer.name, hold.deferred_until
    title = Text(f"{name}：供货控制延期至 {until}", f"{name}: the hold is put off until {until}")
    body = Text(f"{until} 当天仍可发货，次日起恢复控制。", f"Goods may leave on {until}, too; from the next day on it is in force again.")
    _tell(hold, f"{key}:staff", title, body, to=sorted(staff_told(line, on=on)), at=at)
    title = Text(f"{until} 之前可以发货", f"Your goods may leave until {until}")
    body = Text(f"请在此之前付清逾期货款 {hold.amount:,} 元。", f"Please pay the {hold.amount:,} yuan that are overdue by then.")
    if hold.cause != HoldCause.OVERDUE.value:
        body = Text("次日起恢复控制。", "From the next day on they are held back again.")
    _tell(hold, f"{key}:partner", title, body, to=partner_owners(line, on=on), at=at)


def tell_released(hold: SupplyHold, line: CreditLine, *, on: date, at: datetime) -> None:
    """Tell everybody that goods may leave again. Why it was decided stays in the house."""
    name = line.buyer.name
    title = Text(f"{name}：供货控制已解除", f"{name}: the hold is released")
    _tell(hold, "released:staff", title, parted(hold.release_reason), to=sorted(staff_told(line, on=on)), at=at)
    title = Text("您的货物可以发出了", "Your goods may leave again")
    body = Text(f"供货控制 {hold.number} 已解除。", f"Hold {hold.number} is released.")
    _tell(hold, "released:partner", title, body, to=partner_owners(line, on=on), at=at)


def _tell(hold: SupplyHold, key: str, title: Text, body: Text, *, to: Sequence[int], at: datetime) -> None:
    if to:
        notify(Message(f"hold:{hold.pk}:{key}", KIND, title, body, link_to_hold(hold), urgent=True), to=to, at=at)
