"""Money that came in by bank, and statements of account that both sides agree to."""
