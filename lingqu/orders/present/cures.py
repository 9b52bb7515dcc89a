"""How it would pass, in sentences with their effects: from the stored cures, which were computed with the decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import msgspec

from lingqu.base.templatetags.words import money, percent_bp
from lingqu.base.text import Text
from lingqu.orders.present.laws import law_word
from lingqu.orders.present.shapes import Action, CureRow, Cures, Effect
from lingqu.orders.present.values import Values
from lingqu.organisation.states import POST_WORDS, PostCode
from lingqu.policy.states import Law


class Offers(msgspec.Struct, frozen=True):
    """What the reader may do about a cure: the way to the money, to the special signature, and to a changed request.

    `form` is the id of the request being typed, whose copies a button may set; `change_url` starts a new request from this one.
    """

    pay: Action | None = None
    ask: Action | None = None
    form: str = ""
    change_url: str = ""


def post_word(post: str) -> Text | str:
    """Return the name of a post; one that this version does not know keeps its own."""
    known = post in PostCode._value2member_map_
    return POST_WORDS[PostCode(post)] if known else post


def cures_of(cures: Sequence[Values], failed: Sequence[Values], facts: Values, offers: Offers) -> Cures | None:
    """Return the table of cures under the failed laws; None when none was stored."""
    if not cures or not failed:
        return None
    names = [law.text("law") for law in failed]
    rows = []
    for cure in cures:
        effects = {effect.text("law"): effect for effect in cure.parts("effects")}
        shown = tuple(_effect(law, effects.get(law.text("law")), waived=cure.text("kind") == "ask") for law in failed)
        rows.append(CureRow(sentence_of(cure, facts), shown, action_of(cure, facts, offers)))
    return Cures(tuple(law_word(name) for name in names), tuple(rows))


def sentence_of(cure: Values, facts: Values) -> Text:
    """Return a cure as a sentence with its numbers."""
    write = _SENTENCES.get(cure.text("kind"))
    if write is None:
        return Text("这种办法出自其他版本。", "This way comes from another version.")
    return write(cure.part("numbers"), facts)


def action_of(cure: Values, facts: Values, offers: Offers) -> Action | None:
    """Return the verb beside a cure, when the reader has one."""
    kind, numbers = cure.text("kind"), cure.part("numbers")
    if kind in ("pay", "prepay"):
        return offers.pay
    if kind == "ask":
        return offers.ask
    if kind == "reduce":
        return _reduce_action(numbers, facts, offers)
    if kind == "lift_prices":
        floor = numbers.count("floor_bp")
        if offers.form and floor is not None:
            return Action(Text("提到底线", "Lift"), method="submit", form=offers.form, name="lift", value=str(floor))
    return None


def _reduce_action(numbers: Values, facts: Values, offers: Offers) -> Action | None:
    product, cut = numbers.count("product"), numbers.count("copies")
    line = _line(product, facts)
    wanted = line.count("copies") if line else None
    if product is None or cut is None or wanted is None:
        return None
    value = f"{product}:{wanted - cut}"
    if offers.form:
        return Action(Text(f"减{cut}册", f"Take {cut} out"), method="submit", form=offers.form, name="set", value=value)
    if offers.change_url:
        return Action(Text("照此另录", "Enter it so"), url=f"{offers.change_url}&set={value}")
    return None


def _line(product: int | None, facts: Values) -> Values | None:
    return next((line for line in facts.parts("lines") if line.count("product") == product), None)


def _effect(law: Values, effect: Values | None, *, waived: bool) -> Effect:
    """Return the word in the column of a failed law."""
    name, bad = law.text("law"), "amber" if law.text("waivable_by") else "red"
    if effect is None:
        return Effect("grey", Text("未算", "not computed"))
    passes = effect.flag("passes")
    if waived and passes:
        return Effect("blue", Text("特批", "waived"))
    number = effect.amount("number")
    if name == Law.CREDIT.value and number is not None:
        return Effect("green", _left(number)) if passes else Effect(bad, Text(f"仍超 {money(-number)}", f"{money(-number)} over"))
    if name == Law.BATCHES.value and number is not None:
        most = law.part("numbers").count("max")
        return Effect("green", Text(f"≤ {most}批", f"≤ {most}")) if passes else Effect(bad, Text(f"仍超{number}批", f"{number} over"))
    words = {
        Law.OVERDUE.value: (Text("无逾期", "nothing overdue"), Text("仍逾期", "still overdue")),
        Law.PRICE.value: (Text("达到底线", "at the floor"), Text("仍低于底线", "still below")),
    }
    good, still = words.get(name, (Text("通过", "passes"), Text("仍不通过", "still fails")))
    return Effect("green", good) if passes else Effect(bad, still)


def _left(number: Decimal) -> Text:
    return Text(f"余 {money(number)}", f"{money(number)} left")


def _pay(numbers: Values, facts: Values) -> Text:
    del facts
    first, last, request = numbers.count("first"), numbers.count("last"), numbers.text("request")
    amount, least = numbers.amount("amount"), numbers.amount("at_least")
    tolerance = amount - least if amount is not None and least is not None else None
    which = Text(f"第{first}批", f"batch {first}") if first == last else Text(f"第{first}–{last}批", f"batches {first}–{last}")
    until = Text(f"（{request} 起）", f" (from {request})") if first != last else Text(f"（{request}）", f" ({request})")
    least_word = (f"（至少 {money(least)}，容差 {money(tolerance)}）", f" (at least {money(least)}, tolerance {money(tolerance)})")
    return Text(
        f"先结清{which.zh}{until.zh}：回款 {money(amount)}{least_word[0] if tolerance else ''}",
        f"Settle {which.en}{until.en} first: receive {money(amount)}{least_word[1] if tolerance else ''}",
    )


def _prepay(numbers: Values, facts: Values) -> Text:
    del facts
    amount = money(numbers.amount("amount"))
    return Text(f"先款后货：预付 {amount}，到账后重新判定", f"Pay first: {amount} in advance, then decide again")


def _reduce(numbers: Values, facts: Values) -> Text:
    line = _line(numbers.count("product"), facts)
    code = line.text("code") if line else "—"
    cut, net = numbers.count("copies"), money(numbers.amount("net"))
    copies_word = "copy" if cut == 1 else "copies"
    return Text(f"减{cut}册 {code}，本单 {net}", f"{cut} {copies_word} of {code} less, this request {net}")


def _order_at_most(numbers: Values, facts: Values) -> Text:
    del facts
    net = money(numbers.amount("net"))
    return Text(f"本单实洋减到 {net} 以内", f"Keep this request within {net}")


def _lift_prices(numbers: Values, facts: Values) -> Text:
    del facts
    floor, net = percent_bp(numbers.count("floor_bp")), money(numbers.amount("net"))
    return Text(f"折扣提到底线 {floor}，本单 {net}", f"Lift the discounts to the floor of {floor}, this request {net}")


def _ask(numbers: Values, facts: Values) -> Text:
    del facts
    post = post_word(numbers.text("post"))
    zh, en = (post.zh, post.en.lower()) if isinstance(post, Text) else (post, post)
    return Text(f"{zh}特批：只限本批，须写明理由，到期失效", f"Special signature of the {en}: this batch only, with a reason, for a time")


def _renew(numbers: Values, facts: Values) -> Text:
    del numbers, facts
    return Text("先补齐有效的资格证书、代理合同和经营许可证", "First bring certificate, agreement and trade licence up to date")


def _other_area(numbers: Values, facts: Values) -> Text:
    del numbers, facts
    return Text("改为授权区域内的收货地，去掉未授权的品种", "Deliver inside the area granted, and leave out titles that are not granted")


def _order_later(numbers: Values, facts: Values) -> Text:
    del numbers, facts
    return Text("等到货后再报", "Ask again when goods have come in")


def _release_hold(numbers: Values, facts: Values) -> Text:
    del facts
    hold = numbers.text("hold")
    return Text(f"经审批解除停供 {hold}", f"Have the stop of supply {hold} released by decision")


_SENTENCES: dict[str, Callable[[Values, Values], Text]] = {
    "pay": _pay,
    "prepay": _prepay,
    "reduce": _reduce,
    "order_at_most": _order_at_most,
    "lift_prices": _lift_prices,
    "ask": _ask,
    "renew_papers": _renew,
    "other_area": _other_area,
    "order_later": _order_later,
    "release_hold": _release_hold,
}
