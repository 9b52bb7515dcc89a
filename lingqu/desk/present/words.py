"""Words that several pages of this module share: time left, due days, batches, places."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from lingqu.base.text import Text
from lingqu.credit.states import BATCHES, BatchState

PROVINCES = {
    "11": Text("北京", "Beijing"), "12": Text("天津", "Tianjin"), "13": Text("河北", "Hebei"), "14": Text("山西", "Shanxi"),
    "15": Text("内蒙古", "Inner Mongolia"), "21": Text("辽宁", "Liaoning"), "22": Text("吉林", "Jilin"),
    "23": Text("黑龙江", "Heilongjiang"),
    "31": Text("上海", "Shanghai"), "32": Text("江苏", "Jiangsu"), "33": Text("浙江", "Zhejiang"), "34": Text("安徽", "Anhui"),
    "35": Text("福建", "Fujian"), "36": Text("江西", "Jiangxi"), "37": Text("山东", "Shandong"), "41": Text("河南", "Henan"),
    "42": Text("湖北", "Hubei"), "43": Text("湖南", "Hunan"), "44": Text("广东", "Guangdong"), "45": Text("广西", "Guangxi"),
    "46": Text("海南", "Hainan"), "50": Text("重庆", "Chongqing"), "51": Text("四川", "Sichuan"), "52": Text("贵州", "Guizhou"),
    "53": Text("云南", "Yunnan"), "54": Text("西藏", "Tibet"), "61": Text("陕西", "Shaanxi"), "62": Text("甘肃", "Gansu"),
    "63": Text("青海", "Qinghai"), "64": Text("宁夏", "Ningxia"), "65": Text("新疆", "Xinjiang"), "71": Text("台湾", "Taiwan"),
    "81": Text("香港", "Hong Kong"), "82": Text("澳门", "Macao"),
}  # fmt: skip
"""Provinces by the first two digits of a GB/T 2260 code."""

SOON_DAYS = 7
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def place(code: str) -> Text:
    """Return a GB/T 2260 division in words: its province, and the code where it lies below one."""
    province = PROVINCES.get(code[:2])
    if province is None:
        return Text(code, code)
    return province if len(code) == 2 else Text(f"{province.zh} {code}", f"{province.en} {code}")  # noqa: PLR2004 - a province's code


def places(codes: Iterable[str]) -> Text:
    """Return several divisions in one line; 未授权 when there are none."""
    named = [place(code) for code in codes]
    if not named:
        return Text("未授权区域", "no area granted")
    return Text("、".join(one.zh for one in named), ", ".join(one.en for one in named))


def time_left(until: datetime | None, at: datetime) -> Text:
    """Return how long there is until a moment, or by how much it is past: 剩 1 天 14 小时, 已过 3 小时; None: no clock runs."""
    if until is None:
        return Text("不计时", "no time limit")
    span = abs(until - at)
    days, hours, minutes = span // DAY, span % DAY // HOUR, span % HOUR // timedelta(minutes=1)
    if days:
        zh, en = f"{days} 天 {hours} 小时" if hours else f"{days} 天", f"{days} d {hours} h" if hours else f"{days} d"
    elif hours:
        zh, en = f"{hours} 小时", f"{hours} h"
    else:
        zh, en = f"{minutes} 分钟", f"{minutes} min"
    return Text(f"剩 {zh}", f"{en} left") if until > at else Text(f"已过 {zh}", f"{en} over")


def urgency(until: datetime | None, at: datetime) -> str:
    """Return the colour of a clock: red when it has run out, amber on its last day, else none."""
    if until is None:
        return ""
    if until <= at:
        return "red"
    return "amber" if until - at < DAY else ""


def due_state(due_on: date | None, on: date, *, tolerance_days: int = 0) -> tuple[str, Text]:
    """Return the kind of state and the words for a due day: overdue by days, today, in days, or not due yet."""
    if due_on is None:
        return "open", Text("未到期", "not due yet")
    late = (on - due_on).days
    if late > tolerance_days:
        return "overdue", Text(f"逾期 {late} 天", f"{late} d overdue")
    if late >= 0:
        return "due_soon", Text("今日到期", "due today") if late == 0 else Text("已到期，在容忍期内", "due, within the tolerance")
    return "due_soon" if -late <= SOON_DAYS else "open", Text(f"剩 {-late} 天", f"{-late} d left")


def batch_name(number: int) -> Text:
    """Return the name of a batch."""
    return Text(f"第{number}批", f"Batch {number}")


def batch_chip(batch: Any, *, on: date, tolerance_days: int, url: str) -> dict[str, object]:  # noqa: ANN401 - a row of the model or of a query
    """Return a batch as the part `batch_chips.html` takes it."""
    remaining = batch.value - batch.applied
    if batch.settled_on:
        state, words, amount, amount_word = "settled", BATCHES.words[BatchState.SETTLED], batch.value, Text("共", "value")
    else:
        days = [day for day in (batch.triggered_due_on, batch.backstop_due_on) if day]
        kind, words = due_state(min(days) if days else None, on, tolerance_days=tolerance_days)
        state = "overdue" if kind == "overdue" else "open"
        amount, amount_word = remaining, Text("欠", "owed")
    return {
        "name": batch_name(batch.number), "state": state, "state_text": words, "request": batch.request, "on": batch.opened_on,
        "amount": amount, "amount_word": amount_word, "url": url,
    }  # fmt: skip


def percent_of(part: Decimal, whole: Decimal) -> Decimal | None:
    """Return a share as a ratio, None without a whole."""
    return part / whole if whole > 0 else None
