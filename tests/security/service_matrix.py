"""Calls every service as everybody: what pages refuse must be refused below them too, whoever calls."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.security.address_matrix import Row
from tests.security.checks import with_role
from tests.security.least import Least, ServiceRule
from tests.security.probes import NO_SUCH_ID, NO_SUCH_USER, Outcome, expected
from tests.security.rules import SERVICES
from tests.security.world import LOOKING, Who, World, undone
from tests.security.writes import heard_writes
from tests.tenancy_guard import tenant_tables
from tickfolio import services
from tickfolio.errors import ImportNotPossible, InvalidValue, NotAllowed, NotFound, StatementError
from tickfolio.persistence.models import Membership
from tickfolio.persistence.tenancy import Role
from tickfolio.services.permissions import Operation

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
        if rule.asks and who in (Who.VIEWER, Who.EDITOR):
            _keep_to_owners(world, row, who, name, rule)
        if rule.asks and wanted is not Outcome.ALLOWED and (asked := _questions(world, who, name, rule)) > 1:
            row.faults.append(
                f"{who}: is refused after {asked} questions to the database; expected the first to decide"
            )
    return row


def try_while_waiting(world: World) -> Row:
    """A role that is lost after the first question, while others hold the portfolio, counts."""
    name = "transactions.transaction_add"
    row = Row(f"{name} (while waiting)", SERVICES[name].least.value)

    def lose_the_role(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if not lost and "membership" in sql:
            lost.append(sql)
            his = Membership.objects.for_actor(LOOKING).filter(user=world.user_ids["erin"])
            his.update(role=Role.VIEWER)
        return answer

    lost: list[str] = []
    with undone(), connection.execute_wrapper(lose_the_role):
        arguments = arguments_of(world, Who.EDITOR, SERVICES[name])
        outcome, _said_so = _said(service_called(name), world.actor(Who.EDITOR), arguments)
    row.outcomes[Who.EDITOR] = outcome
    if outcome is not Outcome.FORBIDDEN:
        row.faults.append(f"editor: expected 403, was {outcome}")
    return row


def _questions(world: World, who: Who, name: str, rule: ServiceRule) -> int:
    """How many statements on somebody's rows a refusal costs."""
    with undone(), CaptureQueriesContext(connection) as asked:
        _said(service_called(name), world.actor(who), arguments_of(world, who, rule))
    return sum(not tenant_tables().isdisjoint(re.findall(r"\w+", statement["sql"])) for statement in asked)


def _keep_to_owners(world: World, row: Row, who: Who, name: str, rule: ServiceRule) -> None:
    """Which operation a service asks for shows when that is kept to owners."""
    with with_role(Operation[rule.asks], Role.OWNER):
        outcome = call(world, who, name, arguments_of(world, who, rule))[0][0]
    if outcome is not Outcome.FORBIDDEN:
        row.faults.append(f"{who}: {rule.asks} is kept to owners and yet the answer is {outcome}")


def arguments_of(world: World, who: Who, rule: ServiceRule) -> dict[str, Any]:
    """What the service is called with, on what is Alice's."""
    ids: Mapping[str, Any] = {**world.ids(world.alices, who), "user_id": world.user_ids["frank"]}
    named = {name: ids[name] for name in rule.names}
    portfolio = {} if rule.least in (Least.SIGNED_IN, Least.OPERATOR) else {"portfolio_id": world.alices.portfolio}
    return {**portfolio, **named, **rule.arguments(world)}


def call(world: World, who: Who, name: str, arguments: Mapping[str, Any]) -> tuple[Said, bool]:
    """What came of it, and whether it changed anything; what it changed is undone."""
    with undone():
        with heard_writes() as writes:
            said = _said(service_called(name), world.actor(who), arguments)
        return said, writes.are_any and world.state() != world.untouched


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
    except (ImportNotPossible, InvalidValue, StatementError) as error:
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
