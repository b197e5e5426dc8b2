"""Every service that is about somebody or a portfolio, as everybody, on real rows."""

from __future__ import annotations

import pytest

from tests.security.rules import SERVICES, UNASKED
from tests.security.service_matrix import ACTORS, service_names, try_service, try_while_waiting
from tests.security.table import show
from tests.security.world import Who, World
from tickfolio.services.portfolios import portfolios_of


def test_every_service_has_a_rule_or_a_reason_to_have_none() -> None:
    assert set(service_names()) - set(SERVICES) - set(UNASKED) == set(), "write a rule in tests/security/rules.py"


def test_no_rule_outlives_its_service() -> None:
    assert (set(SERVICES) | set(UNASKED)) - set(service_names()) == set()


@pytest.mark.django_db
def test_every_service_asks_whoever_calls_it(world: World) -> None:
    rows = [*(try_service(world, name, rule) for name, rule in SERVICES.items()), try_while_waiting(world)]
    show("authorisation-services", rows)
    assert [f"{row.what}: {fault}" for row in rows for fault in row.faults] == []


@pytest.mark.django_db
def test_a_list_of_portfolios_holds_those_that_one_is_a_member_of_and_no_others(world: World) -> None:
    listed = {who: [each.id for each in portfolios_of(actor=world.actor(who))] for who in ACTORS}
    alices, charlies = [world.alices.portfolio], [world.charlies.portfolio]
    assert listed == {
        Who.OTHER: charlies,
        Who.EX_MEMBER: [],
        Who.VIEWER: alices,
        Who.EDITOR: alices,
        Who.OWNER: alices,
        Who.OPERATOR: [],
    }
