"""The page that tells how the system is: what the doctor wrote down, in both languages, to those of headquarters who look after it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from django.conf import settings

from lingqu.base.text import Text
from lingqu.config.condition import FILE, Condition, Found, Verdict, read_condition
from lingqu.config.home import Home
from tests.pages import SitDown, at_desk, counted
from tests.world import World

__all__ = ["at_desk"]
CHECKS = (
    Found("worker", Text("后台进程", "Worker"), Verdict.OK, Text("良好数字", "fine figure")),
    Found("backup", Text("备份", "Backup"), Verdict.BAD, Text("没有", "none"), Text("请运行 <b>", "Run <b>")),
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("LINGQU_HOME", str(tmp_path))
    return Home(tmp_path)


def write(world: World, home: Home, checks: tuple[Found, ...], *, minutes: int = 1) -> None:
    found = Condition(world.at - timedelta(minutes=minutes), Verdict.BAD, checks)
    (home.path / FILE).write_bytes(msgspec.json.encode(found))


def test_the_worst_stands_first_with_what_to_do_and_its_age(world: World, at_desk: SitDown, home: Home) -> None:
    write(world, home, CHECKS, minutes=3)
    browser = at_desk("director")
    told = browser.get("/system/").content.decode()
    assert told.index("备份") < told.index("良好数字")
    assert "请运行 &lt;b&gt;" in told
    assert "1 项严重。" in told
    assert "3 分钟前检查" in told
    assert "检查已停止" not in told
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = browser.get("/system/").content.decode()
    assert ("fine figure" in english, "Broken: 1." in english, "looked at 3 minutes ago" in english) == (True, True, True)


def test_what_nobody_looked_at_for_long_is_said_to_be_old(world: World, at_desk: SitDown, home: Home) -> None:
    write(world, home, CHECKS, minutes=20)
    assert "检查已停止" in at_desk("director").get("/system/").content.decode()


@pytest.mark.parametrize("content", [None, b"", b"{}", b'{"at": "x"}'])
def test_where_nobody_has_looked_or_the_file_is_broken_the_page_says_so(
    world: World, at_desk: SitDown, home: Home, content: bytes | None
) -> None:
    if content is not None:
        (home.path / FILE).write_bytes(content)
    assert read_condition(home) is None
    assert "还没有检查过" in at_desk("director").get("/system/").content.decode()


@pytest.mark.parametrize(
    ("person", "status"), [("director", 200), ("finance", 403), ("representative", 403), ("agent_owner", 404), ("agent_clerk", 404)]
)
def test_only_those_of_headquarters_who_look_after_the_system_see_it(
    world: World, at_desk: SitDown, home: Home, person: str, status: int
) -> None:
    write(world, home, CHECKS)
    answer = at_desk(person).get("/system/")
    assert answer.status_code == status
    assert ('href="/system/"' in at_desk(person).get("/").content.decode()) == (status == 200)


def test_as_many_statements_for_thirty_checks_as_for_one(world: World, at_desk: SitDown, home: Home) -> None:
    browser = at_desk("director")
    browser.get("/system/")
    write(world, home, CHECKS[:1])
    with counted() as one:
        browser.get("/system/")
    write(world, home, CHECKS * 15)
    with counted() as many:
        browser.get("/system/")
    assert len(one) == len(many)
