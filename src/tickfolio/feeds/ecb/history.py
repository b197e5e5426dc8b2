"""The euro reference rates, read from the file that the European Central Bank publishes.

**Source**: data/NOTICE; https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from tickfolio.domain.market.fx import RateTable, rate_table
from tickfolio.domain.market.plausibility import WILD, is_near
from tickfolio.domain.market.quotes import Unpriced
from tickfolio.domain.money import ROUNDING, Currency, parse_decimal
from tickfolio.errors import FeedDataError, InvalidValue
from tickfolio.feeds.feed import DayRates
from tickfolio.feeds.numbers import price

EUR = Currency("EUR")
# "around 16:00 CET" on the bank's page means Frankfurt's wall clock, summer time included.
PUBLISHED_AT = time(16, 0)
FRANKFURT = ZoneInfo("Europe/Berlin")
LARGEST_CHANGE = Decimal("0.20")
"""By what part of the last one a rate may differ before it is held back."""
MOST_UNPACKED = 64 * 1024 * 1024
ABSENT = "N/A"
"""How the bank writes that a currency has no rate on a day."""
_FILE = "eurofxref-hist.csv"


@cache
def rate_history() -> RateTable:
    """All rates that ship with the product: 41 currencies from 1999 on; read once a process, about half a second.

    Raises:
        FeedDataError: the file in the package is damaged.
    """
    return parse_rates(unpacked((files(__package__) / "data" / "eurofxref-hist.zip").read_bytes()))


def unpacked(packed: bytes) -> str:
    """The text of the one file in the bank's zip archive.

    Raises:
        FeedDataError: `packed` is no such archive.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            # No more bytes than the archive says are unpacked.
            if archive.getinfo(_FILE).file_size > MOST_UNPACKED:
                raise FeedDataError(f"Expected {_FILE} of at most {MOST_UNPACKED} bytes, was a larger one.")
            return archive.read(_FILE).decode("ascii")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, KeyError, ValueError) as error:
        raise FeedDataError(f"Expected the bank's archive with the file {_FILE}, was something else.") from error


def parse_rates(text: str, *, only: Collection[Currency] | None = None) -> RateTable:
    """The rates of the bank's file, newest line first in it: ``Date,USD,JPY,…``, then a line a day, ``N/A`` for none.

    Args:
        only: the currencies to read; all where None.

    Raises:
        FeedDataError: `text` is not of that form.
    """
    try:
        columns, days = _columns_and_days(text)
        wanted = {currency: column for currency, column in columns.items() if only is None or currency in only}
        return rate_table(EUR, [(publication(date.fromisoformat(row[0])), _rates(row, wanted)) for row in days])
    except (ValueError, InvalidValue) as error:
        raise _unreadable(error) from error


def parse_days(text: str, *, first: date, last: date) -> tuple[DayRates, ...]:
    """The days from `first` to `last`, both included and oldest first, of the bank's file as `parse_rates` takes it.

    Raises:
        FeedDataError: `text` is not of that form.
    """
    try:
        columns, rows = _columns_and_days(text)
        days = [(day, row) for row in rows if first <= (day := date.fromisoformat(row[0])) <= last]
        return tuple(
            DayRates(
                day,
                publication(day),
                EUR.code,
                {currency.code: rate for currency, rate in _rates(row, columns).items()},
            )
            for day, row in days
        )
    except (ValueError, InvalidValue) as error:
        raise _unreadable(error) from error


@dataclass(frozen=True, slots=True)
class DoubtedRate:
    """A rate that is held back: units for one euro, and the last that was believed, which stays in force."""

    day: date
    currency: Currency
    rate: Decimal
    believed: Decimal


def extended(table: RateTable, days: Iterable[DayRates]) -> RateTable:
    """The table of `extended_with_doubts`. Raises as it does."""
    return extended_with_doubts(table, days)[0]


def extended_with_doubts(table: RateTable, days: Iterable[DayRates]) -> tuple[RateTable, tuple[DoubtedRate, ...]]:
    """`table` and those of `days` that are later than all of it; what it has stands. About 20 ms, nothing is read anew.

    A rate that differs from the last one by more than `LARGEST_CHANGE` is held back, and given beside the table: the last one
    stays in force until a later day has a rate near it, or says the new one again. One that differs by a factor of
    `plausibility.WILD` is not believed by being said again. The other rates of its day count.

    Raises:
        FeedDataError: a later day is not against the euro, two of one day differ, or a rate is no rate; nothing of `days` is
            taken then.
    """
    ordered = sorted(days, key=lambda one: one.day)
    known, publications = table.last_published_at, []
    last = _rates_in_force(table)
    doubted: dict[Currency, DoubtedRate] = {}
    for index, day in enumerate(ordered):
        if known is not None and day.published_at <= known:
            continue
        if index and ordered[index - 1].day == day.day:
            if ordered[index - 1].rates == day.rates:
                continue
            raise FeedDataError(f"Expected one set of rates of {day.day}, were two that differ.")
        rates: dict[Currency, Decimal | None] = {}
        for currency, rate in _read(day).items():
            believed = last.get(currency)
            if believed is None or _may_follow(rate, believed, doubted.get(currency)):
                last[currency] = rates[currency] = rate
                doubted.pop(currency, None)
            else:
                rates[currency] = None
                doubted[currency] = DoubtedRate(day.day, currency, rate, believed)
        publications.append((day.published_at, rates))
    try:
        return table.extended(publications), tuple(doubted[currency] for currency in sorted(doubted, key=str))
    except InvalidValue as error:
        raise FeedDataError(f"Expected rates by day, was something else: {error}") from error


def publication(day: date) -> datetime:
    """When the rates of `day` were published, in UTC: 14:00 in summer, 15:00 in winter.

    >>> publication(date(2012, 5, 21)).hour, publication(date(2012, 12, 21)).hour
    (14, 15)
    """
    return datetime.combine(day, PUBLISHED_AT, tzinfo=FRANKFURT).astimezone(UTC)


def _rates(row: list[str], columns: Mapping[Currency, int]) -> dict[Currency, Decimal]:
    rates = {currency: parse_decimal(row[column]) for currency, column in columns.items() if row[column] != ABSENT}
    if any(rate <= 0 for rate in rates.values()):
        raise InvalidValue(f"Expected rates above zero on {row[0]}, was one that is not.")
    return rates


def _columns_and_days(text: str) -> tuple[dict[Currency, int], list[list[str]]]:
    """The column of each currency, and the lines of the days, oldest first."""
    rows = list(csv.reader(text.splitlines()))
    if not rows or rows[0][:1] != ["Date"]:
        raise FeedDataError(f"Expected a heading that begins with Date, was {text[:40]!r}.")
    heading, days = rows[0], rows[:0:-1]
    if any(len(row) != len(heading) for row in days):
        raise FeedDataError(f"Expected {len(heading)} fields in every line, was a line with more or fewer.")
    # The bank's lines end in a comma, which makes a last column without a name.
    return {Currency(name): column for column, name in enumerate(heading) if column > 0 and name}, days


def _rates_in_force(table: RateTable) -> dict[Currency, Decimal]:
    last = table.last_published_at
    if last is None:
        return {}
    found = {currency: table.published(currency, at=last) for currency in table.currencies}
    return {currency: rate.rate.rate for currency, rate in found.items() if not isinstance(rate, Unpriced)}


def _read(day: DayRates) -> dict[Currency, Decimal]:
    if day.pivot != EUR.code:
        raise FeedDataError(f"Expected rates of {day.day} against EUR, were against {day.pivot[:10]!r}.")
    rates = {}
    for code, written in day.rates.items():
        rate = price(written, of=f"rate of {code[:10]} on {day.day}")
        try:
            rates[Currency(code)] = rate
        except InvalidValue as error:
            raise FeedDataError(f"Expected currencies in the rates of {day.day}: {error}") from error
    return rates


def _may_follow(rate: Decimal, believed: Decimal, doubted: DoubtedRate | None) -> bool:
    if is_near(rate, believed, tolerance=LARGEST_CHANGE):
        return True
    is_said_again = doubted is not None and is_near(rate, doubted.rate, tolerance=LARGEST_CHANGE)
    return is_said_again and ROUNDING.divide(max(rate, believed), min(rate, believed)) < WILD


def _unreadable(error: Exception) -> FeedDataError:
    return FeedDataError(f"Expected the bank's rates, was a file that cannot be read: {error}")
