"""A firm as a buyer, on its home: what it may order for, what it owes and when, what is on its way, and its quick ways."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from lingqu.base.money import ZERO
from lingqu.base.text import Text
from lingqu.credit.models import CreditLine
from lingqu.credit.queries import batches_without_request, exposure_of, line_between, open_batches, standing_of
from lingqu.desk.present import figures
from lingqu.desk.present.moment import Moment
from lingqu.desk.present.money import exposure_of_line, exposure_why, own_batch
from lingqu.desk.present.words import time_left
from lingqu.desk.queries import WaitingRow, own_relation, requests_of
from lingqu.desk.queries.coming import coming_to, told_last
from lingqu.orders.access import may_submit
from lingqu.orders.present import ORDER_TONES
from lingqu.orders.states import ORDERS, OrderState
from lingqu.organisation.states import PostCode
from lingqu.partners.models import Partner

OWN_SHOWN = 8
COMING_DAYS = 30
UNDER_WAY = (OrderState.HELD, OrderState.REVIEW)


def own_parts(moment: Moment) -> dict[str, Any]:
    """Return the firm as a buyer: its credit at its seller, what it owes and when, its requests, what is on its way, what is new."""
    who = moment.who
    relation = own_relation(who.firm)
    if relation is None:
        return {}
    line = line_between(relation.seller_id, who.firm)
    requests = requests_of(relation.seller_id, who.firm, on=moment.today, most=OWN_SHOWN)
    may_ask = may_submit(who, relation.seller_id, who.firm)
    parts: dict[str, Any] = {
        "relation": relation,
        "own_requests": [_own_request(row, moment) for row in requests],
        "may_ask": may_ask,
        "own_page": reverse("partner", args=[relation.firm.code]),
        "quick": _quick(moment, relation, may_ask=may_ask and line is not None),
        "coming": _coming(moment),
        "told": told_last(who.person),
    }
    return parts | (_own_line(line, relation, requests, moment) if line else {})


def _quick(moment: Moment, relation: Partner, *, may_ask: bool) -> list[dict[str, Any]]:
    """Return the ways that are gone most, the first of them filled."""
    code = relation.firm.code
    ways = [
        (may_ask, Text("进货", "Order"), reverse("order_new"), "shopping-cart"),
        (moment.who.holds(PostCode.OWNER, moment.who.firm), Text("报表", "Reports"), reverse("duties"), "clipboard-check"),
        (True, Text("对账单", "Statement"), reverse("statement", args=[code]), "notes"),
        (True, Text("特价", "Special prices"), reverse("specials"), "cash"),
        (True, Text("账款", "Money"), f"{reverse('partner', args=[code])}?tab=money", "wallet"),
    ]
    return [{"name": name, "url": url, "icon": icon} for open_to, name, url, icon in ways if open_to][:4]


def _coming(moment: Moment) -> list[dict[str, Any]]:
    found = coming_to(moment.who.firm, since=moment.at - timedelta(days=COMING_DAYS))
    return [
        {
            "number": one.number, "request": one.request, "url": reverse("order", args=[one.request]), "waybill": one.waybill,
            "copies": one.copies, "at": one.shipped_at,
        }
        for one in found
    ]  # fmt: skip


def _own_line(line: CreditLine, relation: Partner, requests: list[WaitingRow], moment: Moment) -> dict[str, Any]:
    standing = standing_of(line, on=moment.today, tolerance_days=moment.tolerance_days)
    alone = batches_without_request(line.pk)
    owed = [
        own_batch(batch, on=moment.today, tolerance_days=moment.tolerance_days, has_request=batch.batch not in alone)
        for batch in open_batches(line.pk)
    ]
    dated = sorted((row for row in owed if row["due_on"]), key=lambda row: row["due_on"])
    next_due = None
    if dated:
        name = dated[0]["name"]
        day, words = dated[0]["due_on"], dated[0]["state_text"]
        on = f"{day:%m-%d}" if day.year == moment.today.year else f"{day}"
        next_due = (Text(on, on), Text(f"{name.zh}，{words.zh}", f"{name.en}, {words.en}"))
    line.buyer = relation.firm
    under_way = sum(row.state in UNDER_WAY for row in requests)
    return {
        "standing": standing,
        "own_exposure": exposure_of_line(standing),
        "own_why": exposure_why(line, standing, exposure_of(line), regulation=moment.regulation, on=moment.today),
        "own_batches": dated + [row for row in owed if not row["due_on"]],
        "own_first": dated[0] if dated else None,
        "own_cells": figures.own_cells(standing, sum((row["remaining"] for row in owed), ZERO), next_due, under_way),
    }


def _own_request(row: WaitingRow, moment: Moment) -> dict[str, Any]:
    """One of the firm's own requests, with what it waits for."""
    note: Text | None = None
    if row.state is OrderState.PAPERS:
        note = Text("下载合同，盖章后交回", "download the contract, stamp it, hand it in")
    if row.state in UNDER_WAY:
        left = time_left(row.answer_until, moment.at)
        note = Text(f"答复时限{left.zh}", f"answer: {left.en}") if row.answer_until else Text("答复不计时", "no time limit")
    elif row.state in (OrderState.ACCEPTED, OrderState.PART_SHIPPED) and row.ship_on:
        note = Text(f"{row.ship_on:%m-%d} 发货", f"ships {row.ship_on:%m-%d}")
    return {
        "number": row.number, "url": reverse("order", args=[row.number]), "net": row.net, "titles": row.titles, "copies": row.copies,
        "submitted_at": row.submitted_at, "state": "settled" if row.settled_on else ORDER_TONES[row.state],
        "state_text": Text("已结清", "Settled") if row.settled_on else ORDERS.words[row.state], "note": note,
    }  # fmt: skip
