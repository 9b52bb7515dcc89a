"""What was done, by whom, under which version: append-only facts."""
