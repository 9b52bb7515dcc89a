"""The first day: what the books before say, taken over once."""
