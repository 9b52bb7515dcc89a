"""What a search asks for, and which letters of a find it met: pure."""

from lingqu.desk.rules.search import Part, Wanted, parts_of, read_wanted, wants

__all__ = ["Part", "Wanted", "parts_of", "read_wanted", "wants"]
