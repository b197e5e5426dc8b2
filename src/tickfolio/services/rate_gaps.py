"""Which exchange rate is missing for what is booked at a moment, so that it can be told before: its cost would be unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tickfolio.domain.market.fx import RateTable
from tickfolio.domain.market.quotes import Unpriced
from tickfolio.domain.money import Currency
from tickfolio.feeds.ecb.history import FRANKFURT
from tickfolio.services.exchange_rates import rate_table_now


@dataclass(frozen=True, slots=True)
class RateGap:
    """A currency of which no rate is in force.

    Attributes:
        missing: the currency without a rate.
        base: what amounts cannot be converted into.
        known_from: the day of its first rate; None where that is earlier, or there never was one.
    """

    missing: Currency
    base: Currency
    known_from: date | None


def rate_gap(*, currency: Currency, base: Currency, at: datetime, table: RateTable | None = None) -> RateGap | None:
    """What is missing to convert `currency` into `base` by the rates in force at `at` (UTC); None where nothing is.

    Args:
        table: all rates, for who asks many times; None for those that are known now.
    """
    if currency == base:
        return None
    table = table or rate_table_now()
    for side in (currency, base):
        if side != table.pivot and isinstance(table.published(side, at=at), Unpriced):
            first = table.known_from(side)
            return RateGap(side, base, None if first is None or first <= at else first.astimezone(FRANKFURT).date())
    return None
