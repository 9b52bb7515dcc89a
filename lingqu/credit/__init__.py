"""Credit lines, batches, receipts, waivers."""
