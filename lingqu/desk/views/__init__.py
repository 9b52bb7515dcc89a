"""Home, the list of partners, a partner."""

from lingqu.desk.views.home import accept, again, decline, home, ship, task, waive
from lingqu.desk.views.partners import partner, partners

__all__ = ["accept", "again", "decline", "home", "partner", "partners", "ship", "task", "waive"]
