"""How a person wants to see holdings: which columns, in which order, grouped and sorted by what. Kept with the person."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec
from django.db import transaction

from tickfolio.errors import InvalidDraft, NotFound
from tickfolio.identity.models import User
from tickfolio.words import phrase

MOST_PINNED = 3
"""How many columns beside the name can stay in sight: more would leave no room for the others to scroll in."""


class Column(StrEnum):
    """A column of the holdings beside the name, which is always there and always first."""

    PRICE = "price"
    QUALITY = "quality"
    CHANGE = "change"
    SPARK = "spark"
    QUANTITY = "quantity"
    COST = "cost"
    UNIT_COST = "unit-cost"
    VALUE = "value"
    WEIGHT = "weight"
    DAY = "day"
    DAY_PERCENT = "day-percent"
    DAY_PRICE = "day-price"
    DAY_CURRENCY = "day-currency"
    UNREALIZED = "unrealized"
    PERCENT = "percent"
    ACCOUNT = "account"
    CLASS = "class"
    SECTOR = "sector"
    COUNTRY = "country"
    CURRENCY = "currency"


class GroupBy(StrEnum):
    """What rows are put together by."""

    NONE = "none"
    ACCOUNT = "account"
    CLASS = "class"
    SECTOR = "sector"
    CURRENCY = "currency"
    COUNTRY = "country"


class SortBy(StrEnum):
    """What rows are sorted by within their group."""

    NAME = "name"
    PRICE = "price"
    CHANGE = "change"
    COST = "cost"
    VALUE = "value"
    DAY = "day"
    DAY_PERCENT = "day-percent"
    DAY_PRICE = "day-price"
    DAY_CURRENCY = "day-currency"
    UNREALIZED = "unrealized"
    PERCENT = "percent"


FIRST_COLUMNS = (
    Column.PRICE,
    Column.QUALITY,
    Column.CHANGE,
    Column.SPARK,
    Column.QUANTITY,
    Column.COST,
    Column.VALUE,
    Column.WEIGHT,
    Column.DAY,
    Column.UNREALIZED,
    Column.PERCENT,
)
"""Which columns stand there until somebody chooses others."""


class HoldingsView(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person chose; what is not offered cannot be made, from a form as little as from what is stored.

    Attributes:
        columns: in their order, each once.
        pinned: how many of the first columns stay in sight beside the name while the table scrolls in its box.
    """

    columns: tuple[Column, ...] = FIRST_COLUMNS
    pinned: int = 0
    group: GroupBy = GroupBy.ACCOUNT
    sort: SortBy = SortBy.VALUE
    is_descending: bool = True

    def __post_init__(self) -> None:
        """Checks what the types cannot say; it runs for what is read from the database too."""
        if not self.columns:
            raise ValueError(phrase("Expected at least one column beside the name."))
        if len(set(self.columns)) != len(self.columns):
            raise ValueError(phrase("Expected each column once."))
        if not 0 <= self.pinned <= MOST_PINNED:
            raise ValueError(
                phrase(
                    "Expected 0 to {most_pinned} pinned columns, was {pinned}.",
                    most_pinned=MOST_PINNED,
                    pinned=self.pinned,
                )
            )


FIRST_VIEW = HoldingsView()


def holdings_view_of(user_id: int) -> HoldingsView:
    """What a person chose; the first view where they chose nothing, or a version after this one wrote what this cannot read.

    Raises:
        NotFound: there is no such person.
    """
    stored = User.objects.filter(pk=user_id).values_list("holdings_view", flat=True).first()
    if stored is None:
        raise NotFound(phrase("Expected somebody who has an account, was {user_id}.", user_id=user_id))
    return _read(stored)


def holdings_view_change(
    *,
    user_id: int,
    columns: Sequence[str] | None = None,
    pinned: str | None = None,
    group: str | None = None,
    sort: str | None = None,
    is_descending: bool | None = None,
) -> HoldingsView:
    """Changes what is given and leaves the rest as it was.

    Raises:
        InvalidDraft: something of it is not offered.
        NotFound: there is no such person.
    """
    given = {"columns": columns, "pinned": pinned, "group": group, "sort": sort, "is_descending": is_descending}
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is None:
            raise NotFound(phrase("Expected somebody who has an account, was {user_id}.", user_id=user_id))
        kept = msgspec.to_builtins(_read(user.holdings_view))
        view = _made(kept | {name: each for name, each in given.items() if each is not None})
        user.holdings_view = msgspec.json.encode(view).decode()
        user.save(update_fields=["holdings_view"])
    return view


def holdings_view_reset(*, user_id: int) -> None:
    """Goes back to the first view."""
    User.objects.filter(pk=user_id).update(holdings_view="")


def _read(stored: str) -> HoldingsView:
    try:
        return msgspec.json.decode(stored, type=HoldingsView) if stored else FIRST_VIEW
    except msgspec.DecodeError:
        return FIRST_VIEW


def _made(asked: dict[str, object]) -> HoldingsView:
    """The view that was asked for; forms write numbers as text."""
    try:
        return msgspec.convert(asked, type=HoldingsView, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidDraft(
            {"view": phrase("Expected columns, a group and an order that are offered: {error}.", error=error)}
        ) from None
