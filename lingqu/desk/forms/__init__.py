"""Shapes of what people type on the pages of the desk."""

from lingqu.desk.forms.delegation import TypedDelegation, read_delegation
from lingqu.desk.forms.special import SpecialTyped, read_special
from lingqu.desk.forms.token import TypedToken, read_token

__all__ = ["SpecialTyped", "TypedDelegation", "TypedToken", "read_delegation", "read_special", "read_token"]
