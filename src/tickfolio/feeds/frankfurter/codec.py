"""Frankfurter's first version: paths of questions, and its JSON as rates by day.

**Source**: https://frankfurter.dev/v1/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from tickfolio.domain.money import Currency
from tickfolio.errors import FeedDataError, InvalidValue
from tickfolio.feeds.feed import DayRates
from tickfolio.feeds.numbers import price

BASE = "EUR"
FRANKFURT = ZoneInfo("Europe/Berlin")
MOST_DAYS = 90
"""How many days one question is about: it is not promised that longer answers hold every day."""
# The moment at which the European Central Bank publishes, whoever tells its rates.
_PUBLISHED_AT = time(16, 0)


class _Answer(msgspec.Struct):
    base: str
    rates: dict[str, Decimal | dict[str, Decimal]]
    amount: Decimal = Decimal(1)
    date: str = ""


_ANSWER = msgspec.json.Decoder(_Answer)


def paths(first: date, last: date) -> Iterator[str]:
    """The questions that together ask for every day from `first` to `last`, oldest first.

    >>> list(paths(date(2026, 11, 2), date(2026, 11, 27)))
    ['/v1/2026-11-02..2026-11-27']
    """
    while first <= last:
        end = min(last, first + timedelta(days=MOST_DAYS - 1))
        yield f"/v1/{first.isoformat()}..{end.isoformat()}"
        first = end + timedelta(days=1)


def parse_rates(body: bytes) -> tuple[DayRates, ...]:
    """The days of an answer, oldest first: one with a ``date`` and its rates, or the rates by day.

    Raises:
        FeedDataError: it is something else, or not for one euro.
    """
    try:
        answer = _ANSWER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FeedDataError(f"Expected Frankfurter's rates, was {body[:60]!r}: {error}") from None
    if answer.base != BASE or answer.amount != 1:
        raise FeedDataError(f"Expected rates for 1 {BASE}, were for {str(answer.amount)[:20]} {answer.base[:10]}.")
    by_day: Mapping[str, Decimal | dict[str, Decimal]] = answer.rates
    if answer.date:
        by_day = {answer.date: {code: rate for code, rate in answer.rates.items() if isinstance(rate, Decimal)}}
    return tuple(sorted((_day(written, rates) for written, rates in by_day.items()), key=lambda one: one.day))


def _day(written: str, rates: Decimal | dict[str, Decimal]) -> DayRates:
    try:
        day = date.fromisoformat(written)
        published_at = datetime.combine(day, _PUBLISHED_AT, tzinfo=FRANKFURT).astimezone(UTC)
    except (ValueError, OverflowError):
        raise FeedDataError(f"Expected rates by day, was {written[:20]!r} as a day.") from None
    if not isinstance(rates, dict) or not rates:
        raise FeedDataError(f"Expected rates by currency on {day}, found none.")
    return DayRates(
        day,
        published_at,
        BASE,
        {_code(code): price(rate, of=f"rate of {code[:10]} on {day}") for code, rate in rates.items()},
    )


def _code(written: str) -> str:
    try:
        return Currency(written).code
    except InvalidValue as error:
        raise FeedDataError(f"Expected a currency in Frankfurter's rates: {error}") from error
