"""Stock by warehouse and product, in the ledger."""
