"""A person's home page, put together from the parts that their posts call for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import msgspec
from django.urls import reverse

from lingqu.approvals.present import Moment as ApprovalMoment
from lingqu.approvals.present import fold_of, row_of
from lingqu.approvals.queries import ApprovalFilter, list_approvals, whole_approval
from lingqu.base.money import ZERO
from lingqu.base.text import Text
from lingqu.credit.access import may_enter_receipt
from lingqu.credit.models import CreditLine
from lingqu.credit.queries import batches_without_request, exposure_of, line_between, open_batches, standing_of
from lingqu.desk.present import figures
from lingqu.desk.present.approvals import approval_task, due_first
from lingqu.desk.present.duties import duties_card
from lingqu.desk.present.money import due_row, exposure_of_line, exposure_why, own_batch
from lingqu.desk.present.shell import own_posts
from lingqu.desk.present.tasks import Powers, powers_of, task_fold, task_row
from lingqu.desk.present.words import place, time_left
from lingqu.desk.queries import (
    DueBatch,
    MoneyFigures,
    ToShip,
    WaitingRow,
    due_batches,
    money_figures,
    own_relation,
    payment_records,
    requests_of,
    to_ship,
    unapplied_lines,
    waiting_requests,
    weekly_accepted,
    weekly_received,
)
from lingqu.orders.access import may_ship, may_submit
from lingqu.orders.states import ORDERS, OrderState
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind, PostCode
from lingqu.partners.models import Partner
from lingqu.policy.rules import Regulation

APPROVALS_SHOWN = 30
WATCHED = 6
OWN_SHOWN = 8
UNDER_WAY = (OrderState.HELD, OrderState.REVIEW)


class Moment(msgspec.Struct, frozen=True):
    """Who looks at the page, when, and under which regulation."""

    who: Acting
    at: datetime
    today: date
    regulation: Regulation

    @property
    def tolerance_days(self) -> int:
        """Return how many days past due are not overdue yet (M-19.3)."""
        return self.regulation.parameters.overdue_tolerance_days


class Opened(msgspec.Struct, frozen=True):
    """The row that stands open, and what was typed there when its verb was refused."""

    number: str = ""
    typed: dict[str, str] = {}


def home_of(moment: Moment, *, everybody: bool, opened: Opened) -> dict[str, Any]:
    """Return the parts of the person's home page: figures, what waits for them, money, goods, and their own firm as a buyer.

    `everybody` shows a representative the requests of all partners, not only of their own.
    """
    who = moment.who
    parts: dict[str, Any] = {"cells": [], "sections": [], "duties": duties_card(who, on=moment.today)}
    if who.firm_kind != FirmKind.HQ.value:
        parts |= _own(moment)
    if who.firm_kind in (FirmKind.HQ.value, FirmKind.AGENT.value):
        parts |= _selling(moment, everybody=everybody, opened=opened)
        parts["cells"] = parts.get("own_cells") or parts["cells"]
    elif "own_cells" in parts:
        parts["cells"] = parts["own_cells"]
    return _with_approvals(parts, moment, opened)


def _with_approvals(parts: dict[str, Any], moment: Moment, opened: Opened) -> dict[str, Any]:
    """Put the approvals that wait for the person among what waits, by time limit; the first row of all stands open."""
    page = list_approvals(moment.who, ApprovalFilter(), most=APPROVALS_SHOWN)
    if not page.rows:
        return parts
    tasks = parts.get("tasks") or {"rows": [], "waiting": [], "late": 0, "scope": "all", "scoped": False, "signing": True}
    rows = due_first([*tasks["rows"], *(approval_task(row_of(one, at=moment.at)) for one in page.rows)], moment.at)
    first = rows[0]
    if first.get("approval") and not opened.number:
        whole = whole_approval(first["number"], by=moment.who)
        first["approval_fold"] = fold_of(whole, ApprovalMoment(moment.who, moment.at, moment.today))
        for row in rows[1:]:
            row.pop("fold", None)
    late = tasks["late"] + sum(row.get("approval", False) and row["clock_tone"] == "red" for row in rows)
    parts["tasks"] = tasks | {"rows": rows, "late": late, "mixed": True, "more": page.older is not None}
    return parts


def _selling(moment: Moment, *, everybody: bool, opened: Opened) -> dict[str, Any]:
    """Return what the firm's people do for the partners who buy from it."""
    who, posts = moment.who, own_posts(moment.who)
    powers = powers_of(who, moment.regulation)
    parts: dict[str, Any] = {}
    cells: list[figures.Cell] = []
    money = money_figures(who.firm, on=moment.today, tolerance_days=moment.tolerance_days)
    if powers.answers or powers.signs:
        tasks = _tasks(moment, powers, everybody=everybody, opened=opened)
        parts["tasks"] = tasks
        cells.append(figures.waiting_cell(tasks["waiting"], moment.at, signing=not powers.answers))
    if may_ship(who, who.firm):
        shipping = to_ship(who.firm)
        parts["shipping"] = [_ship_row(row, moment.today) for row in shipping]
        parts["shipping_total"] = shipping[0].total if shipping else 0
        if PostCode.WAREHOUSE in posts:
            cells += figures.shipping_cells(shipping, moment.today)
    if who.firm_kind == FirmKind.HQ.value and PostCode.WAREHOUSE not in posts:
        cells += _money_cells(moment, money, finance=PostCode.FINANCE in posts)
    owed = due_batches(who.firm)
    if may_enter_receipt(who, who.firm):
        parts["due"] = [due_row(batch, on=moment.today, tolerance_days=moment.tolerance_days) for batch in owed]
        parts["due_total"] = owed[0].total if owed else 0
        parts["unapplied"] = unapplied_lines(who.firm)
    if PostCode.WAREHOUSE not in posts or len(posts) > 1:
        parts["watched"] = _watched(owed, moment)
        parts["money"] = money
    parts["cells"] = cells[:5]
    return parts


def _money_cells(moment: Moment, money: MoneyFigures, *, finance: bool) -> list[figures.Cell]:
    received = figures.weekly_cell(Text("近 7 天回款", "Received, 7 days"), weekly_received(moment.who.firm, on=moment.today))
    overdue = figures.overdue_cell(money)
    if finance:
        return [figures.owed_cell(money), overdue, figures.soon_cell(money), figures.unapplied_cell(money), received]
    accepted = figures.weekly_cell(Text("近 7 天受理", "Accepted, 7 days"), weekly_accepted(moment.who.firm, on=moment.today))
    return [accepted, received, figures.credit_cell(money), overdue]


def _tasks(moment: Moment, powers: Powers, *, everybody: bool, opened: Opened) -> dict[str, Any]:
    who, posts = moment.who, own_posts(moment.who)
    only_own = PostCode.REPRESENTATIVE in posts and not {PostCode.MANAGER, PostCode.DIRECTOR, PostCode.DEPUTY} & set(posts)
    mine = who.person if only_own and not everybody else None
    found = [row for row in waiting_requests(who.firm, on=moment.today, representative=mine) if powers.concerns(row)]
    first = opened.number or (found[0].number if found else "")
    chosen = next((row for row in found if row.number == first), None)
    records = payment_records([chosen.line] if chosen else [], on=moment.today, tolerance_days=moment.tolerance_days)
    rows = []
    for row in found:
        shown = task_row(row, powers, at=moment.at)
        if row is chosen:
            shown["fold"] = task_fold(row, powers, records.get(row.line), today=moment.today, typed=opened.typed)
        rows.append(shown)
    late = sum(row.answer_until <= moment.at for row in found)
    scope = "mine" if mine else "all"
    return {"rows": rows, "waiting": found, "late": late, "scope": scope, "scoped": only_own, "signing": not powers.answers}


def one_task(moment: Moment, number: str) -> dict[str, Any] | None:
    """Return what folds out under one row; None when the request does not wait for the person."""
    powers = powers_of(moment.who, moment.regulation)
    found = [row for row in waiting_requests(moment.who.firm, on=moment.today, number=number) if powers.concerns(row)]
    if not found:
        return None
    records = payment_records([found[0].line], on=moment.today, tolerance_days=moment.tolerance_days)
    return task_fold(found[0], powers, records.get(found[0].line), today=moment.today)


def _ship_row(row: ToShip, on: date) -> dict[str, Any]:
    late = (on - row.ship_on).days if row.ship_on else 0
    state, words = ("late", Text(f"迟 {late} 天", f"{late} d late")) if late > 0 else ("progress", ORDERS.words[row.state])
    if late == 0 and row.ship_on:
        state, words = "due_soon", Text("今日应发", "promised for today")
    short = row.copies - row.ready
    return {
        "number": row.number, "url": reverse("order", args=[row.number]), "ship_url": reverse("task_ship", args=[row.number]),
        "buyer": row.buyer_name, "place": row.delivery_address or place(row.delivery_division), "ship_on": row.ship_on,
        "titles": row.titles, "copies": row.copies, "ready": row.ready, "short": max(0, short),
        "state": state, "state_text": words,
    }  # fmt: skip


def _watched(owed: Iterable[DueBatch], moment: Moment) -> list[dict[str, Any]]:
    """Overdue partners, the longest first, with what they owe past due."""
    late: dict[str, dict[str, Any]] = {}
    for batch in owed:
        row = due_row(batch, on=moment.today, tolerance_days=moment.tolerance_days)
        if row["state"] != "overdue":
            continue
        known = late.setdefault(batch.buyer_code, row | {"amount": ZERO})
        known["amount"] += batch.remaining
    return list(late.values())[:WATCHED]


def _own(moment: Moment) -> dict[str, Any]:
    """Return the firm as a buyer: its credit at its seller, what it owes and when, its requests."""
    who = moment.who
    relation = own_relation(who.firm)
    if relation is None:
        return {}
    line = line_between(relation.seller_id, who.firm)
    requests = requests_of(relation.seller_id, who.firm, on=moment.today, most=OWN_SHOWN)
    parts: dict[str, Any] = {
        "relation": relation,
        "own_requests": [_own_request(row, moment) for row in requests],
        "may_ask": may_submit(who, relation.seller_id, who.firm),
        "own_page": reverse("partner", args=[relation.firm.code]),
    }
    return parts | (_own_line(line, relation, requests, moment) if line else {})


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
    kinds = {
        OrderState.HELD: "waiting", OrderState.REVIEW: "waiting", OrderState.REFUSED: "refused", OrderState.ACCEPTED: "progress",
        OrderState.PART_SHIPPED: "progress", OrderState.SHIPPED: "done", OrderState.DECLINED: "refused", OrderState.WITHDRAWN: "closed",
        OrderState.EXPIRED: "late", OrderState.PAPERS: "waiting", OrderState.CANCELLED: "closed", OrderState.MERGED: "closed",
    }  # fmt: skip
    note: Text | None = None
    if row.state is OrderState.PAPERS:
        note = Text("下载合同，盖章后交回", "download the contract, stamp it, hand it in")
    if row.state in UNDER_WAY:
        left = time_left(row.answer_until, moment.at)
        note = Text(f"答复时限{left.zh}", f"answer: {left.en}")
    elif row.state in (OrderState.ACCEPTED, OrderState.PART_SHIPPED) and row.ship_on:
        note = Text(f"{row.ship_on:%m-%d} 发货", f"ships {row.ship_on:%m-%d}")
    return {
        "number": row.number, "url": reverse("order", args=[row.number]), "net": row.net, "titles": row.titles, "copies": row.copies,
        "submitted_at": row.submitted_at, "state": "settled" if row.settled_on else kinds[row.state],
        "state_text": Text("已结清", "Settled") if row.settled_on else ORDERS.words[row.state], "note": note,
    }  # fmt: skip
