"""Stock, goods that came in, and counts for other systems."""

from lingqu.inventory.api import stock, counts  # isort: skip
from lingqu.inventory.api.router import router

ROUTERS = (router,)

__all__ = ["ROUTERS", "counts", "stock"]
