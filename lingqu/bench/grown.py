"""Two installations side by side, one with a short and one with a long history, so that both are measured at the same time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.bench.batch import load_django
from lingqu.bench.history import Report, grow
from lingqu.bench.publisher import AT, START, Publisher, make_publisher, read_publisher
from lingqu.bench.scratch import Place, copied, copy, here, lingqu, scratch
from lingqu.config.home import Home

FEW: Final = 10_000
FINISHED: Final = "history.json"
NEARLY: Final = 0.99


@dataclass(frozen=True)
class Histories:
    """The installation with the long history, whose Django is loaded, the one with 10,000 orders, and how the long one was grown."""

    many: Place
    few: Place
    publisher: Publisher
    grown: dict[str, Any]


@contextmanager
def histories(*, orders: int, keep: Path | None, report: Report) -> Iterator[Histories]:
    """Give both installations, served. With `keep` they stand in that folder and are used again the next time.

    The short one is always a fresh copy of what was kept; the long one keeps the thousands of requests that measuring added. Refuses a
    folder with fewer orders, or one in which growing was broken off.
    """
    with scratch(keep) as home:
        finished, small = home.path.parent / FINISHED, Home(home.path.parent / "few")
        if not finished.exists() and home.path.exists():
            raise _refused(home.path.parent, "里面的历史没有生成完。", "its history was not finished.")
        lingqu("setup")
        load_django()
        if not finished.exists():
            finished.write_text(json.dumps(_grow(home, small, orders, report)), "utf-8")
        grown: dict[str, Any] = json.loads(finished.read_text("utf-8"))
        if grown["orders"] < orders * NEARLY:
            raise _refused(home.path.parent, f"里面只有 {grown['orders']:,} 份申请。", f"it holds {grown['orders']:,} orders only.")
        try:
            with copied(small) as few:
                lingqu("setup", at=few)
                lingqu("serve")
                lingqu("serve", at=few)
                yield Histories(here(), few, read_publisher(home), grown)
        finally:
            close_connections()


def close_connections() -> None:
    """End this process's connections, so that the server can be stopped."""
    from django.db import connections

    connections.close_all()


def _grow(home: Home, small: Home, orders: int, report: Report) -> dict[str, Any]:
    publisher = make_publisher(home)
    _give_finance(publisher)
    few = grow(home, publisher, min(FEW, orders), report)
    close_connections()
    lingqu("stop")
    copy(home, small)
    lingqu("setup")
    return grow(home, publisher, orders - few["orders"], report) if orders > FEW else few


def _give_finance(publisher: Publisher) -> None:
    """Let the first representative be finance head too, so that one person opens every page that is measured."""
    from lingqu.organisation.actions import give_post
    from lingqu.organisation.models import Person
    from lingqu.organisation.states import PostCode

    person = Person.objects.select_related("firm").get(pk=publisher.people[0])
    give_post(person, PostCode.FINANCE, firm=person.firm, since=START, at=AT, by=None)


def _refused(folder: Path, zh: str, en: str) -> Refusal:
    words = Text(f"{folder} 不能用：{zh}请换一个文件夹，或先删除它。", f"{folder} cannot be used: {en} Name another folder, or remove it.")
    return Refusal("bench_folder", words)
