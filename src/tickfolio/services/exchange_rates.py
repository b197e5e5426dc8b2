"""The exchange rates that count: those that ship with the product, and in a live instance those that were recorded since.

What is recorded is a fact, never changed; what a source says otherwise later is the next version. A set of rates with one that is
none is refused whole; a rate that is far from the last one is recorded and held back.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import structlog
from django.conf import settings
from django.db import transaction

from tickfolio.domain.market.fx import RateTable
from tickfolio.errors import FeedDataError
from tickfolio.feeds.ecb.history import FRANKFURT, DoubtedRate, extended_with_doubts, rate_history
from tickfolio.feeds.feed import DayRates
from tickfolio.persistence.insertion import insert_rows
from tickfolio.persistence.models import PublishedRateFact
from tickfolio.persistence.selectors.daily_bars import RecordedRates, newest_rate, rates_in_force
from tickfolio.services.fact_writers import one_writer
from tickfolio.words import phrase

type _Known = tuple[RateTable, tuple[DoubtedRate, ...]]

ONE_DAY = timedelta(days=1)
SATURDAY = 5
KNOWN_AT = time(16, 10)
"""When the rates of a day can be had in Frankfurt: a little after they are published."""

log = structlog.get_logger(__name__)


def rate_table_now(*, upto: int | None = None) -> RateTable:
    """All rates that are known: one query where nothing was recorded since the last call. A replay has those that ship.

    Args:
        upto: the newest recorded rate that counts; None for all.

    Raises:
        FeedDataError: the shipped file is damaged, or what was recorded cannot follow it.
    """
    if settings.TICKFOLIO_IS_REPLAY:
        return rate_history()
    return _kept.known()[0] if upto is None or upto >= newest_rate() else _followed(upto)[0]


@dataclass(frozen=True, slots=True)
class RatesSeen:
    """The newest rates that are known.

    Attributes:
        published_at: when they were published (UTC).
        doubted: those that are held back, by currency: of each, the last one that was believed stays in force.
    """

    published_at: datetime
    doubted: tuple[DoubtedRate, ...]

    @property
    def day(self) -> date:
        """The day that they are of, in Frankfurt."""
        return self.published_at.astimezone(FRANKFURT).date()


def rates_seen() -> RatesSeen:
    """What an operator should know of the rates."""
    table, doubted = (rate_history(), ()) if settings.TICKFOLIO_IS_REPLAY else _kept.known()
    published = table.last_published_at
    assert published is not None
    return RatesSeen(published, doubted)


def last_rate_day() -> date:
    """The day of the newest rates that are known."""
    published = rate_table_now().last_published_at
    assert published is not None
    return published.astimezone(FRANKFURT).date()


@transaction.atomic
def rates_record(*, days: Iterable[DayRates], source: str, at: datetime) -> int:
    """Appends the rates that are new, or others than `source` said of their day before; how many facts that are.

    Days that the shipped rates cover are passed over.

    Args:
        at: the real moment, UTC.

    Raises:
        FeedDataError: one of them cannot be: it is not published yet, not against the euro, or no rate. Nothing is recorded then.
    """
    one_writer()
    shipped = _shipped_until()
    wanted = [day for day in days if day.day > shipped]
    for day in wanted:
        if day.published_at > at:
            raise FeedDataError(
                phrase(
                    "Expected rates that are published by {at}, were of {published_at}.",
                    at=at,
                    published_at=day.published_at,
                )
            )
    there = {each.day: each for each in rates_in_force(after=shipped)}
    # Another source's word on a day that is known changes nothing, but what it says must be possible all the same.
    others = (_as_said(each) for key, each in there.items() if key not in _days(wanted))
    _, doubted = extended_with_doubts(rate_history(), [*others, *wanted])
    rows = [row for day in wanted for row in _rows(day, source=source, at=at)]
    insert_rows(rows)
    if rows:
        for one in doubted:
            log.warning(
                "rate.held_back",
                currency=str(one.currency),
                day=one.day.isoformat(),
                rate=str(one.rate),
                believed=str(one.believed),
            )
        _kept.forget()
        transaction.on_commit(_kept.forget)
    return len(rows)


def rates_wanted(now: datetime) -> tuple[date, date] | None:
    """The first and the last day of rates that should be published by a real moment and are not known; None where none is.

    Holidays of the bank are not told: on those there are none, and they are asked for in vain.
    """
    local = now.astimezone(FRANKFURT)
    published = local.date() if local.time() >= KNOWN_AT else local.date() - ONE_DAY
    while published.weekday() >= SATURDAY:
        published -= ONE_DAY
    last = last_rate_day()
    return None if last >= published else (last + ONE_DAY, local.date())


def _days(rates: Iterable[DayRates]) -> frozenset[date]:
    return frozenset(each.day for each in rates)


def _rows(day: DayRates, *, source: str, at: datetime) -> list[PublishedRateFact]:
    known = PublishedRateFact.objects.filter(day=day.day, pivot=day.pivot, source=source).order_by("version")
    newest: Mapping[str, tuple[int, Decimal | None]] = {
        currency: (version, rate) for currency, version, rate in known.values_list("currency", "version", "rate")
    }
    return [
        PublishedRateFact(
            day=day.day,
            pivot=day.pivot,
            currency=currency,
            rate=rate,
            published_at=day.published_at,
            source=source,
            version=newest.get(currency, (0, None))[0] + 1,
            recorded_at=at,
        )
        for currency, rate in sorted(day.rates.items())
        if newest.get(currency, (0, None))[1] != rate
    ]


def _as_said(recorded: RecordedRates) -> DayRates:
    return DayRates(recorded.day, recorded.published_at, recorded.pivot, recorded.rates)


def _followed(upto: int) -> _Known:
    """The rates that ship with those that were recorded up to a key, and those of them that are held back."""
    return extended_with_doubts(rate_history(), map(_as_said, rates_in_force(after=_shipped_until(), upto=upto)))


def _shipped_until() -> date:
    published = rate_history().last_published_at
    assert published is not None
    return published.astimezone(FRANKFURT).date()


class _Kept:
    """What is known up to the newest rate that was recorded."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: tuple[int, _Known] | None = None

    def known(self) -> _Known:
        newest = newest_rate()
        with self._lock:
            if self._known is not None and self._known[0] == newest:
                return self._known[1]
        made = _followed(newest)
        with self._lock:
            # Who recorded meanwhile has changed what is newest.
            self._known = newest, made
        return made

    def forget(self) -> None:
        with self._lock:
            self._known = None


_kept = _Kept()
