"""The session tables that ship with the product, by the exchange's market identifier code (ISO 10383)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files

import structlog

from tickfolio.domain.calendars import (
    CONTINUOUS,
    CURRENCY_WEEK,
    ExchangeCalendar,
    assumed_calendar,
    continuous_calendar,
    currency_calendar,
)
from tickfolio.errors import InvalidValue
from tickfolio.runtime.calendars.reading import TableHead, parse_calendar, parse_head, regular_hours

log = structlog.get_logger(__name__)

WARN_WITHIN = timedelta(days=180)
"""How long before its last day a table is warned of."""
# Markets that keep the hours and holidays of another one.
SHARED = {
    **dict.fromkeys(["XNAS", "XNGS", "XNMS", "XNCM", "XASE", "ARCX", "XCHI"], "XNYS"),
    **dict.fromkeys(["BATS", "BATY", "EDGA", "EDGX", "IEXG", "XCBO"], "XNYS"),
    "XTSX": "XTSE",
    "AIMX": "XLON",
    "MTAA": "XMIL",
    "XATH": "ASEX",
    "XNSE": "XBOM",
    "XSHE": "XSHG",
    "XKOS": "XKRX",
    "ROCO": "XTAI",
}
# What needs no table is made for these days; no rule of it ever changes.
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2034, 12, 31)


@dataclass(frozen=True, slots=True)
class ShippedTable:
    """A table, by what stands above its sessions.

    Attributes:
        mics: the exchanges that keep these sessions, the one that the table is named after first.
        hours: the regular hours at its end, by the exchange's clocks.
    """

    mics: tuple[str, ...]
    head: TableHead
    hours: str


@cache
def shipped_tables() -> dict[str, ShippedTable]:
    """Every table that ships, by the MIC that it is named after; read once a process, under 10 ms."""
    tables = {}
    for mic in sorted(_names()):
        text = _text(mic)
        mics = (mic, *(other for other, of in SHARED.items() if of == mic))
        tables[mic] = ShippedTable(mics, parse_head(text, mic=mic), regular_hours(text))
    return tables


@cache
def exchange_calendar(mic: str) -> ExchangeCalendar:
    """The calendar of the exchange `mic`, of `CONTINUOUS` or of `CURRENCY_WEEK`; made once a process, about 20 ms.

    Raises:
        InvalidValue: no table of that exchange ships.
    """
    if mic == CONTINUOUS:
        return continuous_calendar(_FIRST_DAY, _LAST_DAY)
    if mic == CURRENCY_WEEK:
        return currency_calendar(_FIRST_DAY, _LAST_DAY)
    if mic in SHARED:
        return exchange_calendar(SHARED[mic]).named(mic)
    if mic not in _names():
        raise InvalidValue(
            f"Expected an exchange whose sessions ship, which docs/reference/exchanges.md lists, was {mic[:20]!r}."
        )
    return parse_calendar(_text(mic), mic=mic)


def calendar_for(mic: str) -> ExchangeCalendar:
    """The calendar of `mic` or, where no table ships, one of whole weekdays in UTC that says so: `is_assumed`.

    For what must be shown in any case. What needs to be certain asks `exchange_calendar`, or the calendar.
    """
    try:
        return exchange_calendar(mic)
    except InvalidValue:
        return _weekdays().named(mic)


def expiring(at: datetime, *, within: timedelta = WARN_WITHIN, mics: Iterable[str] | None = None) -> dict[str, date]:
    """The exchanges whose table runs out `within` a time from `at`, or has done so, with the last day of each.

    `mics` are those asked for, all that ship where none are given. What needs no table never runs out.
    """
    asked = None if mics is None else set(mics)
    last = (at + within).date()
    return {
        mic: table.head.expires
        for table in shipped_tables().values()
        if table.head.expires <= last
        for mic in table.mics
        if asked is None or mic in asked
    }


def warn_of_expiring(at: datetime, *, mics: Iterable[str] | None = None) -> None:
    """Logs what `expiring` finds, in one line; a newer version of the product brings newer tables."""
    found = expiring(at, mics=mics)
    if found:
        log.warning(
            "calendars.expiring",
            exchanges={mic: day.isoformat() for mic, day in found.items()},
            advice="Holidays after these days are not known: install a newer version before.",
        )


@cache
def _names() -> frozenset[str]:
    tables = files(__name__) / "tables"
    return frozenset(each.name.removesuffix(".csv").upper() for each in tables.iterdir() if each.name.endswith(".csv"))


@cache
def _weekdays() -> ExchangeCalendar:
    return assumed_calendar("", _FIRST_DAY, _LAST_DAY)


def _text(mic: str) -> str:
    return (files(__name__) / "tables" / f"{mic.lower()}.csv").read_text(encoding="utf-8")
