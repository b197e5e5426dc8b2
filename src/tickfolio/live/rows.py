"""The rows that pages see: one per instrument, with which column changed when.

Ticks only mark (`mark`); `refresh` values the marked ones, once for all who watch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import takewhile

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.quote_book import QuoteBook
from tickfolio.domain.market.quotes import MarketSession, NotAvailable, Quality, Quote
from tickfolio.domain.money import plain
from tickfolio.live.versioned import VersionedRow
from tickfolio.live.wire.codec import PlainQuote, digits, encode, moment, number
from tickfolio.live.wire.framing import Frame
from tickfolio.live.wire.messages import QuoteDelta, QuoteRow

type Judge = Callable[[Instrument, Quote | None, datetime], tuple[Quality, MarketSession]]
"""The quality of an instrument's quote at a moment of the market, and the part of the trading day then."""

_PLAIN_COLUMNS = frozenset({"price", "change_percent", "quality"})


class _Row(VersionedRow[QuoteRow, QuoteDelta]):
    """One symbol's row, and its message of the plain dialect."""

    __slots__ = ("instrument", "plain", "plain_version", "quote")

    def __init__(self, instrument: Instrument, row: QuoteRow, *, version: int) -> None:
        super().__init__(row, QuoteDelta, key=instrument.symbol, version=version)
        self.instrument = instrument
        self.quote: Quote | None = None
        self.plain_version = version
        self.plain: Frame | None = None

    def replace(self, row: QuoteRow, *, version: int) -> list[str]:
        changed = super().replace(row, version=version)
        if changed:
            self.plain = None
        if not _PLAIN_COLUMNS.isdisjoint(changed):
            self.plain_version = version
        return changed


class QuoteRows:
    """All rows, valued on demand from a quote book."""

    def __init__(self, book: QuoteBook, *, judge: Judge, market_now: Callable[[], datetime]) -> None:
        self._book = book
        self._judge = judge
        self._market_now = market_now
        self._rows: dict[Symbol, _Row] = {}
        self._marked: set[Symbol] = set()
        self.version = 0
        for instrument in book.instruments():
            self._rows[instrument.symbol] = _Row(instrument, self._valued(instrument), version=0)
        # In the order in which they last changed, so that what changed lately is found without a look at all the others.
        self._by_change: dict[Symbol, None] = dict.fromkeys(self._rows)
        self._by_plain_change: dict[Symbol, None] = dict.fromkeys(self._rows)

    def __contains__(self, symbol: object) -> bool:
        return symbol in self._rows

    def symbols(self) -> tuple[Symbol, ...]:
        """All symbols that have a row, in order."""
        return tuple(sorted(self._rows))

    def add(self, instrument: Instrument) -> None:
        """One more row, or the row of an instrument of which more is known by now."""
        held = self._rows.get(instrument.symbol)
        if held is None:
            row = self._rows[instrument.symbol] = _Row(instrument, self._valued(instrument), version=self.version)
            self._note_change(instrument.symbol, row, self.version)
        else:
            held.instrument = instrument
        self._marked.add(instrument.symbol)

    def mark(self, symbol: Symbol) -> None:
        """Notes that `symbol` has a new quote: all that a tick costs here."""
        self._marked.add(symbol)

    def mark_all(self) -> None:
        """Notes that every row may have changed: a new run began."""
        self._marked.update(self._rows)

    def mark_aged(self) -> None:
        """Time passed: notes the rows whose quality or session is another by now."""
        at = self._market_now()
        for symbol, row in self._rows.items():
            quality, session = self._judge(row.instrument, self._book.quote(symbol), at)
            if quality.value != row.row.quality or session.value != row.row.session:
                self._marked.add(symbol)

    def refresh(self) -> int:
        """Values what is marked; the version afterwards."""
        if self._marked:
            version = self.version + 1
            for symbol in self._marked:
                row = self._rows.get(symbol)
                if row is not None:
                    row.quote = self._book.quote(symbol)
                    row.replace(self._valued(row.instrument), version=version)
                    self._note_change(symbol, row, version)
            self._marked.clear()
            self.version = version
        return self.version

    def _note_change(self, symbol: Symbol, row: _Row, version: int) -> None:
        if row.version == version:
            self._by_change.pop(symbol, None)
            self._by_change[symbol] = None
        if row.plain_version == version:
            self._by_plain_change.pop(symbol, None)
            self._by_plain_change[symbol] = None

    def changed_since(self, version: int) -> list[Symbol]:
        """All symbols whose row changed after `version`, in order."""
        return sorted(takewhile(lambda symbol: self._rows[symbol].version > version, reversed(self._by_change)))

    def changed(self, symbols: Iterable[Symbol], *, since: int) -> list[Symbol]:
        """Those of `symbols` whose row changed after version `since`."""
        return [symbol for symbol in symbols if self._rows[symbol].version > since]

    def plain_changed(self, *, since: int) -> list[Symbol]:
        """Symbols whose price, change or quality changed after version `since`, in order."""
        return sorted(
            takewhile(lambda symbol: self._rows[symbol].plain_version > since, reversed(self._by_plain_change))
        )

    def row(self, symbol: Symbol) -> QuoteRow:
        """The row of `symbol`, as of the last refresh."""
        return self._rows[symbol].row

    def find(self, symbol: Symbol) -> QuoteRow | None:
        """The same, or None where the symbol has no row."""
        row = self._rows.get(symbol)
        return None if row is None else row.row

    def quote(self, symbol: Symbol) -> Quote | None:
        """The quote that the row of `symbol` shows; None where it shows none or there is no row."""
        row = self._rows.get(symbol)
        return None if row is None else row.quote

    def full_fragment(self, symbol: Symbol) -> bytes:
        """The whole row, encoded at most once per change."""
        return self._rows[symbol].full_fragment()

    def delta_fragment(self, symbol: Symbol, *, since: int) -> bytes:
        """The columns that changed after version `since`, encoded at most once per change and `since`."""
        return self._rows[symbol].delta_fragment(since=since)

    def plain_version(self, symbol: Symbol) -> int:
        """The version at which the price, change or quality of `symbol` last changed."""
        return self._rows[symbol].plain_version

    def plain_frame(self, symbol: Symbol) -> Frame:
        """The message of the plain dialect, encoded and framed at most once per change."""
        row = self._rows[symbol]
        if row.plain is None:
            row.plain = Frame(encode(_plain_quote(symbol, row)))
        return row.plain

    def _valued(self, instrument: Instrument) -> QuoteRow:
        quote = self._book.quote(instrument.symbol)
        quality, session = self._judge(instrument, quote, self._market_now())
        return quote_row(instrument, quote, quality=quality, session=session)


def quote_row(instrument: Instrument, quote: Quote | None, *, quality: Quality, session: MarketSession) -> QuoteRow:
    """The row of `instrument` as pages see it; decimals as text with at least the instrument's own places."""
    places = instrument.price_places
    change = quote.change if quote else NotAvailable("no price yet")
    percent = quote.change_percent if quote else NotAvailable("no price yet")
    return QuoteRow(
        name=instrument.name,
        currency=instrument.quoted_in,
        price_places=places,
        price=digits(quote.price if quote else None, places=places),
        previous_close=digits(quote.previous_close if quote else None, places=places),
        change=None if isinstance(change, NotAvailable) else digits(change, places=places),
        change_percent=None if isinstance(percent, NotAvailable) else plain(percent),
        quality=quality.value,
        session=session.value,
        session_day=quote.session_day.isoformat() if quote else None,
        source=quote.source if quote else "",
        source_time=moment(quote.source_time) if quote else None,
        received_time=moment(quote.received_time) if quote else None,
    )


def _plain_quote(symbol: Symbol, row: _Row) -> PlainQuote:
    shown = row.row
    return PlainQuote(
        symbol=symbol,
        price=number(shown.price),
        change=number(shown.change_percent),
        currency=shown.currency,
        previous_close=number(shown.previous_close),
        time=shown.source_time,
        quality=shown.quality,
        source=shown.source,
    )
