"""A person's home page, put together from the parts that their posts call for."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import msgspec
from django.urls import reverse

from lingqu.approvals.present import Moment as ApprovalMoment
from lingqu.approvals.present import fold_of, row_of
from lingqu.approvals.queries import ApprovalFilter, list_approvals, whole_approval
from lingqu.base.text import Text
from lingqu.credit.access import may_enter_receipt
from lingqu.desk.present import figures
from lingqu.desk.present.approvals import approval_task, due_first
from lingqu.desk.present.beginning import beginning_of
from lingqu.desk.present.duties import duties_card
from lingqu.desk.present.moment import Moment
from lingqu.desk.present.money import due_row
from lingqu.desk.present.own import own_parts
from lingqu.desk.present.queue import GROUPS, deals_with, queue_row
from lingqu.desk.present.tasks import Powers, powers_of, task_fold, task_row
from lingqu.desk.present.watch import watch_of
from lingqu.desk.present.words import place
from lingqu.desk.queries import (
    MoneyFigures,
    ToShip,
    due_batches,
    money_figures,
    payment_records,
    to_ship,
    unapplied_lines,
    waiting_requests,
    weekly_accepted,
    weekly_received,
)
from lingqu.desk.queries.queue import queued_for
from lingqu.desk.queries.watching import answer_record
from lingqu.orders.access import may_enter_for_partner, may_ship
from lingqu.orders.states import ORDERS
from lingqu.organisation.states import FirmKind, PostCode

APPROVALS_SHOWN = 30
MOST_CELLS = 6
MONEY_POSTS = {
    PostCode.DIRECTOR, PostCode.DEPUTY, PostCode.MANAGER, PostCode.FINANCE, PostCode.REPRESENTATIVE, PostCode.OWNER,
}  # fmt: skip
"""Whose business it is what partners owe."""


class Opened(msgspec.Struct, frozen=True):
    """The row that stands open, and what was typed there when its verb was refused; `group` narrows what waits to one kind."""

    number: str = ""
    typed: dict[str, str] = {}
    group: str = ""


def home_of(moment: Moment, *, everybody: bool, opened: Opened) -> dict[str, Any]:
    """Return the parts of the person's home page: figures, what waits for them, money, goods, and their own firm as a buyer.

    `everybody` shows a representative the requests of all partners, not only of their own.
    """
    who = moment.who
    parts: dict[str, Any] = {"cells": [], "duties": duties_card(who, on=moment.today), "beginning": beginning_of(moment)}
    if who.firm_kind != FirmKind.HQ.value:
        parts |= own_parts(moment)
    if who.firm_kind in (FirmKind.HQ.value, FirmKind.AGENT.value):
        parts |= _selling(moment, everybody=everybody, opened=opened)
    parts["cells"] = parts.get("own_cells") or parts["cells"][:MOST_CELLS]
    return _with_queue(parts, moment, opened)


def _with_queue(parts: dict[str, Any], moment: Moment, opened: Opened) -> dict[str, Any]:
    """Put approvals and all else that waits for the person among the requests, by time limit; the first row of all stands open."""
    page = list_approvals(moment.who, ApprovalFilter(), most=APPROVALS_SHOWN)
    queued = queued_for(moment.who, deals_with(moment.who), on=moment.today)
    approvals = [approval_task(row_of(one, at=moment.at)) | {"group": "approvals"} for one in page.rows]
    others = [queue_row(one, at=moment.at) for one in queued]
    if not approvals and not others and "tasks" not in parts:
        return parts
    tasks = parts.get("tasks") or {"rows": [], "late": 0, "scope": "all", "scoped": False, "signing": False, "more": False}
    rows = due_first([*tasks["rows"], *approvals, *others], moment.at)
    many = Counter(row["group"] for row in rows)
    chips = [{"key": key, "name": name, "count": many[key]} for key, name in GROUPS.items() if many[key]]
    group = opened.group if many[opened.group] else ""
    shown = [row for row in rows if row["group"] == group] if group else rows
    _open_first(shown, moment, opened)
    late = tasks["late"] + sum(row["clock_tone"] == "red" for row in (*approvals, *others))
    today = sum(bool(row["until"]) and row["clock_tone"] == "amber" for row in rows)
    parts["tasks"] = tasks | {
        "rows": shown, "count": len(rows), "late": late, "today": today, "mixed": bool(approvals or others), "group": group,
        "chips": chips if len(chips) > 1 else [], "more": page.older is not None,
    }  # fmt: skip
    return parts


def _open_first(rows: list[dict[str, Any]], moment: Moment, opened: Opened) -> None:
    """Leave one row open: the one asked for, else the first that folds out."""
    first = next((row for row in rows if row["number"] == opened.number), None) or next((row for row in rows if not row.get("plain")), None)
    if first is None:
        return
    if first.get("approval"):
        whole = whole_approval(first["number"], by=moment.who)
        first["approval_fold"] = fold_of(whole, ApprovalMoment(moment.who, moment.at, moment.today))
    for row in rows:
        if row is not first:
            row.pop("fold", None)


def _selling(moment: Moment, *, everybody: bool, opened: Opened) -> dict[str, Any]:
    """Return what the firm's people do for the partners who buy from it."""
    who, posts = moment.who, set(moment.posts)
    powers = powers_of(who, moment.regulation)
    mine = who.person if moment.only_own and not everybody else None
    parts: dict[str, Any] = {"enters": may_enter_for_partner(who, who.firm)}
    cells: list[figures.Cell] = []
    if powers.answers or powers.signs:
        parts["tasks"] = _tasks(moment, powers, mine=mine, opened=opened)
        cells.append(figures.waiting_cell(parts["tasks"]["waiting"], moment.at, signing=not powers.answers))
    if may_ship(who, who.firm):
        shipping = to_ship(who.firm)
        parts["shipping"] = [_ship_row(row, moment.today) for row in shipping]
        parts["shipping_total"] = shipping[0].total if shipping else 0
        if PostCode.WAREHOUSE in posts:
            cells += figures.shipping_cells(shipping, moment.today)
    deals = bool(posts & MONEY_POSTS)
    money = money_figures(who.firm, on=moment.today, tolerance_days=moment.tolerance_days, representative=mine) if deals else None
    owed = due_batches(who.firm, on=moment.today, representative=mine) if deals else []
    if money and who.firm_kind == FirmKind.HQ.value:
        cells += _money_cells(moment, money)
    if may_enter_receipt(who, who.firm):
        parts["due"] = [due_row(batch, on=moment.today, tolerance_days=moment.tolerance_days) for batch in owed]
        parts["due_total"] = owed[0].total if owed else 0
        parts["unapplied"] = unapplied_lines(who.firm)
    if posts - {PostCode.CLERK}:
        parts["watched"] = watch_of(moment, owed, money, mine=mine)
    parts["cells"] = cells
    return parts


def _money_cells(moment: Moment, money: MoneyFigures) -> list[figures.Cell]:
    """Return the figures that the post acts on, each with the way to what is behind it."""
    firm, posts = moment.who.firm, moment.posts
    links = figures.Links(moment.regulation)
    overdue = figures.overdue_cell(money, links)
    if moment.only_own:
        return [figures.owed_cell(money, links), overdue, figures.soon_cell(money, links), figures.credit_cell(money, links)]
    received = figures.weekly_cell(Text("近 7 天回款", "Received, 7 days"), weekly_received(firm, on=moment.today), reverse("receipts"))
    if PostCode.FINANCE in posts and PostCode.MANAGER not in posts:
        unapplied = figures.unapplied_cell(money)
        return [figures.owed_cell(money, links), overdue, figures.soon_cell(money, links), unapplied, received]
    accepted = figures.weekly_cell(Text("近 7 天受理", "Accepted, 7 days"), weekly_accepted(firm, on=moment.today), reverse("orders"))
    return [accepted, received, figures.credit_cell(money, links), overdue, figures.answers_cell(answer_record(firm), links)]


def _tasks(moment: Moment, powers: Powers, *, mine: int | None, opened: Opened) -> dict[str, Any]:
    who = moment.who
    found = [row for row in waiting_requests(who.firm, on=moment.today, representative=mine) if powers.concerns(row)]
    first = opened.number or (found[0].number if found else "")
    chosen = next((row for row in found if row.number == first), None)
    records = payment_records([chosen.line] if chosen else [], on=moment.today, tolerance_days=moment.tolerance_days)
    rows = []
    for row in found:
        shown = task_row(row, powers, at=moment.at) | {"group": "requests"}
        if row is chosen:
            shown["fold"] = task_fold(row, powers, records.get(row.line), today=moment.today, typed=opened.typed)
        rows.append(shown)
    late = sum(row.answer_until is not None and row.answer_until <= moment.at for row in found)
    scope = "mine" if mine else "all"
    return {"rows": rows, "waiting": found, "late": late, "scope": scope, "scoped": moment.only_own, "signing": not powers.answers}


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
