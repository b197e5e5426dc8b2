"""Every address and method, as everybody, on real rows."""

from __future__ import annotations

import pytest

from tests.security.address_matrix import (
    try_metrics_from_elsewhere,
    try_quotes_closed,
    try_route,
    try_without_demo,
)
from tests.security.least import Least
from tests.security.routes import routes
from tests.security.rules import ADDRESSES, PUBLIC
from tests.security.table import show
from tests.security.world import World

PROBES = {"healthz", "livez", "readyz"}
"""They ask the database from a thread of their own, and are tried with it in tests/web/views/test_health.py."""
TRIED = [route for route in routes() if route.pattern in ADDRESSES and route.pattern not in PROBES]


def test_every_address_has_a_rule() -> None:
    assert {route.pattern for route in routes()} - set(ADDRESSES) == set(), "write a rule in tests/security/rules.py"


def test_no_rule_outlives_its_address() -> None:
    assert set(ADDRESSES) - {route.pattern for route in routes()} == set()


def test_every_address_has_a_name_by_which_it_can_be_asked() -> None:
    assert [route.pattern for route in routes() if not route.name] == []


def test_what_is_public_is_pinned() -> None:
    open_to_all = {
        pattern for pattern, rule in ADDRESSES.items() if {rule.get, rule.post} & {Least.ANYBODY, Least.QUOTES}
    }
    assert open_to_all == PUBLIC


@pytest.mark.django_db
def test_everybody_is_answered_by_the_rule(world: World) -> None:
    rows = [row for route in TRIED for row in try_route(world, route, ADDRESSES[route.pattern])]
    show("authorisation-addresses", rows)
    assert [f"{row.what}: {fault}" for row in rows for fault in row.faults] == []


@pytest.mark.django_db
def test_quotes_are_for_signed_in_people_where_the_operator_says_so(world: World) -> None:
    rows = [try_quotes_closed(world, route) for route in TRIED if ADDRESSES[route.pattern].get is Least.QUOTES]
    assert [f"{row.what}: {fault}" for row in rows for fault in row.faults] == []


@pytest.mark.django_db
def test_metrics_are_for_programs_here_and_for_those_with_the_token(world: World) -> None:
    assert try_metrics_from_elsewhere(world).faults == []


@pytest.mark.django_db
def test_nobody_becomes_the_owner_of_a_demo_that_is_none(world: World) -> None:
    assert try_without_demo(world).faults == []
