"""Shapes of what people type on the pages of the desk."""

from lingqu.desk.forms.delegation import TypedDelegation, read_delegation
from lingqu.desk.forms.special import SpecialTyped, read_special

__all__ = ["SpecialTyped", "TypedDelegation", "read_delegation", "read_special"]
