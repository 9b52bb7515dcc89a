"""The menu of a person by their posts, with what waits at each place. Only their own firm's figures are handed in."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lingqu.base.text import Text
from lingqu.credit.access import may_see_desk
from lingqu.desk.present.sign_ins import looks_after_people
from lingqu.desk.queries import MenuCounts
from lingqu.documents.registry import all_types
from lingqu.notices.access import may_manage_channels
from lingqu.orders.access import is_agents_clerk, may_withdraw
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import POST_WORDS, FirmKind, PostCode
from lingqu.settlement.access import may_book, may_issue

# The post that stands beside a person's name when they hold several: the highest first.
_FIRST = (
    PostCode.DIRECTOR, PostCode.DEPUTY, PostCode.MANAGER, PostCode.FINANCE, PostCode.REPRESENTATIVE, PostCode.WAREHOUSE, PostCode.OWNER,
    PostCode.CLERK,
)  # fmt: skip
RANK = (*_FIRST, *(post for post in PostCode if post not in _FIRST))
NO_POST = Text("未任职", "no post")


def own_posts(who: Acting) -> tuple[PostCode, ...]:
    """Return the posts that the person acts in at their own firm, the highest first."""
    return tuple(post for post in RANK if who.holds(post, who.firm))


def post_words(who: Acting) -> Text:
    """Return the person's posts at their firm in words."""
    posts = [POST_WORDS[post] for post in own_posts(who)]
    return Text("、".join(post.zh for post in posts), ", ".join(post.en for post in posts)) if posts else NO_POST


def home_count(who: Acting, counts: MenuCounts) -> tuple[int, bool]:
    """Return how much waits for this person on their home page, approvals among it, and whether some of it is late."""
    waiting, late = _own_count(who, counts)
    return waiting + counts.to_decide + _queued(who, counts), late or counts.to_decide_late > 0


def _queued(who: Acting, counts: MenuCounts) -> int:
    """Return how many rows of their home are neither requests nor approvals: bank lines, deliveries, returns to come are one row each."""
    money = counts.disputes + min(counts.bank_lines, 1)
    owner = who.holds(PostCode.OWNER, who.firm) and who.firm_kind != FirmKind.HQ.value
    buys = who.firm_kind != FirmKind.HQ.value and may_withdraw(who, who.firm)
    goods = min(counts.to_receive, 1) + counts.differences + counts.returns_asked + min(counts.returns_to_come, 1)
    return counts.sent_back + money + goods + (counts.to_confirm if owner else 0) + (counts.contracts if buys else 0)


def _own_count(who: Acting, counts: MenuCounts) -> tuple[int, bool]:
    posts = own_posts(who)
    if PostCode.DIRECTOR in posts:
        return counts.to_sign, False
    if PostCode.MANAGER in posts or PostCode.OWNER in posts or is_agents_clerk(who, who.firm):
        return counts.to_answer, counts.to_answer_late > 0
    if PostCode.REPRESENTATIVE in posts:
        return counts.to_answer_own, counts.to_answer_own_late > 0
    if PostCode.WAREHOUSE in posts:
        return counts.to_ship, counts.to_ship_late > 0
    return 0, False


def _item(path: str, title: Text, name: str, icon: str, count: int = 0, *, late: bool = False, **places: str) -> dict[str, Any]:
    url = reverse(name, kwargs=places)
    active = path == url if url == "/" else path.startswith(url)
    return {"title": title, "url": url, "icon": icon, "active": active, "count": count or None, "count_late": late}


def _people(path: str, who: Acting, code: str) -> list[dict[str, Any]]:
    """Return the place of headquarters' people and sign-ins, for those who look after them."""
    return [_item(path, Text("人员与账号", "People"), "firm_people", "users", code=code)] if looks_after_people(who) else []


def _order(path: str, who: Acting, counts: MenuCounts) -> dict[str, Any]:
    """Return the group of the menu about rules: approvals, duties, the regulation. A partner's clerks decide nothing and owe nothing."""
    items = [_item(path, Text("制度", "Regulation"), "regulation", "book")]
    if who.firm_kind == FirmKind.HQ.value or who.holds(PostCode.OWNER, who.firm):
        items.insert(0, _item(path, Text("职责", "Duties"), "duties", "clipboard-check"))
        decide = _item(path, Text("审批", "Approvals"), "approvals", "signature", counts.to_decide, late=counts.to_decide_late > 0)
        items.insert(0, decide)
    if may_manage_channels(who):
        items.append(_item(path, Text("系统状况", "System"), "condition", "adjustments"))
    return {"title": Text("秩序", "Rules"), "items": items}


def _bank(path: str, who: Acting, counts: MenuCounts) -> list[dict[str, Any]]:
    """Return the place of bank files with how many lines are to be matched, for those who may book them."""
    return [_item(path, Text("银行流水", "Bank lines"), "bank", "coins", counts.bank_lines)] if may_book(who, who.firm) else []


def _credit(path: str, who: Acting, counts: MenuCounts) -> list[dict[str, Any]]:
    """Return the credit desk with how many partners are held back, for those of the seller who deal with credit."""
    desk = _item(path, Text("信用台", "Credit desk"), "credit_desk", "scale", counts.held_back)
    return [desk] if may_see_desk(who, who.firm) else []


def _opening(path: str, who: Acting) -> list[dict[str, Any]]:
    """Return the place of opening workbooks, for those who bring them in: finance, manager and director of HQ."""
    if not who.holds_any((PostCode.FINANCE, PostCode.MANAGER, PostCode.DIRECTOR), who.firm):
        return []
    return [_item(path, Text("期初数据", "Going live"), "opening", "clipboard-list")]


def _statements(path: str, who: Acting, counts: MenuCounts) -> list[dict[str, Any]]:
    """Return the place of statements of account with how many have objections, for those who issue them."""
    return [_item(path, Text("对账", "Statements"), "statements", "notes", counts.disputes)] if may_issue(who, who.firm) else []


def _registered(path: str, who: Acting) -> list[dict[str, Any]]:
    """Return the places of registered document types: for the kinds of firm and the posts that each declares."""
    found = [(made, made.menu) for made in all_types() if made.menu]
    return [
        _item(path, made.plural, made.list_route, menu.icon)
        for made, menu in found
        if (not menu.kinds or who.firm_kind in menu.kinds) and (not menu.posts or who.holds_any(menu.posts, who.firm))
    ]


def _of_headquarters(path: str, who: Acting, counts: MenuCounts) -> list[dict[str, Any]]:
    waiting, late = home_count(who, counts)
    trade = [
        _item(path, Text("客户档案", "Partners"), "partners", "building-store"),
        _item(path, Text("进货申请", "Requests"), "orders", "file-text", counts.to_answer, late=counts.to_answer_late > 0),
        _item(path, Text("库存", "Stock"), "stock", "packages"),
        _item(path, Text("发货", "Deliveries"), "deliveries", "truck", counts.ready + counts.differences),
        _item(path, Text("退货", "Returns"), "returns", "receipt-refund", counts.returns_asked + counts.returns_to_come),
        _item(path, Text("调货", "Transfers"), "transfers", "arrows-sort"),
        _item(path, Text("特价", "Special prices"), "specials", "cash"),
        _item(path, Text("品种与定价", "Titles and prices"), "titles", "list-details"),
        _item(path, Text("回款", "Receipts"), "receipts", "report-money"),
        *_registered(path, who),
        *_credit(path, who, counts),
        *_bank(path, who, counts),
        *_statements(path, who, counts),
        *_opening(path, who),
    ]
    return [
        {"title": "", "items": [_item(path, Text("工作台", "My desk"), "home", "home", waiting, late=late)]},
        {"title": Text("客户与订单", "Partners and orders"), "items": trade},
        _order(path, who, counts),
    ]


def _of_partner(path: str, who: Acting, counts: MenuCounts, code: str) -> list[dict[str, Any]]:
    waiting, late = home_count(who, counts)
    own = [
        _item(path, Text("进货申请", "Requests"), "orders", "file-text", counts.under_way),
        _item(path, Text("信用与账款", "Credit and money"), "partner", "wallet", code=code),
        _item(path, Text("回款", "Receipts"), "receipts", "report-money"),
        _item(path, Text("对账单", "Statement"), "statement", "notes", counts.to_confirm, code=code),
        _item(path, Text("特价", "Special prices"), "specials", "cash"),
        _item(path, Text("收货", "Deliveries"), "deliveries", "truck", counts.to_receive + counts.differences),
        _item(path, Text("退货", "Returns"), "returns", "receipt-refund", counts.returns_asked + counts.returns_to_come),
        _item(path, Text("调货", "Transfers"), "transfers", "arrows-sort"),
        _item(path, Text("品种与定价", "Titles and prices"), "titles", "list-details"),
        *_registered(path, who),
    ]
    own[1]["active"] = own[1]["active"] and not own[3]["active"]
    menu: list[dict[str, Any]] = [
        {"title": "", "items": [_item(path, Text("工作台", "My desk"), "home", "home", waiting, late=late)]},
        {"title": Text("进货与账款", "Buying and paying"), "items": own},
    ]
    if who.firm_kind == FirmKind.AGENT.value:
        below = _item(path, Text("零售商", "Retailers"), "partners", "building-store", counts.to_answer, late=counts.to_answer_late > 0)
        below["active"] = below["active"] and not any(item["active"] for item in own)
        terms = _item(path, Text("供货条件", "Terms"), "branch_terms", "adjustments")
        retail = [below, terms, *_credit(path, who, counts), *_bank(path, who, counts), *_statements(path, who, counts)]
        menu.append({"title": Text("下级客户", "Our retailers"), "items": retail})
    menu.append(_order(path, who, counts))
    return menu


def menu_of(path: str, who: Acting, counts: MenuCounts, *, firm_code: str) -> list[dict[str, Any]]:
    """Return the person's menu in groups, the place of `path` marked; see `page.html`."""
    if who.firm_kind == FirmKind.HQ.value:
        menu = _of_headquarters(path, who, counts)
        menu[-1]["items"] += _people(path, who, firm_code)
        return menu
    return _of_partner(path, who, counts, firm_code)


def phone_menu_of(menu: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the four places of the bottom bar: home, and the first three of the groups behind it."""
    items: list[dict[str, Any]] = [item for group in menu for item in group["items"]]
    return items[:4]
