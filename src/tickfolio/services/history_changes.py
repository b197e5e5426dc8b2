"""From when on recorded closes and rates change what a portfolio was worth."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.touches import symbols_of
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.windows import session_end
from tickfolio.persistence.selectors.booked import booked_in
from tickfolio.persistence.selectors.daily_bars import bars_added, instruments_of_symbols, mics_of, rates_added
from tickfolio.persistence.selectors.headings import LedgerHeading
from tickfolio.persistence.tenancy import Actor
from tickfolio.runtime.calendars import calendar_for

ALWAYS = datetime(1, 1, 1, tzinfo=UTC)


def changed_since(before: LedgerHeading, now: LedgerHeading, symbols: Iterable[Symbol]) -> datetime | None:
    """The first moment of which a close of one of `symbols`, or a rate, was recorded between two headings; None without one.

    At most five queries, and none where both know the same.
    """
    return _first_moment(before, now, lambda: instruments_of_symbols(symbols).values())


def first_day_changed(before: LedgerHeading, now: LedgerHeading, book: PortfolioBook) -> date | None:
    """The first day of the owner that is another by what was recorded between two headings; None where all are as they were."""
    symbols = {symbol for each in book.transactions for symbol in symbols_of(each)}
    return _day_of(changed_since(before, now, symbols), book.zone)


def first_day_touched(portfolio_id: str, before: LedgerHeading, now: LedgerHeading, *, actor: Actor) -> date | None:
    """The same without the ledger, by what it names: never a later day, and perhaps an earlier one; some twelve queries."""
    moment = _first_moment(before, now, lambda: booked_in(portfolio_id, actor=actor))
    return _day_of(moment, ZoneInfo(now.zone))


def _first_moment(before: LedgerHeading, now: LedgerHeading, keys: Callable[[], Iterable[int]]) -> datetime | None:
    if now.bars < before.bars or now.rates < before.rates:
        return ALWAYS  # it is another database
    moments = list(_closes(before.bars, now.bars, keys)) if now.bars > before.bars else []
    published = rates_added(before.rates, now.rates) if now.rates > before.rates else None
    return min([*moments, *([] if published is None else [published])], default=None)


def _closes(after: int, upto: int, keys: Callable[[], Iterable[int]]) -> Iterable[datetime]:
    added = bars_added(after, upto)
    wanted = set(keys()) & added.keys() if added else set[int]()
    return [session_end(calendar_for(mic), added[key]) for key, mic in mics_of(wanted).items()]


def _day_of(moment: datetime | None, zone: ZoneInfo) -> date | None:
    if moment is None:
        return None
    return date.min if moment == ALWAYS else moment.astimezone(zone).date()
