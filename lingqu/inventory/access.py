"""Who may do what with stock: one predicate per verb, over what a person acts as today."""

from __future__ import annotations

from lingqu.base.access import API_TOKEN, Entry, Once, Seen, Sight, Way, both, for_tokens, reading, writing
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode, Scope

KEEPING_POSTS = (PostCode.WAREHOUSE, PostCode.OWNER)


def may_take_goods_in(who: Acting, firm: int) -> bool:
    """Return whether the person may enter goods that came into the firm's warehouse (M-16.5: the warehouse keeper)."""
    return who.holds_any(KEEPING_POSTS, firm)


def may_see_stock(who: Acting, firm: int) -> bool:
    """Return whether the person may see the firm's stock: its own people."""
    return who.firm == firm


_HERE, _OWN = Way(relation="warehouse"), Way(relation="own")
_KEEPER, _COUNTER = Way(posts=KEEPING_POSTS, relation="warehouse"), Way(posts=KEEPING_POSTS, relation="own")

ROUTES: dict[str, Entry] = {
    "stock": reading(_HERE),
    "goods_in": both(_KEEPER, once=Once.ALIKE),
    "goods_paper": reading(_OWN),
    "stock_lots": reading(_HERE),
    "stock_counts": reading(_HERE),
    "stock_count_new": both(_KEEPER, once=Once.ALIKE),
    "stock_count": Entry(read=(_OWN,), write=(_COUNTER,)),
    "stock_count_send": writing(_COUNTER),
    "stock_count_give_up": writing(_COUNTER),
    "stock_count_sheet": reading(_OWN),
    "stock_count_file": writing(_COUNTER),
    "api:stock": for_tokens(read=Scope.STOCK_READ, ways=(_HERE,)),
    "api:stock_title": for_tokens(read=Scope.STOCK_READ, ways=(_HERE,)),
    "api:goods_in": Entry(read=(_HERE,), write=(_KEEPER,), door=API_TOKEN, scopes=(Scope.STOCK_READ, Scope.STOCK_WRITE)),
    "api:goods_in_paper": for_tokens(read=Scope.STOCK_READ, ways=(_OWN,)),
    "api:counts": Entry(read=(_HERE,), write=(_KEEPER,), door=API_TOKEN, scopes=(Scope.STOCK_READ, Scope.STOCK_WRITE)),
    "api:count": for_tokens(read=Scope.STOCK_READ, ways=(_OWN,)),
    "api:count_lines": Entry(read=(_OWN,), write=(_COUNTER,), door=API_TOKEN, scopes=(Scope.STOCK_READ, Scope.STOCK_WRITE)),
    "api:count_send": for_tokens(write=Scope.STOCK_WRITE, ways=(_COUNTER,)),
    "api:count_give_up": for_tokens(write=Scope.STOCK_WRITE, ways=(_COUNTER,)),
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
