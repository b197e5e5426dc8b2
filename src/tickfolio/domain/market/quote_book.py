"""The latest accepted price of each instrument."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.quotes import Quote, Tick


class Rejection(StrEnum):
    """Why a tick was not accepted."""

    UNKNOWN_INSTRUMENT = "unknown_instrument"
    OUT_OF_ORDER = "out_of_order"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A tick that the book did not take."""

    tick: Tick
    reason: Rejection


class QuoteBook:
    """Newest accepted quote by symbol; each accepted tick gets the next version of the book."""

    def __init__(self, instruments: Iterable[Instrument] = ()) -> None:
        self._instruments = {instrument.symbol: instrument for instrument in instruments}
        self._quotes: dict[Symbol, Quote] = {}
        self._version = 0

    @property
    def version(self) -> int:
        """How many ticks the book has accepted."""
        return self._version

    def instrument(self, symbol: Symbol) -> Instrument | None:
        """The instrument of that symbol, or None."""
        return self._instruments.get(symbol)

    def instruments(self) -> tuple[Instrument, ...]:
        """All instruments, by symbol."""
        return tuple(self._instruments[symbol] for symbol in sorted(self._instruments))

    def add(self, instrument: Instrument) -> None:
        """Makes one more instrument known, or changes what is known of one; its quote stays."""
        self._instruments[instrument.symbol] = instrument

    def quote(self, symbol: Symbol) -> Quote | None:
        """The latest accepted quote, or None where there has been none."""
        return self._quotes.get(symbol)

    def apply(self, tick: Tick) -> Quote | Rejected:
        """Takes `tick` as the newest quote, or says why not.

        A tick must not be older than what the book holds. An equal time with another price counts as newer: sources
        print several trades in one instant, in order.
        """
        if tick.symbol not in self._instruments:
            return Rejected(tick, Rejection.UNKNOWN_INSTRUMENT)
        held = self._quotes.get(tick.symbol)
        if held is not None:
            if tick.source_time < held.source_time:
                return Rejected(tick, Rejection.OUT_OF_ORDER)
            if _repeats(tick, held) and not held.is_restored:
                return Rejected(tick, Rejection.DUPLICATE)
        self._version += 1
        quote = _quote_of(tick, version=self._version)
        self._quotes[tick.symbol] = quote
        return quote

    def restore(self, quote: Quote) -> bool:
        """Puts back a price that was kept over a restart, marked as such; False where a tick was faster or it is unknown."""
        if quote.symbol not in self._instruments or quote.symbol in self._quotes:
            return False
        self._version += 1
        self._quotes[quote.symbol] = quote.but(version=self._version, is_restored=True)
        return True

    def is_ahead_of(self, moment: datetime) -> bool:
        """Whether a price is of later than `moment` (UTC)."""
        return any(quote.source_time > moment for quote in self._quotes.values())

    def forget_quotes(self) -> None:
        """Drops all quotes, as a new run of a replay does; versions go on."""
        self._quotes.clear()


def _repeats(tick: Tick, held: Quote) -> bool:
    return (tick.source_time, tick.price, tick.previous_close, tick.session) == (
        held.source_time,
        held.price,
        held.previous_close,
        held.session,
    )


def _quote_of(tick: Tick, *, version: int) -> Quote:
    return Quote(
        symbol=tick.symbol,
        price=tick.price,
        previous_close=tick.previous_close,
        session_day=tick.session_day,
        session=tick.session,
        source_time=tick.source_time,
        received_time=tick.received_time,
        source=tick.source,
        version=version,
    )
