"""The database does not compute with exact decimals: SQLite would do it in binary, PostgreSQL would round a quotient.

So whatever would, a sum as well as F("price") * 2, is refused when it is compiled. Comparing, ordering, Max, Min and Count are
exact and stay.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import models
from django.db.models import Avg, StdDev, Sum, Variance
from django.db.models.expressions import Combinable, CombinedExpression, Expression, register_combinable_fields
from django.db.models.functions import Abs, Ceil, Floor, Mod, Power, Round, Sign, Sqrt

from tickfolio.errors import NoDatabaseArithmetic
from tickfolio.persistence.exact_decimal import ExactDecimalField

COMPUTES: tuple[type[Expression], ...] = (
    CombinedExpression,
    *(Sum, Avg, StdDev, Variance),
    *(Abs, Ceil, Floor, Mod, Power, Round, Sign, Sqrt),
)
OPERATORS = (Combinable.ADD, Combinable.SUB, Combinable.MUL, Combinable.DIV, Combinable.MOD, Combinable.POW)
VENDORS = ("sqlite", "postgresql")


def refuse_arithmetic() -> None:
    """Called once, when the app is ready. A method ``as_<vendor>`` is Django's own way to change what is compiled."""
    for operator in OPERATORS:
        # Without this Django would say first that an output field is missing, which is no advice to follow.
        register_combinable_fields(ExactDecimalField, operator, models.Field, ExactDecimalField)
        register_combinable_fields(models.Field, operator, ExactDecimalField, ExactDecimalField)
    for kind in COMPUTES:
        for vendor in VENDORS:
            compile_ = getattr(kind, f"as_{vendor}", kind.as_sql)
            setattr(kind, f"as_{vendor}", _refusing(compile_))


def _refusing(compile_: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(compile_)
    def compiled(self: Expression, *args: Any, **kwargs: Any) -> Any:
        if any(_is_exact(source) for source in self.get_source_expressions()):
            raise NoDatabaseArithmetic(
                f"Expected no arithmetic on exact decimals in the database, was {self!r}. Read the values with "
                "values_list() and compute in Python, in the context EXACT of tickfolio.domain.money."
            )
        return compile_(self, *args, **kwargs)

    return compiled


def _is_exact(source: Any) -> bool:
    return isinstance(getattr(source, "_output_field_or_none", None), ExactDecimalField)
