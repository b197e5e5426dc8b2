"""Whose rows are whose: who asks, which role they have, and the one door to a table that belongs to somebody.

A table of a portfolio has a manager `objects` that opens for an actor only::

    Account.objects.for_actor(actor).filter(...)

Every statement made that way carries its owner predicate: for a person, that they are a member of the row's portfolio; for
the system, a mark with its reason. A portfolio that was deleted is there for nobody. Django's own machinery (validation,
fixtures) uses `unguarded`, which nobody else may: tests/architecture finds it, and a guard reads every statement of the tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Self, assert_never

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from tickfolio.errors import FactIsFinal, InvalidValue, NoActor

_REASON = re.compile(r"[a-z][a-z ]{2,39}\Z")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has signed in."""

    user_id: int


@dataclass(frozen=True, slots=True)
class System:
    """The product itself, and why it looks: "engine", "backup". It sees every portfolio that was not deleted."""

    reason: str

    def __post_init__(self) -> None:
        if not _REASON.match(self.reason):
            raise InvalidValue(f"Expected a reason of 3 to 40 small letters such as engine, was {self.reason[:60]!r}.")


type Actor = Person | System


class Role(StrEnum):
    """What a member may do, from the least to the most."""

    VIEWER = "viewer"
    EDITOR = "editor"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        """The higher, the more is allowed."""
        return list(Role).index(self)

    def covers(self, other: Role) -> bool:
        """Whether this role allows all that `other` does."""
        return self.rank >= other.rank


class SystemMark(RawSQL):
    """A condition that is always true and names the system's reason in the statement, where logs and the guard see it."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"1 = 1 /* system: {reason} */", (), models.BooleanField())


class TenantManager[M: models.Model](models.Manager[M]):
    """The door of a table that belongs to portfolios: it opens for an actor and for nobody else."""

    def __init__(self, *, portfolio: str = "portfolio_id") -> None:
        """Takes the name of the column that holds the row's portfolio."""
        super().__init__()
        self._portfolio = portfolio

    def for_actor(self, actor: Actor) -> QuerySet[M]:
        """The rows that `actor` may know of. What they may do with them is asked of services/permissions.py."""
        rows: QuerySet[M] = self.model.unguarded.get_queryset().using(self.db)  # type: ignore[attr-defined]
        match actor:
            case Person():
                return rows.filter(Exists(_memberships(actor, portfolio=OuterRef(self._portfolio))))
            case System():
                return rows.filter(SystemMark(actor.reason), Exists(_living(portfolio=OuterRef(self._portfolio))))
            case _:
                assert_never(actor)

    def get_queryset(self) -> QuerySet[M]:
        """Refuses.

        Raises:
            NoActor: always; it is what `all`, `filter`, `get`, `create` and the others begin with.
        """
        raise NoActor(
            f"Expected {self.model.__name__}.objects.for_actor(actor), was a query without an actor. "
            'Pass on the actor that the service was called with, or System("why") where the product itself looks.'
        )


class PersonalManager[M: models.Model](models.Manager[M]):
    """The door of a table that belongs to one person."""

    def for_actor(self, actor: Person) -> QuerySet[M]:
        """The rows of that person."""
        rows: QuerySet[M] = self.model.unguarded.get_queryset().using(self.db)  # type: ignore[attr-defined]
        return rows.filter(user_id=actor.user_id)

    def get_queryset(self) -> QuerySet[M]:
        """Refuses.

        Raises:
            NoActor: always.
        """
        raise NoActor(f"Expected {self.model.__name__}.objects.for_actor(person), was a query without a person.")


class TenantModel(models.Model):
    """A table whose rows belong to a portfolio, by its column `portfolio`."""

    objects: ClassVar[TenantManager[Self]] = TenantManager()
    unguarded: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        abstract = True
        # Django's validation, fixtures and deletion ask the default manager: one that raises would break them.
        default_manager_name = "unguarded"


class FactQuerySet[M: models.Model](QuerySet[M]):
    """Rows that are appended and never changed."""

    def update(self, **_values: Any) -> int:
        raise FactIsFinal(_final(self.model))

    def delete(self) -> tuple[int, dict[str, int]]:
        raise FactIsFinal(_final(self.model))

    def bulk_update(self, *_args: Any, **_kwargs: Any) -> int:
        raise FactIsFinal(_final(self.model))

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[M]:
        if kwargs.get("update_conflicts"):
            raise FactIsFinal(_final(self.model))
        return super().bulk_create(objs, *args, **kwargs)


class FactModel(TenantModel):
    """A tenant table of facts: a row is written once, and neither changed nor deleted by any code."""

    unguarded: ClassVar[models.Manager[Self]] = models.Manager.from_queryset(FactQuerySet)()

    class Meta(TenantModel.Meta):
        abstract = True
        base_manager_name = "unguarded"

    def save(self, **kwargs: Any) -> None:
        """Writes a new row.

        Raises:
            FactIsFinal: the row is in the database already.
        """
        if not self._state.adding:
            raise FactIsFinal(_final(type(self)))
        super().save(**{**kwargs, "force_insert": True})

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuses.

        Raises:
            FactIsFinal: always.
        """
        raise FactIsFinal(_final(type(self)))


def tenant_models() -> tuple[type[models.Model], ...]:
    """Every table that belongs to a portfolio or to a person."""
    doors = TenantManager, PersonalManager
    return tuple(
        model
        for model in apps.get_app_config("persistence").get_models()
        if isinstance(model.objects, doors)  # type: ignore[attr-defined]
    )


def _memberships(actor: Person, *, portfolio: OuterRef) -> QuerySet[models.Model]:
    """The person's membership of a portfolio that lives."""
    living = {"portfolio": portfolio, "portfolio__deleted_at__isnull": True}
    return _unguarded("Membership").filter(**living, user_id=actor.user_id).order_by()


def _living(*, portfolio: OuterRef) -> QuerySet[models.Model]:
    """The portfolio, unless it was deleted."""
    return _unguarded("Portfolio").filter(pk=portfolio, deleted_at__isnull=True).order_by()


def _unguarded(name: str) -> QuerySet[models.Model]:
    """A table by its name: the models are built on this module, so it cannot import them."""
    rows: QuerySet[models.Model] = apps.get_model("persistence", name).unguarded.all()
    return rows


def _final(model: type[models.Model]) -> str:
    return (
        f"Expected rows of {model._meta.db_table} to be appended only, was a change or a deletion. "
        "An edit is a new version, a deletion a reversal."
    )
