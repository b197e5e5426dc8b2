"""Each permission check taken out, one at a time: the matrix must notice every one that is missing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from tests.security.address_matrix import (
    Row,
    try_metrics_from_elsewhere,
    try_quotes_closed,
    try_route,
    try_without_demo,
)
from tests.security.checks import Check, checks, module_of
from tests.security.least import Least
from tests.security.routes import Route, routes
from tests.security.rules import ADDRESSES, SERVICES
from tests.security.service_matrix import try_service, try_while_waiting
from tests.security.socket_matrix import try_part
from tests.security.socket_rules import SOCKET
from tests.security.table import FOLDER
from tests.security.test_address_matrix import TRIED
from tests.security.world import World


def rows_for(check: Check, world: World) -> Iterator[Row]:
    """The rows of the matrix that are about what the check guards; if none of them notices, none does."""
    if check.name.startswith("quotes_for_visitors"):
        yield from (try_quotes_closed(world, route) for route in TRIED if check.name.endswith(f" of /{route.pattern}"))
    elif "offers_demo" in check.name:
        yield try_without_demo(world)
    elif "may_read_metrics" in check.name:
        yield try_metrics_from_elsewhere(world)
    elif ".live." in check.where:
        yield from (try_part(world, part, least) for part, least in SOCKET.items() if least is Least.VIEWER)
    elif ".services." in check.where:
        yield try_while_waiting(world)
        yield from (
            try_service(world, name, SERVICES[name]) for name in sorted(SERVICES, key=partial(_distance, check))
        )
    else:
        # What several views share is in a module of its own, named after what they are about.
        about = check.where.rpartition(".")[2].partition("_")[0]
        near = [route for route in TRIED if module_of(route) == check.where] or [
            route for route in TRIED if module_of(route).rpartition(".")[2].startswith(about)
        ]
        for route in sorted(near, key=lambda route: not _is_of(check, route)):
            yield from try_route(world, route, ADDRESSES[route.pattern])


def _distance(check: Check, name: str) -> tuple[bool, bool, bool]:
    """How soon a service is tried: first those that the check is in, then those that ask for the operation that it names."""
    module, _, function = name.partition(".")
    is_there = f"services/{module}.py" in check.name
    return not (is_there and f" {function}:" in check.name), f"[{SERVICES[name].asks}]" not in check.name, not is_there


def _is_of(check: Check, route: Route) -> bool:
    """Whether a check is the guard of an address, or in the view of one."""
    return check.name.endswith(f" of /{route.pattern}") or f" {route.callback.__name__}:" in check.name


def noticed_by(check: Check, world: World) -> str:
    """The first fault that the matrix finds without the check; empty where it finds none. What breaks is noticed as well."""
    with check.removed():
        try:
            return next((f"{row.what}: {fault}" for row in rows_for(check, world) for fault in row.faults), "")
        except (AssertionError, LookupError, TypeError) as error:
            return f"breaks: {type(error).__name__} {error}"


@pytest.mark.django_db
def test_every_check_that_is_taken_out_is_noticed(world: World) -> None:
    found = {check.name: noticed_by(check, world) for check in checks()}
    noticed = [f"{name}\n    {fault or 'NOT NOTICED'}" for name, fault in found.items()]
    summary = f"{sum(map(bool, found.values()))} of {len(found)} removed checks are noticed"
    FOLDER.mkdir(exist_ok=True)
    text = "\n".join([*noticed, summary])
    (FOLDER / "authorisation-removed-checks.txt").write_text(f"{text}\n", encoding="utf-8")
    print(f"\n{text}")  # noqa: T201  # it is what was asked for
    assert [name for name, fault in found.items() if not fault] == []


def test_the_checks_are_those_that_there_are() -> None:
    """So that a search that finds nothing is not taken for a product without checks."""
    names = [check.name for check in checks()]
    assert sum(name.startswith("MINIMUM_ROLE") for name in names) >= 12
    assert sum("require(" in name for name in names) >= 20
    assert sum(name.startswith("signed_in") for name in names) >= 20
    assert sum("may_watch(" in name for name in names) == 2
    assert sum("require_operator(" in name for name in names) == 5
    assert sum("require_operator_or_console(" in name for name in names) == 2
    guarded = [
        route
        for route in routes()
        if {ADDRESSES[route.pattern].get, ADDRESSES[route.pattern].post} - {None, Least.ANYBODY, Least.MACHINE}
    ]
    assert len(guarded) == sum(" of /" in name for name in names)
