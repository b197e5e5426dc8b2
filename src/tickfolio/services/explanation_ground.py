"""What explanations stand on: a ledger as it was known, a moment of the market with its prices, and the days until then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from tickfolio.domain.explain.finished_days import FinishedDay
from tickfolio.domain.explain.flow_records import FlowRecord
from tickfolio.domain.explain.followed import Followed
from tickfolio.domain.explain.measured import Measured, measured
from tickfolio.domain.explain.standing import Sources, Standing, Standings
from tickfolio.domain.instruments import PRIVATE_MIC, Symbol
from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.domain.market.quotes import Quote
from tickfolio.domain.performance.daily_values import ValueRow
from tickfolio.domain.performance.spans import Span
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.spans import span_ends
from tickfolio.domain.valuation.windows import day_begins, day_ends
from tickfolio.errors import InvalidValue
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.benchmarks import followed, possible_benchmarks, require_possible
from tickfolio.services.book_prices import price_of
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.flow_valuations import RATES_FROM, flow_records
from tickfolio.services.folded_books import FoldedBook, folded_book
from tickfolio.services.known_books import Known, known_now, known_shelf
from tickfolio.services.ledgers import Shelf, shelf_of
from tickfolio.services.portfolio_series import SeriesNow, first_day, series_now
from tickfolio.services.price_history import close_histories, closes_from
from tickfolio.services.valuations import RecordedMarket, recorded_market
from tickfolio.words import phrase


@dataclass(frozen=True, slots=True)
class Frozen:
    """All that an explanation depends on besides facts that never change.

    Attributes:
        at: the moment of the market.
        known_by: the moment of real time that `known` is of, where one was asked for.
        quotes: of the instruments of the portfolio and of the benchmark, where one counts, as they were then.
    """

    known: Known
    at: datetime
    quotes: tuple[Quote, ...]
    known_by: datetime | None = None


class Ground:
    """One portfolio at a frozen moment. What is not asked for is not worked out."""

    def __init__(self, actor: Actor, portfolio_id: str, frozen: Frozen) -> None:
        self._actor, self._portfolio_id = actor, portfolio_id
        self.frozen, self.at = frozen, frozen.at

    def freeze(self, quotes: Mapping[Symbol, Quote], *, beside: str = "") -> None:
        """Keeps those of the instruments that are booked and of a benchmark, as they are at the moment; before anything is valued."""
        booked = self._folded.booked
        # A feed means something else by the symbol of what only the portfolio knows.
        needed = {symbol for symbol in booked if self.book.instrument(symbol).mic != PRIVATE_MIC} | {beside}
        self.frozen = replace(self.frozen, quotes=tuple(quotes[symbol] for symbol in sorted(quotes.keys() & needed)))

    @property
    def book(self) -> PortfolioBook:
        """The ledger; the one that is kept in memory where nothing has changed since."""
        return self._folded.book

    @cached_property
    def _folded(self) -> FoldedBook:
        known = self.frozen.known
        if known_now(actor=self._actor, portfolio_id=self._portfolio_id).is_of_same_ledger(known):
            with self._shelf() as shelf:
                held = shelf.refresh()
                if (held.head, held.actions) == (known.head, known.actions):
                    return folded_book(self._portfolio_id, held.book)
        return FoldedBook(self._known.held().book)

    @cached_property
    def _is_current(self) -> bool:
        """Whether the ledger in memory is the one that counts, with the closes and rates of then."""
        known, now = self.frozen.known, known_now(actor=self._actor, portfolio_id=self._portfolio_id)
        is_of_same_facts = known.bars in (None, now.bars) and known.rates in (None, now.rates)
        return is_of_same_facts and known.is_of_same_ledger(now)

    @cached_property
    def _known(self) -> Shelf:
        return known_shelf(
            actor=self._actor,
            portfolio_id=self._portfolio_id,
            known=self.frozen.known,
        )

    def _shelf(self) -> AbstractContextManager[Shelf]:
        return shelf_of(actor=self._actor, portfolio_id=self._portfolio_id)

    @property
    def today(self) -> date:
        """The day that the moment is in."""
        return self.at.astimezone(self.book.zone).date()

    @cached_property
    def market(self) -> RecordedMarket:
        """The prices of the moment."""
        quotes = {quote.symbol: quote for quote in self.frozen.quotes}
        return RecordedMarket(self.at, quotes, dict(self.book.instruments))

    def followed(self, symbol: str) -> Followed:
        """An instrument as a benchmark of the portfolio.

        Raises:
            InvalidValue: it has no history, or became something else.
        """
        recorded = recorded_market()
        require_possible(symbol, possible_benchmarks(recorded))
        return followed(
            recorded.instruments[Symbol(symbol)],
            self.book,
            self.sources,
            at=self.at,
            quote=self.market.quotes.get(Symbol(symbol)),
            actions=self.frozen.known.actions,
            histories=close_histories(upto=self.frozen.known.bars),
        )

    @cached_property
    def sources(self) -> Sources:
        """Where the prices of finished sessions and the rates are from."""
        known = self.frozen.known
        return Sources(
            price_of(self.book, upto=known.bars), rate_table_now(upto=known.rates), closes_from(), RATES_FROM
        )

    @cached_property
    def standings(self) -> Standings:
        """The moments of the portfolio."""
        return Standings(self.book, self.sources, until=self.at, today=self.today, now=lambda: self.now)

    @cached_property
    def now(self) -> Standing:
        """The portfolio at the moment."""
        return self._folded.standing(self.market, at=self.at, sources=self.sources)

    def finished(self, day: date) -> FinishedDay:
        """A day that is over."""
        span = day_begins(day, self.book.zone), day_ends(day, self.book.zone)
        sources = self.sources
        ends = span_ends(self.book, span, price_of=sources.price_of, rates=sources.rates, source=sources.prices_from)
        return FinishedDay(ends, self.standings)

    @cached_property
    def begun(self) -> date | None:
        """The first day; None where nothing was booked by the moment."""
        return first_day(self.book, self.at)

    @cached_property
    def _days(self) -> SeriesNow:
        found = self._kept_days() if self._is_current else None
        found = found or series_now(self._known, self._known.held(), self.market)
        assert found is not None
        return found

    def _kept_days(self) -> SeriesNow | None:
        """Those of the ledger in memory; None where that has gone on meanwhile."""
        with self._shelf() as shelf:
            held = shelf.refresh()
            return series_now(shelf, held, self.market) if held.book is self.book else None

    def sessions(self, keep: Callable[[ValueRow], bool] | None) -> frozenset[date] | None:
        """The finished days with a session of something held; None where only markets are held that never close."""
        return self._days.sessions(keep)

    @cached_property
    def _records(self) -> Mapping[TransactionId, FlowRecord]:
        ledgers = [account.ledger for account in self.standings.latest().live.accounts()]
        return flow_records(self._portfolio_id, self.book, ledgers, at=self.at)

    def measured(self, span: Span, *, keep: Callable[[ValueRow], bool] | None, name: str) -> Measured:
        """The days of a span, of the whole portfolio or of a part of it.

        Raises:
            InvalidValue: nothing of that part was ever there.
        """
        series = self._days.series
        if keep is not None and not any(map(keep, series.rows().values())):
            raise InvalidValue(phrase("Expected what is or was a part of the portfolio, was {name}.", name=name))
        return measured(
            self.standings,
            series,
            first=span.first,
            last=span.last,
            keep=keep,
            name=name,
            records=lambda: self._records,
        )
