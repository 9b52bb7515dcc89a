"""One double-entry engine for all scarce things: money, pieces, open batches."""
