"""One portfolio in memory: its live valuation, what pages see of it, and how far it is loaded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.fx import RateTable
from tickfolio.domain.market.quotes import Quality, Quote
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.valuation import Row, Valuation
from tickfolio.live.portfolio_figures import moved_row, portfolio_row, portfolio_totals
from tickfolio.live.portfolio_rows import PortfolioRows
from tickfolio.live.ports import LedgerEvent, LoadedPortfolio, Standing
from tickfolio.live.resuming import REMEMBERED_EVENTS
from tickfolio.live.rows import QuoteRows
from tickfolio.live.wire.messages import QuoteRow
from tickfolio.live.wire.portfolio_messages import PortfolioRow
from tickfolio.live.wire.vocabulary import QualityName, SessionName

_QUALITIES: dict[QualityName, Quality] = {quality.value: quality for quality in Quality}


@dataclass(frozen=True, slots=True)
class Market:
    """What portfolios are valued with: the rows of quotes as of the last refresh, and the market's moment."""

    rows: QuoteRows
    now: Callable[[], datetime]

    def quote(self, symbol: Symbol) -> Quote | None:
        """The quote that pages see, or None where no feed knows the symbol or there is no price yet."""
        return self.rows.quote(symbol)

    def quoted(self, row: Row) -> QuoteRow | None:
        """What pages see of the quote that `row` has; None where it has another, as one that its owner typed."""
        symbol = row.symbol
        if row.quote is None or symbol is None or self.rows.quote(symbol) is not row.quote:
            return None
        return self.rows.row(symbol)

    def quality(self, symbol: Symbol) -> Quality:
        """The quality of that quote."""
        row = self.rows.find(symbol)
        return Quality.UNPRICED if row is None else _QUALITIES[row.quality]

    def session(self, symbol: Symbol | None) -> SessionName:
        """The part of the trading day that the symbol's market is in."""
        row = None if symbol is None else self.rows.find(symbol)
        return "closed" if row is None else row.session


@dataclass(frozen=True, slots=True)
class Sample:
    """A valuation as pages see it, with all that it rests on: who values the same anew must come to the same."""

    portfolio: str
    book: PortfolioBook
    rates: RateTable
    at: datetime
    quotes: Mapping[Symbol, Quote]
    qualities: Mapping[Symbol, Quality]
    valuation: Valuation


class WatchedPortfolio:
    """A portfolio that somebody watches, or did a short while ago.

    Attributes:
        dirty: symbols of it whose quote changed since the last valuation.
        events: what was booked and not told yet, oldest first.
        told: the last events that were told.
        rows: what pages see; None until it is valued, and while it must be folded anew.
        is_loading: whether an answer of the source is awaited.
        is_void: whether that answer rests on what has become void meanwhile.
        standing: what it rests on; None before the first answer of the source.
        heard_head: the newest head that was heard of since the last reading began, which has all that was booked before.
        idle_since: since when nobody watches it.
    """

    def __init__(self, portfolio: str) -> None:
        self.id = portfolio
        self.standing: Standing | None = None
        self.heard_head = 0
        self.dirty: set[Symbol] = set()
        self.events: list[LedgerEvent] = []
        self.told: deque[LedgerEvent] = deque(maxlen=REMEMBERED_EVENTS)
        self.rows: PortfolioRows | None = None
        self.is_loading = False
        self.is_void = False
        self.idle_since: float | None = None
        self._loaded: LoadedPortfolio | None = None
        self._spare: LivePortfolio | None = None
        self._valued: dict[str, Row] = {}
        self._is_new = False
        self._last: tuple[datetime, Valuation] | None = None

    @property
    def symbols(self) -> frozenset[Symbol]:
        """All symbols that it needs quotes of."""
        return frozenset() if self._loaded is None else self._loaded.symbols

    @property
    def is_behind(self) -> bool:
        """Whether the ledger is known to have gone on since it was read."""
        return self.standing is None or self.heard_head > self.standing.head

    def take(self, loaded: LoadedPortfolio) -> None:
        """Rests on what was read now; what pages see follows with the next valuation."""
        self._spare = None if self._loaded is None else self._loaded.live
        self._loaded = loaded
        self.standing = loaded.standing
        self.events += loaded.events
        self._is_new = True
        self.dirty.clear()

    def lend_spare(self) -> LivePortfolio | None:
        """The live portfolio of before the last reading, to be renewed by the next one; it is given away once."""
        spare, self._spare = self._spare, None
        return spare

    def forget_valuation(self) -> None:
        """What is known of it is void: it must be read and folded anew."""
        self._spare = None if self._loaded is None else self._loaded.live
        self._loaded = None
        self.rows = None
        self._valued = {}
        self._last = None

    def needs_valuation(self, *, is_housekeeping: bool) -> bool:
        """Whether a beat has to look at it: a quote or the ledger changed, or time may have changed something."""
        return self._loaded is not None and (is_housekeeping or self._is_new or bool(self.dirty))

    def value(self, market: Market) -> None:
        """Values what changed; the rows are of the market's moment afterwards."""
        loaded = self._loaded
        if loaded is None:
            return
        only, at = None if self._is_new else frozenset(self.dirty), market.now()
        valuation = loaded.live.value(
            quote_of=market.quote, quality_of=market.quality, rates=loaded.rates, at=at, only=only
        )
        rows = {row.key: row for row in valuation.rows}
        changed = {
            key: self._shown(row, before, market)
            for key, row in rows.items()
            if row is not (before := self._valued.get(key)) or row.symbol in self.dirty
        }
        totals = portfolio_totals(valuation.totals)
        if self.rows is None:
            self.rows = PortfolioRows(totals, changed, ledger=loaded.standing.head)
        else:
            gone = [key for key in self._valued if key not in rows]
            self.rows.show(totals, changed, gone=gone, ledger=loaded.standing.head)
        news = self.symbols if self._is_new else self.dirty
        self.rows.note_quotes(quote for symbol in news if (quote := market.quote(symbol)) is not None)
        self._valued = rows
        self._is_new = False
        self.dirty.clear()
        self._last = at, valuation

    def _shown(self, row: Row, before: Row | None, market: Market) -> PortfolioRow:
        """What pages see of a row; `before` is the one that it takes the place of."""
        quoted = market.quoted(row)
        session = market.session(row.symbol) if quoted is None else quoted.session
        if before is None or self.rows is None:
            return portfolio_row(row, session=session, quoted=quoted)
        return moved_row(self.rows.row(row.key), before, row, session=session, quoted=quoted)

    def sample(self, market: Market) -> Sample | None:
        """The last valuation; None where there is none, or where something has changed since that it does not know."""
        loaded = self._loaded
        if loaded is None or self._last is None or self._is_new or self.dirty:
            return None
        at, valuation = self._last
        return Sample(
            portfolio=self.id,
            book=loaded.live.book,
            rates=loaded.rates,
            at=at,
            quotes={symbol: quote for symbol in self.symbols if (quote := market.quote(symbol)) is not None},
            qualities={symbol: market.quality(symbol) for symbol in self.symbols},
            valuation=valuation,
        )
