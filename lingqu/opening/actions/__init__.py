"""The verbs of going live."""

from lingqu.opening.actions.background import fail_file, finish_file
from lingqu.opening.actions.files import book_file, prepare_file, sign_file, withdraw_file

__all__ = ["book_file", "fail_file", "finish_file", "prepare_file", "sign_file", "withdraw_file"]
