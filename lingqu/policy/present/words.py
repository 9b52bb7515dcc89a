"""The words of the regulation's pages: posts, laws, kinds of carriers, numbers of articles and clauses as people write them."""

from __future__ import annotations

import re

from lingqu.base.text import Text
from lingqu.organisation.states import POST_WORDS
from lingqu.policy.states import DayMode, Law, ParameterKind

LAW_WORDS = {
    Law.CERTIFICATE.value: (Text("资格证书", "Papers"), Text("证书、合同、许可证均有效", "certificate, agreement, licence valid")),
    Law.AREA.value: (Text("产品区域", "Area"), Text("收货地与品种均在授权内", "delivery and titles inside what was granted")),
    Law.PRICE.value: (Text("价格折扣", "Price"), Text("每行折扣 ≥ 等级底线", "discount of every line ≥ floor of the grade")),
    Law.STOCK.value: (Text("库存", "Stock"), Text("有货先发，缺货后补或取消", "what is there goes, the rest later or not at all")),
    Law.CREDIT.value: (Text("信用金额", "Credit"), Text("已占用 + 预占 + 本单 − 额度 ≤ 0", "used + held + this − limit ≤ 0")),
    Law.BATCHES.value: (Text("未结批次", "Batches"), Text("未结 + 预占 + 本单 − 上限 ≤ 0", "open + held + this − most ≤ 0")),
    Law.OVERDUE.value: (Text("逾期", "Overdue"), Text("逾期金额 ≤ 容忍金额", "overdue ≤ tolerated amount")),
}
MODE_WORDS = {DayMode.CALENDAR.value: Text("日历日", "calendar days"), DayMode.WORKING.value: Text("工作日", "working days")}
KIND_WORDS = {
    "law": Text("规则", "Law"),
    "duty": Text("职责", "Duty"),
    "procedure": Text("流程", "Procedure"),
    "account": Text("账户", "Account"),
    "parameter": Text("参数", "Parameter"),
    "scorecard": Text("评分", "Scorecard"),
    "record": Text("记录", "Record"),
    "committee": Text("委员会", "Committee"),
}
"""What carries a clause out."""

TYPE_WORDS = {
    ParameterKind.INTEGER: Text("整数", "whole number"),
    ParameterKind.MONEY: Text("金额", "money"),
    ParameterKind.PERCENT: Text("百分比", "percent"),
    ParameterKind.BASIS_POINTS: Text("折扣率", "rate"),
    ParameterKind.FACTOR: Text("系数", "factor"),
    ParameterKind.CHOICE: Text("选项", "choice"),
    ParameterKind.FLAG: Text("是否", "yes or no"),
    ParameterKind.TABLE: Text("表", "table"),
    ParameterKind.LADDER: Text("阶梯", "ladder"),
    ParameterKind.CALENDAR: Text("日历", "calendar"),
}
STATE_WORDS = {
    "full": Text("全部执行", "carried out"),
    "part": Text("部分执行", "in part"),
    "not_yet": Text("尚未执行", "not yet"),
}
RELATION_WORDS = {"representative_of": Text("客户的区域销售员", "the partner's representative")}
YES = Text("是", "yes")
NO = Text("否", "no")
_DIGITS = "零一二三四五六七八九"
_ID = re.compile(r"[A-Z]-?(\d+)(?:\.(.+))?")


def post_words(post: str) -> Text | None:
    """Return the name of a post or relation, None for none; one that this version does not know keeps its code."""
    if not post:
        return None
    known = {code.value: words for code, words in POST_WORDS.items()} | RELATION_WORDS
    return known.get(post, Text(f"岗位 {post}", f"post {post}"))


def law_words(key: str) -> tuple[Text, Text]:
    """Return the name of a law and its formula in words."""
    return LAW_WORDS.get(key, (Text(f"规则 {key}", f"Law {key}"), Text("见判定", "see a decision")))


def article_words(article: int) -> Text:
    """Return the name of an article: 第十九条."""
    return Text(f"第{chinese_number(article)}条", f"Article {article}") if article else Text("其他", "Other")


def chapter_words(chapter: int) -> Text:
    """Return the name of a chapter: 第五章."""
    return Text(f"第{chinese_number(chapter)}章", f"Chapter {chapter}")


def chinese_number(number: int) -> str:
    """Return 1 to 99 as people write it: 十九, 二十一. Larger numbers keep their digits."""
    if not 0 < number < 100:  # noqa: PLR2004 - two digits
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def article_number(clause: str) -> int:
    """Return the number of the article that a clause's or article's id names: 19 of M-19.5; 0 for an id that names none."""
    found = _ID.fullmatch(clause)
    return int(found[1]) if found else 0


def place_of(clause: str) -> tuple[int, tuple[tuple[int, str], ...]]:
    """Return where a clause stands among the others: by the numbers of its id, M-9.2 before M-9.10."""
    found = _ID.fullmatch(clause)
    if found is None:
        return (0, ((0, clause),))
    parts = (found[2] or "").split(".") if found[2] else []
    return (int(found[1]), tuple((int("".join(re.findall(r"\d", part)) or 0), part) for part in parts))


def clause_number(clause: str) -> Text:
    """Return the number of a clause in its article as it is printed: （五） for M-19.5, （三）3.1 for M-16.3.3.1; blank for an article."""
    found = _ID.fullmatch(clause)
    if found is None or not found[2]:
        return Text("", "")
    first, _, rest = found[2].partition(".")
    if not first.isdecimal():
        return Text(found[2], found[2])
    zh = f"（{chinese_number(int(first))}）"
    return Text(f"{zh}{rest}", f"{first}.{rest}") if rest else Text(zh, f"({first})")
