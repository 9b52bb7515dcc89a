"""What `lingqu verify`, `lingqu replay` and `lingqu policy` print for people: the same figures as in their JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from rich.table import Column, Table

from lingqu.base.text import Text, active_language
from lingqu.config.condition import Found, Verdict
from lingqu.policy.rules import Change, ClauseStanding, Regulation


def checks_table(checks: list[dict[str, Any]]) -> Table:
    """Return the checks of `lingqu verify`, one a row, the wrong ones with their first case."""
    table = Table("", _said("核对", "Check"), _count("已核对", "Checked"), _count("不符", "Wrong"), _said("首例", "First"))
    for check in checks:
        mark = Text("通过", "passed") if not check["wrong"] else Text("提示", "note") if check["ok"] else Text("不符", "WRONG")
        table.add_row(str(mark), check["name"][active_language()], f"{check['checked']:,}", f"{check['wrong']:,}", check["first_wrong"])
    return table


_VERDICTS: Final = {Verdict.OK: Text("良好", "ok"), Verdict.WARN: Text("注意", "look"), Verdict.BAD: Text("严重", "BAD")}


def doctor_table(checks: Sequence[Found]) -> Table:
    """Return what the doctor found, one check a row, with what to do where it is not well."""
    table = Table("", _said("项目", "Check"), _said("现状", "Figures"), _said("怎么办", "What to do"))
    for check in checks:
        table.add_row(*(str(words) for words in (_VERDICTS[check.verdict], check.name, check.figure, check.advice)))
    return table


def replay_table(result: dict[str, Any]) -> Table:
    """Return what was replayed: the source's values beside the house's, by year and whole, and how it went."""
    table = Table(
        _said("年度", "Year"), _count("来源金额", "Source value"), _count("本系统实洋", "House value"), _count("差额", "Difference"),
        caption=_about(result), caption_justify="left",
    )  # fmt: skip
    for year, value in result["source_value_by_year"].items():
        _add_values(table, year, value, result["house_value_by_year"].get(year, "0.00"))
    table.add_section()
    _add_values(table, _said("合计", "Sum"), result["source_value"], result["house_value"])
    return table


def stopped_table(result: dict[str, Any]) -> Table:
    """Return how many orders each law stopped; an order may have failed several."""
    table = Table(_said("拦下订单的条款", "Clause that stopped orders"), _count("单数", "Orders"))
    for clause, orders in sorted(result["stopped_by_clause"].items(), key=lambda pair: -pair[1]):
        table.add_row(f"{clause} {result['clauses'][clause][active_language()]}", f"{orders:,}")
    return table


def exposures_table(result: dict[str, Any]) -> Table:
    """Return the resellers that owed most at any moment."""
    table = Table(_said("最高敞口", "Largest exposure"), _count("元", "Yuan"), _said("日期", "Day"))
    for exposed in result["largest_exposures"]:
        table.add_row(exposed["name"], f"{Decimal(exposed['yuan']):,}", exposed["on"])
    return table


def changes_table(changes: Sequence[Change]) -> Table:
    """Return what changed between two versions of the regulation, one change a row."""
    table = Table(_said("改动", "Change"), _said("条款", "Clause"), _said("原", "Before"), _said("现", "After"))
    for change in changes:
        table.add_row(str(change.title), change.clause, str(change.before or "—"), str(change.after or "—"))
    return table


def clauses_table(regulation: Regulation, standings: Mapping[str, ClauseStanding]) -> Table:
    """Return the clauses with how far each is carried out, and by what; what does not exist yet stands in brackets."""
    table = Table(_said("条款", "Clause"), "", _said("状态", "State"), _said("由其执行", "Carried out by"), _said("待明确", "Gaps"))
    for key, standing in standings.items():
        carriers = ", ".join(one.carrier if one.exists else f"({one.carrier})" for one in standing.carriers)
        table.add_row(key, str(regulation.clauses[key].title), standing.state.value, carriers, " ".join(standing.gaps))
    return table


_FIGURES: Final = (
    ("limit", "本机极限：每秒写入的十行申请", "Limit: orders of ten lines a second, bare SQL", ""),
    ("http", "网页下单，每秒", "Orders over HTTP, a second", ""),
    ("http_few", "网页下单，每秒（一万份历史）", "Orders over HTTP, a second (10,000 orders)", ""),
    ("http_many", "网页下单，每秒（全部历史）", "Orders over HTTP, a second (whole history)", ""),
    ("http_ratio", "网页下单 ÷ 极限", "Orders over HTTP ÷ limit", "≥ 0.15"),
    ("http_kept", "全部历史 ÷ 一万份历史", "Whole history ÷ 10,000 orders", "≥ 0.9"),
    ("batch", "成批下单，每秒", "Orders in batches of 100, a second", ""),
    ("batch_ratio", "成批下单 ÷ 极限", "Orders in batches ÷ limit", ""),
    ("decisions_per_s", "纯判定，每秒", "Decisions without a database, a second", ""),
    ("table_ratio", "十万行表格：核对并入库 ÷ 直读直写", "100,000 rows: checked and stored ÷ bare", "≤ 2"),
    ("table_mb", "读表时的内存，MB", "Memory while a table is read, MB", "≤ 512"),
    ("table_child_mb", "读表子进程的内存，MB", "Memory of the process that opens it, MB", "≤ 512"),
    ("rss_mb", "网页服务的内存，MB", "Memory of the web server, MB", ""),
    ("start_s", "启动，秒", "Start, seconds", ""),
    ("demo_s", "从无到演示可用，秒", "From nothing to the demo, seconds", ""),
    ("verify_s", "全部核对，秒", "Everything verified, seconds", ""),
)
_GOAL_MS: Final = "≤ 100"


def bench_table(result: dict[str, Any]) -> Table:
    """Return the figures of `lingqu bench`, one a row, beside their goals where they have one; what misses its goal says so."""
    table = Table(_said("指标", "Figure"), "", _count("值", "Value"), _count("目标", "Goal"), "")
    for key, zh, en, goal in _FIGURES:
        if key in result:
            table.add_row(key, _said(zh, en), f"{result[key]:,}", goal, _missed(result[key], goal))
    for name, wait in result.get("pages_ms", {}).items():
        table.add_row(f"p95 {name}", _said("网页，毫秒", "Page, ms"), f"{wait:,}", _GOAL_MS, _missed(wait, _GOAL_MS))
    return table


def _missed(value: float, goal: str) -> str:
    if not goal:
        return ""
    sign, number = goal.split()
    reached = value >= float(number) if sign == "≥" else value <= float(number)
    return "" if reached else _said("未达到", "missed")


def profile_table(name: str, found: dict[str, Any]) -> Table:
    """Return where the time of one of the two slowest pages goes: the longest statements, then the longest functions."""
    about = f"{name}: {found['ms']} ms, Python {found['python_ms']} ms, {found['statements']} SQL"
    table = Table(_said(f"最慢的网页 {about}", f"Slowest pages: {about}"))
    for line in (*found["longest_statements"], *found["longest_functions"]):
        table.add_row(line)
    return table


def _about(result: dict[str, Any]) -> str:
    language = active_language()
    counts = Text(
        "{orders:,} 单 {lines:,} 行：受理 {accepted:,}，拦下 {stopped:,}，原已有 {repeated:,}；"
        "回款 {receipts:,} 笔；{seconds} 秒，每秒 {speed} 单",
        "{orders:,} orders, {lines:,} lines: {accepted:,} accepted, {stopped:,} stopped, {repeated:,} there before; "
        "{receipts:,} receipts; {seconds} s, {speed} orders a second",
    ).fill(
        speed=result["orders_per_second"],
        **{key: result[key] for key in ("orders", "lines", "accepted", "stopped", "repeated", "receipts", "seconds")},
    )
    return "\n".join((str(counts), result["policy_words"][language], result["payment_model"][language]))


def _add_values(table: Table, name: str, source: str, house: str) -> None:
    table.add_row(name, f"{Decimal(source):,}", f"{Decimal(house):,}", f"{Decimal(house) - Decimal(source):+,}")


def _said(zh: str, en: str) -> str:
    return str(Text(zh, en))


def _count(zh: str, en: str) -> Column:
    return Column(_said(zh, en), justify="right")
