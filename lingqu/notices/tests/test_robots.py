"""What waits goes out to the groups: signed, paced, again after a failure, and once where the service answers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from lingqu.notices.actions import add_channel, deliver_next, notify, switch_channel, wire
from lingqu.notices.models import Channel, Notice, Sending
from lingqu.notices.rules import NewChannel, pace
from lingqu.notices.states import ChannelKind
from lingqu.notices.tests.conftest import KINDS, Hire, send_all, told
from lingqu.notices.tests.fakes import KEY, SECRET, WeCom, serving
from tests.world import World, build_world

MINUTE = timedelta(minutes=1)


def tell(world: World, *keys: str) -> None:
    for key in keys or ("approval:1",):
        notify(told(key), to=[world.people["director"].pk], at=world.at)


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_reaches_the_group_once_with_amounts_hidden(world: World, hire: Hire, kind: ChannelKind) -> None:
    robot, _ = hire(kind)
    tell(world)
    send_all(world.at)
    sending = Sending.objects.get()
    assert (sending.state, sending.answer_code, sending.attempts) == ("sent", "0", 1)
    assert robot.taken == [f"【灵渠】请审批 济南岱青 的特批 *** 元\n超出额度 *** 元，依 M-19.5。\n编号 {str(sending.stable_id)[:8]}"]
    assert robot.ids == [str(sending.stable_id)]


@pytest.mark.parametrize("kind", [ChannelKind.DINGTALK, ChannelKind.FEISHU])
@pytest.mark.parametrize("ours", ["SECwrong", ""])
def test_a_wrong_signature_is_a_failure_although_http_says_yes(world: World, hire: Hire, kind: ChannelKind, ours: str) -> None:
    robot, _ = hire(kind, ours=ours)
    tell(world)
    send_all(world.at)
    sending = Sending.objects.get()
    assert robot.refused == [310000 if kind is ChannelKind.DINGTALK else 19021]
    assert (sending.state, sending.answer_code) == ("failed", str(robot.refused[0]))
    assert sending.next_at == world.at + MINUTE


@pytest.mark.parametrize("kind", [ChannelKind.DINGTALK, ChannelKind.FEISHU])
def test_a_signature_of_another_day_is_refused_by_the_service(world: World, hire: Hire, kind: ChannelKind) -> None:
    robot, _ = hire(kind)
    tell(world)
    at, world.at = world.at, world.at + timedelta(hours=2)
    deliver_next(at=at)
    assert robot.refused == [310000 if kind is ChannelKind.DINGTALK else 19021]


@pytest.mark.parametrize("kind", KINDS)
def test_the_longest_message_still_fits(world: World, hire: Hire, kind: ChannelKind) -> None:
    from lingqu.base.text import Text

    robot, _ = hire(kind)
    long = told(title=Text("题“\\" * 300, "x"), body=Text('𠮷"\\\n' * 3000, "x"))
    notify(long, to=[world.people["director"].pk], at=world.at)
    send_all(world.at)
    assert Sending.objects.get().state == "sent"
    assert robot.refused == []


def test_two_failures_and_then_it_arrives_once(world: World, hire: Hire) -> None:
    robot, _ = hire(ChannelKind.WECOM)
    robot.troubles = [lambda asked: asked.tell(500, b"{}"), lambda asked: asked.tell(200, b'{"errcode":-1,"errmsg":"busy"}')]
    tell(world)
    for minutes, tries in ((0, 1), (0.9, 1), (1, 2), (5, 2), (6, 3), (500, 3)):
        send_all(world.at + timedelta(minutes=minutes))
        assert len(robot.ids) == tries
    assert len(robot.taken) == 1
    assert len(set(robot.ids)) == 1
    assert Sending.objects.get().attempts == 3


def test_after_a_day_it_is_given_up_and_those_who_set_it_up_are_told_once(world: World, hire: Hire) -> None:
    _, channel = hire(ChannelKind.DINGTALK, ours="SECwrong")
    tell(world, "a", "b")
    before = world.at
    for minutes in range(0, 26 * 60, 30):
        send_all(before + timedelta(minutes=minutes))
        world.at = before + timedelta(minutes=minutes)
    assert list(Sending.objects.values_list("state", flat=True)) == ["given_up", "given_up"]
    given_up = Notice.objects.filter(kind="channel")
    assert sorted(given_up.values_list("person__name", flat=True)) == ["deputy", "director", "manager"]
    assert channel.name in given_up[0].title_zh
    assert Sending.objects.count() == 2, "what is said about a broken channel does not go out on it"


@pytest.mark.parametrize("kind", [ChannelKind.WECOM, ChannelKind.DINGTALK])
def test_a_channel_is_used_twenty_times_a_minute_and_the_rest_waits(world: World, hire: Hire, kind: ChannelKind) -> None:
    robot, _ = hire(kind)
    tell(world, *(f"n{number}" for number in range(45)))
    begin, counts = world.at, []
    for seconds in (0, 30, 60, 62, 63, 123, 124, 180):
        world.at = begin + timedelta(seconds=seconds)
        send_all(world.at)
        counts.append(len(robot.taken))
    assert counts == [20, 20, 20, 40, 40, 40, 45, 45]
    assert robot.refused == []


def test_without_the_pace_the_service_refuses(world: World, hire: Hire, monkeypatch: pytest.MonkeyPatch) -> None:
    robot, _ = hire(ChannelKind.WECOM)
    monkeypatch.setitem(pace.PACES, ChannelKind.WECOM, ((99, MINUTE),))
    tell(world, *(f"n{number}" for number in range(21)))
    send_all(world.at)
    assert robot.refused == [45009]


def test_feishu_takes_five_a_second(world: World, hire: Hire) -> None:
    robot, _ = hire(ChannelKind.FEISHU)
    tell(world, *(f"n{number}" for number in range(12)))
    begin = world.at
    for second in range(4):
        world.at = begin + timedelta(seconds=3 * second)
        send_all(world.at)
    assert len(robot.taken) == 12
    assert robot.refused == []


def test_a_redirect_is_not_followed(world: World, hire: Hire) -> None:
    robot, _ = hire(ChannelKind.WECOM)
    robot.troubles = [lambda asked: asked.tell(302, b"", Location=robot.address)]
    tell(world)
    send_all(world.at)
    assert Sending.objects.get().answer_code == "HTTP 302"
    assert len(robot.ids) == 1


def test_an_endless_answer_is_not_read(world: World, hire: Hire) -> None:
    robot, _ = hire(ChannelKind.WECOM)
    robot.troubles = [lambda asked: asked.tell(200, b'{"errcode":0,"errmsg":"' + b"x" * 200_000 + b'"}')]
    tell(world)
    send_all(world.at)
    assert (Sending.objects.get().state, Sending.objects.get().answer_code) == ("failed", "too_long")


def drip(asked: Any) -> None:
    """Answer a byte at a time, each faster than any read gives up."""
    try:
        asked.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        for _ in range(100):
            asked.wfile.write(b"x")
            time.sleep(0.05)
    except OSError:
        pass


def test_a_service_that_drips_is_hung_up_on(world: World, hire: Hire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "SECONDS", 0.4)
    robot, _ = hire(ChannelKind.WECOM)
    robot.troubles = [drip]
    tell(world)
    begin = time.monotonic()
    send_all(world.at)
    assert time.monotonic() - begin < 2
    assert Sending.objects.get().state == "failed"


def test_a_service_that_is_away_is_a_failure(world: World, hire: Hire) -> None:
    robot, _ = hire(ChannelKind.WECOM)
    robot.shutdown()
    robot.socket.close()
    tell(world)
    send_all(world.at)
    assert Sending.objects.get().answer_code == "connection_refused"


def test_an_address_that_is_no_longer_allowed_is_not_called(world: World, hire: Hire, monkeypatch: pytest.MonkeyPatch) -> None:
    robot, _ = hire(ChannelKind.WECOM)
    tell(world)
    monkeypatch.setenv("LINGQU_BOT_HOSTS", "")
    send_all(world.at)
    assert (robot.ids, Sending.objects.get().answer_code) == ([], "wrong_address")


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_service_repeats_of_our_secrets_is_not_kept(world: World, hire: Hire, kind: ChannelKind) -> None:
    robot, channel = hire(kind)
    refusal = robot.answer(42)
    refusal["errmsg" if "errmsg" in refusal else "msg"] = f"no: {robot.address} {SECRET} {KEY}"
    import json

    robot.troubles = [lambda asked: asked.tell(200, json.dumps(refusal).encode())]
    tell(world)
    send_all(world.at)
    kept = Sending.objects.get().last_error
    assert kept.startswith("no: ")
    assert KEY not in kept
    assert not channel.secret or SECRET not in kept


def test_a_message_that_cannot_be_read_does_not_stop_the_others(world: World, hire: Hire) -> None:
    robot, _ = hire(ChannelKind.WECOM)
    tell(world, "a", "b")
    Sending.objects.filter(key="a").update(payload={"broken": True})
    send_all(world.at)
    assert dict(Sending.objects.values_list("key", "answer_code")) == {"a": "unreadable_message", "b": "0"}
    assert len(robot.taken) == 1


def test_what_waits_on_a_channel_that_is_switched_off_is_given_up(world: World, hire: Hire) -> None:
    robot, channel = hire(ChannelKind.WECOM)
    tell(world)
    switch_channel(channel.pk, active=False, by=world.who("manager"), at=world.at)
    send_all(world.at)
    tell(world, "later")
    switch_channel(channel.pk, active=True, by=world.who("manager"), at=world.at)
    send_all(world.at)
    assert robot.ids == []
    assert list(Sending.objects.values_list("key", "state")) == [("approval:1", "given_up")]


# ------------------------------------------------------------------------------------------- several workers, and one that dies


def hire_in(world: World, monkeypatch: pytest.MonkeyPatch, robots: list[WeCom]) -> None:
    monkeypatch.setenv("LINGQU_BOT_HOSTS", ",".join(robot.host for robot in robots))
    for robot in robots:
        add_channel(NewChannel(ChannelKind.WECOM, robot.host, robot.address), by=world.who("manager"), at=world.at)


def test_many_workers_never_send_the_same_row_nor_faster_than_allowed(race_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = build_world()
    robots = [WeCom(lambda: world.at) for _ in range(2)]
    with serving(robots[0]), serving(robots[1]):
        hire_in(world, monkeypatch, robots)
        tell(world, *(f"n{number}" for number in range(25)))

        def work(_: int) -> None:
            try:
                for _ in range(100):
                    if not deliver_next(at=world.at):
                        time.sleep(0.01)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(work, range(6)))
        assert [len(robot.taken) for robot in robots] == [20, 20]
        world.at += MINUTE + pace.MARGIN
        send_all(world.at)
    for robot in robots:
        assert len(robot.taken) == len(set(robot.taken)) == len(set(robot.ids)) == 25
        assert robot.refused == []


def deliver_and_close(world: World) -> None:
    deliver_next(at=world.at)
    connections.close_all()


def test_telling_does_not_wait_for_a_slow_service(race_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = build_world()
    robot = WeCom(lambda: world.at)
    asked, go_on = threading.Event(), threading.Event()

    def hold(answer: Any) -> None:
        asked.set()
        go_on.wait(20)
        answer.tell(200, b'{"errcode":0}')

    robot.troubles = [hold]
    with serving(robot), ThreadPoolExecutor(1) as pool:
        hire_in(world, monkeypatch, [robot])
        tell(world, "first")
        sent = pool.submit(deliver_and_close, world)
        assert asked.wait(10)
        begin = time.monotonic()
        tell(world, "second")
        assert time.monotonic() - begin < 2
        assert deliver_next(at=world.at) is False, "the channel is in use"
        go_on.set()
        sent.result(20)
    assert dict(Sending.objects.values_list("key", "state")) == {"first": "sent", "second": "waiting"}


WORKER = """
import django, datetime
django.setup()
from lingqu.notices.actions import deliver_next
deliver_next(at=datetime.datetime.fromisoformat({at!r}))
"""


def test_killed_between_sending_and_commit_it_is_sent_again_with_the_same_id(race_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = build_world()
    robot = WeCom(lambda: world.at)
    worker: list[subprocess.Popen[bytes]] = []
    asked = threading.Event()

    def kill(answer: Any) -> None:
        asked.wait(30)
        worker[0].send_signal(signal.SIGKILL)
        worker[0].wait()

    robot.troubles = [kill]
    with serving(robot):
        hire_in(world, monkeypatch, [robot])
        tell(world)
        environment = os.environ | {
            "LINGQU_DATABASE_NAME": race_database, "DJANGO_SETTINGS_MODULE": "lingqu.config.settings",
            "LINGQU_HOME": os.environ.get("LINGQU_HOME") or str(_home()),
        }  # fmt: skip
        worker.append(subprocess.Popen([sys.executable, "-c", WORKER.format(at=world.at.isoformat())], env=environment))
        asked.set()
        assert worker[0].wait(60) == -signal.SIGKILL
        assert (Sending.objects.get().state, Sending.objects.get().attempts) == ("waiting", 0)
        for _ in range(100):  # the database notices the death a moment later
            if deliver_next(at=world.at):
                break
            time.sleep(0.05)
    assert len(robot.ids) == 2
    assert len(set(robot.ids)) == 1
    assert Sending.objects.get().state == "sent"
    assert Channel.objects.count() == 1


def _home() -> object:
    from tests.databases import HOME

    return HOME.path
