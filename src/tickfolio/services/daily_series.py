"""The finished days of portfolios in the database: a cache of what the ledger, the closes and the rates say.

Nothing is ever read from it that could not be worked out anew, and what is worked out is the same to the last digit. It is
there for who needs nothing else than the days of the whole portfolio, and for audits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from importlib.metadata import version
from zoneinfo import ZoneInfo

from tickfolio.domain.performance.histories import Days
from tickfolio.domain.performance.series import portfolio_series
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.errors import ImpossibleLedger, NotFound
from tickfolio.persistence.insertion import insert_rows
from tickfolio.persistence.models import DailySeries, DailyValue
from tickfolio.persistence.selectors.daily_series import (
    COLUMNS,
    SeriesHeading,
    StoredDay,
    days_of,
    days_stored,
    living_portfolios,
    series_heading,
    series_headings,
)
from tickfolio.persistence.selectors.headings import LedgerHeading, ledger_heading, ledger_headings
from tickfolio.persistence.tenancy import Actor
from tickfolio.runtime.ports import DaysCompared
from tickfolio.services.book_prices import closes_of
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.flow_valuations import flow_values
from tickfolio.services.history_changes import first_day_changed, first_day_touched
from tickfolio.services.ledgers import READER, Shelf, shelf_at_hand
from tickfolio.services.market_time import NEVER, market_now
from tickfolio.services.permissions import Operation, require
from tickfolio.services.portfolio_changes import held_portfolio
from tickfolio.services.portfolio_series import FinishedDays, finished_days, first_day
from tickfolio.services.watching import with_own_connection

FORMAT = 1
"""Counted on where days are worked out another way within a release."""
ONE_DAY = timedelta(days=1)
DAYS_A_TRANSACTION = 1000
"""So many rows are written while others wait."""


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """What is to be stored of a portfolio: its heading, and the days from `since` on; all of them where that is None."""

    heading: SeriesHeading
    days: tuple[StoredDay, ...]
    since: date | None = None


def series_version() -> str:
    """What the days are worked out by: another release may know other closes and rates."""
    return f"{FORMAT}/{version('tickfolio')}"


# ---------- Read ----------


def stored_days(*, actor: Actor, portfolio_id: str) -> tuple[StoredDay, ...] | None:
    """The finished days of the whole portfolio; None where those that are stored are not of what is so now.

    Raises:
        NotFound: there is no such portfolio for this actor.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    heading = series_heading(access.portfolio_id, actor=actor)
    ledger = ledger_heading(access.portfolio_id, actor=READER)  # the owner's zone is not every viewer's to see
    if heading is None or ledger is None or not _is_current(heading, ledger, at=market_now()):
        return None
    return tuple(day for day in days_stored(access.portfolio_id, actor=actor) if day.day <= heading.last)


def series_behind() -> Mapping[str, int]:
    """The portfolios whose stored days may not be those of now, each with a number that grows with whatever is recorded.

    Four queries however many.
    """
    at = market_now()
    if at == NEVER:
        return {}
    ids = living_portfolios(actor=READER)
    stored, ledgers = series_headings(actor=READER), ledger_headings(ids, actor=READER)
    return {
        # Facts beside the ledger count too: while they come in one after the other, nothing is worked out after each.
        id_: ledgers[id_].head + ledgers[id_].bars + ledgers[id_].rates
        for id_ in ids
        if id_ in ledgers and (id_ not in stored or not _is_current(stored[id_], ledgers[id_], at=at))
    }


def _is_current(stored: SeriesHeading, ledger: LedgerHeading, *, at: datetime) -> bool:
    return (stored.ledger, stored.version, stored.last) == (ledger, series_version(), yesterday(ledger.zone, at))


def yesterday(zone: str, at: datetime) -> date:
    """The last day that is over at the market's moment."""
    return at.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)


# ---------- Written ----------


def series_extend(*, portfolio_id: str) -> int:
    """Works out what is not stored yet, or not as it is now, and writes what differs; how many days that were.

    Repeated it writes nothing, and cut short it goes on where it was. Where somebody books meanwhile nothing is said to be
    current, and the next call goes on.

    Raises:
        ImpossibleLedger: the transactions cannot follow one another.
    """
    try:
        worked_out = _untouched(portfolio_id) or days_worked_out(portfolio_id)
    except NotFound:
        return 0
    return days_store(portfolio_id, worked_out)


def _untouched(portfolio_id: str) -> WorkedOut | None:
    """What to store where nothing was recorded since that concerns a finished day of the portfolio: a heading that says so.

    While the history of one instrument is fetched, the ledgers of all that do not hold it need not be read and folded.
    """
    stored, ledger = series_heading(portfolio_id, actor=READER), ledger_heading(portfolio_id, actor=READER)
    if stored is None or ledger is None or stored.ledger == ledger or not stored.ledger.is_of_same_ledger(ledger):
        return None
    if (stored.version, stored.last) != (series_version(), yesterday(ledger.zone, market_now())):
        return None
    touched = first_day_touched(portfolio_id, stored.ledger, ledger, actor=READER)
    if touched is not None and touched <= stored.last:
        return None
    return WorkedOut(replace(stored, ledger=ledger), (), stored.last + ONE_DAY)


def days_worked_out(portfolio_id: str, *, from_scratch: bool = False, until: date | None = None) -> WorkedOut:
    """The finished days of a portfolio as facts give them; those behind the stored ones alone, where these are still right.

    Args:
        from_scratch: from facts and nothing else, whatever is stored or in memory.
        until: the last day; the last one that is over, unless said otherwise.

    Raises:
        NotFound: the portfolio is gone.
        ImpossibleLedger: the transactions cannot follow one another.
    """
    at = market_now()
    with shelf_at_hand(portfolio_id, is_empty=from_scratch) as shelf:
        held = shelf.refresh()
        ledger = shelf.heading
        assert ledger is not None
        last = yesterday(ledger.zone, at) if until is None else until
        begun = first_day(held.book, at)
        first = None if begun is None or begun > last else begun
        heading = SeriesHeading(ledger, series_version(), first, last)
        if first is None:
            return WorkedOut(heading, ())
        shelf.living().ledgers(rates=rate_table_now(), at=at)
        stored = None if from_scratch else series_heading(portfolio_id, actor=READER)
        since = _right_until(stored, heading, held.book)
        if since is None:
            return WorkedOut(heading, _all_days(shelf, held.book, first=first, last=last, at=at))
        if since == last:
            return WorkedOut(heading, (), since + timedelta(days=1))
        return WorkedOut(heading, _days_after(shelf, held.book, since, last=last, at=at), since + timedelta(days=1))


def days_store(portfolio_id: str, worked_out: WorkedOut) -> int:
    """Writes the days that differ from those that are stored, and then the heading; how many days that were."""
    stored = {day.day: day for day in days_stored(portfolio_id, actor=READER, since=worked_out.since)}
    wanted = {day.day: day for day in worked_out.days}
    changed = sorted(day for day in stored.keys() | wanted.keys() if stored.get(day) != wanted.get(day))
    for start in range(0, len(changed), DAYS_A_TRANSACTION):
        part = changed[start : start + DAYS_A_TRANSACTION]
        with held_portfolio(actor=READER, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW):
            now = ledger_heading(portfolio_id, actor=READER)
            if now is None or not now.is_of_same_ledger(worked_out.heading.ledger):
                return start
            DailyValue.objects.for_actor(READER).filter(portfolio_id=portfolio_id, day__in=part).delete()
            insert_rows([_row(portfolio_id, wanted[day]) for day in part if day in wanted])
    with held_portfolio(actor=READER, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW):
        if series_heading(portfolio_id, actor=READER) != worked_out.heading:
            DailySeries.objects.for_actor(READER).filter(portfolio_id=portfolio_id).delete()
            _heading_row(portfolio_id, worked_out.heading).save(force_insert=True)
    return len(changed)


def _right_until(stored: SeriesHeading | None, now: SeriesHeading, book: PortfolioBook) -> date | None:
    """The last stored day up to which all is as it would be worked out now; None where nothing is, or nothing was recorded since."""
    if stored is None or stored.first is None or stored.last > now.last:
        return None
    if not stored.ledger.is_of_same_ledger(now.ledger) or (stored.version, stored.first) != (now.version, now.first):
        return None
    if (stored.ledger, stored.last) == (now.ledger, now.last):
        return None  # whoever asks all the same doubts what is stored
    changed = first_day_changed(stored.ledger, now.ledger, book)
    right = stored.last if changed is None else min(stored.last, max(changed, date.min + ONE_DAY) - ONE_DAY)
    return right if right >= stored.first else None


def _all_days(shelf: Shelf, book: PortfolioBook, *, first: date, last: date, at: datetime) -> tuple[StoredDay, ...]:
    flows = flow_values(shelf, book, at=at)
    return days_of(finished_days(shelf, book, first=first, last=last, flows=flows).series.whole)


def _days_after(shelf: Shelf, book: PortfolioBook, stored: date, *, last: date, at: datetime) -> tuple[StoredDay, ...]:
    """The days behind the last one that is stored, which is worked out with them: it ends where the first of them begins."""
    if isinstance(shelf.series, FinishedDays) and shelf.series.book is book:
        first = shelf.series.series.whole[0].day
        return tuple(day for day in _all_days(shelf, book, first=first, last=last, at=at) if day.day > stored)
    series = portfolio_series(
        book,
        shelf.living(),
        Days(stored, last, book.zone),
        closes=closes_of(book),
        rates=rate_table_now(),
        valued_flows=flow_values(shelf, book, at=at),
    )
    return days_of(series.whole()[1:])


def _row(portfolio_id: str, day: StoredDay) -> DailyValue:
    return DailyValue(portfolio_id=portfolio_id, **dict(zip(COLUMNS, day.columns(), strict=True)))


def _heading_row(portfolio_id: str, heading: SeriesHeading) -> DailySeries:
    return DailySeries(
        portfolio_id=portfolio_id,
        head=heading.ledger.head,
        actions=heading.ledger.actions,
        bars=heading.ledger.bars,
        rates=heading.ledger.rates,
        base_currency=heading.ledger.base_currency,
        zone=heading.ledger.zone,
        version=heading.version,
        first_day=heading.first,
        last_day=heading.last,
    )


# ---------- For the running engine ----------


@with_own_connection
def behind_now() -> Mapping[str, int]:
    """As `series_behind`, in a thread of the engine's."""
    return series_behind()


@with_own_connection
def extend_now(portfolio_id: str) -> int:
    """As `series_extend`, in a thread of the engine's; a ledger that cannot be folded has no days."""
    try:
        return series_extend(portfolio_id=portfolio_id)
    except ImpossibleLedger:
        return 0


@with_own_connection
def days_compared(portfolio_id: str) -> DaysCompared:
    """The finished days that are in memory for pages, against those that are stored; none where one of both is not of now."""
    with shelf_at_hand(portfolio_id) as shelf:
        kept, ledger, book = shelf.series, shelf.heading, shelf.book
        if not isinstance(kept, FinishedDays) or kept.book is not book:
            return DaysCompared()
        of = kept.heading
        in_memory = {day.day: day for day in days_of(kept.series.whole)}
    heading = series_heading(portfolio_id, actor=READER)
    # Closes may have been recorded since the one or the other was worked out: then they are of two times.
    if heading is None or (heading.ledger, heading.version) != (ledger, series_version()) or of != ledger:
        return DaysCompared()
    stored = {day.day: day for day in days_stored(portfolio_id, actor=READER) if day.day <= heading.last}
    if heading != series_heading(portfolio_id, actor=READER):
        return DaysCompared()  # it is being written
    both = [day for day in sorted(in_memory.keys() | stored.keys()) if day <= min(kept.last, heading.last)]
    return DaysCompared(len(both), tuple(day for day in both if in_memory.get(day) != stored.get(day)))
