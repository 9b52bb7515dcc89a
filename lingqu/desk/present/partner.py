"""The partner's page: who they are, their papers, what happened."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from lingqu.base.templatetags.words import money
from lingqu.base.text import Text
from lingqu.desk.present.words import places
from lingqu.desk.queries import Happening
from lingqu.desk.queries.between import MOST_COUNTED, Counts
from lingqu.orders.states import SOURCE_WORDS, Source
from lingqu.organisation.models import PostHolding
from lingqu.organisation.states import FIRM_KIND_WORDS, POST_WORDS, FirmKind, PostCode
from lingqu.partners.models import Partner

SOON_DAYS = 90
TABS = {
    "overview": Text("概览", "Overview"),
    "requests": Text("进货申请", "Requests"),
    "money": Text("资金流水", "Movements"),
    "receipts": Text("回款", "Receipts"),
    "statements": Text("对账单", "Statements"),
    "specials": Text("特价", "Special prices"),
    "holds": Text("供货控制", "Holds"),
    "grades": Text("信用等级", "Grades"),
    "history": Text("往来记录", "History"),
}
ONLY_WITH = {"statements", "specials", "holds"}
"""Tabs that stand there only when there is something in them."""


def tabs_of(counts: Counts, chosen: str) -> list[dict[str, Any]]:
    """Return the tabs with how much is in each; those that would be empty are left out, but for the one that was asked for."""
    many = {
        "requests": counts.requests, "receipts": counts.receipts, "statements": counts.statements, "specials": counts.specials,
        "holds": counts.holds,
    }  # fmt: skip
    return [
        {
            "key": key, "name": name, "count": many.get(key, 0), "more": many.get(key, 0) >= MOST_COUNTED,
            "late": key == "holds" and counts.open_holds > 0,
        }
        for key, name in TABS.items()
        if key not in ONLY_WITH or many[key] or key == chosen
    ]  # fmt: skip


def header_of(partner: Partner, *, grade: str, representative: str, since: date | None) -> list[dict[str, object]]:
    """Return the head of the page: level, grade, areas, representative, how long papers hold, code."""
    firm = partner.firm
    kind = FIRM_KIND_WORDS[FirmKind(firm.kind)]
    owned = Text("民营", "private") if firm.private else Text("国有", "state-owned")
    until = [day for day in (partner.certified_until, partner.contract_until) if day]
    return [
        {"name": Text("层级", "Level"), "value": Text(f"{kind.zh} · {owned.zh}", f"{kind.en} · {owned.en}")},
        {"name": Text("信用等级", "Grade"), "value": Text(f"{grade}级", grade) if grade else Text("未评级", "not graded")},
        {"name": Text("授权区域", "Area"), "value": places(partner.areas)},
        {"name": Text("证书与合同至", "Papers until"), "value": min(until).isoformat() if len(until) == 2 else Text("不齐", "incomplete")},  # noqa: PLR2004 - both papers
        {"name": Text("区域销售员", "Representative"), "value": representative or "—", "note": since},
        {"name": Text("编号", "Code"), "value": firm.code},
    ]


def papers_of(partner: Partner, on: date) -> list[dict[str, Any]]:
    """Return certificate, agreement and licence with the days that are left, the first to end on top."""
    papers = [
        (Text("授权证书", "Certificate"), partner.certificate, partner.certified_until),
        (Text("代理合同", "Agency agreement"), partner.contract, partner.contract_until),
        (Text("出版物经营许可证", "Trade licence"), partner.licence, partner.licence_until),
    ]
    rows = [{"name": name, "number": number or "—", "until": until} | _validity(until, on) for name, number, until in papers]
    return sorted(rows, key=lambda row: (row["until"] is not None, row["until"] or on))


def _validity(until: date | None, on: date) -> dict[str, Any]:
    if until is None:
        return {"state": "failed", "text": Text("没有", "missing"), "days": None}
    days = (until - on).days
    if days < 0:
        return {"state": "overdue", "text": Text(f"已过期 {-days} 天", f"ended {-days} d ago"), "days": days}
    if days <= SOON_DAYS:
        return {"state": "due_soon", "text": Text("将到期", "ends soon"), "days": days}
    return {"state": "valid", "text": Text("有效", "valid"), "days": days}


def contact_of(holding: PostHolding) -> dict[str, object]:
    """Return somebody of the firm with post and telephone."""
    person = holding.person
    return {"name": person.name, "post": POST_WORDS[PostCode(holding.post_id)], "telephone": person.telephone}


def event_of(happened: Happening) -> dict[str, object]:
    """Return something that happened as a line of the timeline."""
    tone, words, url = _EVENTS[happened.kind](happened)
    return {"tone": tone, "text": words, "at": happened.at, "note": happened.person, "url": url}


def _asked(happened: Happening) -> tuple[str, Text, str]:
    how = "" if happened.word == Source.PARTNER.value else f"（{SOURCE_WORDS[Source(happened.word)].zh}）"
    how_en = "" if happened.word == Source.PARTNER.value else f" ({SOURCE_WORDS[Source(happened.word)].en.lower()})"
    words = Text(
        f"提交申请 {happened.number}，{money(happened.amount)}{how}", f"Requested {happened.number}, {money(happened.amount)}{how_en}"
    )
    return "grey", words, reverse("order", args=[happened.number])


def _accepted(happened: Happening) -> tuple[str, Text, str]:
    words = Text(f"受理 {happened.number}，{money(happened.amount)}", f"Accepted {happened.number}, {money(happened.amount)}")
    return "blue", words, reverse("order", args=[happened.number])


def _shipped(happened: Happening) -> tuple[str, Text, str]:
    words = Text(f"发货 {happened.number}，{happened.word}", f"Shipped {happened.number} for {happened.word}")
    return "blue", words, reverse("order", args=[happened.word])


def _paid(happened: Happening) -> tuple[str, Text, str]:
    words = Text(f"回款 {money(happened.amount)}，{happened.number}", f"Paid {money(happened.amount)}, {happened.number}")
    return "green", words, reverse("receipt", args=[happened.number])


def _bounced(happened: Happening) -> tuple[str, Text, str]:
    words = Text(f"回款冲回 {money(happened.amount)}，{happened.number}", f"Taken back {money(happened.amount)}, {happened.number}")
    return "red", words, reverse("receipt", args=[happened.number])


def _graded(happened: Happening) -> tuple[str, Text, str]:
    before, _, after = happened.word.partition(">")
    words = (
        Text(f"信用等级 {before} 改为 {after}", f"Grade {before} changed to {after}")
        if before
        else Text(f"首次评级 {after}", f"First graded {after}")
    )
    return "amber" if before else "grey", words, ""


def _waived(happened: Happening) -> tuple[str, Text, str]:
    words = Text(f"特批 {happened.word}，{happened.number}", f"Special signature for {happened.word}, {happened.number}")
    return "amber", words, reverse("order", args=[happened.word])


_EVENTS = {
    "asked": _asked, "accepted": _accepted, "shipped": _shipped, "paid": _paid, "bounced": _bounced, "graded": _graded, "waived": _waived,
}  # fmt: skip
