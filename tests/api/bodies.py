"""What is sent to each operation that is sent something, in the shape that it asks for."""

from __future__ import annotations

from typing import Any

ORDER = {"key": "erp-1", "lines": [{"product": "QH26-100", "copies": "10.00"}]}
BACK = {"reason": "slow", "lines": [{"product": "QH26-100", "copies": "1"}]}
MOVED = {"key": "dh-1", "giver": "agent", "taker": "other_agent", "reason": "调剂", "lines": [{"product": "QH26-100", "copies": "1"}]}
REPORT = {
    "lines": [{"discipline": "S", "sold": "40", "value": "3840.00", "stock": "60"}], "market": "平稳", "demand": "下月约需 200 册",
}  # fmt: skip
BODIES: dict[str, Any] = {
    "submit_order": ORDER,
    "submit_batch": {"items": [ORDER]},
    "preview_order": {"lines": ORDER["lines"]},
    "withdraw_order": {},
    "accept_order": {"ship_on": "2026-11-24"},
    "decline_order": {"reason": "无货"},
    "decide_order": {},
    "change_order": {"lines": [{"product": "QH26-100", "copies": "9"}]},
    "cancel_order": {"reason": "客户不要了"},
    "close_order": {"reason": "不再补发"},
    "ship_order": {},
    "name_parcels": {"parcels": [{"waybill": "SF1"}]},
    "receive_delivery": {},
    "count_difference": {"lines": [{"line": 1, "kind": "short", "found": "0"}]},
    "answer_difference": {"lines": [{"line": 1, "kind": "short", "answer": "credit"}]},
    "ask_return": BACK | {"key": "th-1"},
    "preview_return": BACK,
    "agree_return": {},
    "refuse_return": {"reason": "包装已拆"},
    "send_up_return": {"reason": "客户清仓"},
    "count_return": {"lines": [{"line": 1, "good": "1"}]},
    "withdraw_return": {},
    "ask_transfer": MOVED,
    "send_transfer_again": {"reason": "调剂"},
    "withdraw_transfer": {"reason": "不调了"},
    "order_transfer": {},
    "confirm_transfer": {"side": "giver", "lines": [{"line": 1, "copies": "1"}]},
    "move_transfer": {},
    "take_goods_in": {"key": "rk-1", "received_on": "2026-11-23", "lines": [{"product": "QH26-100", "copies": "5"}]},
    "start_count": {"products": ["QH26-100"]},
    "enter_counted": {"lines": [{"product": "QH26-100", "counted": "5"}]},
    "send_count": {},
    "give_up_count": {"reason": "改天再盘"},
    "give_terms": {"grade": "C", "limit": "60000.00", "batches": 2, "days": 60, "reason": "备货"},
    "enter_receipt": {"key": "bank-1", "partner": "agent", "amount": "100.00", "received_on": "2026-11-23"},
    "reverse_receipt": {"reason": "银行退回"},
    "preview_price_claim": {"lines": [{"product": "QH26-100", "copies": "10"}]},
    "ask_price_claim": {"key": "jb-1", "lines": [{"product": "QH26-100", "copies": "10"}]},
    "withdraw_price_claim": {"reason": "库存有误"},
    "make_partner_report": REPORT | {"key": "yb-1", "period": "2026-10"},
    "change_partner_report": REPORT,
    "ask_back_partner_report": {"question": "请补充竞争产品销量"},
    "answer_partner_report": {"guidance": "库存偏高，先消化"},
}
