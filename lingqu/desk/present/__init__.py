"""Shapes of this module's pages, and of the frame around every page."""

from lingqu.desk.present.shell import menu_of, phone_menu_of, post_words

__all__ = ["menu_of", "phone_menu_of", "post_words"]
