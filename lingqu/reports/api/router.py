"""Where the operations of this module are gathered."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["reports of partners"])
