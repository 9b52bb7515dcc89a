"""What an installation holds before anybody works in it, and what the application may never change in it."""

from __future__ import annotations

import pytest

from lingqu.audit.models import Fact
from lingqu.operate.content import install_content
from lingqu.operate.roles import wanted_privileges
from lingqu.policy.models import Adoption, Version
from lingqu.policy.queries import adopted_pack, installed_packs
from tests.world import World


def test_the_content_of_an_installation_is_entered_once(world: World) -> None:
    install_content(world.at)
    before = Version.objects.count(), Adoption.objects.count(), Fact.objects.count()
    install_content(world.at)
    assert (Version.objects.count(), Adoption.objects.count(), Fact.objects.count()) == before
    assert installed_packs() == ["general", "publisher"]
    assert adopted_pack(on=world.at.date()) == "publisher"


@pytest.mark.parametrize("table", ["policy_version", "policy_adoption", "audit_fact"])
def test_what_is_only_added_is_granted_no_more(table: str) -> None:
    assert wanted_privileges(table, "r", partition=False) == {"SELECT", "INSERT"}
