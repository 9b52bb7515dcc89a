"""The verbs of going live."""

from lingqu.opening.actions.files import book_file, prepare_file, sign_file, withdraw_file

__all__ = ["book_file", "prepare_file", "sign_file", "withdraw_file"]
