"""Where the operations of this module are gathered: addresses that several files answer must stand in one place."""

from ninja import Router

router = Router(tags=["orders"])
