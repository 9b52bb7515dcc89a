"""Ground floor: what has no business words. Money, period, calendar, states, decisions, refusals, events, texts."""
