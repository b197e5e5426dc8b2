"""Tries every rule of an address as everybody, and lists what is not as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.test.utils import override_settings

from tests.security.least import Least, Rule
from tests.security.probes import (
    OTHER_METHODS,
    Answer,
    Outcome,
    ask,
    expected,
    ids_of,
    is_portfolios,
    sub_ids,
    with_missing,
)
from tests.security.routes import Route
from tests.security.rules import ADDRESSES
from tests.security.world import Who, World


@dataclass(slots=True)
class Row:
    """One address and method: its rule, what everybody was answered, and what was wrong with that."""

    what: str
    least: str
    outcomes: dict[Who, Outcome] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def try_route(world: World, route: Route, rule: Rule) -> Iterator[Row]:
    """The rows of one address."""
    if rule.get is not None:
        yield _try_reading(world, route, rule, rule.get)
    if rule.post is not None:
        yield _try_posting(world, route, rule, rule.post)
    if rule.own is not None:
        yield _try_own(world, route, rule.own)
    yield _try_others(world, route, rule)


def _try_reading(world: World, route: Route, rule: Rule, least: Least) -> Row:
    row = Row(f"GET /{route.pattern}", least.value)
    for who in Who:
        address = route.address(ids_of(world, rule, world.alices, who))
        answer, changed = ask(world, who, "GET", address)
        _judge(row, who, answer, expected(least, who))
        if changed and least is not Least.ANYBODY:
            row.faults.append(f"{who}: reading changed something")
        if is_portfolios(route):
            _compare_ids(world, row, route, rule, who, "GET")
        _compare_own(world, row, route, rule, who, "GET")
    address = route.address(ids_of(world, rule, world.alices, Who.OTHER))
    head, _changed = ask(world, Who.OTHER, "HEAD", address)
    if (head.status, head.body) != (ask(world, Who.OTHER, "GET", address)[0].status, b""):
        row.faults.append(f"other user: HEAD is answered otherwise than GET, {head.status}")
    return row


def _try_posting(world: World, route: Route, rule: Rule, least: Least) -> Row:
    row = Row(f"POST /{route.pattern}", least.value)
    form = rule.form(world)
    for who in Who:
        address = route.address(ids_of(world, rule, world.alices, who))
        wanted = expected(least, who)
        empty, emptied = ask(world, who, "POST", address, {})
        _judge(row, who, empty, wanted)
        answer, changed = ask(world, who, "POST", address, form)
        _judge(row, who, answer, wanted)
        if wanted is not Outcome.ALLOWED and (emptied or changed):
            row.faults.append(f"{who}: was refused and yet changed something")
        if wanted is Outcome.ALLOWED and not (
            answer.is_done and (changed or not rule.writes or least is Least.ANYBODY)
        ):
            row.faults.append(f"{who}: may do it, and nothing was done ({answer.status})")
        if is_portfolios(route):
            _compare_ids(world, row, route, rule, who, "POST")
            _compare_references(world, row, route, rule, who)
        _compare_own(world, row, route, rule, who, "POST")
    return row


def _try_own(world: World, route: Route, least: Least) -> Row:
    """What one may do with oneself, read and posted."""
    row = Row(f"own /{route.pattern}", least.value)
    for who in Who:
        own = {"user_id": str(world.actor(who).user_id)} if who is not Who.ANONYMOUS else {}
        address = route.address({**world.ids(world.alices), **own})
        for method in ("GET", "POST"):
            answer, changed = ask(world, who, method, address)
            _judge(row, who, answer, wanted := expected(least, who))
            if changed is not (wanted is Outcome.ALLOWED and method == "POST"):
                row.faults.append(f"{who}: {method} of oneself: changed is {changed}")
    return row


def _try_others(world: World, route: Route, rule: Rule) -> Row:
    """Methods that no rule names do not exist, whoever asks."""
    methods = [*OTHER_METHODS]
    if rule.get is None:
        methods += ["GET", "HEAD"]
    if rule.post is None:
        methods += ["POST"]
    row = Row(f"else /{route.pattern}", "nobody")
    address = route.address(ids_of(world, rule, world.alices, Who.OWNER))
    for who in (Who.ANONYMOUS, Who.OTHER, Who.OWNER):
        for method in methods:
            answer, changed = ask(world, who, method, address)
            row.outcomes[who] = answer.outcome
            refusals = {Outcome.NO_METHOD, Outcome.SIGN_IN} if who is Who.ANONYMOUS else {Outcome.NO_METHOD}
            if answer.outcome not in refusals or changed:
                row.faults.append(f"{who}: {method} is answered with {answer.status}")
    return row


def try_quotes_closed(world: World, route: Route) -> Row:
    """Quotes where the operator shows them to nobody but signed-in people."""
    row = Row(f"GET /{route.pattern} (closed)", Least.SIGNED_IN.value)
    address = route.address(ids_of(world, ADDRESSES[route.pattern], world.alices, Who.OWNER))
    with override_settings(TICKFOLIO_ANONYMOUS_QUOTES=False):
        for who in Who:
            wanted = Outcome.FORBIDDEN if who is Who.ANONYMOUS else Outcome.ALLOWED
            _judge(row, who, ask(world, who, "GET", address)[0], wanted)
    return row


def try_without_demo(world: World) -> Row:
    """The one-click sign-in where this is no demo."""
    row = Row("POST /demo/sign-in/ (no demo)", "nobody")
    with override_settings(TICKFOLIO_MODE="production"):
        for who in Who:
            _judge(row, who, ask(world, who, "POST", "/demo/sign-in/")[0], Outcome.MISSING)
    return row


def try_metrics_from_elsewhere(world: World) -> Row:
    """The metrics for who asks through a proxy, without the token or with a wrong one: whoever they are."""
    row = Row("GET /metrics (from elsewhere)", "nobody")
    with override_settings(TICKFOLIO_METRICS_TOKEN="the-token-of-the-metrics"):
        for who in Who:
            for token in ("", "Bearer", "Bearer the-token-of-the-metric", "Basic the-token-of-the-metrics"):
                headers = {"X-Forwarded-For": "203.0.113.7", "Authorization": token}
                _judge(row, who, ask(world, who, "GET", "/metrics", headers=headers)[0], Outcome.MISSING)
    return row


def _judge(row: Row, who: Who, answer: Answer, wanted: Outcome) -> None:
    """What is open to anybody may well lead to the sign-in page: that is where it goes on."""
    row.outcomes[who] = answer.outcome
    leads_on = row.least == Least.ANYBODY.value and answer.outcome is Outcome.SIGN_IN
    if answer.outcome is not wanted and not leads_on:
        row.faults.append(f"{who}: expected {wanted}, was {answer.outcome} ({answer.status})")


def _compare_ids(world: World, row: Row, route: Route, rule: Rule, who: Who, method: str) -> None:
    """What is another's is answered exactly as what never was: the portfolio, and each thing below it."""
    alices, charlies = ids_of(world, rule, world.alices, who), world.ids(world.charlies)
    if who in (Who.OTHER, Who.EX_MEMBER, Who.OPERATOR):
        _same(world, row, route, rule, (who, method), alices, with_missing(alices, *route.parameters))
    for name in sub_ids(route):
        if expected(_least(rule, method), who) is Outcome.FORBIDDEN:
            answer, _changed = ask(world, who, method, route.address(with_missing(alices, name)))
            if answer.outcome is not Outcome.FORBIDDEN:
                row.faults.append(f"{who}: what they may not do is looked for before that is said: {answer.status}")
        if name == "batch_id" and who is Who.OWNER:
            erins = {**alices, name: world.previews[Who.EDITOR]}
            _same(world, row, route, rule, (who, method), erins, with_missing(alices, name))
        if who.is_member:
            _same(world, row, route, rule, (who, method), {**alices, name: charlies[name]}, with_missing(alices, name))
        if who is Who.OTHER:
            _same(
                world, row, route, rule, (who, method), {**charlies, name: alices[name]}, with_missing(charlies, name)
            )


def _compare_own(world: World, row: Row, route: Route, rule: Rule, who: Who, method: str) -> None:
    """What is one person's is answered to every other one, whoever they are, exactly as what never was."""
    if _least(rule, method) is Least.THEIR_OWN and who not in (Who.ANONYMOUS, Who.OWNER):
        ids = ids_of(world, rule, world.alices, who)
        _same(world, row, route, rule, (who, method), ids, with_missing(ids, *route.parameters))


def _least(rule: Rule, method: str) -> Least:
    least = rule.get if method == "GET" else rule.post
    assert least is not None
    return least


def _same(
    world: World,
    row: Row,
    route: Route,
    rule: Rule,
    asked: tuple[Who, str],
    anothers: dict[str, str],
    missing: dict[str, str],
) -> None:
    who, method = asked
    forms = ({}, rule.form(world)) if method == "POST" else ({},)
    for form in forms:
        addresses = route.address(anothers), route.address(missing)
        (one, one_changed), (other, _) = (ask(world, who, method, address, form) for address in addresses)
        if one.without(addresses[0], *anothers.values()) != other.without(addresses[1], *missing.values()):
            row.faults.append(f"{who}: another’s id is not answered as a missing one: {one.status}, {other.status}")
        if one_changed:
            row.faults.append(f"{who}: changed something that is another’s")


def _compare_references(world: World, row: Row, route: Route, rule: Rule, who: Who) -> None:
    """A form that names another's thing is answered as one that names nothing that is there."""
    address, charlies = route.address(ids_of(world, rule, world.alices, who)), world.ids(world.charlies)
    for name in rule.references:
        named = {**rule.form(world), name: charlies[name]}
        missing = with_missing(named, name)
        (one, changed), (other, _) = (ask(world, who, "POST", address, form) for form in (named, missing))
        if one.without(address, named[name]) != other.without(address, missing[name]) or changed:
            row.faults.append(f"{who}: a form that names another’s {name} is not answered as one that names nothing")
