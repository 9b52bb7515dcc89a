"""What an installation must hold before anybody can work in it: the posts, and the regulation. Run by `lingqu setup` as a program."""

from __future__ import annotations

from datetime import datetime

import django
from django.db import transaction

from lingqu.base.clock import now


@transaction.atomic
def install_content(at: datetime) -> None:
    """Enter the posts and install the regulation that the product brings; a second call changes nothing. Django must be loaded."""
    from lingqu.organisation.actions import set_up_posts
    from lingqu.policy.actions import install_pack
    from lingqu.policy.queries import DEFAULT_PACK

    set_up_posts()
    install_pack(DEFAULT_PACK, at=at)


if __name__ == "__main__":
    django.setup()
    install_content(now())
