"""Calls every service as everybody: what pages refuse must be refused below them too, whoever calls."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.security.address_matrix import Row
from tests.security.probes import NO_SUCH_ID, NO_SUCH_USER, Outcome, expected
from tests.security.rules import Least, ServiceRule
from tests.security.world import Who, World, undone
from tickfolio import services
from tickfolio.errors import ImportNotPossible, NotAllowed, NotFound, StatementError

SUBJECTS = {"actor", "portfolio_id", "portfolio_ids", "user_id"}
ACTORS = [who for who in Who if who is not Who.ANONYMOUS]
"""A service needs an actor, which nobody makes of an anonymous visitor."""
type Said = tuple[Outcome, str]


def service_names() -> Iterator[str]:
    """Every public function of the services that is about somebody or a portfolio."""
    for module in pkgutil.iter_modules(services.__path__):
        named = vars(importlib.import_module(f"{services.__name__}.{module.name}"))
        for name, function in named.items():
            is_own = inspect.isfunction(function) and function.__module__ == f"{services.__name__}.{module.name}"
            if is_own and not name.startswith("_") and SUBJECTS & set(inspect.signature(function).parameters):
                yield f"{module.name}.{name}"


def service_called(name: str) -> Callable[..., Any]:
    """The function of that name, as callers find it now."""
    module, _, function = name.partition(".")
    found: Callable[..., Any] = getattr(importlib.import_module(f"{services.__name__}.{module}"), function)
    return found


def try_service(world: World, name: str, rule: ServiceRule) -> Row:
    """One row: the service as everybody, on Alice's rows, on another's and on none."""
    row = Row(name, rule.least.value)
    for who in ACTORS:
        said, changed = call(world, who, name, arguments_of(world, who, rule))
        row.outcomes[who], wanted = said[0], expected(rule.least, who)
        if said[0] is not wanted:
            row.faults.append(f"{who}: expected {wanted}, was {said[0]}: {said[1]}")
        if changed and wanted is not Outcome.ALLOWED:
            row.faults.append(f"{who}: was refused and yet changed something")
        if rule.least in (Least.VIEWER, Least.EDITOR, Least.OWNER):
            _compare(world, row, who, name, rule)
        if rule.own is not None:
            own = {**arguments_of(world, who, rule), "user_id": world.actor(who).user_id}
            if (outcome := call(world, who, name, own)[0][0]) is not expected(rule.own, who):
                row.faults.append(f"{who}: of oneself expected {expected(rule.own, who)}, was {outcome}")
    return row


def arguments_of(world: World, who: Who, rule: ServiceRule) -> dict[str, Any]:
    """What the service is called with, on what is Alice's."""
    ids: Mapping[str, Any] = {**world.ids(world.alices, who), "user_id": world.user_ids["frank"]}
    named = {name: ids[name] for name in rule.names}
    portfolio = {} if rule.least is Least.SIGNED_IN else {"portfolio_id": world.alices.portfolio}
    return {**portfolio, **named, **rule.arguments(world)}


def call(world: World, who: Who, name: str, arguments: Mapping[str, Any]) -> tuple[Said, bool]:
    """What came of it, and whether it changed anything; what it changed is undone."""
    with undone():
        said = _said(service_called(name), world.actor(who), arguments)
        return said, world.state() != world.untouched


def _said(service: Callable[..., Any], actor: object, arguments: Mapping[str, Any]) -> Said:
    try:
        given = service(actor=actor, **arguments)
        if hasattr(given, "__enter__"):
            with given:
                pass
    except NotFound as error:
        return Outcome.MISSING, str(error)
    except NotAllowed as error:
        return Outcome.FORBIDDEN, str(error)
    except (ImportNotPossible, StatementError) as error:
        return Outcome.ALLOWED, str(error)  # it was let in, and then found what it was given to be wanting
    return Outcome.ALLOWED, ""


def _compare(world: World, row: Row, who: Who, name: str, rule: ServiceRule) -> None:
    """Another's portfolio, and another's thing in one's own, are answered as what never was."""
    alices, charlies = (
        arguments_of(world, who, rule),
        {**world.ids(world.charlies), "user_id": world.user_ids["george"]},
    )
    pairs = []
    if not who.is_member:
        missing = {**alices, "portfolio_id": NO_SUCH_ID}
        pairs.append((alices, missing))
    for named in rule.names:
        nothing: object = int(NO_SUCH_USER) if named == "user_id" else NO_SUCH_ID
        if who.is_member:
            pairs.append(({**alices, named: charlies[named]}, {**alices, named: nothing}))
        elif who is Who.OTHER:
            own = {**alices, "portfolio_id": charlies["portfolio_id"]}
            pairs.append((own, {**own, named: nothing}))
    for anothers, missing in pairs:
        (one, changed), (other, _) = (call(world, who, name, arguments) for arguments in (anothers, missing))
        if one != other or changed:
            row.faults.append(f"{who}: another’s is answered {one}, what never was {other}")
