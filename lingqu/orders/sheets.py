"""Workbooks of purchase requests: the booklist to fill in, and the columns of the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from lingqu.base.calendar import china_day
from lingqu.base.money import WHOLE_BP, line_net
from lingqu.base.sheets import Cell, Column, ColumnKind, SheetOut, write_workbook
from lingqu.base.text import Text, active_language
from lingqu.orders.queries import Desk, Title

_COLUMNS = (
    Column("code", Text("编号", "Number"), width=18),
    Column("name", Text("名称", "Title"), width=44),
    Column("discipline", Text("专业", "Discipline"), width=14),
    Column("price", Text("定价", "List price"), ColumnKind.MONEY, 12),
    Column("share", Text("折扣", "Discount"), ColumnKind.PERCENT, 10),
    Column("net", Text("每册实洋", "Net each"), ColumnKind.MONEY, 12),
    Column("ready", Text("可发", "In stock"), ColumnKind.COUNT, 10),
    Column("copies", Text("册数", "Copies"), ColumnKind.COUNT, 12),
    Column("isbn", Text("书号", "ISBN"), width=16),
)
_ABOVE = (
    Text(
        "在“册数”一列填要订的册数，不订的留空；表头、编号请勿改动。",
        "Fill in the column of copies and leave the rest empty; keep heads and numbers.",
    ),
    Text(
        "填好后在“新建进货申请”页上传。别的书目也可直接上传或粘贴。",
        "Then send it on the page of a new request. Any other list can be sent or pasted too.",
    ),
)


def template_of(desk: Desk, titles: Iterable[Title], *, by: str, at: datetime) -> bytes:
    """Return the booklist of a buyer: titles with its own discount and prices; it is read again with whatever copies it has."""
    on = china_day(at)
    title = Text(f"书目 {desk.buyer.short_name or desk.buyer.name}", f"Booklist {desk.buyer.short_name or desk.buyer.name}")
    prices = Text(
        f"价格截至 {on}，按 {desk.credit.grade} 级折扣计；提交时以当日价格为准。",
        f"Prices as of {on} with the discount of grade {desk.credit.grade}; those of the day of sending count.",
    )
    sheet = SheetOut(title, _COLUMNS, (_row(one) for one in titles), above=(*_ABOVE, prices))
    return write_workbook([sheet], language=active_language(), author=by, at=at)


def _row(title: Title) -> Mapping[str, Cell | Text]:
    return {
        "code": title.code, "isbn": title.isbn, "name": title.name, "discipline": title.discipline, "price": title.list_price,
        "share": Decimal(title.rule_bp) / WHOLE_BP, "net": line_net(title.list_price, 1, title.rule_bp), "ready": title.available,
    }  # fmt: skip


ORDER_COLUMNS = (
    Column("number", Text("编号", "Number"), width=16),
    Column("submitted", Text("提交时间", "Submitted"), ColumnKind.MOMENT, 17),
    Column("buyer", Text("买方", "Buyer"), width=30),
    Column("buyer_code", Text("买方编号", "Buyer's code"), width=14),
    Column("seller", Text("供货方", "Seller"), width=30),
    Column("grade", Text("信用等级", "Grade"), width=9),
    Column("state", Text("状态", "State"), width=16),
    Column("failed", Text("不通过的规则", "Failed laws"), width=24),
    Column("titles", Text("品种", "Titles"), ColumnKind.COUNT, 9, summed=True),
    Column("copies", Text("册数", "Copies"), ColumnKind.COUNT, 11, summed=True),
    Column("list_value", Text("码洋（元）", "List value (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("net", Text("实洋（元）", "Net (yuan)"), ColumnKind.MONEY, 16, summed=True),
    Column("answer_until", Text("答复时限", "Answer by"), ColumnKind.MOMENT, 17),
    Column("accepted", Text("受理时间", "Accepted"), ColumnKind.MOMENT, 17),
    Column("ship_on", Text("约定发货日", "Ships on"), ColumnKind.DATE, 12),
    Column("batch", Text("批次", "Batch"), ColumnKind.COUNT, 8),
    Column("settled_on", Text("结清日", "Settled on"), ColumnKind.DATE, 12),
    Column("note", Text("备注", "Note"), width=30),
)
DELIVERY_COLUMNS = (
    Column("number", Text("发货单", "Delivery"), width=16),
    Column("order", Text("进货申请", "Request"), width=16),
    Column("buyer", Text("收货方", "Receiver"), width=30),
    Column("buyer_code", Text("收货方编号", "Receiver's code"), width=14),
    Column("seller", Text("供货方", "Seller"), width=30),
    Column("state", Text("状态", "State"), width=18),
    Column("copies", Text("册数", "Copies"), ColumnKind.COUNT, 10, summed=True),
    Column("parcels", Text("件数", "Parcels"), ColumnKind.COUNT, 8, summed=True),
    Column("carrier", Text("承运人", "Carrier"), width=16),
    Column("waybill", Text("运单号", "Waybill"), width=20),
    Column("payer", Text("运费", "Freight paid by"), width=14),
    Column("freight", Text("运费（元）", "Freight (yuan)"), ColumnKind.MONEY, 12, summed=True),
    Column("shipped_at", Text("发货时间", "Shipped at"), ColumnKind.MOMENT, 17),
    Column("received_at", Text("签收时间", "Confirmed at"), ColumnKind.MOMENT, 17),
)
TO_SHIP_COLUMNS = (
    Column("number", Text("进货申请", "Request"), width=16),
    Column("buyer", Text("买方", "Buyer"), width=30),
    Column("buyer_code", Text("买方编号", "Buyer's code"), width=14),
    Column("address", Text("收货地址", "Address"), width=36),
    Column("accepted_at", Text("受理时间", "Accepted"), ColumnKind.MOMENT, 17),
    Column("ship_on", Text("约定发货日", "Ships on"), ColumnKind.DATE, 12),
    Column("left", Text("未发（册）", "Not shipped"), ColumnKind.COUNT, 11, summed=True),
    Column("ready", Text("可发（册）", "Ready"), ColumnKind.COUNT, 11, summed=True),
    Column("short_titles", Text("缺货品种", "Titles short"), ColumnKind.COUNT, 10),
    Column("hold", Text("供货控制", "Hold"), width=16),
    Column("net", Text("实洋（元）", "Net (yuan)"), ColumnKind.MONEY, 16, summed=True),
)
WAITING_COLUMNS = (
    Column("number", Text("进货申请", "Request"), width=16),
    Column("buyer", Text("买方", "Buyer"), width=30),
    Column("code", Text("编号", "Number"), width=18),
    Column("title", Text("名称", "Title"), width=40),
    Column("since", Text("受理时间", "Accepted"), ColumnKind.MOMENT, 17),
    Column("ship_on", Text("约定发货日", "Ships on"), ColumnKind.DATE, 12),
    Column("copies", Text("订（册）", "Ordered"), ColumnKind.COUNT, 10),
    Column("shipped", Text("已发（册）", "Shipped"), ColumnKind.COUNT, 10),
    Column("ready", Text("备好（册）", "Ready"), ColumnKind.COUNT, 10),
    Column("short", Text("缺（册）", "Short"), ColumnKind.COUNT, 10, summed=True),
    Column("ahead", Text("前面还缺（册）", "Short before it"), ColumnKind.COUNT, 13),
    Column("came", Text("期间到货（册）", "Came in meanwhile"), ColumnKind.COUNT, 13),
    Column("last_came", Text("最近到货", "Last came on"), ColumnKind.DATE, 12),
)
