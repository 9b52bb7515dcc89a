"""Plain words of the organisation: kinds of firms and the posts that the first parameters name."""

from __future__ import annotations

from enum import StrEnum

from lingqu.base.text import Text


class FirmKind(StrEnum):
    """What a firm is in the channel: the four levels of M-13.2."""

    HQ = "hq"
    AGENT = "agent"
    RETAILER = "retailer"
    CUSTOMER = "customer"


class PostCode(StrEnum):
    """The posts that a regulation may name: who is responsible, who appraises, who may sign."""

    DIRECTOR = "director"
    DEPUTY = "deputy"
    BOARD = "board"
    MANAGER = "manager"
    REPRESENTATIVE = "representative"
    WEB = "web"
    FINANCE = "finance"
    WAREHOUSE = "warehouse"
    COURIER = "courier"
    RESEARCHER = "researcher"
    PROMOTER = "promoter"
    TRAINER = "trainer"
    TECHNICIAN = "technician"
    LEGAL = "legal"
    HEAD = "head"
    OWNER = "owner"
    CLERK = "clerk"


FIRM_KIND_WORDS = {
    FirmKind.HQ: Text("总部", "HQ"),
    FirmKind.AGENT: Text("一级代理商", "Agent"),
    FirmKind.RETAILER: Text("零售商", "Retailer"),
    FirmKind.CUSTOMER: Text("客户", "Customer"),
}

POST_WORDS = {
    PostCode.DIRECTOR: Text("主任", "Director"),
    PostCode.DEPUTY: Text("主管营销副主任", "Deputy director"),
    PostCode.BOARD: Text("主任办公会成员", "Member of the directors' meeting"),
    PostCode.MANAGER: Text("营销主管", "Marketing manager"),
    PostCode.REPRESENTATIVE: Text("区域销售员", "Representative"),
    PostCode.WEB: Text("网络销售员", "Web representative"),
    PostCode.FINANCE: Text("财务主管", "Finance head"),
    PostCode.WAREHOUSE: Text("库房管理员", "Warehouse keeper"),
    PostCode.COURIER: Text("产品配送员", "Courier"),
    PostCode.RESEARCHER: Text("市场研究人员", "Market researcher"),
    PostCode.PROMOTER: Text("市场推广人员", "Promotion officer"),
    PostCode.TRAINER: Text("培训人员", "Trainer"),
    PostCode.TECHNICIAN: Text("技术服务人员", "Technician"),
    PostCode.LEGAL: Text("法务人员", "Legal officer"),
    PostCode.HEAD: Text("部门负责人", "Department head"),
    PostCode.OWNER: Text("负责人", "Owner"),
    PostCode.CLERK: Text("下单员", "Clerk"),
}

PARENT_KIND = {
    FirmKind.AGENT: FirmKind.HQ,
    FirmKind.RETAILER: FirmKind.AGENT,
    FirmKind.CUSTOMER: FirmKind.RETAILER,
}

PARTNER_POSTS = (PostCode.OWNER, PostCode.CLERK)
"""The posts that there are at agents, retailers and customers."""

GUARDED_POSTS = (PostCode.DIRECTOR, PostCode.DEPUTY, PostCode.BOARD, PostCode.FINANCE, PostCode.LEGAL)
"""Posts at headquarters that decide about money or people: only its director gives them and looks after who holds them."""


class Scope(StrEnum):
    """What a token opens for a program: an area, to read or to write. Never more than the person may who made it."""

    PARTNERS_READ = "partners:read"
    PARTNERS_WRITE = "partners:write"
    CATALOGUE_READ = "catalogue:read"
    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    MONEY_READ = "money:read"
    MONEY_WRITE = "money:write"
    STOCK_READ = "stock:read"
    STOCK_WRITE = "stock:write"


SCOPE_WORDS = {
    Scope.PARTNERS_READ: Text("客户和报告：读取", "Partners and their reports: read"),
    Scope.PARTNERS_WRITE: Text(
        "零售商供货条件：设定、提出；报告：报送、修改、答复", "Terms of retailers: set, ask for; reports: hand in, change, answer"
    ),
    Scope.CATALOGUE_READ: Text("产品和价格：读取", "Products and prices: read"),
    Scope.ORDERS_READ: Text("进货申请、判定和制度：读取", "Requests, decisions and the regulation: read"),
    Scope.ORDERS_WRITE: Text("进货申请：提交、撤回、受理、退回、修改、取消", "Requests: submit, withdraw, accept, decline, change, cancel"),
    Scope.MONEY_READ: Text("余额、回款和对账单：读取", "Balances, receipts and statements: read"),
    Scope.MONEY_WRITE: Text("回款：登记、冲回", "Receipts: enter, take back"),
    Scope.STOCK_READ: Text(
        "配送、差异、退货、调货、库存和盘点：读取", "Deliveries, differences, returns, transfers, stock and counts: read"
    ),
    Scope.STOCK_WRITE: Text(
        "发货、签收、差异、退货、调货、入库和盘点：办理", "Goods: ship, receive, answer differences, return, transfer, take in, count"
    ),
}
