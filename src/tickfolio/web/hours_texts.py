"""Which markets are open, and the next change; the scripts' twin is frontend/src/cells/hours.ts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tickfolio.services.market_hours import HoursNow, MarketHours
from tickfolio.web.notation import day_and_month
from tickfolio.web.venues import city_of, venue_name
from tickfolio.words import phrase


@dataclass(frozen=True, slots=True)
class HoursText:
    """The market pill: `New York open`, `closes 16:00`; and a line for each exchange that its list shows."""

    state: str
    note: str
    lines: tuple[HoursLine, ...]


@dataclass(frozen=True, slots=True)
class HoursLine:
    """The exchanges that keep the same hours."""

    names: str
    state: str


def hours_text(now: HoursNow) -> HoursText:
    """The pill for the markets that are known; empty where none is."""
    lines = tuple(_line(each, now.at) for each in now.hours)
    if not now.hours:
        return HoursText("", "", ())
    opened = [city_of(each.zone) for each in now.hours if _is_open(each, now.at)]
    closed = (
        phrase("{city} closed", city=city_of(now.hours[0].zone)) if len(now.hours) == 1 else phrase("Markets closed")
    )
    state = phrase("{cities} open", cities=", ".join(opened)) if opened else closed
    return HoursText(state, min((change for each in now.hours if (change := _change(each, now.at))), default=""), lines)


def _line(hours: MarketHours, at: datetime) -> HoursLine:
    state = phrase("open") if _is_open(hours, at) else phrase("closed")
    change = _change(hours, at)
    names = ", ".join(venue_name(mic) for mic in hours.mics)
    return HoursLine(f"{names}, {city_of(hours.zone)}", f"{state}, {change}" if change else state)


def _is_open(hours: MarketHours, at: datetime) -> bool:
    return bool(hours.sessions) and hours.sessions[0].opens_at <= at


def _change(hours: MarketHours, at: datetime) -> str:
    """`closes 16:00`, `opens 09:30`, or `opens 22 May, 09:30` where that is another day there."""
    if not hours.sessions:
        return ""
    zone, session = ZoneInfo(hours.zone), hours.sessions[0]
    if session.opens_at <= at:
        return phrase("closes {astimezone:%H:%M}", astimezone=session.closes_at.astimezone(zone))
    local = session.opens_at.astimezone(zone)
    day = "" if local.date() == at.astimezone(zone).date() else f"{day_and_month(local)}, "
    return phrase("opens {day}{local:%H:%M}", day=day, local=local)
