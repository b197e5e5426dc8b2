"""Reads every statement that a test makes: one on a table that belongs to somebody must say whose rows it means.

What counts is the statement itself, whoever built it. A table is *owned* in it where a condition that nothing can get round
(no OR beside it, no NOT before it) says

* that a membership of a person exists for the row's portfolio, or
* that the row is of that person (a membership, an idempotency key, a watchlist), or
* that the system looks, by its mark with a reason, or
* that the row is tied by a foreign key, or by its portfolio, to one that is owned.

Rows that are inserted need no owner: they bring it. tests/test_tenancy_guard.py shows guilty statements that are caught.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import ForeignKey

from tests.sql_statements import Statement, Tree, parts_of, statement_of, tree_of, within
from tickfolio.persistence.tenancy import tenant_models

READ = {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "EXPLAIN"}
PERSONAL = {"membership", "idempotency_key", "job_note", "watchlist"}
SYSTEM = re.compile(r"/\* system: [a-z ]+ \*/\Z")


class UnownedStatement(AssertionError):
    """A statement on somebody's table that does not say whose rows it means."""


@lru_cache(maxsize=4096)
def unowned_tables(sql: str) -> frozenset[str]:
    """The tables of somebody that `sql` reads or changes without an owner. Tests make the same statements over and over."""
    words = re.findall(r"\w+", sql)
    if not words or words[0].upper() not in READ or tenant_tables().isdisjoint(words):
        return frozenset()
    return frozenset(_unowned(tree_of(sql), None, frozenset()))


def _unowned(tree: Tree, outer: Statement | None, owned_around: frozenset[str]) -> Iterator[str]:
    for part in parts_of(tree):
        statement = statement_of(part, outer)
        if any(_is_system(condition) for condition in statement.conditions):
            return
        owned = _owned(statement, owned_around)
        yield from (
            table for alias, table in statement.tables.items() if table in tenant_tables() and alias not in owned
        )
        for child in within(part):
            yield from _unowned(child, statement, owned)


def _owned(statement: Statement, owned_around: frozenset[str]) -> frozenset[str]:
    """The aliases that are owned: by a condition of their own first, then by what they are tied to."""
    owned = set(owned_around) - set(statement.tables)
    for condition in statement.conditions:
        owned |= _by_person(condition, statement) | _by_membership(condition, statement)
    ties = [tie for condition in statement.conditions if (tie := _tie(condition, statement)) is not None]
    while new := {alias for tie in ties if tie & owned for alias in tie} - owned:
        owned |= new
    return frozenset(owned)


def _by_membership(condition: Tree, statement: Statement) -> set[str]:
    """What ``EXISTS(SELECT … FROM membership WHERE it is the row's portfolio's, and a person's)`` owns."""
    match condition:
        case [str(word), list(subquery)] if word.upper() == "EXISTS":
            inner = statement_of(subquery, statement)
            persons = {alias for each in inner.conditions for alias in _by_person(each, inner)}
            ties = (_tie(each, inner) for each in inner.conditions)
            return {alias for tie in ties if tie and tie & persons for alias in tie - set(inner.tables)}
        case _:
            return set()


def _by_person(condition: Tree, statement: Statement) -> set[str]:
    """What ``user_id = …`` owns, of the tables whose rows are persons' own."""
    match condition:
        case [left, "=", str(value), *_] if (column := statement.column(left)) and not statement.column(value):
            alias, name = column
            return {alias} if name == "user_id" and statement.tables.get(alias) in PERSONAL else set()
        case _:
            return set()


def _tie(condition: Tree, statement: Statement) -> frozenset[str] | None:
    """The two aliases that a condition ties together by a foreign key, or by their portfolio."""
    match condition:
        case [left, "=", right] if (one := statement.column(left)) and (other := statement.column(right)):
            ends = frozenset((statement.table(alias), name) for alias, name in (one, other))
            return frozenset((one[0], other[0])) if ends in allowed_ties() else None
        case _:
            return None


def _is_system(condition: Tree) -> bool:
    return any(isinstance(token, str) and SYSTEM.match(token) for token in condition)


@cache
def tenant_tables() -> frozenset[str]:
    """The tables whose rows are somebody's."""
    return frozenset(model._meta.db_table for model in tenant_models())


@cache
def allowed_ties() -> frozenset[frozenset[tuple[str, str]]]:
    """Pairs of columns that are equal in rows of one owner only: a foreign key and what it names, and two rows' portfolios."""
    keys = [
        ((model._meta.db_table, field.column), (field.related_model._meta.db_table, str(field.target_field.column)))
        for model in tenant_models()
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model._meta.db_table in tenant_tables()
    ]
    portfolios = [table_column for table_column, target in keys if target == ("portfolio", "id")]
    pairs = [(one, other) for one in portfolios for other in portfolios]
    return frozenset(frozenset(pair) for pair in [*keys, *pairs])


# ---------- At the connections ----------


class Guard:
    """Stands at every connection, those of other threads included; it reads while a test's own code runs."""

    def __init__(self) -> None:
        self.is_armed = False
        self.caught: list[str] = []

    def stand(self) -> None:
        """From now on every new connection has the guard."""
        connection_created.connect(self._meet, dispatch_uid="tenancy guard")
        for connection in connections.all(initialized_only=True):
            self._meet(connection)

    def _meet(self, connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
        if self.read not in connection.execute_wrappers:
            connection.execute_wrappers.append(self.read)

    def read(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Lets a statement through, or not.

        Raises:
            UnownedStatement: it does not say whose rows it means.
        """
        if self.is_armed and (tables := unowned_tables(sql)):
            problem = f"Expected whose rows of {', '.join(sorted(tables))} are meant, was: {sql}"
            self.caught.append(problem)
            raise UnownedStatement(problem)
        return execute(sql, params, many, context)

    @contextmanager
    def armed(self) -> Iterator[None]:
        """Reads every statement meanwhile; in the end nothing may have been caught, also where a test caught the error."""
        self.caught.clear()
        self.is_armed = True
        try:
            yield
        finally:
            self.is_armed = False
        if self.caught:
            raise UnownedStatement(self.caught[0])

    @contextmanager
    def off(self, reason: str) -> Iterator[None]:
        """Looks away for a stated reason, such as a migration that copies a table."""
        assert reason
        before, self.is_armed = self.is_armed, False
        try:
            yield
        finally:
            self.is_armed = before


guard = Guard()
