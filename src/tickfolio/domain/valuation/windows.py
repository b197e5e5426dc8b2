"""Since when a row's day counts: the window of an instrument and the owner's report day.

**Source**: docs/reference/definitions.md, section Day change of portfolios.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.instruments import Instrument
from tickfolio.domain.market.quotes import NotAvailable, Quote
from tickfolio.words import phrase

type CalendarOf = Callable[[Instrument], ExchangeCalendar]


@dataclass(frozen=True, slots=True)
class Window:
    """The day of a row: what happened after `after`, which is its reference.

    Attributes:
        reference_day: the session whose close is the reference; None where it is the beginning of the owner's day.
    """

    after: datetime
    reference_day: date | None


@dataclass(frozen=True, slots=True)
class PriceDay:
    """What a price belongs to.

    Attributes:
        basis: splits up to this moment are in the price, later ones are not: the close of its session or, on a day
            without one, the day's first moment.
        window: of the day change that it can tell.
    """

    basis: datetime
    window: Window | NotAvailable


def report_day_start(at: datetime, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, of the day that `at` is in for an owner in `zone`.

    >>> report_day_start(datetime(2012, 5, 21, 23, 30, tzinfo=UTC), ZoneInfo("Europe/Berlin")).isoformat()
    '2012-05-21T22:00:00+00:00'
    """
    return day_begins(at.astimezone(zone).date(), zone)


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, of a day in `zone`.

    >>> day_begins(date(2012, 5, 22), ZoneInfo("Europe/Berlin")).isoformat()
    '2012-05-21T22:00:00+00:00'
    """
    return datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)


def day_ends(day: date, zone: ZoneInfo) -> datetime:
    """The last moment, in UTC, of a day in `zone`: what there is before the next one begins."""
    return day_begins(day + timedelta(days=1), zone) - timedelta.resolution


def session_end(calendar: ExchangeCalendar, day: date) -> datetime:
    """When the session of a day ends, in UTC: with the day in the exchange's zone where no session of it is known.

    It is the moment from which the close of that day counts.
    """
    session = calendar.session_on(day)
    return day_ends(day, calendar.zone) if session is None else session.closes_at


def report_day(day_start: datetime) -> PriceDay:
    """The day of what has no price: the owner's report day, its first moment included."""
    return PriceDay(day_start, Window(day_start - timedelta.resolution, None))


class Days(Protocol):
    """Since when rows count."""

    def day_of(self, instrument: Instrument, quote: Quote, *, at: datetime) -> PriceDay:
        """What the price of `quote` belongs to, at the market's moment `at`."""

    def day_by_hand(self, quote: Quote, *, at: datetime, zone: ZoneInfo) -> PriceDay | None:
        """What a price belongs to that an owner in `zone` typed; None where prices at the ends of spans count alone."""

    def has_expired(self, at: datetime) -> bool:
        """Whether by `at` a day that was given no longer counts; then all must be asked for again."""

    def cash_since(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The first moment of what counts for cash at `at`, for an owner in `zone`."""


class OneSpan:
    """One span for all rows. Prices are the ones in force at its two ends, and splits up to their source time are in them."""

    def __init__(self, start: datetime) -> None:
        self._window = Window(start - timedelta.resolution, None)
        self._start = start

    def day_of(self, instrument: Instrument, quote: Quote, *, at: datetime) -> PriceDay:
        """The span, whatever is asked for."""
        del instrument, at
        return PriceDay(quote.source_time, self._window)

    def day_by_hand(self, quote: Quote, *, at: datetime, zone: ZoneInfo) -> PriceDay | None:
        """None: whoever values a span asks for the prices at its ends, those that were typed among them."""
        del quote, at, zone
        return None

    def has_expired(self, at: datetime) -> bool:
        """Never."""
        del at
        return False

    def cash_since(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The start of the span."""
        del at, zone
        return self._start


class PriceDays:
    """The days of quotes, by the calendars of their exchanges; each is looked up once."""

    def __init__(self, calendar_of: CalendarOf) -> None:
        self._calendar_of = calendar_of
        self._days: dict[tuple[str, date], tuple[PriceDay, datetime | None]] = {}
        self._expires_at: datetime | None = None

    def day_of(self, instrument: Instrument, quote: Quote, *, at: datetime) -> PriceDay:
        """What the price of `quote` belongs to, at the market's moment `at`.

        Its session counts as the current one until a quote of the next comes; when the session after that has begun
        too, the price tells no day change any more.
        """
        key = instrument.mic, quote.session_day
        if key not in self._days:
            self._days[key] = _day_and_end(self._calendar_of(instrument), quote.session_day)
        day, ends_at = self._days[key]
        if ends_at is None:
            return day
        if at >= ends_at:
            return replace(
                day, window=NotAvailable(phrase("the last price is of {session_day}", session_day=quote.session_day))
            )
        if self._expires_at is None or ends_at < self._expires_at:
            self._expires_at = ends_at
        return day

    def day_by_hand(self, quote: Quote, *, at: datetime, zone: ZoneInfo) -> PriceDay | None:
        """The owner's report day: the price counts until another one is typed, and moves on the day of that one."""
        return PriceDay(day_ends(quote.session_day, zone), report_day(report_day_start(at, zone)).window)

    def has_expired(self, at: datetime) -> bool:
        """Whether by `at` a day that was given no longer counts; then all must be asked for again."""
        if self._expires_at is None or at < self._expires_at:
            return False
        self._expires_at = None
        return True

    def cash_since(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The first moment of the owner's report day."""
        return report_day_start(at, zone)


def _day_and_end(calendar: ExchangeCalendar, session_day: date) -> tuple[PriceDay, datetime | None]:
    """The day of a price of `session_day`, and the moment from which it tells no day change any more."""
    session = calendar.session_on(session_day)
    if session is None:
        reason = phrase("{session_day} is no session of {mic}", session_day=session_day, mic=calendar.mic)
        return PriceDay(day_begins(session_day, calendar.zone), NotAvailable(reason)), None
    before = calendar.previous_session(session)
    if before is None:
        reason = phrase("no session of {mic} is known before {session_day}", mic=calendar.mic, session_day=session_day)
        return PriceDay(session.closes_at, NotAvailable(reason)), None
    following = calendar.next_session(session.opens_at)
    one_more = None if following is None else calendar.next_session(following.opens_at)
    day = PriceDay(session.closes_at, Window(before.closes_at, before.day))
    return day, None if one_more is None else one_more.opens_at
