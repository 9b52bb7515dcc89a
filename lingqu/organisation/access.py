"""Who comes to the sign-in pages, and who sees firms and people. Declarations only: the predicates stand beside what they guard."""

from __future__ import annotations

from lingqu.base.access import Entry, Seen, Sight, open_to_all

ROUTES: dict[str, Entry] = {
    "account_login": open_to_all("this is where one signs in", write=True),
    "account_logout": open_to_all("asks by itself who is signed in, and has nothing to show", write=True),
}
MODELS: dict[str, Sight] = {
    "Firm": Sight(firms=(Seen("pk"), Seen("parent"), Seen("children"))),
    "FirmPath": Sight(never="the tree as the queries walk it"),
    "Person": Sight(firms=(Seen("firm"), Seen("firm__parent"), Seen("firm__children")), inside=("telephone",)),
    "Post": Sight(everybody=True),
    "PostHolding": Sight(firms=(Seen("firm"), Seen("firm__parent"), Seen("firm__children"))),
    "Delegation": Sight(firms=(Seen("absent__firm"),)),
    "SignIn": Sight(people=("person",), hidden=("password", "last_login")),
    "AccessToken": Sight(people=("person",), hidden=("digest",)),
    "KeptAnswer": Sight(never="answered again to the program that asked, as it was"),
}
