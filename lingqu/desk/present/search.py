"""What a search found, in groups, as rows with their met letters marked; and what was opened last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

import msgspec
from django.urls import reverse

from lingqu.base.calendar import china_day
from lingqu.base.money import half_up
from lingqu.base.templatetags.words import day, money, percent_bp
from lingqu.base.text import Text, active_language
from lingqu.credit.rules import discount_for
from lingqu.desk.present.places import Place
from lingqu.desk.present.tasks import partner_line
from lingqu.desk.present.words import batch_name, place
from lingqu.desk.queries.search import FoundOrder, FoundPaper, FoundPartner, FoundPerson, FoundProduct
from lingqu.desk.rules import Part, Wanted, parts_of, wants
from lingqu.documents.registry import type_called
from lingqu.orders.states import ORDERS
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FIRM_KIND_WORDS, POST_WORDS, FirmKind, PostCode
from lingqu.policy.rules import Clause, Regulation

SHOWN = 6
Found = TypeVar("Found")
BASIS = 10_000


class Row(msgspec.Struct, frozen=True):
    """One thing found: its title in stretches, a grey line, something short at the end of the row, an icon and its page."""

    title: tuple[Part, ...]
    second: str
    url: str
    icon: str
    end: str = ""

    @property
    def plain(self) -> str:
        """Return the title without marks, by which the row is kept among what was opened last."""
        return "".join(part.text for part in self.title)


class Group(msgspec.Struct, frozen=True):
    """What was found of one kind: its key and name, up to six rows, and where more stands ("" where nothing more does)."""

    key: str
    name: Text
    rows: tuple[Row, ...]
    more_url: str = ""


def group_of(
    key: str, name: Text, found: Iterable[Found], row: Callable[[Found], Row], more_url: str = ""
) -> Group | None:  # fmt: skip
    """Return a group of at most six rows, None of nothing; `more_url` stands only where there are more."""
    rows = [row(one) for one in found]
    return Group(key, name, tuple(rows[:SHOWN]), more_url if len(rows) > SHOWN else "") if rows else None


def partner_row(found: FoundPartner, wanted: Wanted) -> Row:
    """Return a partner: name; level, grade, seat, representative; code."""
    where = place(found.division)
    kind = partner_line(found.level, found.grade, found.representative) if found.grade else FIRM_KIND_WORDS[FirmKind(found.level)]
    second = f"{kind} · {where}" if str(where) else str(kind)
    title = parts_of(found.name, wanted, found.pinyin)
    return Row(title, second, reverse("partner", args=[found.code]), "building-store", found.code)


def order_row(found: FoundOrder, wanted: Wanted) -> Row:
    """Return a request: number; buyer, day and batch; net and state."""
    state = Text("已结清", "Settled") if found.settled_on else ORDERS.words[found.state]
    batch = f" · {batch_name(found.batch)}" if found.batch else ""
    second = f"{found.buyer_name} · {day(found.submitted_at)}{batch}"
    return Row(parts_of(found.number, wanted), second, reverse("order", args=[found.number]), "file-text", f"{money(found.net)} · {state}")


def product_row(found: FoundProduct, wanted: Wanted, regulation: Regulation, who: Acting) -> Row:
    """Return a title: number and name; discipline and list price; for a firm that buys its own price, and the way to order it."""
    discipline = str(Text(found.discipline_zh, found.discipline_en))
    price = str(Text(f"定价 {money(found.list_price)}", f"list price {money(found.list_price)}"))
    code = parts_of(found.code, wanted)
    title = (*code, Part(" ", hit=False), *parts_of(found.name, wanted, found.pinyin))
    if who.firm_kind == FirmKind.HQ.value:
        return Row(title, f"{discipline} · {price}", f"{reverse('stock')}?q={found.code}", "book")
    url = f"{reverse('order_new')}?q={found.code}"
    return Row(title, f"{discipline} · {price}", url, "book", _own_price(found, regulation, who))


def _own_price(found: FoundProduct, regulation: Regulation, who: Acting) -> str:
    discount = discount_for(regulation, who.firm_kind, found.grade, found.own_bp)
    if discount is None or found.list_price is None:
        return ""
    special = found.special_bp is not None and found.special_bp < discount.rule_bp
    paid = found.special_bp if special and found.special_bp is not None else discount.rule_bp
    net, share = money(half_up(found.list_price * Decimal(paid) / BASIS)), percent_bp(paid)
    if special:
        return str(Text(f"特价 {net}（{share}）", f"special price {net} ({share})"))
    return str(Text(f"我们的价 {net}（{share}）", f"our price {net} ({share})"))


def person_row(found: FoundPerson, wanted: Wanted) -> Row:
    """Return a person: name; posts and firm; telephone."""
    posts = "、".join(str(POST_WORDS[PostCode(post)]) for post in found.posts)
    posts = posts if active_language() == "zh" else posts.replace("、", ", ")
    second = f"{posts} · {found.firm_name}" if posts else found.firm_name
    title = parts_of(found.name, wanted, found.pinyin)
    return Row(title, second, reverse("person", args=[found.id]), "user", found.telephone)


KINDS = {
    "receipt": (Text("回款", "Receipt"), "report-money", "receipt"),
    "delivery": (Text("发货", "Delivery"), "truck", "delivery"),
    "parcel": (Text("运单", "Waybill"), "truck", "delivery"),
    "difference": (Text("收货差异", "Differences"), "truck", "delivery"),
    "transfer": (Text("调货", "Transfer"), "arrows-sort", "transfer"),
    "count": (Text("盘点", "Stock count"), "clipboard-check", "stock_count"),
    "statement": (Text("对账单", "Statement"), "notes", "statement"),
    "hold": (Text("供货控制", "Hold"), "hand-stop", "hold"),
    "grade": (Text("等级变更", "Grade change"), "certificate", "partner"),
    "write_off": (Text("核销差额", "Write-off"), "receipt-refund", "write_off"),
    "waiver": (Text("特批", "Special signature"), "signature", "order"),
    "special": (Text("特价", "Special price"), "cash", "special_price"),
    "return": (Text("退货", "Return"), "receipt-refund", "return_request"),
    "goods_in": (Text("入库", "Goods in"), "packages", "goods_paper"),
    "approval": (Text("审批", "Approval"), "signature", "approval"),
}


def paper_row(found: FoundPaper, wanted: Wanted) -> Row:
    """Return another document: number; kind, whom it is about, its day; yuan."""
    words, icon, name = KINDS.get(found.kind) or _registered(found.kind)
    said = [str(words), found.about if found.kind != "approval" else str(Text(found.about, found.word or found.about))]
    if found.kind == "transfer":
        said[1] = f"{found.word} → {found.about}"
    if found.kind == "parcel":
        said[0] = f"{words} {found.word}"
    if found.kind in ("delivery", "difference", "waiver", "special", "statement", "write_off"):
        said.append(found.word)
    if found.kind == "grade":
        said.append(found.word.replace(">", " → ").removeprefix(" → "))
    if found.at:
        said.append(day(_day(found.at)))
    return Row(parts_of(found.number, wanted), " · ".join(said), _paper_url(found, name), icon, money(found.amount) if found.amount else "")


def _registered(kind: str) -> tuple[Text, str, str]:
    made = type_called(kind)
    return made.title, made.menu.icon if made.menu else "file-text", made.one_route


def _day(at: datetime | date) -> date:
    return china_day(at) if isinstance(at, datetime) else at


def _paper_url(found: FoundPaper, name: str) -> str:
    if found.kind not in KINDS:
        return found.word
    if found.kind in ("waiver", "difference"):
        return reverse("order" if found.kind == "waiver" else "delivery", args=[found.word])
    if name == "statement":
        return f"{reverse('statement', args=[found.code])}?month={found.word}"
    if name == "partner":
        return f"{reverse('partner', args=[found.code])}?tab=grades"
    return reverse(name, args=[found.number])


def clause_rows(regulation: Regulation, wanted: Wanted, keys: Mapping[str, str]) -> list[Row]:
    """Return the clauses that the words are in: number first, then title, by its pinyin (`keys` by clause) too, then text."""
    text = wanted.typed.lower()
    bare = text.replace(" ", "").replace("-", "")
    found: list[tuple[int, int, Clause]] = []
    for clause in regulation.clauses.values():
        rank = _clause_rank(clause, text, bare, wanted, keys.get(clause.id, ""))
        if rank is not None:
            found.append((rank, len(found), clause))
    found.sort(key=lambda one: one[:2])
    return [_clause_row(clause, wanted, regulation, keys.get(clause.id, "")) for _, _, clause in found[: SHOWN + 1]]


def _clause_rank(clause: Clause, text: str, bare: str, wanted: Wanted, key: str) -> int | None:
    number = clause.id.lower()
    met = [rank for rank in (wants(wanted, clause.title.zh, key), wants(wanted, clause.title.en)) if rank is not None]
    words = f"{clause.text.zh} {clause.text.en}".lower()
    ranks = (
        (text == number or bare == number.replace("-", ""), 0),
        (number.startswith(text) or number.partition("-")[2].startswith(text), 1),
        (bool(met), 2 + min(met, default=0)),
        (len(text) > 1 and all(word.text in words for word in wanted.words), 9),
    )
    return next((rank for holds, rank in ranks if holds), None)


def _clause_row(clause: Clause, wanted: Wanted, regulation: Regulation, key: str) -> Row:
    spelt = key if active_language() == "zh" else ""
    title = (*parts_of(clause.id, wanted), Part(" ", hit=False), *parts_of(str(clause.title), wanted, spelt))
    url = reverse("regulation_clause", args=[regulation.pack, f"v{regulation.number}", clause.id])
    return Row(title, _around(str(clause.text), wanted), url, "book", f"v{regulation.number}")


AROUND = 110


def _around(text: str, wanted: Wanted) -> str:
    """Return the words around what was met, one line long."""
    plain = " ".join(text.split())
    place_of = next((at for at in (plain.lower().find(word.text) for word in wanted.words) if at >= 0), 0)
    start = max(0, place_of - AROUND // 3)
    cut = plain[start : start + AROUND]
    return f"{'…' if start else ''}{cut}{'…' if start + AROUND < len(plain) else ''}"


def page_rows(places: Iterable[Place], wanted: Wanted) -> list[Row]:
    """Return the pages whose name or by-name the words are in, in either language."""
    found: list[tuple[int, int, Place]] = []
    for at, one in enumerate(places):
        ranks = [wants(wanted, name, one.pinyin) for name in (one.title.zh, one.title.en, *one.others)]
        met = [rank for rank in ranks if rank is not None]
        if met:
            found.append((min(met), at, one))
    found.sort(key=lambda one: one[:2])
    return [Row(parts_of(str(one.title), wanted, one.pinyin), str(one.second), one.url, one.icon) for _, _, one in found[: SHOWN + 1]]
