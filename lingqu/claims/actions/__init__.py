"""What is done with price protection claims. A door of this module."""

from lingqu.claims.actions.asking import ask_claim, revise_claim, withdraw_claim
from lingqu.claims.actions.crediting import on_claim_moved
from lingqu.claims.actions.taking_back import on_goods_came_back

__all__ = ["ask_claim", "on_claim_moved", "on_goods_came_back", "revise_claim", "withdraw_claim"]
