"""Returns and transfers for other systems."""

from lingqu.returns.api import returns, answers, transfers  # isort: skip
from lingqu.returns.api.router import router

ROUTERS = (router,)

__all__ = ["ROUTERS", "answers", "returns", "transfers"]
