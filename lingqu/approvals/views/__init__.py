"""Pages of approvals."""

from lingqu.approvals.views.answers import add, close, decide, forward, vote, withdraw
from lingqu.approvals.views.lists import listing
from lingqu.approvals.views.show import fold, show

__all__ = ["add", "close", "decide", "fold", "forward", "listing", "show", "vote", "withdraw"]
