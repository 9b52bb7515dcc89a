"""Who comes to the sign-in pages, and who sees firms and people. Declarations only: the predicates stand beside what they guard."""

from __future__ import annotations

from lingqu.base.access import Entry, Seen, Sight, open_to_all
from lingqu.organisation.states import PostCode

ROUTES: dict[str, Entry] = {
    "account_login": open_to_all("this is where one signs in", write=True),
    "account_logout": open_to_all("asks by itself who is signed in, and has nothing to show", write=True),
    "second_factor": open_to_all("the step after the password: it looks by itself whose password was given", write=True),
    "second_factor_enrol": open_to_all("the step after the password of who must have a second factor and has none", write=True),
    "invitation": open_to_all("who holds its link is not signed in yet; the link is a secret, used once", write=True),
    "reset_link": open_to_all("who holds its link cannot sign in; the link is a secret, used once", write=True),
}
MODELS: dict[str, Sight] = {
    "Firm": Sight(firms=(Seen("pk"), Seen("parent"), Seen("children"))),
    "FirmPath": Sight(never="the tree as the queries walk it"),
    "Person": Sight(firms=(Seen("firm"), Seen("firm__parent"), Seen("firm__children")), inside=("telephone",)),
    "Post": Sight(everybody=True),
    "PostHolding": Sight(firms=(Seen("firm"), Seen("firm__parent"), Seen("firm__children"))),
    "Delegation": Sight(firms=(Seen("absent__firm"),)),
    "SignIn": Sight(people=("person",), hidden=("password", "last_login", "epoch")),
    "FailedTry": Sight(never="counted when somebody signs in, and shown to nobody"),
    "OpenSession": Sight(people=("person",), hidden=("key",)),
    "Invitation": Sight(firms=(Seen("firm", posts=(PostCode.OWNER, PostCode.DIRECTOR, PostCode.MANAGER)),), hidden=("digest",)),
    "ResetLink": Sight(never="its text is shown to who made it, once; nothing else is"),
    "AccessToken": Sight(people=("person",), hidden=("digest",)),
    "KeptAnswer": Sight(never="answered again to the program that asked, as it was"),
}
