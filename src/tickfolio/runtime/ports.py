"""What the running process asks of its surroundings; `services` and `persistence` implement it, `config` connects them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from tickfolio.domain.corporate_actions import CorporateAction, Split
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.bars import Bar
from tickfolio.domain.market.fx import RateTable
from tickfolio.domain.market.plausibility import HeldPrice
from tickfolio.domain.market.quotes import Quote
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.feeds.feed import DayRates, FeedReport, History
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.feeds.rate_limit import GateState
from tickfolio.live.ports import LedgerEvent, Standing
from tickfolio.live.viewer import Rights


@dataclass(frozen=True, slots=True)
class MarketChanges:
    """What the market did since the last record.

    Attributes:
        clock: the market clock's position, or None where the market's time is the real one.
        drops_old_run: a new run of a replay began; quotes and bars of the old one go.
        recorded_at: real clock, UTC.
    """

    quotes: tuple[Quote, ...]
    bars: tuple[Bar, ...]
    corporate_actions: tuple[CorporateAction, ...]
    clock: ClockPosition | None
    source: str
    recorded_at: datetime
    drops_old_run: bool = False


@dataclass(frozen=True, slots=True)
class FeedNews:
    """Something that happened to a feed or a route; `kind` is ``state``, ``move``, ``held`` or ``released``."""

    at: datetime
    kind: str
    feed: str
    symbol: str
    text: str


@dataclass(frozen=True, slots=True)
class HeldNow:
    """A price that is held back at this moment."""

    symbol: Symbol
    price: HeldPrice


@dataclass(frozen=True, slots=True)
class FeedsNow:
    """How the feeds do at the real moment `at`, and what happened since the last time.

    Attributes:
        held: the prices in quarantine; None of a replay, which has one feed for ever, asks no host, and whose prices nobody doubts.
    """

    at: datetime
    reports: tuple[FeedReport, ...]
    gates: Mapping[str, GateState]
    news: tuple[FeedNews, ...]
    held: tuple[HeldNow, ...] | None


@dataclass(frozen=True, slots=True)
class InstrumentDecisions:
    """What the operator decided of single instruments.

    Attributes:
        orders: the feeds of those that have an order of their own, the preferred one first.
        delisted: from which day of its exchange on an instrument is traded no more.
    """

    orders: Mapping[Symbol, tuple[str, ...]] = field(default_factory=dict)
    delisted: Mapping[Symbol, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HistoryWanted:
    """Finished days that are to be asked for: those of an instrument from `first` to `last`, both included.

    Attributes:
        actions_until: the last day of which corporate actions are asked for, where that is later than `last`: a day that is not
            over has no close, and what happens on it counts from its opening.
    """

    symbol: Symbol
    first: date
    last: date
    actions_until: date | None = None

    @property
    def asked_until(self) -> date:
        """The last day that is asked of a feed."""
        return self.last if self.actions_until is None else self.actions_until


@dataclass(frozen=True, slots=True)
class HistoryKnown:
    """What is recorded of the last finished days of an instrument: closes as they were paid, oldest first, and splits."""

    symbol: Symbol
    closes: tuple[tuple[date, Decimal], ...]
    splits: tuple[Split, ...]


@dataclass(frozen=True, slots=True)
class HistoryMemory:
    """What is kept of finished days and of exchange rates. Each function may take a while and is called from threads only.

    Attributes:
        wanted: the days to ask for next, given those that can be asked for now, those that somebody watches, and the real
            moment; None where nothing is missing.
        record: keeps what a feed said (its name, or nothing where no feed has these days), and gives what is known now.
        postpone: notes why days could not be had, and until when they are left alone.
        wanted_at_once: the days to ask for where an instrument may have been split, which it may be asked at any time; None
            where its history is not fetched, or has not come that far.
        known: what is recorded of every instrument that is booked.
        rates_wanted: the first and the last day of exchange rates to ask for at a real moment; None where none are missing.
        record_rates: keeps them, by the name of their source, at a real moment; how many facts were appended.
    """

    wanted: Callable[[frozenset[Symbol], frozenset[Symbol], datetime], HistoryWanted | None]
    record: Callable[[HistoryWanted, str, History | None, datetime], HistoryKnown]
    postpone: Callable[[HistoryWanted, str, datetime], None]
    wanted_at_once: Callable[[Symbol, datetime], HistoryWanted | None]
    known: Callable[[], tuple[HistoryKnown, ...]]
    rates_wanted: Callable[[datetime], tuple[date, date] | None]
    record_rates: Callable[[str, tuple[DayRates, ...], datetime], int]


@dataclass(frozen=True, slots=True)
class MarketMemory:
    """What is kept of the market over a restart, and how more is kept. Each function is one database transaction.

    Attributes:
        instruments: all that are known, for a live market; a replay brings its own.
        register_found: writes down what a feed found, and gives it as it is kept.
        booked: the symbols of all transactions.
        gates: what was left of each host's budget, so that a restart is no way around it.
        keep_feeds: keeps how the feeds do; the held prices that an operator has released, by symbol.
        decided: what the operator decided of single instruments.
        propose: takes corporate actions that a feed told of with a history, and the feed's name; records those that can be, and
            the same ones only once.
        history: of a live market's finished days and exchange rates; None where none are fetched.
        lists_all: whether everybody may be told of all instruments that are known.
    """

    register: Callable[[tuple[Instrument, ...]], None]
    record: Callable[[MarketChanges], None]
    last_quotes: Callable[[], tuple[Quote, ...]]
    last_clock: Callable[[], ClockPosition | None]
    instruments: Callable[[], tuple[Instrument, ...]] = tuple
    register_found: Callable[[Instrument], Instrument] = lambda instrument: instrument
    booked: Callable[[], frozenset[Symbol]] = frozenset
    gates: Callable[[], Mapping[str, GateState]] = dict
    keep_feeds: Callable[[FeedsNow], Mapping[Symbol, Decimal]] = lambda _now: {}
    decided: Callable[[], InstrumentDecisions] = InstrumentDecisions
    propose: Callable[[tuple[CorporateAction, ...], str], None] = lambda _actions, _source: None
    history: HistoryMemory | None = None
    lists_all: bool = True


@dataclass(frozen=True, slots=True)
class StoredPortfolio:
    """A portfolio as the database has it, and what was booked after the head that was known before, oldest first."""

    standing: Standing
    book: PortfolioBook
    events: tuple[LedgerEvent, ...]


@dataclass(frozen=True, slots=True)
class PortfolioMemory:
    """What is kept of portfolios and people. Each function may take a while and is called from threads only.

    Attributes:
        load: a portfolio by its id, and what happened since the head that is known, if any; None where it is gone.
        standings: where portfolios stand, by id; without those that are gone.
        rights: by user id, what each person may watch and which of the given sessions still stand. It may leave out people
            who are not there any more.
        rates: the exchange rates.
        probe: asks the database for nothing but an answer. Raises whatever it says where there is none.
        purge: lets go of what is kept of removed files for a time only, given the real moment; how many files that were.
    """

    load: Callable[[str, int | None], StoredPortfolio | None]
    standings: Callable[[frozenset[str]], Mapping[str, Standing]]
    rights: Callable[[Mapping[int, frozenset[str]]], Mapping[int, Rights]]
    rates: Callable[[], RateTable]
    probe: Callable[[], None] = lambda: None
    purge: Callable[[datetime], int] = lambda _now: 0


@dataclass(frozen=True, slots=True)
class DaysCompared:
    """How many finished days of a portfolio were in memory and stored, and which of them were not the same."""

    days: int = 0
    differing: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesMemory:
    """The stored days of portfolios. Each function may take a while and is called from threads only.

    Attributes:
        behind: the portfolios whose stored days are not those of now, with the heads of their ledgers.
        extend: works out and writes what is missing of one of them, or is another by now; how many days that were.
        compare: those of a portfolio that are in memory against those that are stored.
    """

    behind: Callable[[], Mapping[str, int]]
    extend: Callable[[str], int]
    compare: Callable[[str], DaysCompared] = lambda _portfolio: DaysCompared()
