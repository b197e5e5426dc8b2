"""The bank's files of rates: which one holds the days that are asked for, and what its XML says.

**Source**: https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError  # the error only; the XML is read by defusedxml

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from tickfolio.domain.money import Currency
from tickfolio.errors import FeedDataError, InvalidValue
from tickfolio.feeds.ecb.history import ABSENT, EUR, parse_days, publication, unpacked
from tickfolio.feeds.feed import DayRates
from tickfolio.feeds.numbers import price

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # a type

LATEST = "/eurofxref-daily.xml"
LAST_90_DAYS = "/eurofxref-hist-90d.xml"
EVERYTHING = "/eurofxref-hist.zip"
MOST_BYTES_OF_XML = 4 * 1024 * 1024
_DAYS_COVERED = 85  # by the file of 90 days, with days to spare
_CUBE = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube"
_SATURDAY = 5


def file_from(first: date, *, today: date) -> str:
    """The path of the smallest file that holds all rates from `first` to `today`.

    >>> file_from(date(2026, 11, 27), today=date(2026, 11, 27))
    '/eurofxref-daily.xml'
    """
    span = (today - first).days
    if span > _DAYS_COVERED:
        return EVERYTHING
    working_days = sum((first + timedelta(days=day)).weekday() < _SATURDAY for day in range(span + 1))
    # The bank publishes on working days only: what may be one publication is the latest one.
    return LATEST if working_days <= 1 else LAST_90_DAYS


def parse_file(path: str, body: bytes, *, first: date, last: date) -> tuple[DayRates, ...]:
    """The days from `first` to `last`, oldest first, of the file that `path` names.

    Raises:
        FeedDataError: `body` is not such a file.
    """
    if path == EVERYTHING:
        return parse_days(unpacked(body), first=first, last=last)
    return tuple(day for day in parse_xml(body) if first <= day.day <= last)


def parse_xml(body: bytes) -> tuple[DayRates, ...]:
    """The days of the bank's XML, oldest first: ``Cube`` with ``time``, in it ``Cube`` with ``currency`` and ``rate``.

    Raises:
        FeedDataError: it is something else, has a document type or entities, or no day at all.
    """
    if len(body) > MOST_BYTES_OF_XML:
        raise FeedDataError(f"Expected XML of at most {MOST_BYTES_OF_XML} bytes from the bank, was {len(body)}.")
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except DefusedXmlException as error:
        raise FeedDataError(f"Expected XML without a document type and entities: {type(error).__name__}.") from None
    except (ParseError, ValueError, LookupError) as error:
        raise FeedDataError(f"Expected the bank's XML, was {body[:40]!r}: {error}") from error
    days = sorted(_days(root), key=lambda one: one.day)
    if not days:
        raise FeedDataError("Expected rates by day in the bank's XML, found none.")
    if len({day.day for day in days}) < len(days):
        raise FeedDataError("Expected each day once in the bank's XML, was one twice.")
    return tuple(days)


def _days(root: Element) -> Iterator[DayRates]:
    for cube in root.iter(_CUBE):
        written = cube.get("time")
        if written is None:
            continue
        try:
            day = date.fromisoformat(written)
            published_at = publication(day)
        except (ValueError, OverflowError) as error:
            raise FeedDataError(f"Expected a day in the bank's XML, was {written[:20]!r}.") from error
        yield DayRates(day, published_at, EUR.code, _rates(cube, day))


def _rates(cube: Element, day: date) -> dict[str, Decimal]:
    rates: dict[str, Decimal] = {}
    for child in cube.iterfind(_CUBE):
        code, written = child.get("currency", ""), child.get("rate", "")
        if written == ABSENT:
            continue
        try:
            Currency(code)
        except InvalidValue as error:
            raise FeedDataError(f"Expected a currency in the bank's rates of {day}: {error}") from error
        if code in rates:
            raise FeedDataError(f"Expected one rate of {code} on {day}, were two.")
        rates[code] = price(written, of=f"rate of {code} on {day}")
    if not rates:
        raise FeedDataError(f"Expected rates on {day} in the bank's XML, found none.")
    return rates
