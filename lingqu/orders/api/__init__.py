"""Purchase requests, deliveries and titles for other systems."""

from lingqu.orders.api import submitting, reading, verbs, ending, deliveries  # isort: skip
from lingqu.orders.api.router import router

ROUTERS = (router,)

__all__ = ["ROUTERS", "deliveries", "ending", "reading", "submitting", "verbs"]
