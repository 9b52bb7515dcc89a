"""Judging the database: version, settings, roles, clock, queue."""

from __future__ import annotations

from typing import Final

from lingqu.base.text import Text
from lingqu.config.condition import Found, Verdict
from lingqu.operate.doctor.facts import Facts, Queue, Server
from lingqu.operate.doctor.judging import by_size, duration, found, listed, worst
from lingqu.operate.roles import DURABLE, OLDEST

ISOLATION: Final = "read committed"
SKEW_WARN, SKEW_BAD = 2.0, 30.0
MOVED_WARN: Final = 60.0
AHEAD_BAD: Final = 60.0
WAITS_WARN, WAITS_BAD = 10 * 60.0, 60 * 60.0
FAILED_BAD: Final = 20
HEARTBEAT_BAD: Final = 60.0
TRANSACTIONS_WARN, TRANSACTIONS_BAD = 1_000_000_000, 1_500_000_000
CONNECTIONS_WARN, CONNECTIONS_BAD = 0.8, 0.95


def judge_reached(facts: Facts) -> Found:
    """Judge whether the database answers at all."""
    verdict = Verdict.OK if facts.server else Verdict.BAD
    figure = Text("已连接", "answers") if facts.server else facts.unreachable
    advice = Text("请运行 lingqu serve；自备服务器请检查 DATABASE_URL。", "Run lingqu serve; with a server of your own check DATABASE_URL.")
    return found("database", Text("数据库", "Database"), verdict, figure, advice)


def judge_version(server: Server) -> Found:
    """Judge whether the server has the fixes that the product counts on: 15.14 or newer."""
    verdict = Verdict.OK if server.version >= OLDEST else Verdict.BAD
    advice = Text("请升级到 15.14 或更新版本。", "Update that server to 15.14 or newer.")
    return found("version", Text("数据库版本", "Database version"), verdict, Text(server.version_words, server.version_words), advice)


def judge_durable(server: Server) -> Found:
    """Judge whether what was confirmed survives a power cut."""
    off = tuple(name for name in DURABLE if server.settings.get(name) == "off")
    figure = (
        Text(f"关闭：{listed(off)}", f"off: {listed(off)}") if off else Text(f"均开启：{listed(DURABLE)}", f"all on: {listed(DURABLE)}")
    )
    advice = Text(
        "在 postgresql.conf（或该角色、该数据库）中改为 on 并重新加载。",
        "Set them to on in postgresql.conf (or for that role or database) and reload.",
    )
    return found("durable", Text("断电不丢数据", "Durability"), Verdict.BAD if off else Verdict.OK, figure, advice)


def judge_isolation(server: Server) -> Found:
    """Judge the default isolation: limits are proved under read committed, and only under it."""
    said = server.settings.get("default_transaction_isolation", "")
    advice = Text(
        "执行：ALTER ROLE lingqu_app SET default_transaction_isolation = 'read committed';",
        "Run: ALTER ROLE lingqu_app SET default_transaction_isolation = 'read committed';",
    )
    return found("isolation", Text("事务隔离", "Isolation"), Verdict.OK if said == ISOLATION else Verdict.BAD, Text(said, said), advice)


def judge_roles(server: Server) -> Found:
    """Judge whether the application's role can do no more than it must: then the append-only tables stay so."""
    wrong = (*server.role_powers, *server.owned, *server.ledger_rights)
    figure = Text(
        f"多余权力：{listed(server.role_powers)}；拥有：{listed(server.owned)}；账本改删权：{listed(server.ledger_rights)}；"
        f"授权不符：{listed(server.wrong_grants)}",
        f"powers: {listed(server.role_powers)}; owns: {listed(server.owned)}; may change the ledger: {listed(server.ledger_rights)}; "
        f"other grants: {listed(server.wrong_grants)}",
    )
    advice = Text(
        "运行 lingqu setup 修复授权；多余权力请管理员收回（ALTER ROLE lingqu_app NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE）。",
        "Run lingqu setup to repair grants; have an administrator take powers away "
        "(ALTER ROLE lingqu_app NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE).",
    )
    if not wrong and not server.wrong_grants:
        return Found(
            "roles",
            Text("数据库角色", "Database roles"),
            Verdict.OK,
            Text("没有多余权力，不拥有任何表，账本只增", "no powers, owns nothing, only adds to the ledger"),
        )
    verdict = Verdict.BAD
    return found("roles", Text("数据库角色", "Database roles"), verdict, figure, advice)


def judge_migrations(server: Server) -> Found:
    """Judge whether the tables are those of the code."""
    count = server.migrations_missing
    advice = Text("请运行 lingqu setup，再运行 lingqu serve。", "Run lingqu setup, then lingqu serve.")
    figure = Text(f"待更新 {count} 项", f"{count} steps missing")
    return found("migrations", Text("数据表", "Tables"), Verdict.BAD if count else Verdict.OK, figure, advice)


def judge_clock(facts: Facts, server: Server) -> Found:
    """Judge the clock: against the database's, against the time that has passed since the last look, and against the newest fact."""
    verdict = worst(
        by_size(abs(server.skew_seconds), warn=SKEW_WARN, bad=SKEW_BAD),
        by_size(abs(facts.files.clock_moved), warn=MOVED_WARN, bad=float("inf")),
        Verdict.BAD if server.last_fact_ahead > AHEAD_BAD else Verdict.OK,
    )
    # Rounded first, and zero added: a clock that is a hair behind is not off by -0.
    skew, moved, ahead = round(server.skew_seconds, 1) + 0, round(facts.files.clock_moved) + 0, max(server.last_fact_ahead, 0.0)
    figure = Text(
        f"与数据库相差 {skew:+.1f} 秒；被拨动 {moved:+.0f} 秒；最新记录超前 {ahead:.0f} 秒",
        f"{skew:+.1f} s from the database; set by {moved:+.0f} s; newest fact {ahead:.0f} s ahead",
    )
    advice = Text(
        "请让两台机器用同一时间服务器（chrony、systemd-timesyncd）校时。",
        "Keep both machines on one time server (chrony, systemd-timesyncd).",
    )
    return found("clock", Text("时钟", "Clock"), verdict, figure, advice)


def judge_queue(queue: Queue) -> Found:
    """Judge the background jobs: how long the oldest waits, how many failed, how many are stuck with a worker that is gone."""
    verdict = worst(
        by_size(queue.oldest_seconds, warn=WAITS_WARN, bad=WAITS_BAD),
        by_size(queue.failed, warn=0, bad=FAILED_BAD),
        by_size(queue.stalled, warn=0, bad=FAILED_BAD),
    )
    oldest = duration(queue.oldest_seconds)
    figure = Text(
        f"待办 {queue.waiting} 项，最久等了 {oldest.zh}；一天内失败 {queue.failed} 项；中断 {queue.stalled} 项",
        f"{queue.waiting} waiting, the oldest for {oldest.en}; {queue.failed} failed within a day; {queue.stalled} stalled",
    )
    advice = Text(
        "看 logs/worker.log；重启后台任务：lingqu stop，再 lingqu serve。",
        "See logs/worker.log; start the worker anew: lingqu stop, then lingqu serve.",
    )
    return found("queue", Text("后台任务", "Background jobs"), verdict, figure, advice)


def judge_worker(queue: Queue) -> Found:
    """Judge whether a worker says that it lives (it does every ten seconds)."""
    silent = queue.heartbeat_seconds
    verdict = Verdict.BAD if silent is None or silent > HEARTBEAT_BAD else Verdict.OK
    told = duration(silent or 0.0)
    figure = Text("没有", "none") if silent is None else Text(f"{told.zh}前有回应", f"heard of {told.en} ago")
    return found("worker", Text("后台进程", "Worker"), verdict, figure, Text("请运行 lingqu serve。", "Run lingqu serve."))


def judge_connections(server: Server) -> Found:
    """Judge how many of the server's connections are taken."""
    verdict = by_size(server.connections / server.max_connections, warn=CONNECTIONS_WARN, bad=CONNECTIONS_BAD)
    words = f"{server.connections} / {server.max_connections}"
    advice = Text(
        "查出占用者（pg_stat_activity），或提高 max_connections。", "Find who holds them (pg_stat_activity), or raise max_connections."
    )
    return found("connections", Text("数据库连接", "Connections"), verdict, Text(words, words), advice)


def judge_age(server: Server) -> Found:
    """Judge how far the oldest rows are from the point where the server would stop taking writes (two thousand million transactions)."""
    verdict = by_size(server.oldest_transaction, warn=TRANSACTIONS_WARN, bad=TRANSACTIONS_BAD)
    words = f"{server.oldest_transaction:,}"
    advice = Text("查出最久的事务并结束，运行 VACUUM FREEZE。", "Find and end the oldest transaction; run VACUUM FREEZE.")
    return found("transactions", Text("事务号余量", "Age of transactions"), verdict, Text(words, words), advice)
