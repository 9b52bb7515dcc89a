"""The words and numbers of each law's row, from what was stored. Nothing is judged here again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import msgspec

from lingqu.base.templatetags.words import copies, day, money, percent_bp
from lingqu.base.text import Text
from lingqu.orders.present.shapes import Chip, Formula, Result, Term
from lingqu.orders.present.values import Values
from lingqu.orders.present.words import days_word, titles_word
from lingqu.orders.states import LAW_WORDS
from lingqu.partners.rules import TO_COME
from lingqu.policy.states import Law

OVER = Text("超出，须 ≤ 0", "over, must be ≤ 0")
OVER_WAIVED = Text("超出，已特批", "over, waived")
MOST_PARTS = 4


class Body(msgspec.Struct, frozen=True):
    """What stands in the row of a law: one sentence, or a formula with a note and chips."""

    sentence: Text
    terms: tuple[Term, ...] = ()
    result: Result | None = None
    note: Text | None = None
    chips: tuple[Chip, ...] = ()


def law_word(law: str) -> Text | str:
    """Return the name of a law; one that this version does not know keeps its own."""
    return LAW_WORDS.get(law, law)


def law_words(laws: tuple[str, ...]) -> Text:
    """Return the names of laws as a list in words."""
    names = [law_word(law) for law in laws]
    zh = "、".join(name.zh if isinstance(name, Text) else name for name in names)
    return Text(zh, ", ".join(name.en if isinstance(name, Text) else name for name in names))


def is_waived(law: str, numbers: Values) -> bool:
    """Return whether a passed law passed only by a special signature: the numbers stored with it are past the rule."""
    over = numbers.amount("over")
    if law in (Law.CREDIT.value, Law.BATCHES.value):
        own = bool(over and over > 0 and numbers.amount("waived") and numbers.count("this") != 0)
        return own or bool(_above_zero(numbers, "group_over") and _above_zero(numbers, "group_waived"))
    if law == Law.OVERDUE.value:
        overdue, tolerance = numbers.amount("overdue"), numbers.amount("tolerance")
        return bool(numbers.text("stopped")) or (overdue is not None and tolerance is not None and overdue > tolerance)
    if law == Law.PRICE.value:
        lowest, floor = numbers.count("lowest_bp"), numbers.count("floor_bp")
        return lowest is not None and floor is not None and lowest < floor
    return False


def _above_zero(numbers: Values, name: str) -> bool:
    amount = numbers.amount(name)
    return amount is not None and amount > 0


def body_of(law: str, numbers: Values, facts: Values, *, state: str) -> Body:
    """Return the row's body. `state` is passed, waivable, failed, waived or not_applicable."""
    write = _BODIES.get(law)
    if write is None:
        return Body(Text("这条规则出自其他版本，只存有结果。", "This law comes from another version; only its outcome is kept."))
    tone = {"waivable": "amber", "failed": "red"}.get(state, "blue")
    return write(numbers, facts, _Look(state, tone))


class _Look(msgspec.Struct, frozen=True):
    state: str
    tone: str

    @property
    def open(self) -> bool:
        """Whether the row opens to its formula: it failed, or passed by a signature only."""
        return self.state in ("waivable", "failed", "waived")

    @property
    def over(self) -> Text:
        """The label under a result that breaks the rule."""
        return OVER_WAIVED if self.state == "waived" else OVER


def _paper(until: date | None, on: date | None, zh: str, en: str) -> Text:
    if until is None:
        return Text(f"没有{zh}", f"no {en}")
    if on and until < on:
        return Text(f"{zh}已于 {until} 到期", f"{en} ended on {until}")
    return Text(f"{zh}至 {until}", f"{en} until {until}")


def _stamped(number: str) -> Text:
    """Return the words for the stamped contract that came, or is to come, with the request."""
    if number == TO_COME:
        return Text("本单另附盖章合同", "a stamped contract comes with this request")
    return Text(f"本单盖章合同 {number}", f"stamped contract {number} of this request")


def _certificate(numbers: Values, facts: Values, look: _Look) -> Body:
    del facts
    on = numbers.day("on")
    papers = [
        ("certified_until", "证书", "certificate"),
        ("contract_until", "合同", "agreement"),
        ("licence_until", "许可证", "licence"),
    ]
    stamped = numbers.text("stamped")
    found = [(numbers.day(name), zh, en) for name, zh, en in papers if not (stamped and name == "contract_until")]
    if look.open:
        found = [one for one in found if one[0] is None or (on is not None and one[0] < on)] or found
    said = [_paper(until, on, zh, en) for until, zh, en in found]
    if stamped and not look.open:
        said.insert(1, _stamped(stamped))
    english = "; ".join(one.en for one in said)
    return Body(Text("；".join(one.zh for one in said), english[:1].upper() + english[1:]))


def _area(numbers: Values, facts: Values, look: _Look) -> Body:
    del facts
    division, areas = numbers.text("division") or "—", numbers.text("areas") or "—"
    inside, outside = numbers.count("inside") == 1, numbers.count("lines_outside") or 0
    place = (
        Text(f"收货地 {division} 在授权区域 {areas} 内", f"Delivery to {division} lies in the area {areas}")
        if inside
        else Text(f"收货地 {division} 不在授权区域 {areas} 内", f"Delivery to {division} lies outside the area {areas}")
    )
    lines = (
        Text(f"{outside}个品种不在授权产品线内", f"{titles_word(outside).en} outside the product lines granted")
        if outside
        else Text("各品种均在授权产品线内", "all titles are in the product lines granted")
    )
    if look.open and inside:
        return Body(Text(lines.zh, lines.en))
    if look.open and not outside:
        return Body(place)
    return Body(Text(f"{place.zh}；{lines.zh}", f"{place.en}; {lines.en}"))


def _price(numbers: Values, facts: Values, look: _Look) -> Body:
    lowest, floor, rule = numbers.count("lowest_bp"), numbers.count("floor_bp"), numbers.count("rule_bp")
    if floor is None:
        return Body(Text("折扣表中没有该客户的级别和等级", "The discount table has no row for this partner's level and grade"))
    grade = facts.part("credit").text("grade")
    whose = Text(f"{grade}级", f"grade {grade}") if grade else Text("该客户", "this partner")
    if look.open and lowest is not None:
        below = numbers.count("lines_below") or 0
        terms = (
            Term("", percent_bp(lowest), Text("最低折扣", "lowest discount")),
            Term("−", percent_bp(floor), Text(f"{whose.zh}底线", f"floor, {whose.en}")),
        )
        points = points_word(lowest - floor)
        label = (
            Text("低于底线，已特批", "below the floor, waived")
            if look.state == "waived"
            else Text("低于底线，须 ≥ 0", "below, must be ≥ 0")
        )
        note = Text(f"{below}行低于底线", f"lines below the floor: {below}") if below else _specials(numbers)
        return Body(Text("", ""), terms, Result(points, label, look.tone), note)
    told = _specials(numbers)
    return Body(
        Text(
            f"{whose.zh}折扣 {percent_bp(rule)}，最低一行 {percent_bp(lowest)} ≥ 底线 {percent_bp(floor)}",
            f"Discount of {whose.en} {percent_bp(rule)}; lowest line {percent_bp(lowest)} ≥ floor {percent_bp(floor)}",
        ),
        note=told,
    )


def _specials(numbers: Values) -> Text | None:
    """Return what is said of special prices: by which numbers lines are sold, and where fewer copies are left than were asked."""
    used, lines = numbers.text("special"), numbers.count("special_lines")
    short, left = numbers.text("special_short"), numbers.count("special_left")
    zh, en = [], []
    if used:
        zh.append(f"{lines}行按特价 {used}")
        en.append(f"{lines} lines at the special price {used}" if lines != 1 else f"1 line at the special price {used}")
    if short:
        zh.append(f"特价 {short} 只余 {left} 册，该行整行按规则价")
        en.append(f"{left} copies are left of the special price {short}; that whole line is at the rule's price")
    return Text("；".join(zh), "; ".join(en)) if zh else None


def points_word(basis_points: int) -> Text:
    """Return a difference of two percentages in points: −200 basis points read −2.0 个点."""
    points = Decimal(basis_points) / 100
    number = (f"{points:.1f}" if points == round(points, 1) else f"{points:.2f}").replace("-", "−")
    return Text(f"{number} 个点", f"{number} points")


def _stock(numbers: Values, facts: Values, look: _Look) -> Body:
    wanted, ready, short = numbers.count("copies"), numbers.count("ready"), numbers.count("short_lines") or 0
    if look.state == "not_applicable":
        return Body(Text("供货方的库存不在本系统管理", "The seller's stock is not kept here"))
    if look.open:
        return Body(Text("没有可供的册数", "Nothing of it can be supplied"))
    said = Text(f"可发 {copies(ready)} / {copies(wanted)}册", f"{copies(ready)} of {copies(wanted)} copies are in stock")
    if not short:
        return Body(said)
    if facts.flag("drop_shortage"):
        more = Text(f"；{short}个品种的缺货部分已取消", f"; {titles_word(short).en} short, what was lacking is left out")
    else:
        lacking = copies(numbers.count("back_order"))
        more = Text(
            f"；{short}个品种欠 {lacking}册，到货补发，仍属本批",
            f"; {titles_word(short).en} short by {lacking}, sent later in the same batch",
        )
    return Body(Text(said.zh + more.zh, said.en + more.en))


def _used_parts(credit: Values) -> Formula | None:
    """Return what the used amount consists of: the open batches, less money received for no batch yet."""
    batches, used = credit.parts("batches"), credit.amount("used")
    rest = [batch.amount("remaining") for batch in batches]
    if used is None or not batches or len(batches) > MOST_PARTS or None in rest:
        return None
    owed = [amount for amount in rest if amount is not None]
    terms = [
        Term("+" if place else "", money(amount), Text(f"第{batch.count('number')}批", f"batch {batch.count('number')}"))
        for place, (batch, amount) in enumerate(zip(batches, owed, strict=True))
    ]
    unapplied = sum(owed, Decimal(0)) - used
    if unapplied:
        terms.append(Term("−", money(unapplied), Text("预收", "paid in advance")))
    return Formula(tuple(terms), Result(money(used), Text("已占用", "used"), "blue"))


def _credit(numbers: Values, facts: Values, look: _Look) -> Body:
    used, held, net = numbers.amount("used"), numbers.amount("held"), numbers.amount("net")
    limit, over = numbers.amount("limit"), numbers.amount("over")
    grade = numbers.text("grade")
    limit_word = Text(f"{grade}级额度", f"limit, grade {grade}")
    if look.open and _above_zero(numbers, "group_over") and not _above_zero(numbers, "over"):
        return _credit_of_group(numbers, look)
    if look.open:
        parts = _used_parts(facts.part("credit"))
        terms = [Term("", money(used), Text("已占用", "used"), parts is not None, parts)]
        if held or _held_batches(facts):
            terms.append(Term("+", money(held), Text("预占", "held")))
        terms += [
            Term("+", money(net), Text("本单实洋", "this request")),
            Term("−", money(limit), limit_word),
        ]
        return Body(Text("", ""), tuple(terms), Result(money(over), look.over, look.tone), _group_note(numbers))
    left = None if over is None else -over
    kept = (f" + 预占 {money(held)}", f" + held {money(held)}") if held else ("", "")
    ahead = ("（预收余款）", " (paid in advance)") if used is not None and used < 0 else ("", "")
    return Body(
        Text(
            f"已占用 {money(used)}{ahead[0]}{kept[0]} + 本单 {money(net)} ≤ {money(limit)}，余 {money(left)}",
            f"Used {money(used)}{ahead[1]}{kept[1]} + this request {money(net)} ≤ limit {money(limit)}; {money(left)} left",
        ),
        note=_group_note(numbers),
    )


def _credit_of_group(numbers: Values, look: _Look) -> Body:
    """Return the row of a request that its partner's own limit would let pass, and the limit of its group does not."""
    terms = [Term("", money(numbers.amount("group_used")), Text("集团已占用", "used by the group"))]
    if numbers.amount("group_held"):
        terms.append(Term("+", money(numbers.amount("group_held")), Text("集团预占", "held by the group")))
    terms += [
        Term("+", money(numbers.amount("net")), Text("本单实洋", "this request")),
        Term("−", money(numbers.amount("group_limit")), Text("集团额度", "limit of the group")),
    ]
    over = numbers.amount("over")
    left = money(None if over is None else -over)
    note = Text(f"本户额度内，余 {left}", f"Within the partner's own limit; {left} left")
    return Body(Text("", ""), tuple(terms), Result(money(numbers.amount("group_over")), look.over, look.tone), note)


def _group_note(numbers: Values) -> Text | None:
    """Return the group's formula in words; None where the decision knew of no group."""
    limit, over = numbers.amount("group_limit"), numbers.amount("group_over")
    if limit is None or over is None:
        return None
    held = numbers.amount("group_held")
    kept = (f" + 预占 {money(held)}", f" + held {money(held)}") if held else ("", "")
    used, net = money(numbers.amount("group_used")), money(numbers.amount("net"))
    sign = "≤" if over <= 0 else ">"
    ends = (f"余 {money(-over)}", f"{money(-over)} left") if over <= 0 else (f"超出 {money(over)}", f"{money(over)} over")
    return Text(
        f"集团：已占用 {used}{kept[0]} + 本单 {net} {sign} {money(limit)}，{ends[0]}",
        f"Group: used {used}{kept[1]} + this request {net} {sign} limit {money(limit)}; {ends[1]}",
    )


def _held_batches(facts: Values) -> bool:
    return bool(facts.part("credit").count("held_count"))


def _batches(numbers: Values, facts: Values, look: _Look) -> Body:
    count, held, this = numbers.count("open"), numbers.count("held"), numbers.count("this")
    most, over, grade = numbers.count("max"), numbers.count("over"), numbers.text("grade")
    most_word = Text(f"{grade}级上限", f"most, grade {grade}")
    if look.open:
        terms = [Term("", copies(count), Text("未结批次", "open batches"))]
        if held or facts.part("credit").amount("held"):
            terms.append(Term("+", copies(held), Text("预占", "held")))
        terms += [Term("+", copies(this), Text("本单", "this request")), Term("−", copies(most), most_word)]
        result = Result(Text(f"{copies(over)}批", copies(over)), look.over, look.tone)
        return Body(Text("", ""), tuple(terms), result, None, tuple(batch_chips(facts)))
    if this == 0:
        return Body(Text("预收款已够付本单，不占批次", "Paid for in advance; it takes no batch"))
    kept = (f" + 预占 {held}", f" + held {held}") if held else ("", "")
    return Body(
        Text(
            f"未结 {copies(count)}{kept[0]} + 本单 {copies(this)} ≤ {most_word.zh} {copies(most)}批",
            f"Open {copies(count)}{kept[1]} + this request {copies(this)} ≤ {copies(most)}, the most of grade {grade}",
        )
    )


def batch_chips(facts: Values, *, overdue_only: bool = False) -> list[Chip]:
    """Return the open batches as they stood at the decision, each with its request; those past due in red."""
    on = facts.day("on")
    chips = []
    for batch in facts.part("credit").parts("batches"):
        due, number = batch.day("due_on"), batch.count("number")
        late = bool(on and due and due < on)
        if overdue_only and not late:
            continue
        state = Text("逾期", "overdue") if late else Text("未结", "open")
        owed, request = money(batch.amount("remaining")), batch.text("request")
        words = Text(f"第{number}批 {request} {state.zh} {owed}", f"Batch {number} {request} {state.en} {owed}")
        chips.append(Chip("red" if late else "amber", words))
    return chips


def _overdue(numbers: Values, facts: Values, look: _Look) -> Body:
    overdue, tolerance, longest = numbers.amount("overdue"), numbers.amount("tolerance"), numbers.count("days")
    stopped = numbers.text("stopped")
    if look.open and stopped and not overdue:
        return Body(
            Text(f"停供 {stopped}，解除前新的申请不通过", f"Supply is stopped by {stopped}; no request passes until it is released")
        )
    if look.open:
        over = None if overdue is None or tolerance is None else overdue - tolerance
        terms = (
            Term("", money(overdue), Text("逾期货款", "overdue")),
            Term("−", money(tolerance), Text("容忍金额", "tolerated")),
        )
        note = Text(f"最长逾期{longest}天", f"Longest overdue: {days_word(longest).en}") if longest else None
        if note and stopped:
            note = Text(f"{note.zh}；停供 {stopped}", f"{note.en}; supply is stopped by {stopped}")
        return Body(Text("", ""), terms, Result(money(over), look.over, look.tone), note, tuple(batch_chips(facts, overdue_only=True)))
    said = Text(f"逾期 {money(overdue)}", f"Overdue {money(overdue)}")
    due = [(batch.day("due_on"), batch.count("number")) for batch in facts.part("credit").parts("batches")]
    coming = min(((on, number) for on, number in due if on), default=None)
    if coming is None:
        return Body(said)
    return Body(Text(f"{said.zh}；第{coming[1]}批 {day(coming[0])} 到期", f"{said.en}; batch {coming[1]} falls due on {day(coming[0])}"))


_BODIES: dict[str, Callable[[Values, Values, _Look], Body]] = {
    Law.CERTIFICATE.value: _certificate,
    Law.AREA.value: _area,
    Law.PRICE.value: _price,
    Law.STOCK.value: _stock,
    Law.CREDIT.value: _credit,
    Law.BATCHES.value: _batches,
    Law.OVERDUE.value: _overdue,
}
