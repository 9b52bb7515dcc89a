"""What stands on the printed papers of a request: its purchase contract and the note of its acceptance, in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lingqu.base.calendar import china_day
from lingqu.base.capitals import in_capitals
from lingqu.base.money import WHOLE_BP, half_up
from lingqu.base.text import Text, alike
from lingqu.orders.present.lines import price_text
from lingqu.orders.queries import RequestPaper
from lingqu.orders.rules import ContractLine
from lingqu.orders.rules.clock import NO_CLOCK
from lingqu.orders.states import Shortage
from lingqu.organisation.states import FirmKind
from lingqu.policy.rules import Regulation
from lingqu.policy.states import DayMode, Law

CONTRACT_TITLE = Text("购销合同", "Purchase contract")
ACCEPTANCE_TITLE = Text("进货申请受理通知", "Acceptance of a purchase request")
SELLER, BUYER = Text("甲方（卖方）", "Party A (seller)"), Text("乙方（买方）", "Party B (buyer)")
OURS, YOURS = "我方", "贵方"
TO_FILL = Text("", "")
SIGN_ROWS = (
    Text("代表签字：", "Signed by:"),
    Text("联系电话：", "Telephone:"),
    Text("开户行及账号：", "Bank and account:"),
    Text("盖章日期：", "Date:"),
)
FOOT = Text(
    "内容校验码随品种、册数和价格而变；收到盖章合同时，与申请页所示一致者即为本单合同。",
    "The content mark changes with every title, quantity and price: a stamped contract with the mark of the request's page is about it.",
)
COLUMNS = (
    {"head": Text("序", "No."), "kind": "count"},
    {"head": Text("编号", "Number")},
    {"head": Text("品名", "Title"), "wide": True},
    {"head": Text("定价（元）", "List price"), "kind": "count"},
    {"head": Text("册数", "Copies"), "kind": "count"},
    {"head": Text("码洋（元）", "List value"), "kind": "money"},
    {"head": Text("折扣", "Discount"), "kind": "percent"},
    {"head": Text("实洋（元）", "Net"), "kind": "money"},
)
SHORT = {
    Shortage.BACK_ORDER: Text("缺货部分到货后补发", "What is short is sent when it has come in"),
    Shortage.DROP: Text("缺货部分不再补发", "What is short is not sent later"),
}
Pairs = list[tuple[Text, Text]]


def contract_of(paper: RequestPaper) -> dict[str, Any]:
    """Return what the contract template is handed: parties, lines, totals in capitals, terms with their clauses, places to stamp."""
    order, regulation = paper.order, paper.regulation
    return {
        "title": CONTRACT_TITLE,
        "number": paper.number,
        "request": order.number,
        "mark": paper.mark,
        "firm": order.seller.name,
        "made_on": china_day(order.submitted_at),
        "seller": {"title": SELLER, "pairs": _seller(paper)},
        "buyer": {"title": BUYER, "pairs": _buyer(paper)},
        "opening": Text(
            f"甲乙双方依照《中华人民共和国民法典》和甲方《{regulation.title.zh}》（第 {regulation.number} 版），就乙方进货订立本合同。",
            f"Under the Civil Code of the People's Republic of China and the seller's “{regulation.title.en}” (version "
            f"{regulation.number}), the parties conclude this contract on the buyer's purchase.",
        ),
        **_table(paper),
        "terms": [{"title": title, "text": text, "clause": clause} for title, text, clause in _terms(paper)],
        "signs": [
            {"title": SELLER, "firm": order.seller.name, "rows": SIGN_ROWS},
            {"title": BUYER, "firm": order.buyer.name, "rows": SIGN_ROWS},
        ],
        "foot": FOOT,
    }


def acceptance_of(paper: RequestPaper) -> dict[str, Any]:
    """Return what the template of the acceptance is handed: the ship date first, then what was accepted and when it is to be paid."""
    order, batch, short = paper.order, paper.batch, SHORT[Shortage(paper.order.shortage)]
    accepted = china_day(order.accepted_at) if order.accepted_at else None
    facts: Pairs = [
        (Text("进货申请", "Request"), alike(order.number)),
        (Text("提交日期", "Submitted"), alike(china_day(order.submitted_at))),
        (Text("受理日期", "Accepted"), alike(accepted or "—")),
        (Text("发货日期", "Ships on"), alike(order.ship_on or "—")),
        (Text("收货地点", "Delivered to"), _delivery(paper)),
        (Text("批次", "Batch"), Text(f"第 {batch.number} 批", f"batch {batch.number}") if batch else alike("—")),
        (Text("依据合同", "Under"), _contract_words(paper)),
        (Text("受理人", "Accepted by"), alike(order.accepted_by.name if order.accepted_by else "—")),
    ]
    return {
        "title": ACCEPTANCE_TITLE,
        "number": order.number,
        "firm": order.seller.name,
        "lead": Text(
            f"{order.buyer.name}：贵方进货申请 {order.number} 已受理，定于 {order.ship_on} 发货。",
            f"To {order.buyer.name}: your purchase request {order.number} was accepted and ships on {order.ship_on}.",
        ),
        "facts": facts,
        **_table(paper),
        "notes": [_payment(paper, OURS, YOURS), Text(f"{short.zh}。", f"{short.en}.")],
        "sign": Text(f"{order.seller.name}（盖章）", f"{order.seller.name} (stamp)"),
    }


def _table(paper: RequestPaper) -> dict[str, Any]:
    order = paper.order
    share = int(half_up(order.net * WHOLE_BP / order.list_value)) if order.list_value else None
    return {
        "columns": COLUMNS,
        "rows": list(_rows(paper.lines)),
        "total": [None, Text("合计", "Total"), Text(f"{order.titles} 个品种", f"{order.titles} titles"), None, order.copies,
                  order.list_value, share, order.net],
        "capitals": in_capitals(order.net),
        "amount": order.net,
    }  # fmt: skip


def _rows(lines: Iterable[ContractLine]) -> Iterable[list[object]]:
    for place, line in enumerate(lines, 1):
        yield [place, line.code, line.title, price_text(line.list_price), line.copies, line.list_value, line.discount_bp, line.net]


def _seller(paper: RequestPaper) -> Pairs:
    return [
        (Text("名　　称", "Name"), alike(paper.order.seller.name)),
        (Text("信用代码", "Credit code"), TO_FILL),
        (Text("住　　所", "Address"), TO_FILL),
        (Text("联 系 人", "Contact"), alike(paper.representative)),
    ]


def _buyer(paper: RequestPaper) -> Pairs:
    partner = paper.partner
    return [
        (Text("名　　称", "Name"), alike(paper.order.buyer.name)),
        (Text("信用代码", "Credit code"), TO_FILL),
        (Text("经营许可证", "Trade licence"), alike(partner.licence if partner else "")),
        (Text("授权证书", "Certificate"), alike(partner.certificate if partner else "")),
    ]


def _delivery(paper: RequestPaper) -> Text:
    """Return the partner's usual address; the division alone when this request goes elsewhere."""
    partner, code = paper.partner, paper.order.delivery_division
    return alike(partner.delivery_address if partner and partner.delivery_address and partner.delivery_division == code else code)


def _contract_words(paper: RequestPaper) -> Text:
    partner = paper.partner
    if paper.order.needs_contract:
        return alike(paper.number)
    if partner is None or partner.contract_until is None:
        return alike("—")
    return Text(f"{partner.contract}（至 {partner.contract_until}）", f"{partner.contract} (until {partner.contract_until})")


def _clause(regulation: Regulation, law: Law) -> str:
    setting = regulation.laws.get(law.value)
    return setting.clause if setting else ""


def _terms(paper: RequestPaper) -> list[tuple[Text, Text, str]]:
    """Return the terms in their order; each that the regulation makes names its clause."""
    order, regulation = paper.order, paper.regulation
    answer, answer_clause = _answer(paper)
    shortage, delivery = SHORT[Shortage(order.shortage)], _delivery(paper)
    return [
        (Text("标的和价款", "Goods and price"), Text(
            "品种、册数、折扣和价款以上表为准，折扣按乙方级别和信用等级执行。",
            "Titles, copies, discounts and amounts are those of the table; the discount is that of the buyer's level and credit grade."),
         _clause(regulation, Law.PRICE)),
        (Text("答复", "Answer"), Text(
            f"甲方收齐进货申请和乙方盖章的本合同{answer.zh}答复；同意的，将双方盖章的合同交还乙方并告知发货日期，不同意的，说明理由。",
            f"The seller answers {answer.en} receiving the request and this contract with the buyer's stamp: if it agrees, the "
            "contract with both stamps and the ship date go back to the buyer; if not, the reason."),
         answer_clause),
        (Text("交货", "Delivery"), Text(
            f"甲方按告知的发货日期发往：{delivery.zh}。{shortage.zh}；分次发货的，仍属本合同的同一批。",
            f"The seller ships on the day it names, to: {delivery.en}. {shortage.en}; parts shipped at different times stay one batch."),
         ""),
        (Text("结算", "Payment"), _payment(paper, "甲方", "乙方"), _clause(regulation, Law.BATCHES)),
        (Text("逾期", "Overdue"), Text(
            "乙方逾期付款的，甲方可以暂缓发货或者停止供货，直至付清。",
            "While money is overdue the seller may delay shipping or stop supply."),
         _clause(regulation, Law.OVERDUE)),
        (Text("验收", "Inspection"), Text(
            "乙方收货时清点；数量、品种或者质量不符的，凭收货记录与甲方核对处理。",
            "The buyer counts the goods on receipt; what differs in copies, title or quality is settled by the record of receipt."),
         ""),
        (Text("争议", "Disputes"), Text(
            "由双方协商解决；协商不成的，依法向有管辖权的人民法院起诉。",
            "Are settled by agreement; failing that, by the people's court that has jurisdiction."),
         ""),
        (Text("生效", "Effect"), Text(
            "本合同自双方盖章之日起成立，一式两份，双方各执一份；双方盖章件的扫描件与原件效力相同。",
            "This contract is concluded when both have stamped it, in two copies, one for each; a scan with both stamps is as good as the "
            "paper."),
         ""),
    ]  # fmt: skip


def _answer(paper: RequestPaper) -> tuple[Text, str]:
    """Return by when the seller answers and its clause; an agent has its own time, or none where its branch goes without a clock."""
    regulation = paper.regulation
    branch, parameters = paper.order.seller.kind != FirmKind.HQ.value, regulation.parameters
    days = parameters.branch_answer_days if branch else parameters.answer_days
    note = regulation.notes.get("branch_answer_days" if branch else "answer_days")
    clause = note.clause if note else ""
    if branch and days == NO_CLOCK:
        return Text("后", "after"), clause
    if parameters.answer_mode is DayMode.WORKING:
        return Text(f"之日起 {days} 个工作日内", f"within {days} working days of"), clause
    return Text(f"之日起 {days} 日内", f"within {days} days of"), clause


def _payment(paper: RequestPaper, seller: str, buyer: str) -> Text:
    """Return when the money is due, by the buyer's credit grade; the two are called in Chinese as the paper calls them."""
    parameters = paper.regulation.parameters
    grade = paper.terms
    if grade is None or not grade.max_open_batches:
        return Text(f"款到发货：{buyer}于受理前付清全部价款。", "Cash with order: the buyer pays before the request is accepted.")
    after, most, days, grace = grade.due_after_batches, grade.max_open_batches, grade.backstop_days, parameters.trigger_grace_days
    further = "one further batch has" if after == 1 else f"{after} further batches have"
    return Text(
        f"滚动结算（信用 {paper.grade} 级，未结批次至多 {most} 批）：{seller}受理{buyer}此后第 {after} 批进货时，本批到期，"
        f"{buyer}于 {grace} 个工作日内付清；无论如何不迟于发货后 {days} 日。",
        f"Rolling settlement (credit grade {paper.grade}, at most {most} open {'batch' if most == 1 else 'batches'}): this batch falls due "
        f"once {further} been accepted and is paid within {grace} working days; in any case no later than {days} days after shipping.",
    )
