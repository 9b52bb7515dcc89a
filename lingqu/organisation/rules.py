"""Pure rules of the firm tree and of posts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.organisation.states import FIRM_KIND_WORDS, PARENT_KIND, FirmKind, Scope

LONGEST_TOKEN_DAYS: Final = 366
MOST_TOKENS: Final = 10
MOST_TOKEN_NAME: Final = 60


def check_place_in_tree(kind: FirmKind, parent_kind: FirmKind | None, level: int, *, levels: int, clause: str) -> None:
    """Refuse a firm in the wrong place: HQ stands alone, an agent under HQ, a retailer under an agent, a customer under a retailer.

    `level` counts from 1 (HQ); `levels` is the regulation's greatest depth (M-13.2).
    """
    if level > levels:
        raise Refusal(
            "too_deep",
            Text(
                f"渠道最多 {levels} 级，此单位将是第 {level} 级。",
                f"The channel has at most {levels} levels; this firm would be level {level}.",
            ),
            clause=clause,
        )
    if parent_kind != PARENT_KIND.get(kind):
        wanted = PARENT_KIND.get(kind)
        raise Refusal(
            "wrong_parent",
            Text(
                f"{FIRM_KIND_WORDS[kind].zh}的上级须是{FIRM_KIND_WORDS[wanted].zh if wanted else '（无上级）'}。",
                f"The parent of a firm of kind {FIRM_KIND_WORDS[kind].en} must be {FIRM_KIND_WORDS[wanted].en if wanted else 'none'}.",
            ),
            clause=clause,
        )


def check_token(name: str, scopes: Collection[Scope], last_day: date, *, on: date) -> None:
    """Refuse a token without a name, without anything that it opens, and one whose last day is over or more than a year away."""
    if not 1 <= len(name) <= MOST_TOKEN_NAME:
        raise bad_input(
            "name",
            Text(
                f"请给令牌起名，最多 {MOST_TOKEN_NAME} 字，例如用它的系统。",
                f"Name the token in at most {MOST_TOKEN_NAME} characters, such as by the system that uses it.",
            ),
        )
    if not scopes:
        raise bad_input("scopes", Text("请至少选一项权限。", "Choose at least one thing that it opens."))
    if last_day < on:
        raise bad_input("last_day", Text("最后有效日不能早于今天。", "The last day cannot lie before today."))
    if (last_day - on) >= timedelta(days=LONGEST_TOKEN_DAYS):
        raise bad_input("last_day", Text("令牌最长有效一年。", "A token lasts a year at most."))
