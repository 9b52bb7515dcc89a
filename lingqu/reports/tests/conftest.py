"""Seats in front of the pages."""

from tests.pages import at_desk

__all__ = ["at_desk"]
