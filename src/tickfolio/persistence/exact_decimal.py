"""A decimal column that keeps every digit, on both databases.

Django's own DecimalField is REAL on SQLite and loses digits: 12345678.1234567891 comes back as 12345678.1234568. Here it is
``numeric`` on PostgreSQL, and on SQLite text under a collation that orders by value. Written and read in one spelling (plain
digits, no trailing zeros), so that both databases give the same bytes.
"""

from __future__ import annotations

import sqlite3
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from tickfolio.domain.money import plain

if TYPE_CHECKING:
    _Field = models.Field[Decimal | int | str | None, Decimal | None]
else:
    _Field = models.Field

COLLATION = "decimal_order"


def canonical(value: Decimal) -> str:
    """The one spelling of a value: plain digits without trailing zeros, no negative zero.

    >>> canonical(Decimal("189.20")), canonical(Decimal("1E+2")), canonical(Decimal("-0.0"))
    ('189.2', '100', '0')
    """
    text = plain(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def decimal_order(left: str, right: str) -> int:
    """Orders two spellings by value: negative, zero or positive.

    >>> decimal_order("9", "10"), decimal_order("-1", "0.5"), decimal_order("1.0", "1")
    (-1, -1, 0)
    """
    first, second = Decimal(left), Decimal(right)
    return (first > second) - (first < second)


def register_collation(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    """Makes the collation known to a new SQLite connection; others need none."""
    if connection.vendor == "sqlite":
        raw: sqlite3.Connection = connection.connection
        raw.create_collation(COLLATION, decimal_order)


class ExactDecimalField(_Field):
    """An exact `Decimal`. Values go in as Decimal, int or text; a binary float is refused."""

    description = "Exact decimal number"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return f"text COLLATE {COLLATION}" if connection.vendor == "sqlite" else "numeric"

    def from_db_value(self, value: str | Decimal | None, *_args: Any) -> Decimal | None:
        if value is None:
            return None
        # SQLite has the one spelling that was written; PostgreSQL has a number, and its own idea of how to spell it.
        return Decimal(value) if isinstance(value, str) else Decimal(canonical(value))

    def to_python(self, value: Any) -> Decimal | None:
        """The exact decimal.

        Raises:
            ValidationError: `value` is a binary float, no number, or not finite.
        """
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
            raise ValidationError(
                f"Expected a Decimal, a whole number or text, was {type(value).__name__}.", code="invalid"
            )
        try:
            number = Decimal(value)
        except InvalidOperation as error:
            raise ValidationError(f"Expected a decimal number, was {str(value)[:40]!r}.", code="invalid") from error
        if not number.is_finite():
            raise ValidationError(f"Expected a finite number, was {number}.", code="invalid")
        return number

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        if prepared is None or hasattr(prepared, "resolve_expression"):
            return prepared
        number = self.to_python(prepared)
        return None if number is None else Decimal(canonical(number))

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        value = super().get_db_prep_value(value, connection, prepared)
        if isinstance(value, Decimal) and connection.vendor == "sqlite":
            return canonical(value)
        return value
