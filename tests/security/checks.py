"""Every permission check of the product, found in its source, and each taken out while a block runs.

A check is an entry of the table of roles, a call of `require`, the guard of an address, or a question whether a socket may
watch. The matrix must notice each that is missing: tests/security/test_removed_checks.py takes them out one at a time.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from types import FrameType
from typing import Any, cast
from unittest.mock import patch

from django.http import HttpRequest

from tests.architecture.sources import Module, modules
from tests.security.routes import Route, routes
from tickfolio.live.people import People
from tickfolio.persistence.tenancy import Role
from tickfolio.services import operators, permissions
from tickfolio.services.permissions import MINIMUM_ROLE, Access, Operation
from tickfolio.web import access


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes:
        where: the module that it is in, by which the rows that it matters to are tried first.
        removed: takes it out while the block runs.
    """

    name: str
    where: str
    removed: Callable[[], AbstractContextManager[None]]


def checks() -> Iterator[Check]:
    """All of them."""
    yield from _roles()
    yield from _calls("require", _without_require)
    for asked in ("require_operator", "require_operator_or_console"):
        yield from _calls(asked, partial(_without_require_operator, asked))
    yield from _guards("signed_in", access.signed_in(_nothing), "_is_signed_in")
    yield from _guards("quotes_for_visitors", access.quotes_for_visitors(_nothing), "_may_see_quotes")
    yield from _calls("may_watch", _without_may_watch)
    yield Check("web/access.py offers_demo", "tickfolio.web.views.people", _without_demo_check)
    yield Check("web/access.py may_read_metrics", "tickfolio.web.views.metrics", _without_metrics_check)


# ---------- The table of roles ----------


def _roles() -> Iterator[Check]:
    """Each operation, allowed to the next weaker role; what a viewer may do is allowed to the weakest already."""
    for operation, role in MINIMUM_ROLE.items():
        if role.rank:
            weaker = list(Role)[role.rank - 1]
            name = f"MINIMUM_ROLE[{operation.name}]: {weaker} instead of {role}"
            yield Check(name, "tickfolio.services.permissions", lambda o=operation, w=weaker: with_role(o, w))  # type: ignore[misc]


@contextmanager
def with_role(operation: Operation, role: Role) -> Iterator[None]:
    """Lets another role be the least for an operation."""
    with patch.dict(cast("dict[Operation, Role]", MINIMUM_ROLE), {operation: role}):
        yield


# ---------- Calls, by their place in the source ----------


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call stands."""

    module: str
    file: str
    first_line: int
    last_line: int

    def is_at(self, frame: FrameType) -> bool:
        """Whether this is the call that a frame is at."""
        is_here = self.first_line <= frame.f_lineno <= self.last_line
        return frame.f_code.co_filename == self.file and is_here


def _calls(name: str, without: Callable[[Place], AbstractContextManager[None]]) -> Iterator[Check]:
    for module in modules():
        for call, around in _calls_in(module, name):
            assert call.end_lineno is not None
            place = Place(module.name, str(module.path), call.lineno, call.end_lineno)
            short = module.name.removeprefix("tickfolio.").replace(".", "/")
            yield Check(f"{short}.py {around}: {_text(call)}", module.name, lambda p=place: without(p))  # type: ignore[misc]


def _calls_in(module: Module, name: str) -> Iterator[tuple[ast.Call, str]]:
    """The calls of that name, each with the function that it is in."""
    if name not in module.path.read_text(encoding="utf-8"):
        return  # most modules: a syntax tree takes much longer
    for call, called, function in _calls_of(module):
        if name in called and function != name:
            yield call, function


@cache
def _calls_of(module: Module) -> list[tuple[ast.Call, tuple[str, str], str]]:
    """Every call in a function: its name, alone or behind a dot, and the function's."""
    return [
        (node, (getattr(node.func, "id", ""), getattr(node.func, "attr", "")), function.name)
        for function in ast.walk(module.tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
    ]


def _text(call: ast.Call) -> str:
    """A call with what tells it from others: the operation that it asks for."""
    asked = next((ast.unparse(each.value) for each in call.keywords if each.arg == "operation"), "…")
    return f"{ast.unparse(call.func)}({asked})"


@contextmanager
def _without_require(place: Place) -> Iterator[None]:
    ask = permissions.require

    def require(*, actor: Any, portfolio_id: str, operation: Operation) -> Access:
        if place.is_at(sys._getframe(1)):
            return Access(portfolio_id=portfolio_id, role=Role.OWNER)
        return ask(actor=actor, portfolio_id=portfolio_id, operation=operation)

    with patch.object(importlib.import_module(place.module), "require", require):
        yield


@contextmanager
def _without_require_operator(name: str, place: Place) -> Iterator[None]:
    ask = getattr(operators, name)

    def require_operator(*, actor: Any) -> None:
        if not place.is_at(sys._getframe(1)):
            ask(actor=actor)

    with patch.object(importlib.import_module(place.module), name, require_operator):
        yield


@contextmanager
def _without_may_watch(place: Place) -> Iterator[None]:
    ask = People.may_watch

    def may_watch(self: People, connection: Any, portfolio: str) -> bool:
        return place.is_at(sys._getframe(1)) or ask(self, connection, portfolio)

    with patch.object(People, "may_watch", may_watch):
        yield


# ---------- The guards of addresses ----------


def _nothing(request: HttpRequest) -> Any:
    """A view to be guarded, so that the guard can be recognised."""


def _guards(name: str, guarded: Callable[..., Any], question: str) -> Iterator[Check]:
    """The addresses that have this guard, each let through by it."""
    for route in routes():
        if guarded.__code__ in _codes(route.callback):
            removed = lambda r=route: _let_through(r, question)  # noqa: E731  # as short as what it stands for
            yield Check(f"{name} of /{route.pattern}", module_of(route), removed)


def _codes(view: Any) -> Iterator[Any]:
    """The code of a view and of all that it wraps."""
    while view is not None:
        yield getattr(view, "__code__", None)
        view = getattr(view, "__wrapped__", None)


def module_of(route: Route) -> str:
    """The module that the view of an address is written in."""
    return str(getattr(route.callback, "__module__", ""))


@contextmanager
def _let_through(route: Route, question: str) -> Iterator[None]:
    ask = getattr(access, question)

    def answer(request: HttpRequest) -> bool:
        match = request.resolver_match
        return bool((match is not None and match.view_name == route.name) or ask(request))

    with patch.object(access, question, answer):
        yield


@contextmanager
def _without_demo_check() -> Iterator[None]:
    with patch("tickfolio.web.views.people.offers_demo", lambda _request: True):
        yield


@contextmanager
def _without_metrics_check() -> Iterator[None]:
    with patch("tickfolio.web.views.metrics.may_read_metrics", lambda _request: True):
        yield
