"""The columns of the workbooks, one list per kind: what the template offers and what is read."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from lingqu.base.text import Text
from lingqu.opening.states import OpeningKind


class OpeningCell(StrEnum):
    """What a cell must be: words, a new code, something that is known here, money, copies, a day, a place, places."""

    WORDS = "words"
    CODE = "code"
    KNOWN = "known"
    MONEY = "money"
    COPIES = "copies"
    DAY = "day"
    PLACE = "place"
    PLACES = "places"


class OpeningColumn(msgspec.Struct, frozen=True):
    """A column: its key, head, what its cells are, whether each row needs one, the most letters, and among what it is looked up.

    `past` refuses days after the day of the books.
    """

    key: str
    title: Text
    cell: OpeningCell = OpeningCell.WORDS
    needed: bool = True
    most: int = 40
    lookup: str = ""
    past: bool = False


_CODE = OpeningColumn("partner", Text("客户编号", "Partner code"), OpeningCell.KNOWN, most=30, lookup="partner")

COLUMNS: dict[OpeningKind, tuple[OpeningColumn, ...]] = {
    OpeningKind.PARTNERS: (
        OpeningColumn("code", Text("客户编号", "Partner code"), OpeningCell.CODE, most=30),
        OpeningColumn("name", Text("客户名称", "Partner name"), most=120),
        OpeningColumn("seat", Text("所在地区代码", "Code of its seat"), OpeningCell.PLACE, needed=False, most=6),
        OpeningColumn("certificate", Text("授权书编号", "Certificate"), needed=False),
        OpeningColumn("certified_until", Text("授权到期日", "Certified until"), OpeningCell.DAY, needed=False),
        OpeningColumn("contract", Text("协议编号", "Agreement"), needed=False),
        OpeningColumn("contract_until", Text("协议到期日", "Agreement until"), OpeningCell.DAY, needed=False),
        OpeningColumn("licence", Text("经营许可证号", "Licence"), needed=False),
        OpeningColumn("licence_until", Text("许可证到期日", "Licence until"), OpeningCell.DAY, needed=False),
        OpeningColumn("areas", Text("授权区域代码", "Area codes"), OpeningCell.PLACES, most=200),
        OpeningColumn("delivery_division", Text("收货地区代码", "Delivery code"), OpeningCell.PLACE, most=6),
        OpeningColumn("delivery_address", Text("收货地址", "Delivery address"), needed=False, most=200),
        OpeningColumn("representative", Text("区域销售员", "Representative"), OpeningCell.KNOWN, most=60, lookup="representative"),
        OpeningColumn("since", Text("合作起始日", "Partner since"), OpeningCell.DAY, past=True),
    ),
    OpeningKind.CERTIFICATES: (
        _CODE,
        OpeningColumn("paper", Text("证照种类", "Kind of paper"), OpeningCell.KNOWN, lookup="paper"),
        OpeningColumn("number", Text("证照编号", "Number of the paper"), OpeningCell.CODE),
        OpeningColumn("valid_from", Text("起始日", "Valid from"), OpeningCell.DAY, needed=False),
        OpeningColumn("valid_until", Text("到期日", "Valid until"), OpeningCell.DAY),
    ),
    OpeningKind.PEOPLE: (
        OpeningColumn("firm", Text("单位编号", "Firm code"), OpeningCell.KNOWN, most=30, lookup="firm"),
        OpeningColumn("name", Text("姓名", "Name"), most=60),
        OpeningColumn("telephone", Text("电话", "Telephone"), needed=False, most=30),
        OpeningColumn("post", Text("岗位", "Post"), OpeningCell.KNOWN, lookup="post"),
        OpeningColumn("since", Text("任职起始日", "In the post since"), OpeningCell.DAY, past=True),
    ),
    OpeningKind.GRADES: (
        _CODE,
        OpeningColumn("grade", Text("信用等级", "Credit grade"), OpeningCell.KNOWN, lookup="grade"),
        OpeningColumn("reason", Text("评级依据", "Reason"), most=200),
    ),
    OpeningKind.BATCHES: (
        msgspec.structs.replace(_CODE, lookup="line"),
        OpeningColumn("request", Text("原单号", "Old number"), OpeningCell.CODE, most=30),
        OpeningColumn("opened_on", Text("受理日", "Accepted on"), OpeningCell.DAY, past=True),
        OpeningColumn("shipped_on", Text("发货日", "Shipped on"), OpeningCell.DAY, needed=False, past=True),
        OpeningColumn("value", Text("原金额（元）", "Value (yuan)"), OpeningCell.MONEY),
        OpeningColumn("owed", Text("未付金额（元）", "Still owed (yuan)"), OpeningCell.MONEY),
        OpeningColumn("due_on", Text("应付日", "Due on"), OpeningCell.DAY, needed=False),
    ),
    OpeningKind.UNAPPLIED: (
        msgspec.structs.replace(_CODE, lookup="line"),
        OpeningColumn("reference", Text("原凭证号", "Old voucher"), OpeningCell.CODE, most=40),
        OpeningColumn("received_on", Text("到账日", "Received on"), OpeningCell.DAY, past=True),
        OpeningColumn("amount", Text("未核销金额（元）", "Not applied (yuan)"), OpeningCell.MONEY),
        OpeningColumn("payer", Text("付款户名", "Payer"), needed=False, most=120),
    ),
    OpeningKind.STOCK: (
        OpeningColumn("product", Text("品种编号", "Title number"), OpeningCell.KNOWN, most=30, lookup="product"),
        OpeningColumn("received_on", Text("入库日", "Came in on"), OpeningCell.DAY, past=True),
        OpeningColumn("lot", Text("批号或版次", "Lot or edition"), most=60),
        OpeningColumn("copies", Text("册数", "Copies"), OpeningCell.COPIES),
    ),
}

KEYS: dict[OpeningKind, tuple[str, ...]] = {
    OpeningKind.PARTNERS: ("code",),
    OpeningKind.CERTIFICATES: ("partner", "paper", "number", "valid_until"),
    OpeningKind.PEOPLE: ("firm", "name", "post"),
    OpeningKind.GRADES: ("partner",),
    OpeningKind.BATCHES: ("partner", "request"),
    OpeningKind.UNAPPLIED: ("partner", "reference"),
    OpeningKind.STOCK: ("product", "received_on", "lot"),
}
"""What makes two rows the same one."""

SUMS: dict[OpeningKind, str] = {OpeningKind.BATCHES: "owed", OpeningKind.UNAPPLIED: "amount", OpeningKind.STOCK: "copies"}
"""What is added up as the control total."""

INTRODUCTIONS: dict[OpeningKind, Text] = {
    OpeningKind.PARTNERS: Text(
        "每行一个客户，连同授权、协议、收货地和区域销售员。区域销售员须已在本单位任职。",
        "One partner a row, with its papers, delivery place and representative, who must hold that post here already.",
    ),
    OpeningKind.CERTIFICATES: Text(
        "每行一份授权证书、代理合同或许可证。同种证照以到期最晚的为准，较早的只作记录。",
        "One certificate, agreement or licence a row. Of each kind the one that lasts longest counts; others are records.",
    ),
    OpeningKind.PEOPLE: Text(
        "每行一人一岗。已有同名人员时只加岗位。登录账号另行开通。",
        "One person and post a row. Somebody known by that name only gets the post. Sign-ins are given apart.",
    ),
    OpeningKind.GRADES: Text(
        "每行一个客户，按制度的等级开立额度。",
        "One partner a row; its line opens with the limits of the regulation's grade.",
    ),
    OpeningKind.BATCHES: Text(
        "每行一批未结清的货款。超出额度的也照实入账，账上留下超额记录。",
        "One unpaid batch a row. What is over a limit is taken over all the same, and the ledger shows by how much.",
    ),
    OpeningKind.UNAPPLIED: Text(
        "每行一笔已到账、未核销的款项。",
        "One sum a row that came in and was applied to nothing.",
    ),
    OpeningKind.STOCK: Text(
        "每行一个品种的一批库存，保留入库日和批号。",
        "One lot of a title a row; its day and its lot are kept.",
    ),
}


def head_of(column: OpeningColumn) -> Text:
    """Return the head as the template writes it: a column that may stay empty says so."""
    if column.needed:
        return column.title
    return Text(f"{column.title.zh}（可空）", f"{column.title.en} (optional)")
