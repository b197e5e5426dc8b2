"""What a feed is: one vendor's market data, behind one interface.

A feed has two sides. The **stream** says prices as they are made: the wanted set is declared, and quotes, statuses and
refused symbols come back; a fault of the network or of the vendor's data is told in a status and never raised. The
**questions** (snapshot, instrument, search, history, rates) are answered one at a time and raise `FeedError`.

Symbols here are the vendor's own, in capitals. What a feed says is not believed yet: the route of an instrument checks it
against the calendar, the last price and other feeds before the quote book sees it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.instruments import Instrument, InstrumentClass, Symbol
from tickfolio.domain.market.bars import DailyBar
from tickfolio.domain.market.quotes import MarketSession
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.feeds.rate_limit import GateState

NO_DELAY = timedelta(0)


class Operation(StrEnum):
    """What a feed can be asked for."""

    STREAM = "stream"
    SNAPSHOT = "snapshot"
    INSTRUMENT = "instrument"
    SEARCH = "search"
    HISTORY = "history"
    CORPORATE_ACTIONS = "corporate actions"
    EXCHANGE_RATES = "exchange rates"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a vendor offers, and on which terms.

    Attributes:
        classes: the kinds of instrument that it knows.
        mics: the exchanges that it covers; None where it covers whatever its vendor knows.
        symbol_limit: how many symbols may be streamed at once; None where the vendor names no limit.
        delay: how old its prices are by contract when they arrive.
        is_simulated: everything that it says is invented; nothing of it may pass for a price of a real market.
        terms: what the operator must know before switching it on, in a sentence or two; shown on the operator's page.
    """

    operations: frozenset[Operation]
    classes: frozenset[InstrumentClass]
    mics: frozenset[str] | None = None
    symbol_limit: int | None = None
    delay: timedelta = NO_DELAY
    needs_key: bool = False
    terms: str = ""
    is_simulated: bool = False

    def can(self, operation: Operation) -> bool:
        """Whether it can be asked for `operation`."""
        return operation in self.operations

    def covers(self, instrument: Instrument) -> bool:
        """Whether it may have prices of `instrument`, by its kind and its exchange."""
        return instrument.instrument_class in self.classes and (self.mics is None or instrument.mic in self.mics)

    def streams(self, instrument: Instrument) -> bool:
        """Whether it may say prices of `instrument` as they are made."""
        return self.can(Operation.STREAM) and self.covers(instrument)

    def streams_listed(self, instrument: Instrument) -> bool:
        """The same of an instrument of the shipped list, which is of a real market: an invented one never prices it."""
        return self.streams(instrument) and not self.is_simulated


@dataclass(frozen=True, slots=True)
class FeedQuote:
    """One price as a vendor said it.

    Attributes:
        price: exactly as the vendor wrote it; above zero is not promised yet.
        source_time: when the market made the price by the vendor's word, UTC; never after `received_time`.
        received_time: when this process got it, UTC.
        previous_close: the close of the session before, where the vendor says one.
        session: the part of the trading day, where the vendor says one.
        currency: as the vendor writes it, such as ``GBp``; empty where it does not say.
        day_volume: units traded since the session began, where the vendor says it.
        is_clamped: the vendor's time was after `received_time` and was cut to it.
        is_snapshot: it answers a question about the latest price, which may be old, and is no news of the market.
    """

    symbol: Symbol
    price: Decimal
    source_time: datetime
    received_time: datetime
    previous_close: Decimal | None = None
    session: MarketSession | None = None
    currency: str = ""
    day_volume: Decimal | None = None
    is_clamped: bool = False
    is_snapshot: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The latest prices of those asked for, and why there is none of the others.

    Attributes:
        refused: the vendor has none, and why.
        failed: the question about it was not answered, or not so that it can be read; it may be asked again.
    """

    quotes: tuple[FeedQuote, ...]
    refused: Mapping[Symbol, str] = field(default_factory=dict)
    failed: frozenset[Symbol] = frozenset()


@dataclass(frozen=True, slots=True)
class History:
    """Finished days of an instrument, oldest first, and the corporate actions that the vendor tells of between them.

    All prices are as they were paid on the day: an adapter whose vendor adjusts for later splits undoes it.
    """

    symbol: Symbol
    bars: tuple[DailyBar, ...]
    actions: tuple[CorporateAction, ...] = ()


@dataclass(frozen=True, slots=True)
class DayRates:
    """Reference rates of one day: units of each currency (by ISO code) for one unit of `pivot`."""

    day: date
    published_at: datetime
    pivot: str
    rates: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class FeedReport:
    """How a feed does, for the operator's page and the metrics.

    Attributes:
        last_data_at: when the last price of the stream arrived (real clock, UTC).
        refused: why, by symbol, the vendor will not stream it.
        quotes: prices received since the start, the ones kept out included.
        kept_out: why prices were kept out at the door, and how many.
        clamped: prices since the start whose time was further ahead of our clock than clocks differ, and was cut to it.
        held: why prices of its stream were held back since the start, and how many, each time that one was said.
        errors: faults of the connection and frames that could not be read, since the start.
        reconnects: connections after the first one.
        budget: requests that may be made at once, by host.
        paused_until: hosts that are left alone for now, and until when.
    """

    name: str
    state: FeedState
    since: datetime
    message: str = ""
    last_data_at: datetime | None = None
    wanted: int = 0
    refused: Mapping[Symbol, str] = field(default_factory=dict)
    quotes: int = 0
    kept_out: Mapping[str, int] = field(default_factory=dict)
    clamped: int = 0
    held: Mapping[str, int] = field(default_factory=dict)
    errors: int = 0
    reconnects: int = 0
    budget: Mapping[str, int] = field(default_factory=dict)
    paused_until: Mapping[str, datetime] = field(default_factory=dict)


class Feed(Protocol):
    """One vendor. Made by its `feed.py` from its `config.py`; tests/feeds/conformance.py is what each must pass."""

    @property
    def name(self) -> str:
        """The source as each quote carries it, such as ``yahoo``."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it offers."""
        ...

    # ---------- The stream ----------

    def want(self, symbols: frozenset[Symbol]) -> None:
        """Declares the whole set that is to be streamed from now on. The feed sends the vendor the difference."""
        ...

    def quotes(self) -> AsyncIterator[FeedQuote]:
        """Prices, newest last, until the task is cancelled; ends only when the feed is stopped or rejected for good.

        Never raises for a fault of the network or of the data. Who reads slowly gets the newest price of each symbol.
        """
        ...

    def statuses(self) -> AsyncIterator[FeedStatus]:
        """Each change of state, the current one first, until the task is cancelled."""
        ...

    def report(self) -> FeedReport:
        """How it does at this moment."""
        ...

    def gates(self) -> Mapping[str, GateState]:
        """What is to be kept of the budgets, by host."""
        ...

    def expect_data(self, judge: Callable[[frozenset[Symbol]], bool]) -> None:
        """Lets `judge` say whether a market of one of the symbols is open now, so that silence means something."""
        ...

    async def stop(self) -> None:
        """Ends the stream and closes connections; it can not be started again."""
        ...

    # ---------- Questions ----------

    async def snapshot(self, symbols: frozenset[Symbol]) -> Snapshot:
        """The latest price of each.

        Raises:
            FeedUnavailable: the vendor does not answer, or must not be asked now.
            FeedRejected: it refuses the key, or the question is outside the subscription.
            FeedDataError: the answer cannot be read.
        """
        ...

    async def instrument(self, symbol: Symbol) -> Instrument | None:
        """What the vendor says `symbol` is; None where it knows none. Raises as `snapshot` does."""
        ...

    async def search(self, text: str) -> tuple[Instrument, ...]:
        """Instruments by name, symbol or ISIN, the best first. Raises as `snapshot` does."""
        ...

    async def history(self, symbol: Symbol, *, first: date, last: date) -> History:
        """The finished days from `first` to `last`, both included; empty for an unknown symbol. Raises as `snapshot` does."""
        ...

    async def rates(self, *, first: date, last: date) -> tuple[DayRates, ...]:
        """Reference rates of the days from `first` to `last`, oldest first. Raises as `snapshot` does."""
        ...
