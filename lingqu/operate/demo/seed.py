"""Make the demo, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db import transaction

from lingqu.base.calendar import CHINA, china_day
from lingqu.base.clock import now
from lingqu.base.text import Text
from lingqu.operate.content import install_content
from lingqu.operate.demo.branch import plan_branch
from lingqu.operate.demo.goods import plan_goods
from lingqu.operate.demo.history import plan_history
from lingqu.operate.demo.money import plan_money
from lingqu.operate.demo.people import FIRMS, PEOPLE, PUBLISHER
from lingqu.operate.demo.publisher import set_up_publisher
from lingqu.operate.demo.reporting import plan_reports
from lingqu.operate.demo.ruling import plan_ruling
from lingqu.operate.demo.story import Story
from lingqu.operate.demo.titles import titles
from lingqu.operate.demo.told import new_password, read_told, write_told
from lingqu.operate.said import refusal, say
from lingqu.organisation.models import Firm, SignIn
from lingqu.policy.queries import regulation_in_force

LONG_AGO: Final = 200
LEAST_DAYS: Final = 60
OPENING: Final = time(9, 0)


def seed_demo(report: Callable[[str], None]) -> dict[str, Any]:
    """Make the demo publisher with its history and return its people with their password; a second call changes nothing.

    Everything is one transaction, so a demo that was cut short is made anew, with the same password. Refuses an installation that is
    in use, and one whose `demo.json` is gone: the password cannot be told again.
    """
    at = now()
    told = read_told()
    publisher = Firm.objects.filter(code=PUBLISHER[0]).exists()
    if told is None:
        _must_be_unused(publisher=publisher)
        told = _people(new_password())
        write_told(told)
    if not publisher:
        say(report, "正在建立演示数据", "Making the demo")
        with transaction.atomic():
            _make(at, told["password"])
    return _answer(told)


def _must_be_unused(*, publisher: bool) -> None:
    if publisher:
        raise refusal(
            "demo_password_gone",
            "演示单位已存在，但 demo.json 不在了，密码无法再显示。请运行 lingqu demo --reset 重新开始。",
            "The demo publisher exists, but demo.json is gone and the password cannot be told; run lingqu demo --reset to start over.",
        )
    if SignIn.objects.exists():
        raise refusal(
            "installation_in_use",
            "这个数据文件夹已有真实用户，不能混入演示数据。请把 LINGQU_HOME 设为另一个文件夹。",
            "This data folder has users of its own, and the demo is not mixed with them; set LINGQU_HOME to another folder.",
        )


def _make(at: datetime, password: str) -> None:
    install_content(at)
    regulation = regulation_in_force(on=china_day(at))
    if (china_day(at) - regulation.in_force_from).days < LEAST_DAYS:
        raise refusal(
            "demo_too_early",
            "制度自 {since} 起施行，演示历史至少需要 {days} 天。请检查本机日期。",
            "The regulation is in force from {since}, and the demo's history needs {days} days; check the date of this machine.",
            since=regulation.in_force_from,
            days=LEAST_DAYS,
        )
    first = max(china_day(at) - timedelta(days=LONG_AGO), regulation.in_force_from)
    opening = min(datetime.combine(first, OPENING, CHINA), at)
    made = set_up_publisher(regulation_in_force(on=first), at=opening, password=password)
    story = Story(made, at)
    plan_history(story)
    plan_goods(story)
    plan_money(story)
    plan_ruling(story)
    plan_branch(story)
    plan_reports(story)
    story.play()


def _people(password: str) -> dict[str, Any]:
    names = {firm.code: firm.name for firm in FIRMS} | {PUBLISHER[0]: PUBLISHER[1]}
    people = [
        {"login": person.login, "name": person.name, "post": {"zh": person.title.zh, "en": person.title.en}, "firm": names[person.firm]}
        for person in PEOPLE
        if person.login
    ]
    return {"publisher": PUBLISHER[1], "password": password, "people": people}


def _answer(told: dict[str, Any]) -> dict[str, Any]:
    people = [
        {**person, "post": Text(person["post"]["zh"], person["post"]["en"]), "password": told["password"]} for person in told["people"]
    ]
    return {"publisher": told["publisher"], "people": people, "titles": len(titles()), "partners": len(FIRMS)}
