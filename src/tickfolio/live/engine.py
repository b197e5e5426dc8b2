"""The live engine: mark on the tick, value on the beat.

A tick updates the quote book and marks its symbol; what that means for rows and sockets is worked out on the next beat, once
for all who watch. All calls are made from one event loop.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.bars import Bar, bar_extended, bar_of, bar_start, bars_joined
from tickfolio.domain.market.quote_book import QuoteBook, Rejected
from tickfolio.domain.market.quotes import MarketSession, Quality, Quote, Tick
from tickfolio.domain.market.staleness import Cadence, quality_of, session_of
from tickfolio.domain.market.status import FeedStatus
from tickfolio.live.facts import Facts, Instance
from tickfolio.live.hub import Hub
from tickfolio.live.pacer import Beat
from tickfolio.live.ports import InstrumentSource, MarketClock, PortfolioSource, RealClock
from tickfolio.live.rows import QuoteRows
from tickfolio.live.session import LIMITS
from tickfolio.live.watched_portfolio import Market
from tickfolio.live.wire.codec import moment
from tickfolio.live.wire.messages import FeedReport


class Engine:
    """Ticks in, frames out."""

    def __init__(
        self,
        *,
        instruments: tuple[Instrument, ...],
        calendar_of: Callable[[Instrument], ExchangeCalendar],
        cadence: Cadence,
        market_clock: MarketClock,
        clock: RealClock,
        source: PortfolioSource,
        instance: Instance,
        unknown: InstrumentSource | None = None,
    ) -> None:
        self.book = QuoteBook(instruments)
        self._calendar_of = calendar_of
        self._cadence = cadence
        self._is_replay = instance.is_replay
        self._statuses: dict[str, FeedStatus] = {}
        self._changed_quotes: dict[Symbol, Quote] = {}
        self._open_bars: dict[Symbol, Bar] = {}
        self._changed_bars: dict[tuple[Symbol, datetime], Bar] = {}
        self.rejected_ticks = 0
        self.rows = QuoteRows(self.book, judge=self._judge, market_now=market_clock.now)
        self.facts = Facts(instance, limits=LIMITS, market_now=market_clock.now)
        self.market = Market(rows=self.rows, now=market_clock.now)
        self.hub = Hub(
            rows=self.rows, facts=self.facts, clock=clock, market=self.market, source=source, instruments=unknown
        )

    def add_instrument(self, instrument: Instrument) -> None:
        """One more instrument can be watched."""
        self.book.add(instrument)
        self.rows.add(instrument)

    def accept(self, tick: Tick) -> None:
        """One tick: the book takes or refuses it. O(1), however many watch."""
        outcome = self.book.apply(tick)
        if isinstance(outcome, Rejected):
            self.rejected_ticks += 1
            return
        self.rows.mark(tick.symbol)
        self._changed_quotes[tick.symbol] = outcome
        if tick.session in (MarketSession.REGULAR, MarketSession.CONTINUOUS):
            self._extend_bar(tick)

    def restore(self, quote: Quote) -> None:
        """A price that was kept over a restart; it shows, with its age, until the first tick."""
        if self.book.restore(quote):
            self.rows.mark(quote.symbol)

    def backfill(self, bars: tuple[Bar, ...]) -> None:
        """Bars of before the first tick of this process or run, oldest first; ticks that were faster are kept."""
        for bar in bars:
            held = self._changed_bars.get((bar.symbol, bar.starts_at))
            whole = bar if held is None else bars_joined(bar, held)
            self._changed_bars[bar.symbol, bar.starts_at] = whole
            still_open = self._open_bars.get(bar.symbol)
            if still_open is None or still_open.starts_at <= bar.starts_at:
                self._open_bars[bar.symbol] = whole

    def note_status(self, status: FeedStatus) -> None:
        """A feed's state changed."""
        self._statuses[status.feed] = status
        self.facts.feeds = [_report(self._statuses[feed]) for feed in sorted(self._statuses)]
        self.hub.status_changed()

    def begin_epoch(self, epoch: str) -> None:
        """Pages can no longer rest on what they hold: every one of them gets a snapshot."""
        self.facts.epoch = epoch
        self.hub.begin_epoch()

    def begin_run(self, epoch: str) -> None:
        """A replay began anew: quotes and bars of the old run no longer count."""
        self.book.forget_quotes()
        self._changed_quotes.clear()
        self._open_bars.clear()
        self._changed_bars.clear()
        self.rows.mark_all()
        self.facts.epoch = epoch
        self.hub.begin_run()

    def beat(self, beat: Beat) -> None:
        """Values what is marked and serves every socket."""
        self.hub.sweep(beat)

    def has_all_first_quotes(self, symbols: frozenset[Symbol]) -> bool:
        """Whether each of `symbols` has a price that a tick of this process made."""
        quotes = (self.book.quote(symbol) for symbol in symbols)
        return all(quote is not None and not quote.is_restored for quote in quotes)

    def take_changes(self) -> tuple[tuple[Quote, ...], tuple[Bar, ...]]:
        """Quotes and bars that changed since the last call: what is to be kept over a restart."""
        changes = tuple(self._changed_quotes.values()), tuple(self._changed_bars.values())
        self._changed_quotes.clear()
        self._changed_bars.clear()
        return changes

    def give_back(self, quotes: tuple[Quote, ...], bars: tuple[Bar, ...]) -> None:
        """Takes back changes that could not be kept; newer ones win."""
        for quote in quotes:
            self._changed_quotes.setdefault(quote.symbol, quote)
        for bar in bars:
            self._changed_bars.setdefault((bar.symbol, bar.starts_at), bar)

    def _extend_bar(self, tick: Tick) -> None:
        held = self._open_bars.get(tick.symbol)
        starts_at = bar_start(tick.source_time)
        bar = bar_extended(held, tick.price) if held is not None and held.starts_at == starts_at else bar_of(tick)
        self._open_bars[tick.symbol] = bar
        self._changed_bars[tick.symbol, starts_at] = bar

    def _judge(self, instrument: Instrument, quote: Quote | None, at: datetime) -> tuple[Quality, MarketSession]:
        calendar = self._calendar_of(instrument)
        cadence = self._cadence.of(instrument)
        quality = quality_of(quote, at=at, calendar=calendar, cadence=cadence, is_replay=self._is_replay)
        return quality, MarketSession.CLOSED if cadence.has_ended(at, calendar) else session_of(at, calendar)


def _report(status: FeedStatus) -> FeedReport:
    return FeedReport(feed=status.feed, state=status.state.value, since=moment(status.since), message=status.message)
