"""The regulation as a value that rules take, and its stored versions."""
