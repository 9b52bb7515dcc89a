"""Sign-ins as the generated matrix asks about them: firms and people with those who look after them, invitations, sessions."""

from __future__ import annotations

from collections.abc import Iterator

from lingqu.organisation.actions import invite, open_session
from lingqu.organisation.models import OpenSession
from lingqu.organisation.states import PostCode
from tests.promises.access_things import Thing
from tests.promises.access_world import Rich, mark

LOOKED_AFTER = {
    "agent_clerk": ("director", "manager", "agent_owner"),
    "agent_owner": ("director", "manager"),
    "retailer_clerk": ("director", "manager", "retailer_owner"),
    "warehouse": ("director", "manager"),
    "finance": ("director",),
    "stranger_agent_owner": ("stranger_director",),
}
"""Who looks after whose sign-in, in words of the story."""

FIRMS = {
    "hq": ("director", "manager"), "agent": ("director", "manager", "agent_owner"), "retailer": ("director", "manager", "retailer_owner"),
    "stranger_agent": ("stranger_director", "stranger_agent_owner"),
}  # fmt: skip
VERBS = ("person_reset", "person_disable", "person_enable", "person_sessions_end", "person_factor_off")


def tell_sign_ins(world: Rich) -> Iterator[tuple[str, Thing]]:
    """Return the objects of the addresses about sign-ins, by the name of the address."""
    for name, after in LOOKED_AFTER.items():
        thing = Thing(name, {"person": world.people[name].pk}, people={"looked_after": frozenset(after)})
        yield from ((route, thing) for route in VERBS)
    for code, after in FIRMS.items():
        known = {"looked_after": frozenset(after)}
        firm = world.firm(code)
        yield "firm_people", Thing(code, {"code": firm.code}, people=known)
        post = PostCode.WAREHOUSE if code == "hq" else PostCode.CLERK
        asked = {
            "name": mark(*{code, "stranger" if code.startswith("stranger") else "hq"}),
            "login": f"invited.{code.replace('_', '.')}",
            "telephone": "",
        }
        made, _ = invite(firm.pk, post, by=world.who(after[0]), at=world.at, **asked)
        yield "invitation_withdraw", Thing(code, {"invitation": made.pk}, people=known)
    for route in ("invitation", "reset_link"):
        yield route, Thing("no link", {"secret": "no-such-link"})
    for name, code in (("director", "hq"), ("agent_owner", "agent")):
        open_session(world.people[name].pk, f"key-of-{name}", browser=mark(code), address="192.0.2.7", at=world.at)
        session = OpenSession.objects.get(key=f"key-of-{name}").pk
        yield "session_end", Thing(name, {"session": session}, people={"person": frozenset({name})})
