"""The pages of the product by name, for the search: only those that open for the person."""

from __future__ import annotations

from collections.abc import Callable, Collection

import msgspec
from django.urls import reverse

from lingqu.base.access import entry_for
from lingqu.base.text import Text
from lingqu.credit.access import SELLING, may_enter_receipt, may_see_desk, may_see_group
from lingqu.documents.pages import leads_to
from lingqu.documents.registry import all_types
from lingqu.inventory.access import may_take_goods_in
from lingqu.orders.access import BUYING_POSTS, may_enter_for_partner, may_review_signatures
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind, PostCode
from lingqu.policy.access import may_see_drafts
from lingqu.settlement.access import may_book


class Place(msgspec.Struct, frozen=True):
    """A page: name, the group of the menu where it stands, address and icon; pinyin of the name, and other names people use."""

    title: Text
    second: Text
    url: str
    icon: str
    pinyin: str = ""
    others: tuple[str, ...] = ()


Open = Callable[[Acting], bool]

# What people call the places of the menu beside their names there: pinyin, and by-names.
_BY_NAMES: dict[str, tuple[str, tuple[str, ...]]] = {
    "home": ("gong zuo tai", ("首页", "home", "待办", "inbox")),
    "partners": ("ke hu dang an", ("客户", "代理商", "零售商", "partner", "customers")),
    "orders": ("jin huo shen qing", ("订单", "orders", "purchase requests")),
    "stock": ("ku cun", ("仓库", "warehouse", "inventory")),
    "specials": ("te jia", ("特批价", "promotion")),
    "receipts": ("hui kuan", ("收款", "到账", "payments", "money")),
    "credit_desk": ("xin yong tai", ("信用", "额度", "账龄", "应收", "credit", "ageing", "limit")),
    "bank": ("yin hang liu shui", ("对账", "认领", "bank")),
    "statements": ("dui zhang", ("对账单", "statement")),
    "returns": ("tui huo", ("退货", "goods back")),
    "transfers": ("diao huo", ("调货", "transfer")),
    "opening": ("qi chu shu ju", ("上线", "导入", "import")),
    "approvals": ("shen pi", ("签字", "特批", "sign")),
    "duties": ("zhi ze", ("任务", "报表", "tasks", "reports")),
    "regulation": ("zhi du", ("条款", "规章", "policy", "clauses", "rules")),
}


def _everybody(_: Acting) -> bool:
    return True


def _hq(who: Acting) -> bool:
    return who.firm_kind == FirmKind.HQ.value


def _orders_own(who: Acting) -> bool:
    return not _hq(who) and who.holds_any(BUYING_POSTS, who.firm)


def _of_any_firm(route: str) -> bool:
    """Return whether an address asks nothing of the firm but its kind, such as to have a warehouse."""
    entry = entry_for(route)
    return entry is not None and any(not way.relation for way in entry.read)


def _deals_with_duties(who: Acting) -> bool:
    return _hq(who) or who.holds(PostCode.OWNER, who.firm)


# Pages that stand in no menu: name, in which group, address, icon, pinyin, other names, for whom.
_MORE: tuple[tuple[Text, Text, str, str, str, tuple[str, ...], Open], ...] = (
    (
        Text("新建进货申请", "New request"), Text("进货", "Buying"), "order_new", "plus", "xin jian jin huo shen qing",
        ("下单", "进货", "order now", "buy"), _orders_own,
    ),
    (
        Text("代录进货申请", "Enter a request for a partner"), Text("客户与订单", "Partners and orders"), "order_new", "plus",
        "dai lu jin huo shen qing", ("代客下单", "order for a partner"),
        lambda who: who.firm_kind in SELLING and may_enter_for_partner(who, who.firm),
    ),
    (
        Text("登记回款", "Enter a receipt"), Text("客户与订单", "Partners and orders"), "receipt_new", "report-money", "deng ji hui kuan",
        ("收款", "enter money"), lambda who: may_enter_receipt(who, who.firm),
    ),
    (
        Text("导入银行流水", "Take in a bank file"), Text("客户与订单", "Partners and orders"), "bank_new", "upload",
        "dao ru yin hang liu shui", ("bank import",), lambda who: may_book(who, who.firm),
    ),
    (
        Text("供货控制", "Holds"), Text("信用台", "Credit desk"), "holds", "hand-stop", "gong huo kong zhi",
        ("暂缓发货", "停供", "hold", "delay shipping", "stop supply"), lambda who: may_see_desk(who, who.firm),
    ),
    (
        Text("特批年审", "Yearly review of signatures"), Text("信用台", "Credit desk"), "signatures", "signature", "te pi nian shen",
        ("特批", "waivers"), lambda who: who.firm_kind in SELLING and may_review_signatures(who, who.firm),
    ),
    (
        Text("共用额度", "Groups that share a limit"), Text("信用台", "Credit desk"), "credit_groups", "users", "gong yong e du",
        ("集团额度", "credit groups"), lambda who: may_see_group(who, who.firm) and may_see_desk(who, who.firm),
    ),
    (
        Text("入库", "Goods in"), Text("库存", "Stock"), "goods_in", "package", "ru ku", ("收货", "receive goods"),
        lambda who: _hq(who) and may_take_goods_in(who, who.firm),
    ),
    (
        Text("报表日历", "Report calendar"), Text("职责", "Duties"), "duty_calendar", "calendar-event", "bao biao ri li",
        ("催报", "日历", "calendar"), _deals_with_duties,
    ),
    (
        Text("参数", "Parameters"), Text("制度", "Regulation"), "regulation_parameters", "adjustments", "can shu",
        ("设置", "settings"), _everybody,
    ),
    (
        Text("制度版本", "Versions"), Text("制度", "Regulation"), "regulation_versions", "versions", "zhi du ban ben", ("修订", "history"),
        _everybody,
    ),
    (
        Text("待明确事项", "Open questions"), Text("制度", "Regulation"), "regulation_gaps", "help-circle", "dai ming que shi xiang",
        ("暂行口径", "gaps"), may_see_drafts,
    ),
    (
        Text("收件箱", "Inbox"), Text("我的", "Mine"), "inbox", "bell", "shou jian xiang", ("通知", "消息", "notices", "messages"),
        _everybody,
    ),
    (
        Text("通知设置", "Notice settings"), Text("我的", "Mine"), "notice_settings", "adjustments", "tong zhi she zhi", ("邮箱", "e-mail"),
        _everybody,
    ),
    (
        Text("委托代签", "Stand-ins"), Text("我的", "Mine"), "delegations", "users", "wei tuo dai qian", ("代签", "出差", "absence"),
        _everybody,
    ),
)  # fmt: skip
_OF_PACK = {"regulation_parameters", "regulation_versions", "regulation_gaps"}


def places_of(who: Acting, menu: list[dict[str, object]], *, pack: str) -> list[Place]:
    """Return the pages that open for the person: those of their menu, and those behind it. `pack` is the regulation's.

    What is asked of each page here is whether it is of any use to them; whether it opens is what its address declares.
    """
    known = {reverse(name): (pinyin, others) for name, (pinyin, others) in _BY_NAMES.items()}
    found = []
    for group in menu:
        for item in group["items"]:  # type: ignore[attr-defined]
            pinyin, others = known.get(item["url"], ("", ()))
            found.append(Place(item["title"], group["title"] or Text("主页", "home"), item["url"], item["icon"], pinyin, others))  # type: ignore[arg-type]
    for title, second, name, icon, pinyin, others, opens in _MORE:
        if opens(who):
            url = reverse(name, args=[pack]) if name in _OF_PACK else reverse(name)
            found.append(Place(title, second, url, icon, pinyin, others))
    found = [one for one in found if leads_to(one.url, who)]
    return [*found, *_lists_of_documents(who, {one.url for one in found})]


def _lists_of_documents(who: Acting, known: Collection[str]) -> list[Place]:
    """Return the lists of registered document types that stand in no menu; one of a firm's own warehouse is headquarters' only."""
    lists = {reverse(made.list_route): made for made in all_types() if _hq(who) or _of_any_firm(made.list_route)}
    return [
        Place(made.plural, Text("单据", "Documents"), url, made.menu.icon if made.menu else "file-text")
        for url, made in lists.items()
        if url not in known and leads_to(url, who)
    ]
