"""What owners and retailers are told about terms. Private to the verbs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from lingqu.base.money import in_yuan
from lingqu.base.text import Text, alike
from lingqu.credit.models import RetailerTerms
from lingqu.credit.queries import partner_owners, payment_record, standing_of
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.policy.rules import Regulation

Facts = tuple[tuple[Text, Text], ...]
NOT_OWN = Text("按折扣表", "by the table")


def link_to(document: RetailerTerms) -> str:
    """Return the address of the document's page."""
    return f"/branch/terms/{document.number}/"


def price_words(points: int | None) -> Text:
    """Return a price of a retailer in words: percent of the list price, or that of the table."""
    if points is None:
        return NOT_OWN
    share = f"{Decimal(points) / 100:g}%"
    return Text(share, share)


def terms_words(document: RetailerTerms) -> Text:
    """Return the terms in one line."""
    price = price_words(document.discount_bp)
    return Text(
        f"{document.grade} 级，额度 {document.limit:,.2f} 元，{document.batches} 批，发货后 {document.days} 天，折扣{price.zh}",
        f"grade {document.grade}, limit {document.limit:,.2f} yuan, {document.batches} batches, {document.days} days from shipping, "
        f"price {price.en}",
    )


def title_of(document: RetailerTerms) -> Text:
    """Return the title under which the document is decided."""
    name = document.line.buyer.name
    return Text(f"{name}：供货条件", f"{name}: terms")


def facts_of(document: RetailerTerms, clause: str, *, regulation: Regulation, on: date) -> Facts:
    """Return what the owner needs to see: the retailer, how its line stands, how it paid in twelve months, what is proposed, the clause."""
    line = document.line
    standing = standing_of(line, on=on, tolerance_days=regulation.parameters.overdue_tolerance_days)
    paid = payment_record(line.pk, on=on)
    late_zh = f"，逾期 {paid.late} 批" if paid.late else "，无逾期"
    late_en = f", {paid.late} late" if paid.late else ", none late"
    return (
        (Text("零售商", "Retailer"), alike(line.buyer.name)),
        (Text("现行等级", "Grade now"), alike(line.grade)),
        (Text("现行额度", "Limit now"), in_yuan(standing.limit)),
        (Text("现行折扣", "Price now"), price_words(line.own_discount_bp)),
        (Text("拟定等级", "Proposed grade"), alike(document.grade)),
        (Text("拟定额度", "Proposed limit"), in_yuan(document.limit)),
        (Text("拟定批次", "Proposed batches"), alike(document.batches)),
        (Text("拟定账期", "Proposed term"), Text(f"发货后 {document.days} 天", f"{document.days} days from shipping")),
        (Text("拟定折扣", "Proposed price"), price_words(document.discount_bp)),
        (Text("已用", "Used"), in_yuan(standing.used)),
        (Text("预留", "Held"), in_yuan(standing.held)),
        (Text("现有逾期", "Overdue now"), in_yuan(standing.overdue)),
        (Text("近 12 个月付款", "Paid in 12 months"), Text(f"结清 {paid.settled} 批{late_zh}", f"{paid.settled} batches settled{late_en}")),
        (Text("条款", "Clause"), alike(clause)),
    )


def tell_terms(document: RetailerTerms, *, on: date, at: datetime) -> None:
    """Tell the retailer's owner what it gets from now on. Reasons stay in the agent's house."""
    line, words = document.line, terms_words(document)
    title = Text("您的供货条件已更新", "Your terms have changed")
    body = Text(f"{words.zh}。已受理的申请不受影响。", f"{words.en}. Accepted requests are not touched.")
    message = Message(f"terms:{document.pk}", "credit", title, body, f"/partners/{line.buyer.code}/")
    notify(message, to=partner_owners(line, on=on), at=at)
