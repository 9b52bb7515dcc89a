"""The verbs of the catalogue: products and their prices, and special prices."""

from lingqu.catalogue.actions.disciplines import keep_discipline
from lingqu.catalogue.actions.products import NewProduct, enter_disciplines, enter_products
from lingqu.catalogue.actions.specials import (
    ask_special_price,
    end_special_price,
    on_special_moved,
    revise_special_price,
    withdraw_special_price,
)
from lingqu.catalogue.actions.titles import BroughtIn, NewTitle, bring_titles_in

__all__ = [
    "BroughtIn", "NewProduct", "NewTitle", "ask_special_price", "bring_titles_in", "end_special_price", "enter_disciplines",
    "enter_products", "keep_discipline", "on_special_moved", "revise_special_price", "withdraw_special_price",
]  # fmt: skip
