"""The paths of a request that change what was asked: which a person is offered, and the form of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from django.urls import reverse

from lingqu.base.refusal import forbidden
from lingqu.base.templatetags.words import copies, percent_bp
from lingqu.base.text import Text
from lingqu.orders.access import may_amend, may_change_accepted, may_ship
from lingqu.orders.models import Order, OrderLine
from lingqu.orders.present.cells import Cells
from lingqu.orders.present.lines import price_text
from lingqu.orders.present.shapes import PathLink
from lingqu.orders.states import ORDERS, OrderState, OrderVerb
from lingqu.organisation.queries import Acting

ACCEPTED = (OrderState.ACCEPTED, OrderState.PART_SHIPPED)


class Path(msgspec.Struct, frozen=True):
    """One way to change a request: the verb of the table, the name of its page, what it is called, and what it does, in a sentence."""

    verb: OrderVerb
    url: str
    icon: str
    text: Text
    note: Text
    button: Text


PATHS = {
    "change": Path(
        OrderVerb.AMEND, "order_change", "pencil", Text("改册数、加品种", "Change copies or titles"),
        Text("原来的预占先放开，全部内容按今天的事实重新判定。", "What is held is let go, and all of it is decided anew on today's facts."),
        Text("按此修改", "Change it so"),
    ),
    "split": Path(
        OrderVerb.SPLIT, "order_split", "git-branch", Text("拆单", "Split"),
        Text("填要拆出的册数；拆出的成为一份新申请，两份都重新判定。", "Enter what goes into a new request; both are decided anew."),
        Text("拆成两份", "Split in two"),
    ),
    "merge": Path(
        OrderVerb.MERGE, "order_merge", "arrow-right", Text("并单", "Merge"),
        Text("选中的申请并入本单，只占一个批次；合并后重新判定。", "Those ticked become part of this one, one batch; it is decided anew."),
        Text("并入本单", "Merge into this one"),
    ),
    "reopen": Path(
        OrderVerb.REOPEN, "order_reopen", "refresh", Text("重新打开", "Open again"),
        Text("按今天的定价和折扣、今天的事实重新判定，通过后再等受理。", "Priced and decided as of today; then it waits to be accepted."),
        Text("重新打开并判定", "Open again and decide"),
    ),
    "cancel": Path(
        OrderVerb.CANCEL, "order_cancel", "x", Text("取消", "Cancel"),
        Text("预留的库存放开，整单不再欠款，批次名额让出；已付的钱留给其他批次。",
             "Its copies in stock are let go and nothing is owed on it; what was paid waits for other batches."),
        Text("取消这份申请", "Cancel this request"),
    ),
    "close": Path(
        OrderVerb.CLOSE_REST, "order_close", "lock", Text("欠货不再发", "Close the rest"),
        Text("没发的册数不再发，也不再欠款；已发的照旧。", "What was not shipped is neither sent nor owed; what was shipped stays."),
        Text("了结余下的册数", "Close the rest"),
    ),
    "parts": Path(
        OrderVerb.SHIP, "order_parts", "truck", Text("按册数发货", "Ship chosen copies"),
        Text("填这次发出的册数，余下的仍为本单预留。", "Enter what leaves now; the rest stays reserved for this request."),
        Text("发出这些册数", "Ship these copies"),
    ),
    "return": Path(
        OrderVerb.TAKE_BACK, "order_return", "receipt-refund", Text("收退货", "Take goods back"),
        Text("填清点入库的册数；按原实洋（扣已补价差）冲减本单的欠款，到分为止。超出退货上限的须先申请退货。",
             "Enter what was counted in; it is credited at its net less price relief already credited, to the cent. Beyond the caps a "
             "return is asked for first."),
        Text("入库并冲减欠款", "Take in and credit"),
    ),
}  # fmt: skip
CHANGE_ACCEPTED = Text(
    "少的部分冲减本批欠款；多的部分须通过今天的全部规则，否则不改。",
    "What is less is credited on its batch; what is more must pass every law of today, or nothing changes.",
)


def may_go(key: str, order: Order, who: Acting) -> bool:
    """Return whether the person's posts allow a path, whatever the state."""
    return _MAY[key](order, who)


def paths_for(order: Order, who: Acting) -> tuple[PathLink, ...]:
    """Return the paths that state and posts allow, in the order of the menu."""
    allowed = ORDERS.verbs(OrderState(order.state))
    return tuple(
        PathLink(key, path.text, path.icon, reverse(path.url, args=[order.number]))
        for key, path in PATHS.items()
        if path.verb in allowed and may_go(key, order, who)
    )


def must_go(key: str, order: Order, who: Acting) -> Path:
    """Return a path; refuses one that the person's posts (403) or the state do not allow."""
    path = PATHS[key]
    if not may_go(key, order, who):
        raise forbidden(Text(f"您的岗位不能办理“{path.text.zh}”。", f"Your post does not allow “{path.text.en}”."))
    ORDERS.next(OrderState(order.state), path.verb)
    return path


def _changes(order: Order, who: Acting) -> bool:
    if OrderState(order.state) in ACCEPTED:
        return may_change_accepted(who, order.seller_id)
    return may_amend(who, order.seller_id, order.buyer_id)


def _either(order: Order, who: Acting) -> bool:
    return may_amend(who, order.seller_id, order.buyer_id)


def _seller(order: Order, who: Acting) -> bool:
    return may_change_accepted(who, order.seller_id)


def _warehouse(order: Order, who: Acting) -> bool:
    return may_ship(who, order.seller_id)


_MAY: dict[str, Callable[[Order, Acting], bool]] = {
    "change": _changes, "split": _either, "merge": _either, "reopen": _either, "cancel": _seller, "close": _seller,
    "parts": _warehouse, "return": _warehouse,
}  # fmt: skip


class PathRow(msgspec.Struct, frozen=True):
    """One line of a form: what stands, up to how many copies may be typed, what was typed, and what is wrong with it."""

    line: int
    code: str
    name: str
    discipline: Text
    price: str
    copies: int
    shipped: int
    note: Text
    value: str
    most: int | None
    discount: str
    share: str
    error: Text | None

    @property
    def error_id(self) -> str:
        """The name of the place where it is said what is wrong."""
        return f"error-{self.line}"


def rows_for(key: str, lines: Sequence[OrderLine], cells: Cells | None) -> tuple[PathRow, ...]:
    """Return the rows of a form: those lines that the path can touch, filled in as they stand or as they were typed."""
    return tuple(_row(key, line, cells) for line in lines if _touches(key, line))


def _touches(key: str, line: OrderLine) -> bool:
    if key == "parts":
        return line.copies > line.shipped
    if key == "return":
        return line.shipped > line.returned
    return bool(line.copies)


def _row(key: str, line: OrderLine, cells: Cells | None) -> PathRow:
    value, most, note = _ASKS[key](line)
    errors = cells.errors if cells else {}
    return PathRow(
        line.line, line.product.code, line.product.name, Text(line.product.discipline.name_zh, line.product.discipline.name_en),
        price_text(line.list_price), line.copies, line.shipped, note, cells.copies.get(line.line, value) if cells else value, most,
        cells.discounts.get(line.line, "") if cells else "", percent_bp(line.discount_bp).rstrip("%"),
        errors.get(f"copies-{line.line}") or errors.get(f"discount-{line.line}"),
    )  # fmt: skip


def _change(line: OrderLine) -> tuple[str, int | None, Text]:
    shipped = Text(f"已发 {copies(line.shipped)}", f"{copies(line.shipped)} shipped") if line.shipped else Text("", "")
    return str(line.copies), None, shipped


def _split(line: OrderLine) -> tuple[str, int | None, Text]:
    return "", line.copies, Text(f"共 {copies(line.copies)}", f"of {copies(line.copies)}")


def _parts(line: OrderLine) -> tuple[str, int | None, Text]:
    left = line.copies - line.shipped
    return (
        str(line.reserved or ""),
        left,
        Text(f"未发 {copies(left)}，已预留 {copies(line.reserved)}", f"{copies(left)} to ship, {copies(line.reserved)} reserved"),
    )


def _back(line: OrderLine) -> tuple[str, int | None, Text]:
    left = line.shipped - line.returned
    return "", left, Text(f"已发未退 {copies(left)}", f"{copies(left)} are with them")


_ASKS: dict[str, Callable[[OrderLine], tuple[str, int | None, Text]]] = {
    "change": _change, "split": _split, "parts": _parts, "return": _back,
}  # fmt: skip


def seen_of(key: str, lines: Sequence[OrderLine]) -> int:
    """Return the count that a form keeps, by which a second sending of it is known."""
    if key == "parts":
        return sum(line.shipped for line in lines)
    if key == "return":
        return sum(line.returned for line in lines)
    return sum(line.copies for line in lines)


def as_of(key: str, order: Order) -> Text:
    """Return the sentence that says what a path does to this request."""
    return CHANGE_ACCEPTED if key == "change" and OrderState(order.state) in ACCEPTED else PATHS[key].note
