"""Shapes of what people type on the pages of the desk."""

from lingqu.desk.forms.delegation import TypedDelegation, read_delegation
from lingqu.desk.forms.paper import PaperTyped, read_paper
from lingqu.desk.forms.special import SpecialTyped, read_special
from lingqu.desk.forms.token import TypedToken, read_token

__all__ = ["PaperTyped", "SpecialTyped", "TypedDelegation", "TypedToken", "read_delegation", "read_paper", "read_special", "read_token"]
