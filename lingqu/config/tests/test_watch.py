"""Those who run an installation see enough to help, and nothing of anybody's: lines of the log, figures, readiness."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from lingqu.config import home, views
from lingqu.config.watch import readiness
from lingqu.config.watch.lines import JobLines, LineFormatter, request_id
from lingqu.config.watch.readiness import backup_age, checks, figures
from tests.pages import SitDown
from tests.world import World

CANARY = "秘密词QZCANARY"


@pytest.fixture
def told() -> Any:
    """Everything that is logged meanwhile, as the console would write it."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def test_a_request_is_one_line_with_its_route_and_the_person_s_number(world: World, at_desk: SitDown, told: Any) -> None:
    answer = at_desk("agent_owner").get(f"/orders/?q={CANARY}")
    (line,) = [line for line in told() if line["logger"] == "lingqu.request"]
    assert {name: line[name] for name in ("method", "route", "status", "person", "level")} == {
        "method": "GET", "route": "orders", "status": 200, "person": world.people["agent_owner"].pk, "level": "INFO",
    }  # fmt: skip
    assert line["request"] == answer.headers["X-Request-Id"]
    assert line["ms"] > 0


def test_nothing_that_people_type_or_are_called_comes_into_the_log(world: World, at_desk: SitDown, told: Any, client: Client) -> None:
    browser = at_desk("agent_owner")
    client.post("/accounts/login/", {"login": CANARY, "password": CANARY})
    browser.get(f"/partners/{CANARY}/")
    browser.get("/orders/", {"q": CANARY, "before": CANARY})
    browser.post("/orders/new", {"note": CANARY, "key": CANARY, "copies-0": CANARY})
    client.get("/api/v1/me", headers={"authorization": f"Bearer {CANARY}".encode().decode("latin-1")})
    client.get("/", headers={"host": "qzcanary.example"})
    client.get("/nothing", headers={"referer": f"http://testserver/{CANARY}".encode().decode("latin-1")})
    names = [person.name for person in world.people.values()]
    lines = json.dumps(told(), ensure_ascii=False)
    assert len(told()) >= 6
    assert [word for word in (CANARY, "QZCANARY", "qzcanary", *names) if word in lines] == []


def test_an_error_is_told_by_kinds_and_places_and_not_by_its_words(told: Any) -> None:
    cause = psycopg.errors.UniqueViolation(f"Key (login)=({CANARY}) already exists.")
    try:
        fail(ValueError(CANARY), cause)
    except ValueError:
        logging.getLogger("django.request").exception("%s: %s", "Internal Server Error", f"/partners/{CANARY}/", extra={"request": CANARY})
    (line,) = told()
    assert [one["kind"] for one in line["errors"]] == ["builtins.ValueError", "psycopg.errors.UniqueViolation"]
    assert line["errors"][1]["sqlstate"] == "23505"
    assert line["errors"][0]["at"][-1].endswith("fail")
    assert "QZCANARY" not in json.dumps(line)


def fail(error: Exception, cause: Exception | None = None) -> None:
    if cause is not None:
        try:
            raise cause
        except type(cause):
            raise error from cause
    raise error


def test_the_words_of_an_error_would_be_found(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LineFormatter, "formatException", logging.Formatter.formatException)
    monkeypatch.setattr("lingqu.config.watch.lines.kinds_of", str)
    try:
        fail(ValueError(CANARY))
    except ValueError:
        logging.getLogger("django.request").exception("went wrong")
    assert "QZCANARY" in json.dumps(told())


def test_an_ended_job_is_one_line_without_its_arguments(told: Any) -> None:
    record = logging.getLogger("procrastinate.worker").makeRecord(
        "procrastinate.worker", logging.INFO, "worker.py", 1, f"Job mail[7](to='{CANARY}') ended with status: Success", (), None,
        extra={
            "action": "job_success", "start_timestamp": 100.0, "end_timestamp": 100.25,
            "job": {"id": 7, "task_name": "notices.send", "attempts": 1, "task_kwargs": {"to": CANARY}, "call_string": CANARY},
        },
    )  # fmt: skip
    JobLines().handle(record)
    (line,) = told()
    assert {name: line[name] for name in ("logger", "job", "task", "status", "ms", "attempts")} == {
        "logger": "lingqu.job", "job": 7, "task": "notices.send", "status": "done", "ms": 250.0, "attempts": 1,
    }  # fmt: skip
    assert "QZCANARY" not in json.dumps(line)


@pytest.mark.django_db
def test_a_number_from_a_stranger_is_not_taken_over(client: Client, settings: Any) -> None:
    sent = {"x-request-id": "from-the-proxy-1"}
    assert client.get("/health", headers=sent).headers["X-Request-Id"] != "from-the-proxy-1"
    from lingqu.config.proxies import networks

    settings.PROXIES = networks("127.0.0.0/8")
    assert client.get("/health", headers=sent).headers["X-Request-Id"] == "from-the-proxy-1"
    assert client.get("/health", headers={"x-request-id": "<script>"}).headers["X-Request-Id"] != "<script>"


def test_a_page_that_failed_tells_the_number_under_which_the_log_has_it() -> None:
    kept = request_id.set("a1b2c3d4")
    try:
        answer = views.server_error(RequestFactory().get("/"))
        assert (answer.status_code, "a1b2c3d4" in answer.content.decode()) == (500, True)
        away = _during(psycopg.OperationalError(CANARY), "/orders/")
        assert (away.status_code, away.headers["Retry-After"], "a1b2c3d4" in away.content.decode()) == (503, "5", True)
        assert [page.headers["Cache-Control"] for page in (answer, away)] == ["no-store"] * 2
        assert CANARY not in away.content.decode()
        told = _during(psycopg.OperationalError(CANARY), "/api/v1/me")
        said = json.loads(told.content)
        assert (told.status_code, told.headers["Content-Type"], said["code"]) == (503, "application/problem+json", "busy")
        assert json.loads(_during(ValueError(CANARY), "/api/v1/me").content)["code"] == "failed"
    finally:
        request_id.reset(kept)


def _during(error: Exception, address: str) -> Any:
    from django.db.utils import DatabaseErrorWrapper

    try:
        if isinstance(error, psycopg.Error):
            with DatabaseErrorWrapper(connection):
                fail(error)
        fail(error)
    except Exception:  # noqa: BLE001 - whatever a view may raise
        return views.server_error(RequestFactory().get(address))
    return None


@pytest.mark.parametrize(
    ("address", "field", "again"),
    [("/orders/new", "note", True), ("/accounts/login/", "name", False), ("/elsewhere", "secret", False), ("/elsewhere", "code", False)],
)
def test_what_was_being_sent_is_offered_again_but_never_a_secret(address: str, field: str, *, again: bool) -> None:
    request = RequestFactory().post(address, {field: CANARY})
    try:
        fail(OperationalError())
    except OperationalError:
        answer = views.server_error(request)
    else:
        pytest.fail("nothing was raised")
    assert (answer.status_code, CANARY in answer.content.decode()) == (503, again)


@pytest.mark.django_db
def test_ready_names_what_is_not_as_it_must_be_and_nothing_else(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()) == (
        503, {"status": "not ready", "checks": {"database": "ok", "migrations": "ok", "worker": "none", "disk": "ok"}},
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '50 seconds')")
    assert (client.get("/ready").status_code, client.get("/ready").json()["status"]) == (200, "ready")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '70 seconds'")
    monkeypatch.setattr(readiness, "LEAST_BYTES", 10**18)
    monkeypatch.setattr(readiness, "migrations_on_disk", lambda: {("orders", "9999_of_a_newer_version")})
    assert client.get("/ready").json()["checks"] == {"database": "ok", "migrations": "missing", "worker": "silent", "disk": "full"}


@pytest.mark.django_db
def test_a_probe_asks_by_address_whatever_names_the_installation_has(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["channel.example.com"]
    asked = {"host": "10.1.2.3:8000"}
    told = {path: client.get(path, headers=asked).status_code for path in ("/health", "/ready", "/metrics", "/", "/accounts/login/")}
    assert (told.pop("/health"), told.pop("/ready") in (200, 503), set(told.values())) == (200, True, {400})


@pytest.mark.django_db
def test_without_a_database_the_server_lives_and_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise _wrapped(psycopg.OperationalError(f"connection to {CANARY} failed"))

    monkeypatch.setattr(readiness.connection, "cursor", away)
    monkeypatch.setattr(readiness.connection, "close", lambda: None)
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()["checks"]["database"], CANARY in answer.content.decode()) == (503, "unreachable", False)
    assert client.get("/health").status_code == 200
    assert "lingqu_database_up 0.0" in client.get("/metrics").content.decode()


def _wrapped(error: psycopg.Error) -> Exception:
    from django.db import OperationalError

    return OperationalError(*error.args)


@pytest.mark.django_db
def test_figures_are_for_this_machine_or_for_whom_the_token_is(client: Client, settings: Any) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 404
    assert client.get("/metrics", headers={"x-forwarded-for": "10.1.2.3"}).status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3", headers={"authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = "figures"
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3", headers={"authorization": "Bearer figures"}).status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3", headers={"authorization": "Bearer other"}).status_code == 404


def test_figures_tell_of_requests_jobs_connections_decisions_and_disk(world: World, at_desk: SitDown, client: Client) -> None:
    at_desk("agent_owner").get("/orders/")
    told = client.get("/metrics").content.decode()
    for words in (
        'lingqu_request_seconds_count{method="GET",route="orders",status="200"}', "lingqu_oldest_job_seconds", "lingqu_database_up 1.0",
        "lingqu_disk_free_bytes", 'lingqu_database_connections{state="active"}', 'lingqu_jobs{state="todo"}',
        "lingqu_credit_decisions_last_day{verdict=",
    ):  # fmt: skip
        assert words in told or words.startswith(("lingqu_jobs", "lingqu_credit")), words
    for person in world.people.values():
        assert person.name not in told


def test_every_figure_is_readable_by_prometheus(world: World, client: Client) -> None:
    from prometheus_client.parser import text_string_to_metric_families

    names = {family.name for family in text_string_to_metric_families(client.get("/metrics").content.decode())}
    assert {"lingqu_request_seconds", "lingqu_jobs", "lingqu_credit_decisions_last_day", "lingqu_database_connections"} <= names


def test_processes_count_together(tmp_path: Path) -> None:
    script = (
        "from lingqu.config.watch.metrics import observe_request, written\n"
        "observe_request('orders', 'GET', 200, 0.1)\n"
        "import sys; sys.stdout.write(written([]).decode())\n"
    )
    said = ""
    for _ in range(2):
        said = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
        ).stdout
    assert 'lingqu_request_seconds_count{method="GET",route="orders",status="200"} 2.0' in said


def test_the_age_of_the_last_backup_is_told_when_a_file_tells_it(tmp_path: Path) -> None:
    at = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert backup_age(tmp_path, at) is None
    for broken in ("", "[]", '{"last": 3}', '{"last": "2026-11-23T11:00:00"}'):
        (tmp_path / readiness.BACKUPS).write_text(broken)
        assert backup_age(tmp_path, at) is None
    (tmp_path / readiness.BACKUPS).write_text(json.dumps({"last": (at - timedelta(hours=1)).isoformat()}))
    assert backup_age(tmp_path, at) == 3_600


@pytest.mark.django_db
def test_asking_whether_it_is_ready_costs_little() -> None:
    with CaptureQueriesContext(connection) as seen:
        checks(home.current_home().path)
    assert len(seen) == 3
    with CaptureQueriesContext(connection) as seen:
        figures(home.current_home().path, datetime(2026, 11, 23, tzinfo=UTC))
    assert len(seen) == 4
