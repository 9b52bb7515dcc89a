"""What an installation must hold before anybody can work in it: the posts, and the regulation. Run by `lingqu setup` as a program."""

from __future__ import annotations

from datetime import datetime

import django
from django.db import transaction

from lingqu.base.clock import now

OTHER_PACKS = ("general",)
"""Installed beside the one that the company goes by, to be read, copied or adopted."""


@transaction.atomic
def install_content(at: datetime) -> None:
    """Enter the posts and install the regulations that the product brings; a second call changes nothing. Django must be loaded.

    The company goes by the publisher's regulation until it adopts another.
    """
    from lingqu.organisation.actions import set_up_posts
    from lingqu.policy.actions import install_pack
    from lingqu.policy.queries import DEFAULT_PACK

    set_up_posts()
    for pack in (DEFAULT_PACK, *OTHER_PACKS):
        install_pack(pack, at=at)


if __name__ == "__main__":
    django.setup()
    install_content(now())
