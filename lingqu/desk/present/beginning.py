"""The first days of a company of one's own: what is there, what comes next, and who does it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lingqu.base.text import Text
from lingqu.catalogue.access import may_bring_titles_in
from lingqu.desk.present.moment import Moment
from lingqu.desk.queries.beginning import FIRST_POSTS, begun
from lingqu.documents.pages import leads_to
from lingqu.organisation.states import POST_WORDS, FirmKind, PostCode

LEADING = (PostCode.DIRECTOR, PostCode.DEPUTY, PostCode.MANAGER, PostCode.FINANCE, PostCode.RESEARCHER)
INVITING = (PostCode.DIRECTOR, PostCode.MANAGER)


def beginning_of(moment: Moment) -> list[dict[str, Any]]:
    """Return the steps of the first days, none when people, titles and partners are there or for who does not lead a publisher.

    A step: key, title, text, done, and the url for whoever may do it.
    """
    who = moment.who
    if who.firm_kind != FirmKind.HQ.value or not who.holds_any(LEADING, who.firm):
        return []
    now = begun(who.firm, on=moment.today)
    missing = [post for post in FIRST_POSTS if post.value not in now.posts]
    if not missing and now.titles and now.partners:
        return []
    titles = reverse("import_new", args=["titles"]) if now.disciplines else reverse("disciplines")
    partners, stock = (reverse("opening_new", args=[kind]) for kind in ("partners", "stock"))
    return [
        {
            "title": Text("邀请同事", "Invite colleagues"), "text": _who_is_missing(missing), "done": not missing,
            "url": reverse("people") if who.holds_any(INVITING, who.firm) else "",
        },
        {
            "title": Text("建专业，导入品种和定价", "Enter disciplines, bring titles and prices in"),
            "text": Text("由市场研究人员或营销主管办理，Excel 模板导入。", "Research or the marketing manager, by an Excel template."),
            "done": now.titles, "url": titles if may_bring_titles_in(who, who.firm) else "",
        },
        {
            "title": Text("导入客户", "Bring partners in"),
            "text": Text(
                "授权、协议、收货地和区域销售员随客户一起导入；之后导入等级、未结批次和预收款。",
                "With appointment, agreement, places of delivery and representative; then grades, open batches and prepayments.",
            ),
            "done": now.partners, "url": partners if leads_to(partners, who) else "",
        },
        {
            "title": Text("导入分批库存", "Bring stock in by lots"),
            "text": Text("不在这里管库存的，可以跳过。", "Leave it out if stock is not kept here."),
            "done": now.stock, "url": stock if leads_to(stock, who) else "",
        },
    ]  # fmt: skip


def _who_is_missing(missing: list[PostCode]) -> Text:
    if not missing:
        return Text("主要岗位都有人任职。", "The first posts are all held.")
    zh = "、".join(POST_WORDS[post].zh for post in missing)
    en = ", ".join(POST_WORDS[post].en.lower() for post in missing)
    return Text(f"还缺：{zh}。", f"Still missing: {en}.")
