"""People are told once, in the transaction of what happened, and read what is theirs."""

from __future__ import annotations

from typing import cast

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.django_connector import DjangoConnector

from lingqu.base.jobs import app
from lingqu.base.text import Text
from lingqu.notices.actions import mark_read, notify
from lingqu.notices.models import Notice, Sending
from lingqu.notices.queries import inbox_page, unread_count
from lingqu.notices.states import ChannelKind
from lingqu.notices.tests.conftest import Hire, send_all, told
from lingqu.organisation.models import Person
from tests.pages import counted
from tests.world import World


def jobs() -> int:
    """How many times the sending job was deferred."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notices.send_waiting'")
        return int(cursor.fetchone()[0])


def ids(world: World, *names: str) -> list[int]:
    return [world.people[name].pk for name in names]


def test_the_same_key_is_one_notice_for_a_person_and_one_message_for_a_group(world: World, hire: Hire) -> None:
    robot, _ = hire(ChannelKind.WECOM)
    notify(told(), to=ids(world, "director", "manager"), at=world.at)
    notify(told(title=Text("换了说法", "Other words")), to=ids(world, "manager", "finance", "finance"), at=world.at)
    assert sorted(Notice.objects.values_list("person__name", flat=True)) == ["director", "finance", "manager"]
    send_all(world.at)
    send_all(world.at)
    assert len(robot.taken) == 1


def test_another_key_is_another_notice(world: World) -> None:
    notify(told("a"), to=ids(world, "director"), at=world.at)
    notify(told("b"), to=ids(world, "director"), at=world.at)
    assert unread_count(world.people["director"].pk) == 2


def test_what_is_rolled_back_tells_nobody(world: World, hire: Hire) -> None:
    robot, _ = hire(ChannelKind.FEISHU)

    @transaction.atomic
    def fail_after_telling() -> None:
        notify(told(), to=ids(world, "director"), at=world.at)
        assert (Notice.objects.count(), Sending.objects.count(), jobs()) == (1, 1, 1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_telling()
    assert (Notice.objects.count(), Sending.objects.count(), jobs()) == (0, 0, 0)
    assert send_all(world.at) == 0
    assert robot.ids == []


def test_in_the_worker_too_the_job_stands_in_the_transaction(world: World, hire: Hire) -> None:
    hire(ChannelKind.FEISHU)

    @transaction.atomic
    def fail_after_telling() -> None:
        notify(told(), to=ids(world, "director"), at=world.at)
        assert jobs() == 1
        raise ZeroDivisionError

    connector = cast("DjangoConnector", app.connector).get_worker_connector()
    with app.replace_connector(connector), pytest.raises(ZeroDivisionError):
        fail_after_telling()
    assert jobs() == 0


def test_without_a_channel_there_is_a_notice_and_no_job(world: World) -> None:
    notify(told(), to=ids(world, "director"), at=world.at)
    notify(told("none"), to=[], at=world.at)
    notify(told("unknown"), to=[10**12], at=world.at)
    assert (Notice.objects.count(), Sending.objects.count(), jobs()) == (1, 0, 0)


def test_a_group_hears_only_of_its_own_people_and_of_the_kinds_it_takes(world: World, hire: Hire) -> None:
    robot, _ = hire(ChannelKind.DINGTALK, kinds=("duty",))
    notify(told("another kind"), to=ids(world, "director"), at=world.at)
    notify(told("another firm", kind="duty"), to=ids(world, "agent_owner"), at=world.at)
    assert Sending.objects.count() == 0
    notify(told("ours", kind="duty"), to=ids(world, "agent_owner", "director"), at=world.at)
    send_all(world.at)
    assert len(robot.taken) == 1


def test_thousands_are_told_in_as_many_statements_as_one(world: World, hire: Hire) -> None:
    hire(ChannelKind.WECOM)
    many = Person.objects.bulk_create([Person(name=f"p{number}", pinyin="p", firm=world.hq) for number in range(5_000)])
    with counted() as few:
        notify(told("one"), to=ids(world, "director"), at=world.at)
    with counted() as all_of_them:
        notify(told("all"), to=[person.pk for person in many], at=world.at)
    assert len(all_of_them) == len(few)
    assert Notice.objects.filter(key="all").count() == 5_000


def test_the_count_for_the_bell_is_one_statement_on_an_index(world: World) -> None:
    notify(told(), to=ids(world, "director"), at=world.at)
    with counted() as sent:
        assert unread_count(world.people["director"].pk) == 1
    assert len(sent) == 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + sent[0], [world.people["director"].pk])
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "notice_unread" in plan


def test_one_marks_only_ones_own(world: World) -> None:
    notify(told("a"), to=ids(world, "director", "manager"), at=world.at)
    notify(told("b"), to=ids(world, "director"), at=world.at)
    everything = list(Notice.objects.values_list("pk", flat=True))
    mark_read(everything, by=world.who("manager"), at=world.at)
    mark_read(None, by=world.who("finance"), at=world.at)
    assert [unread_count(world.people[name].pk) for name in ("director", "manager")] == [2, 0]
    mark_read(None, by=world.who("director"), at=world.at)
    assert unread_count(world.people["director"].pk) == 0


def test_all_means_what_the_page_had_shown(world: World) -> None:
    notify(told("a"), to=ids(world, "director"), at=world.at)
    newest = Notice.objects.get().pk
    notify(told("b"), to=ids(world, "director"), at=world.at)
    mark_read(None, by=world.who("director"), at=world.at, up_to=newest)
    assert list(Notice.objects.filter(read_at=None).values_list("key", flat=True)) == ["b"]


def test_pages_show_each_notice_once_unread_first(world: World) -> None:
    who = world.who("director")
    for number in range(75):
        notify(told(f"n{number}", kind="duty" if number % 2 else "approval"), to=[who.person], at=world.at)
    newest_first = list(Notice.objects.order_by("-id").values_list("pk", flat=True))
    read = newest_first[:40]
    mark_read(read, by=who, at=world.at)
    page, seen, pages = inbox_page(who.person), [], 0
    while True:
        seen += [notice.pk for notice in page.rows]
        pages += 1
        if page.after is None:
            break
        page = inbox_page(who.person, after=page.after)
    assert pages == 3
    assert seen == newest_first[40:] + read
    assert len(inbox_page(who.person, kind="duty").rows) == 30
    assert inbox_page(who.person, kind="other").rows == []
