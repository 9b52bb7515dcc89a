"""Home, the list of partners, a partner, stand-ins."""

from lingqu.desk.views.delegations import delegations, end
from lingqu.desk.views.home import accept, again, decline, home, ship, task, waive
from lingqu.desk.views.partners import partner, partners

__all__ = ["accept", "again", "decline", "delegations", "end", "home", "partner", "partners", "ship", "task", "waive"]
