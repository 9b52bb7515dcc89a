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
    """The posts whose holders may do something in this version of the product."""

    DIRECTOR = "director"
    DEPUTY = "deputy"
    MANAGER = "manager"
    REPRESENTATIVE = "representative"
    FINANCE = "finance"
    WAREHOUSE = "warehouse"
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
    PostCode.MANAGER: Text("营销主管", "Marketing manager"),
    PostCode.REPRESENTATIVE: Text("区域销售员", "Representative"),
    PostCode.FINANCE: Text("财务主管", "Finance head"),
    PostCode.WAREHOUSE: Text("库房管理员", "Warehouse keeper"),
    PostCode.OWNER: Text("负责人", "Owner"),
    PostCode.CLERK: Text("下单员", "Clerk"),
}

PARENT_KIND = {
    FirmKind.AGENT: FirmKind.HQ,
    FirmKind.RETAILER: FirmKind.AGENT,
    FirmKind.CUSTOMER: FirmKind.RETAILER,
}
