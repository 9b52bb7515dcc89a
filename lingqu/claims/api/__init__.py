"""Price protection claims for other systems."""

from lingqu.claims.api import claims
from lingqu.claims.api.router import router

ROUTERS = (router,)

__all__ = ["ROUTERS", "claims"]
