"""What is done with visits. A door of this module."""

from lingqu.visits.actions.planning import cancel_visit, move_visit, plan_visit
from lingqu.visits.actions.recording import on_visit_moved, record_visit

__all__ = ["cancel_visit", "move_visit", "on_visit_moved", "plan_visit", "record_visit"]
