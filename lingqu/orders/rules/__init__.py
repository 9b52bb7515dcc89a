"""Pure rules of purchase requests: the decision, its cures, what is shipped."""

from lingqu.orders.rules.decide import Decided, LineFacts, RequestFacts, Totals, decide, price_request

__all__ = ["Decided", "LineFacts", "RequestFacts", "Totals", "decide", "price_request"]
