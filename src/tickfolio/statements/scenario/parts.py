"""What the objects of a scenario are made of.

**Source**: docs/reference/scenario-format.md.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from tickfolio.domain.valuation.holding_periods import MOST_MONTHS

MOMENT = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$"

type Number = Annotated[str, Meta(pattern=r"^-?\d{1,30}(\.\d{1,30})?$", description="A plain decimal number.")]
type Moment = Annotated[
    str,
    Meta(
        pattern=MOMENT,
        description="A day, or a time in UTC such as 2020-01-06T14:30:00Z.",
    ),
]
type Code = Annotated[str, Meta(pattern="^[A-Z]{3}$", description="A currency by its ISO 4217 code.")]
type Name = Annotated[str, Meta(min_length=1, max_length=200)]
type Whole = Annotated[str, Meta(pattern=r"^[1-9]\d{0,6}$", description="A whole number.")]
type Months = (
    Annotated[int, Meta(ge=0, le=MOST_MONTHS, description="A number of months.")]
    | Annotated[str, Meta(pattern=r"^\d{1,4}$", description="The same as a text.")]
)


class Given(Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True, gc=False):
    """An object of a file: fields that are not listed are refused."""


class Booked(Given, tag_field="type", kw_only=True):
    """What all transactions have."""

    id: Name
    at: Moment
    account: str = ""
