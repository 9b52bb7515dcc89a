"""The watch list of a home: overdue money, holds, late answers, papers that end, late reports; each kind with its sum and its page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from lingqu.base.counted import counted
from lingqu.base.money import ZERO
from lingqu.base.templatetags.words import day, money, thousands, wan
from lingqu.base.text import Text
from lingqu.credit.access import may_see_desk
from lingqu.credit.queries import open_holds_of
from lingqu.credit.states import HOLD_LEVEL_WORDS, HoldLevel
from lingqu.desk.present.moment import Moment
from lingqu.desk.present.money import due_row
from lingqu.desk.present.words import time_left
from lingqu.desk.queries import DueBatch, MoneyFigures
from lingqu.desk.queries.watching import ending_papers, late_answers, partners_of
from lingqu.duties.queries import late_groups
from lingqu.organisation.states import FirmKind, PostCode

SHOWN = 4
SUPERVISING = (PostCode.DIRECTOR, PostCode.DEPUTY, PostCode.MANAGER)
REPORTS = (*SUPERVISING, PostCode.RESEARCHER)
Kind = dict[str, Any]


def watch_of(moment: Moment, owed: Iterable[DueBatch], figures: MoneyFigures | None, *, mine: int | None) -> list[Kind]:
    """Return the kinds of things to watch that there are, the most urgent first; with `mine` (a person) only of their partners."""
    who, posts = moment.who, moment.posts
    found: list[Kind | None] = []
    if figures is not None:
        found.append(_overdue(owed, figures, moment))
    found.append(_holds(moment, mine))
    if set(posts) & {PostCode.DIRECTOR, PostCode.DEPUTY}:
        found.append(_answers(moment))
    if set(posts) & {*SUPERVISING, PostCode.REPRESENTATIVE, PostCode.RESEARCHER, PostCode.OWNER}:
        found.append(_papers(moment, mine))
    if who.firm_kind == FirmKind.HQ.value and set(posts) & set(REPORTS):
        found.append(_reports(moment))
    return [kind for kind in found if kind]


def _kind(name: Text, total: Text, rows: list[dict[str, Any]], url: str, tone: str = "red") -> Kind:
    return {"name": name, "total": total, "rows": rows, "url": url, "tone": tone}


def _overdue(owed: Iterable[DueBatch], figures: MoneyFigures, moment: Moment) -> Kind | None:
    late: dict[str, dict[str, Any]] = {}
    for batch in owed:
        row = due_row(batch, on=moment.today, tolerance_days=moment.tolerance_days)
        if row["state"] == "overdue":
            name, state = row["name"], row["state_text"]
            second = Text(f"{row['grade']}级 · {name.zh} · {state.zh}", f"grade {row['grade']} · {name.en} · {state.en}")
            first = {"name": row["buyer"], "url": row["buyer_url"], "second": second, "sum": ZERO}
            known = late.setdefault(batch.buyer_code, first)
            known["sum"] += batch.remaining
    if not late:
        return None
    rows = [row | {"end": money(row["sum"]), "tone": "red"} for row in list(late.values())[:SHOWN]]
    many = figures.overdue_partners
    total = Text(f"{many} 户 {wan(figures.overdue)} 万元", f"{many} partners, {thousands(figures.overdue)}k yuan")
    at_desk = may_see_desk(moment.who, moment.who.firm)
    url = f"{reverse('credit_desk_documents')}?age=overdue" if at_desk else f"{reverse('partners')}?state=overdue"
    return _kind(Text("逾期", "Overdue"), total, rows, url)


def _holds(moment: Moment, mine: int | None) -> Kind | None:
    holds = open_holds_of(moment.who.firm, on=moment.today)
    if mine is not None:
        ours = partners_of(moment.who.firm, mine, on=moment.today)
        holds = [hold for hold in holds if hold.buyer_code in ours]
    if not holds:
        return None
    rows = []
    for hold in holds[:SHOWN]:
        level = HOLD_LEVEL_WORDS[HoldLevel(hold.level)]
        step = day(hold.deadline, "short")
        second = Text(f"{level.zh}，下一步 {step} 前", f"{level.en}, next step by {step}")
        if hold.deferred_until and hold.deferred_until >= moment.today:
            until = day(hold.deferred_until, "short")
            second = Text(f"暂不执行至 {until}", f"put off until {until}")
        tone = "red" if hold.deadline < moment.today else ""
        url = reverse("hold", args=[hold.number])
        rows.append({"name": hold.buyer_name, "url": url, "second": second, "end": hold.number, "tone": tone})
    return _kind(Text("供货控制", "Holds"), Text(f"{len(holds)} 户", f"{len(holds)}"), rows, reverse("holds"))


def _answers(moment: Moment) -> Kind | None:
    late = late_answers(moment.who.firm, at=moment.at, on=moment.today)
    if not late:
        return None
    rows = []
    for one in late:
        left = time_left(one.answer_until, moment.at)
        second = Text(f"{one.buyer_name} · {one.representative}", f"{one.buyer_name} · {one.representative}")
        rows.append({"name": one.number, "url": reverse("order", args=[one.number]), "second": second, "end": left, "tone": "red"})
    total = Text(f"{counted(late[0].total)} 份", counted(late[0].total))
    return _kind(Text("逾时未答复", "Not answered in time"), total, rows, f"{reverse('orders')}?group=expired")


def _papers(moment: Moment, mine: int | None) -> Kind | None:
    found = ending_papers(moment.who.firm, on=moment.today, representative=mine)
    if not found:
        return None
    rows = []
    for one in found:
        days = (one.until - moment.today).days if one.until else None
        if days is None:
            end, tone = Text("不齐", "missing"), "red"
        elif days < 0:
            end, tone = Text(f"过期 {-days} 天", f"ended {-days} d ago"), "red"
        else:
            end, tone = Text(f"{days} 天", f"{days} d"), "amber"
        until = day(one.until) if one.until else ""
        said = Text(f"{until} 到期" if until else "证书、合同或许可证", f"until {until}" if until else "certificate, agreement or licence")
        who = f" · {one.representative}" if one.representative else ""
        second = Text(said.zh + who, said.en + who)
        rows.append({"name": one.name, "url": reverse("partner", args=[one.code]), "second": second, "end": end, "tone": tone})
    return _kind(Text("证照到期", "Papers that end"), Text(f"{found[0].total} 户", f"{found[0].total}"), rows, reverse("partners"), "amber")


def _reports(moment: Moment) -> Kind | None:
    late = [group for group in late_groups(moment.who, on=moment.today) if group.late]
    if not late:
        return None
    rows = []
    for group in late[:SHOWN]:
        names = "、".join(group.firms[:3])
        due = day(group.due_on, "short")
        second = Text(f"应于 {due} · {names}", f"due {due} · {names.replace('、', ', ')}")
        end = Text(f"{group.late} 户", f"{group.late}")
        rows.append({"name": group.title, "url": reverse("duty_calendar"), "second": second, "end": end, "tone": "red"})
    many = sum(group.late for group in late)
    return _kind(Text("迟报", "Late reports"), Text(f"{many} 份", f"{many}"), rows, reverse("duty_calendar"))
