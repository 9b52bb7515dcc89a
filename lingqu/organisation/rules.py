"""Pure rules of the firm tree and of posts."""

from __future__ import annotations

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.organisation.states import FIRM_KIND_WORDS, PARENT_KIND, FirmKind


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
