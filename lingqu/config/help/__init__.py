"""The interface for other systems as people read it: made from its description, so that it cannot say anything else."""

from lingqu.config.help.reading import GROUP_WORDS, Group, Operation, groups, operation_called

__all__ = ["GROUP_WORDS", "Group", "Operation", "groups", "operation_called"]
