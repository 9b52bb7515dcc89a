"""Reports of partners for other systems."""

from lingqu.reports.api import reports
from lingqu.reports.api.router import router

ROUTERS = (router,)

__all__ = ["ROUTERS", "reports"]
