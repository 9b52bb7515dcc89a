"""The inbox of every person, e-mail and group bots."""
