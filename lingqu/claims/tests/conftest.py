"""The people of the story at their browsers."""

from tests.pages import at_desk

__all__ = ["at_desk"]
