"""Who may do what with stock: one predicate per verb, over what a person acts as today."""

from __future__ import annotations

from lingqu.base.access import Entry, Seen, Sight, Way, both, reading, writing
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode

KEEPING_POSTS = (PostCode.WAREHOUSE, PostCode.OWNER)


def may_take_goods_in(who: Acting, firm: int) -> bool:
    """Return whether the person may enter goods that came into the firm's warehouse (M-16.5: the warehouse keeper)."""
    return who.holds_any(KEEPING_POSTS, firm)


def may_see_stock(who: Acting, firm: int) -> bool:
    """Return whether the person may see the firm's stock: its own people."""
    return who.firm == firm


ROUTES: dict[str, Entry] = {
    "stock": reading(Way(relation="warehouse")),
    "goods_in": both(Way(posts=KEEPING_POSTS, relation="warehouse")),
    "goods_paper": reading(Way(relation="own")),
    "stock_lots": reading(Way(relation="warehouse")),
    "stock_counts": reading(Way(relation="warehouse")),
    "stock_count_new": both(Way(posts=KEEPING_POSTS, relation="warehouse")),
    "stock_count": Entry(read=(Way(relation="own"),), write=(Way(posts=KEEPING_POSTS, relation="own"),)),
    "stock_count_send": writing(Way(posts=KEEPING_POSTS, relation="own")),
    "stock_count_give_up": writing(Way(posts=KEEPING_POSTS, relation="own")),
    "stock_count_sheet": reading(Way(relation="own")),
    "stock_count_file": writing(Way(posts=KEEPING_POSTS, relation="own")),
}
MODELS: dict[str, Sight] = {
    "Warehouse": Sight(firms=(Seen("firm"),)),
    "StockItem": Sight(firms=(Seen("warehouse__firm"),)),
    "Lot": Sight(firms=(Seen("item__warehouse__firm"),)),
    "LotMove": Sight(firms=(Seen("lot__item__warehouse__firm"),)),
    "StockCount": Sight(firms=(Seen("warehouse__firm"),)),
    "StockCountLine": Sight(firms=(Seen("count__warehouse__firm"),)),
    "GoodsIn": Sight(firms=(Seen("warehouse__firm"),)),
}
