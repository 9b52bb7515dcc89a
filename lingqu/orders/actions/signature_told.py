"""What signers, partners and representatives are told about a special signature. Private to the verbs."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from decimal import Decimal

from lingqu.approvals.rules import Chain
from lingqu.base.decision import Cure, LawResult
from lingqu.base.money import in_yuan
from lingqu.base.text import Text
from lingqu.credit.models import CreditLine, Waiver
from lingqu.credit.queries import hold_in_force, open_batches, partner_owners, payment_record
from lingqu.credit.rules import OpenBatch
from lingqu.credit.states import HOLD_LEVEL_WORDS, HoldLevel
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.orders.models import Order, SignatureRequest
from lingqu.orders.rules import Decided
from lingqu.orders.states import LAW_WORDS, OrderState
from lingqu.partners.queries import representatives_of
from lingqu.policy.states import Law

Fact = tuple[Text, Text]
MOST_BATCHES = 4
MOST_WAYS = 3


def link_to(order: Order) -> str:
    """Return the address of the page on which a request and its signature stand."""
    return f"/orders/{order.number}/"


def law_names(laws: tuple[str, ...]) -> Text:
    """Return the names of laws as a list in words."""
    words = [LAW_WORDS.get(law, Text(law, law)) for law in laws]
    return Text("、".join(one.zh for one in words), ", ".join(one.en for one in words))


def title_of(asked: SignatureRequest) -> Text:
    """Return the title under which the signature is decided."""
    order, laws = asked.order, law_names(tuple(asked.laws.split()))
    return Text(f"{order.buyer.name} {order.number}：{laws.zh}", f"{order.buyer.name} {order.number}: {laws.en}")


def facts_of(
    order: Order, line: CreditLine, decided: Decided, laws: Collection[str], *, chain: Chain, on: date
) -> tuple[Fact, ...]:  # fmt: skip
    """Return what signers need to see: each failed law with its numbers, ways to pass, payment record, batches, hold, earlier waivers."""
    failed = [law for law in decided.decision.failed() if law.law in laws]
    ways = [way for cure in decided.decision.cures if (way := _way(cure))][:MOST_WAYS]
    held = hold_in_force(line.pk, on=on)
    level = HOLD_LEVEL_WORDS[HoldLevel(held.level)] if held else None
    hold = ((Text("供货控制", "Hold"), Text(f"{level.zh} {held.number}", f"{level.en} {held.number}")),) if held and level else ()
    return (
        *((LAW_WORDS.get(law.law, Text(law.law, law.law)), _sentence(law)) for law in failed),
        (Text("本单实洋", "This request, net"), in_yuan(order.net)),
        (Text("近 12 个月付款", "Paid in 12 months"), _paid(line, on)),
        (Text("现欠批次", "Batches owed"), _batches(open_batches(line.pk))),
        (Text("近 12 个月特批", "Waivers in 12 months"), _waivers(line, on)),
        *hold,
        *((Text(f"其他办法 {place}", f"Another way {place}"), way) for place, way in enumerate(ways, 1)),
        (Text("客户", "Partner"), Text(f"{order.buyer.name}，{line.grade} 级", f"{order.buyer.name}, grade {line.grade}")),
        (Text("条款", "Clause"), Text(chain.clause, chain.clause)),
    )


def tell_signed(asked: SignatureRequest, line: CreditLine, state: OrderState, failed: tuple[str, ...], *, at: datetime, on: date) -> None:
    """Tell the partner's owner and its representatives what became of the request after the signature."""
    order = asked.order
    if failed:
        laws = law_names(failed)
        title = Text(f"{order.number} 已特批，但{laws.zh}现不通过", f"{order.number} is signed, but now fails: {laws.en}")
        body = Text(
            "特批在有效期内保留；请看申请页上的办法。", "The signature is kept while it is valid; the request's page says what can be done."
        )
    elif state is OrderState.HELD:
        title = Text(f"{order.number} 已特批，待受理", f"{order.number} is signed and awaits acceptance")
        body = Text("额度、批次和库存已预占。", "Money, batch and copies are held.")
    else:
        title, body = Text(f"{order.number} 已特批", f"{order.number} is signed"), Text("可以发货。", "It may be shipped.")
    message = Message(f"signature:{asked.pk}:signed", "order", title, body, link_to(order))
    people = {*partner_owners(line, on=on), *representatives_of(order.buyer_id, order.seller_id, on)}
    notify(message, to=people, at=at)


def tell_refused(asked: SignatureRequest, line: CreditLine, *, at: datetime, on: date) -> None:
    """Tell the partner's owner that it was not agreed to. Reasons stay in the house."""
    order = asked.order
    title = Text(f"{order.number} 未获特批", f"No special signature for {order.number}")
    body = Text("可以先付款或改单，见申请页。", "Pay first or change it: the request's page says how.")
    message = Message(f"signature:{asked.pk}:refused", "order", title, body, link_to(order))
    notify(message, to=partner_owners(line, on=on), at=at)


def _sentence(law: LawResult) -> Text:
    write = _SENTENCES.get(law.law)
    return write({key: law.numbers[key] for key in law.numbers}) if write else Text("不通过", "fails")


def _credit(numbers: dict[str, object]) -> Text:
    over = [prefix for prefix in ("", "group_") if Decimal(str(numbers.get(f"{prefix}over", 0))) > 0]
    said = [_formula(numbers, prefix) for prefix in over]
    return Text("；".join(one.zh for one in said), "; ".join(one.en for one in said))


def _formula(numbers: dict[str, object], prefix: str) -> Text:
    used, held, limit, over = (_plain(numbers.get(prefix + key, 0)) for key in ("used", "held", "limit", "over"))
    net = _plain(numbers.get("net", 0))
    whose = ("集团", "the group's ") if prefix else ("", "")
    return Text(
        f"{whose[0]}已用 {used} + 预留 {held} + 本单 {net} − {whose[0]}额度 {limit} = 超 {over} 元",
        f"{whose[1]}used {used} + held {held} + this {net} − {whose[1]}limit {limit} = {over} yuan over",
    )


def _over_batches(numbers: dict[str, object]) -> Text:
    counts = tuple(numbers.get(key, 0) for key in ("open", "held", "this", "max", "over"))
    return Text(
        "未结 {} + 预留 {} + 本单 {} − 上限 {} = 超 {} 批".format(*counts),
        "open {} + held {} + this {} − most {} = {} too many".format(*counts),
    )


def _overdue(numbers: dict[str, object]) -> Text:
    amount, days = _plain(numbers.get("overdue", 0)), numbers.get("days", 0)
    return Text(f"逾期 {amount} 元，最长 {days} 天", f"{amount} yuan overdue, by {days} days at most")


def _price(numbers: dict[str, object]) -> Text:
    lowest, floor = (Decimal(str(numbers.get(key, 0))) / 100 for key in ("lowest_bp", "floor_bp"))
    lines = numbers.get("lines_below", 0)
    return Text(f"最低 {lowest:g}%，底线 {floor:g}%，{lines} 行低于底线", f"lowest {lowest:g} %, floor {floor:g} %, {lines} lines below it")


_SENTENCES: dict[str, Callable[[dict[str, object]], Text]] = {
    Law.CREDIT.value: _credit, Law.BATCHES.value: _over_batches, Law.OVERDUE.value: _overdue, Law.PRICE.value: _price,
}  # fmt: skip


def _way(cure: Cure) -> Text | None:
    """Return a way to pass without a signature; None for kinds that say nothing to a signer."""
    numbers = cure.numbers
    if cure.kind == "pay":
        first, last, amount = numbers.get("first"), numbers.get("last"), _plain(numbers.get("amount"))
        which = f"第 {first} 批" if first == last else f"第 {first}–{last} 批"
        whose = f"batch {first}" if first == last else f"batches {first}–{last}"
        return Text(f"先结清{which}，回款 {amount} 元", f"settle {whose} first: {amount} yuan")
    if cure.kind == "prepay":
        amount = _plain(numbers.get("amount"))
        return Text(f"预付 {amount} 元", f"pay {amount} yuan in advance")
    if cure.kind in ("reduce", "order_at_most"):
        net = _plain(numbers.get("net"))
        return Text(f"本单减到 {net} 元以内", f"keep this request within {net} yuan")
    if cure.kind == "lift_prices":
        floor = Decimal(str(numbers.get("floor_bp", 0))) / 100
        return Text(f"折扣提到 {floor:g}%", f"lift the discounts to {floor:g} %")
    return None


def _paid(line: CreditLine, on: date) -> Text:
    record = payment_record(line.pk, on=on)
    if not record.settled:
        return Text("没有结清过的批次", "no batch was settled")
    late_zh = f"，逾期 {record.late} 批，最长 {record.longest_late} 天" if record.late else "，无逾期"
    late_en = f", {record.late} late, by {record.longest_late} days at most" if record.late else ", none late"
    return Text(f"结清 {record.settled} 批{late_zh}", f"{record.settled} batches settled{late_en}")


def _batches(batches: list[OpenBatch]) -> Text:
    if not batches:
        return Text("无", "none")
    zh, en = [], []
    for batch in batches[:MOST_BATCHES]:
        due_zh, due_en = (f"，{batch.due_on} 到期", f", due {batch.due_on}") if batch.due_on else ("", "")
        zh.append(f"第 {batch.number} 批欠 {batch.remaining:,} 元{due_zh}")
        en.append(f"batch {batch.number}: {batch.remaining:,} owed{due_en}")
    if len(batches) > MOST_BATCHES:
        more = len(batches) - MOST_BATCHES
        zh.append(f"另有 {more} 批")
        en.append(f"{more} more")
    return Text("；".join(zh), "; ".join(en))


def _waivers(line: CreditLine, on: date) -> Text:
    found = list(Waiver.objects.filter(line=line, signed_at__date__gt=date(on.year - 1, on.month, min(on.day, 28))))
    if not found:
        return Text("没有", "none")
    yuan = sum((waiver.amount for waiver in found), Decimal(0))
    return Text(f"{len(found)} 次，共超 {yuan:,} 元", f"{len(found)}, {yuan:,} yuan over in all")


def _plain(value: object) -> str:
    return f"{Decimal(str(value)):,.2f}"
