"""A portfolio at one moment, with all that its figures rest on then.

**Source**: docs/reference/definitions.md, section Valuation and coverage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tickfolio.domain.explain.nodes import Explained
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.held_units import HeldUnits
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.ledger.touches import accounts_of, symbols_of
from tickfolio.domain.ledger.transactions import AccountId, Transaction, TransactionId, in_ledger_order
from tickfolio.domain.market.fx import RateTable
from tickfolio.domain.market.quotes import Quality, Quote
from tickfolio.domain.valuation.base_rates import CurrentRates
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.holdings import HoldingSums, holding_sums
from tickfolio.domain.valuation.references import PriceOf, closing_quote
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.valuation import Row, Valuation
from tickfolio.domain.valuation.windows import Days, OneSpan, PriceDay, report_day

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where prices of finished sessions and exchange rates are from."""

    price_of: PriceOf
    rates: RateTable
    prices_from: str
    rates_from: str


@dataclass(frozen=True, slots=True)
class UnitsChanged:
    """What one transaction made of the units of a holding."""

    transaction: Transaction
    before: Decimal
    after: Decimal


class Standing:
    """A portfolio at `at`, and the figures that were explained of it, each once.

    Attributes:
        live: of the book, at that moment, and left there: others may be valued on the same ledgers, but none goes on with them.
    """

    def __init__(
        self,
        book: PortfolioBook,
        live: LivePortfolio,
        valuation: Valuation,
        *,
        at: datetime,
        days: Days,
        sources: Sources,
    ) -> None:
        self.book, self.live, self.valuation, self.at, self.sources = book, live, valuation, at, sources
        self.facts = live.facts(sources.rates)
        self.rates = CurrentRates(self.facts, at)
        self.day_start = days.cash_since(at, book.zone)
        self.transactions: dict[TransactionId, Transaction] = {each.id: each for each in book.transactions}
        self._days = days
        self._explained: dict[tuple[str, ...], Explained] = {}
        self._kept: dict[str, object] = {}
        self._rows = {row.key: row for row in valuation.rows}

    @property
    def places(self) -> int:
        """Of the smallest coin of the base currency."""
        return self.book.base.minor_unit

    def once(self, key: tuple[str, ...], make: Callable[[], Explained]) -> Explained:
        """The figure of that key, made where it was not yet."""
        found = self._explained.get(key)
        if found is None:
            found = self._explained[key] = make()
        return found

    def kept[T](self, key: str, make: Callable[[], T], kind: type[T]) -> T:
        """What several figures of the row of that key are made of, made where it was not yet."""
        found = self._kept.get(key)
        if not isinstance(found, kind):
            found = self._kept[key] = make()
        return found

    def row(self, key: str) -> Row | None:
        """The row of that key; None where there is none at the moment."""
        return self._rows.get(key)

    def position(self, account: AccountId, symbol: Symbol) -> Position:
        """What an account holds of an instrument."""
        return self.live.account(account).ledger.position(symbol)

    def price_day(self, row: Row) -> PriceDay:
        """What the price of a holding belongs to."""
        if row.quote is None or row.instrument is None:
            return report_day(self.day_start)
        if row.instrument.symbol in self.book.prices:
            typed = self._days.day_by_hand(row.quote, at=self.at, zone=self.book.zone)
            if typed is not None:
                return typed
        return self._days.day_of(row.instrument, row.quote, at=self.at)

    def units_of(self, account: AccountId, symbol: Symbol) -> list[UnitsChanged]:
        """What changed the units of a holding until now, in order."""
        changed = self.live.settled("units", _Units, lambda: _units_by_holding(self.book, self.at))
        return changed.get((account, symbol), [])

    def sums(self, row: Row) -> HoldingSums:
        """What a holding with a price is made of besides prices and rates of the moment.

        Raises:
            MissingRate: no source gives a rate that is needed.
        """
        assert row.symbol is not None
        assert row.instrument is not None
        # For one price day and one beginning of the day at a time: they are the same for hours, and the next ones take their place.
        known = self.live.settled("sums", _KnownSums, _KnownSums)
        place, of = (row.account, row.symbol), (self.price_day(row), self.day_start)
        found = known.get(place)
        if found is None or found[0] != of:
            position = self.position(row.account, row.symbol)
            made = holding_sums(position, of[0], instrument=row.instrument, day_start=self.day_start, rates=self.facts)
            found = known[place] = of, made
        return found[1]


class _Units(dict[tuple[AccountId, Symbol], list[UnitsChanged]]):
    """What changed the units of holdings."""


class _KnownSums(dict[tuple[AccountId, Symbol], tuple[tuple[PriceDay, datetime], HoldingSums]]):
    """The sums of holdings, with what they are of."""


def _units_by_holding(book: PortfolioBook, at: datetime) -> _Units:
    held, found = HeldUnits(), _Units()
    for each in in_ledger_order(book.transactions):
        symbols = symbols_of(each) if each.at <= at else ()
        places = [(account, symbol) for account in accounts_of(each) for symbol in symbols]
        before = {place: held.held(*place) for place in places}
        if symbols:
            held.book(each)
        for place, units in before.items():
            if held.held(*place) != units:
                found.setdefault(place, []).append(UnitsChanged(each, units, held.held(*place)))
    return found


class Standings:
    """The moments of one book: the ends of finished days, each worked out where it is asked for, and the present one."""

    def __init__(
        self,
        book: PortfolioBook,
        sources: Sources,
        *,
        until: datetime,
        today: date | None = None,
        now: Callable[[], Standing] | None = None,
    ) -> None:
        """Takes what makes the present moment, which is in `today`, where there is one, and the last moment that counts."""
        self.book, self.sources, self.until = book, sources, until
        self._today, self._make_now = today, now
        self._now: Standing | None = None
        self._ends: dict[datetime, Standing] = {}

    def end_of(self, day: date, ends_at: datetime) -> Standing:
        """The moment at which a day ended, or the present one of today."""
        return self.latest() if self._make_now is not None and day == self._today else self.at(ends_at)

    def at(self, moment: datetime) -> Standing:
        """A moment of a finished day."""
        found = self._ends.get(moment)
        if found is None:
            found = self._ends[moment] = standing_at(self.book, moment, self.sources)
        return found

    def latest(self) -> Standing:
        """The last moment, by which all that counts has been booked."""
        if self._make_now is None:
            return self.at(self.until)
        if self._now is None:
            self._now = self._make_now()
        return self._now


def standing_at(book: PortfolioBook, at: datetime, sources: Sources) -> Standing:
    """A portfolio by the closes and the rates that were in force at `at`.

    Raises:
        ImpossibleLedger: the transactions cannot follow one another.
    """
    days = OneSpan(at)
    live = LivePortfolio(book, days=days)

    def quote_of(symbol: Symbol) -> Quote | None:
        price = sources.price_of(symbol, at)
        return None if price is None else closing_quote(symbol, price, source=sources.prices_from)

    valuation = live.value(quote_of=quote_of, quality_of=lambda _: Quality.CLOSED, rates=sources.rates, at=at)
    return Standing(book, live, valuation, at=at, days=days, sources=sources)


def standing_now(
    book: PortfolioBook,
    quotes: Mapping[Symbol, Quote],
    quality_of: Callable[[Symbol], Quality],
    *,
    at: datetime,
    days: Days,
    sources: Sources,
    live: LivePortfolio | None = None,
) -> Standing:
    """A portfolio by the quotes of the moment `at`.

    Args:
        live: of the book, which was folded before; None: it is folded anew.

    Raises:
        ImpossibleLedger: the transactions cannot follow one another.
    """
    live = live or LivePortfolio(book, days=days)
    valuation = live.value(quote_of=quotes.get, quality_of=quality_of, rates=sources.rates, at=at)
    return Standing(book, live, valuation, at=at, days=days, sources=sources)
