"""What the schema says about a wrong entry, in words that tell what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def schema_words(error: Mapping[str, Any]) -> tuple[str, str]:
    """Return an error of the schema in Chinese and English, with the field that it is about."""
    place = ".".join(str(part) for part in error["loc"])
    kind, context = str(error["type"]), error.get("ctx") or {}
    found = _shown(error.get("input"))
    if kind in _PLAIN:
        zh, en = _PLAIN[kind]
        return zh.format(place=place), en.format(place=place)
    wanted = _KINDS.get(kind)
    if kind == "literal_error":
        wanted = (context["expected"], context["expected"])
    if wanted:
        return f"{place} 的“{found}”须为{wanted[0]}。", f"{place} is “{found}”; it must be {wanted[1]}"
    said = str(error["msg"]).removeprefix("Value error, ")
    return f"{place} 的“{found}”不合要求：{said}。", f"{place} is “{found}”: {said}"


_PLAIN = {
    "missing": ("缺 {place}，请写上。", "{place} is missing; write it"),
    "extra_forbidden": ("不认识的项 {place}，请改名或删去。", "{place} is not known here; rename it or take it out"),
    "string_too_short": ("{place} 是空的，请写上文字。", "{place} is empty; write it"),
    "too_short": ("{place} 至少要有一项。", "{place} needs at least one entry"),
}
_KINDS = {
    "string_type": ("文字（请加引号）", "text (put it in quotes)"),
    "int_type": ("整数", "a whole number"),
    "int_parsing": ("整数", "a whole number"),
    "bool_type": ("true 或 false", "true or false"),
    "list_type": ("列表（每项前加 -）", "a list, with - before each entry"),
    "dict_type": ("键和值", "keys with values"),
    "model_type": ("键和值", "keys with values"),
    "string_pattern_mismatch": (
        "小写字母开头，只含小写字母、数字、- 和 _，最多 30 个字符",
        "small letters, figures, - and _, at most 30, a letter first",
    ),
    "no_number": ('数，写成如 3 或 "300.00"', 'a number, such as 3 or "300.00"'),
    "no_day": ('日期，写成如 "2026-01-31"', 'a day, such as "2026-01-31"'),
    "greater_than_equal": ("1 或更大", "1 or more"),
}


def _shown(value: object) -> str:
    words = str(value)
    return words if len(words) <= 40 else f"{words[:39]}…"  # noqa: PLR2004 - as much as a line takes
