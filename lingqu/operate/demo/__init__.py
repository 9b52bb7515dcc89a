"""The demo: a small fictional publisher whose history was made by the real actions."""
