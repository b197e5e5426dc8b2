"""Exchange rates in force: published rates, each from its publication until the next.

**Source**: docs/reference/definitions.md, sections Numbers and Time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Protocol

from tickfolio.domain.market.quotes import Unpriced
from tickfolio.domain.money import MAX_PRICE_PLACES, ROUNDING, Currency, ExchangeRate, rounded
from tickfolio.errors import InvalidValue
from tickfolio.words import phrase


@dataclass(frozen=True, slots=True)
class PublishedRate:
    """A rate as its source published it, in force from `published_at` (UTC)."""

    rate: ExchangeRate
    published_at: datetime


@dataclass(frozen=True, slots=True)
class RateSeries:
    """What one unit of the pivot currency cost in another, publication by publication.

    Attributes:
        published_at: the moments of publication, oldest first.
        rates: the rate of each; None where the publication no longer, or not yet, names the currency: then none is in
            force until the next, since a rate that its source withdrew is not a price.
    """

    published_at: tuple[datetime, ...]
    rates: tuple[Decimal | None, ...]

    def __post_init__(self) -> None:
        if len(self.published_at) != len(self.rates):
            raise InvalidValue(
                phrase(
                    "Expected a rate per publication, were {rates} and {published_at}.",
                    rates=len(self.rates),
                    published_at=len(self.published_at),
                )
            )
        if any(earlier >= later for earlier, later in pairwise(self.published_at)):
            raise InvalidValue(phrase("Expected publications oldest first, no two of one moment."))


class Rates(Protocol):
    """What knows the rates in force at any moment."""

    def rate_at(self, base: Currency, quote: Currency, *, at: datetime) -> ExchangeRate | Unpriced:
        """How many units of `quote` one unit of `base` costs by the rates in force at `at` (UTC)."""
        ...


class RateTable:
    """Rates of one source, all against its pivot currency (EUR for the European Central Bank). Immutable.

    A rate between two other currencies goes through the pivot. Absence is a value: no method raises for a missing rate.
    """

    def __init__(self, *, pivot: Currency, series: Mapping[Currency, RateSeries]) -> None:
        if pivot in series:
            raise InvalidValue(
                phrase("Expected no series for {pivot}, the currency that all rates are against.", pivot=pivot)
            )
        self.pivot = pivot
        self._series = dict(series)

    @property
    def currencies(self) -> frozenset[Currency]:
        """All currencies that ever had a rate, the pivot included."""
        return frozenset(self._series) | {self.pivot}

    @property
    def last_published_at(self) -> datetime | None:
        """When its newest rates were published (UTC); None where it has none."""
        return max((series.published_at[-1] for series in self._series.values() if series.published_at), default=None)

    def extended(self, publications: Iterable[tuple[datetime, Mapping[Currency, Decimal | None]]]) -> RateTable:
        """A table of this one's rates and of those `publications`, oldest first, that are later than all of its own.

        None stands for a rate that is not believed: the one before stays in force. Of a currency that is not named none is.

        What this table has stands: publications that are not later are passed over. About 20 ms for all of the European
        Central Bank's history, whatever is added.

        Raises:
            InvalidValue: the later publications are not oldest first, or name the pivot.

        >>> from datetime import UTC
        >>> eur, usd = Currency("EUR"), Currency("USD")
        >>> monday = rate_table(eur, [(datetime(2012, 5, 21, 14, tzinfo=UTC), {usd: Decimal("1.275")})])
        >>> both = monday.extended([(datetime(2012, 5, 22, 14, tzinfo=UTC), {usd: Decimal("1.2768")})])
        >>> both.rate_at(eur, usd, at=datetime(2012, 5, 23, tzinfo=UTC)).rate
        Decimal('1.2768')
        """
        last = self.last_published_at
        later = [(moment, rates) for moment, rates in publications if last is None or moment > last]
        if not later:
            return self
        currencies = self._series.keys() | {currency for _, rates in later for currency in rates}
        nothing = RateSeries((), ())
        series = {}
        for currency in currencies:
            earlier = self._series.get(currency, nothing)
            added = [
                (moment, rates.get(currency))
                for moment, rates in later
                if currency not in rates or rates[currency] is not None
            ]
            series[currency] = RateSeries(
                earlier.published_at + tuple(moment for moment, _ in added),
                earlier.rates + tuple(rate for _, rate in added),
            )
        return RateTable(pivot=self.pivot, series=series)

    def rate_at(self, base: Currency, quote: Currency, *, at: datetime) -> ExchangeRate | Unpriced:
        """How many units of `quote` one unit of `base` costs by the rates in force at `at` (UTC).

        A published rate is given as it is; an inverse or a cross rate is rounded once to 12 places, half-even.
        Between a currency and itself the rate is 1, whether or not the source knows the currency.
        """
        if base == quote:
            return ExchangeRate(base, quote, Decimal(1))
        divisor = self._against_pivot(base, at)
        if isinstance(divisor, Unpriced):
            return divisor
        rate = self._against_pivot(quote, at)
        if isinstance(rate, Unpriced):
            return rate
        return _quotient(base, quote, rate=rate, divisor=divisor)

    def published(self, currency: Currency, *, at: datetime) -> PublishedRate | Unpriced:
        """The rate from the pivot to `currency` in force at `at`, as and when it was published."""
        series = self._series.get(currency)
        if series is None:
            return Unpriced(phrase("no source of exchange rates knows {currency}", currency=currency))
        index = bisect_right(series.published_at, at) - 1
        if index < 0:
            return Unpriced(
                phrase("no exchange rate of {currency} had been published by {at:%Y-%m-%d}", currency=currency, at=at)
            )
        rate = series.rates[index]
        if rate is None:
            return Unpriced(
                phrase("no exchange rate of {currency} is published at {at:%Y-%m-%d}", currency=currency, at=at)
            )
        return PublishedRate(ExchangeRate(self.pivot, currency, rate), series.published_at[index])

    def known_from(self, currency: Currency) -> datetime | None:
        """When a rate of `currency` was published first; None where none ever was, and of the pivot, which needs none."""
        series = self._series.get(currency)
        if series is None:
            return None
        return next((at for at, rate in zip(series.published_at, series.rates, strict=True) if rate is not None), None)

    def _against_pivot(self, currency: Currency, at: datetime) -> Decimal | Unpriced:
        if currency == self.pivot:
            return Decimal(1)
        published = self.published(currency, at=at)
        return published if isinstance(published, Unpriced) else published.rate.rate


def rate_table(pivot: Currency, publications: Iterable[tuple[datetime, Mapping[Currency, Decimal]]]) -> RateTable:
    """A table of `publications`: each a moment and the rates against `pivot` that it names, oldest first.

    Raises:
        InvalidValue: the publications are not oldest first, or name the pivot.

    >>> from datetime import UTC
    >>> eur, usd = Currency("EUR"), Currency("USD")
    >>> table = rate_table(eur, [(datetime(2012, 5, 21, 14, tzinfo=UTC), {usd: Decimal("1.275")})])
    >>> table.rate_at(usd, eur, at=datetime(2012, 5, 22, tzinfo=UTC))
    ExchangeRate(base=Currency(code='USD'), quote=Currency(code='EUR'), rate=Decimal('0.784313725490'))
    """
    known = [(moment, dict(rates)) for moment, rates in publications]
    moments = tuple(moment for moment, _ in known)
    currencies = {currency for _, rates in known for currency in rates}
    series = {
        currency: RateSeries(moments, tuple(rates.get(currency) for _, rates in known)) for currency in currencies
    }
    return RateTable(pivot=pivot, series=series)


def _quotient(base: Currency, quote: Currency, *, rate: Decimal, divisor: Decimal) -> ExchangeRate | Unpriced:
    if divisor == 1:
        return ExchangeRate(base, quote, rate)
    quotient = rounded(ROUNDING.divide(rate, divisor), places=MAX_PRICE_PLACES)
    if quotient.is_zero():
        return Unpriced(
            phrase(
                "one {base} costs less {quote} than {max_price_places} decimal places can hold",
                base=base,
                quote=quote,
                max_price_places=MAX_PRICE_PLACES,
            )
        )
    return ExchangeRate(base, quote, quotient)
