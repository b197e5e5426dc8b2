"""The session tables that ship with the product, by the exchange's market identifier code (ISO 10383)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from tickfolio.domain.calendars import ExchangeCalendar, parse_calendar
from tickfolio.errors import InvalidValue

# Nasdaq keeps the New York Stock Exchange's hours and holidays.
_TABLES = {"XNYS": "xnys.csv", "XNAS": "xnys.csv"}


@cache
def exchange_calendar(mic: str) -> ExchangeCalendar:
    """The calendar of the exchange `mic`; read once a process, about 20 ms.

    Raises:
        InvalidValue: no table of that exchange ships.
    """
    if mic not in _TABLES:
        raise InvalidValue(f"Expected one of the exchanges {', '.join(sorted(_TABLES))}, was {mic[:20]!r}.")
    text = (files(__name__) / _TABLES[mic]).read_text(encoding="utf-8")
    return parse_calendar(text, mic=mic)
