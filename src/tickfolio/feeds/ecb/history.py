"""The euro reference rates, read from the file that the European Central Bank publishes.

**Source**: data/NOTICE; https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from tickfolio.domain.market.fx import RateTable, rate_table
from tickfolio.domain.money import Currency, parse_decimal
from tickfolio.errors import FeedDataError, InvalidValue

EUR = Currency("EUR")
# "around 16:00 CET" on the bank's page means Frankfurt's wall clock, summer time included.
PUBLISHED_AT = time(16, 0)
FRANKFURT = ZoneInfo("Europe/Berlin")
_ABSENT = "N/A"


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
            return archive.read("eurofxref-hist.csv").decode("ascii")
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError) as error:
        raise FeedDataError(
            "Expected the bank's archive with the file eurofxref-hist.csv, was something else."
        ) from error


def parse_rates(text: str, *, only: Collection[Currency] | None = None) -> RateTable:
    """The rates of the bank's file, newest line first in it: ``Date,USD,JPY,…``, then a line a day, ``N/A`` for none.

    Args:
        only: the currencies to read; all where None.

    Raises:
        FeedDataError: `text` is not of that form.
    """
    rows = list(csv.reader(text.splitlines()))
    if not rows or rows[0][:1] != ["Date"]:
        raise FeedDataError(f"Expected a heading that begins with Date, was {text[:40]!r}.")
    heading, days = rows[0], rows[:0:-1]
    if any(len(row) != len(heading) for row in days):
        raise FeedDataError(f"Expected {len(heading)} fields in every line, was a line with more or fewer.")
    try:
        # The bank's lines end in a comma, which makes a last column without a name.
        columns = {Currency(name): column for column, name in enumerate(heading) if column > 0 and name}
        wanted = {currency: column for currency, column in columns.items() if only is None or currency in only}
        return rate_table(EUR, [(publication(date.fromisoformat(row[0])), _rates(row, wanted)) for row in days])
    except (ValueError, InvalidValue) as error:
        raise FeedDataError(f"Expected the bank's rates, was a file that cannot be read: {error}") from error


def publication(day: date) -> datetime:
    """When the rates of `day` were published, in UTC: 14:00 in summer, 15:00 in winter.

    >>> publication(date(2012, 5, 21)).hour, publication(date(2012, 12, 21)).hour
    (14, 15)
    """
    return datetime.combine(day, PUBLISHED_AT, tzinfo=FRANKFURT).astimezone(UTC)


def _rates(row: list[str], columns: Mapping[Currency, int]) -> dict[Currency, Decimal]:
    rates = {currency: parse_decimal(row[column]) for currency, column in columns.items() if row[column] != _ABSENT}
    if any(rate <= 0 for rate in rates.values()):
        raise InvalidValue(f"Expected rates above zero on {row[0]}, was one that is not.")
    return rates
