"""A portfolio that lives: transactions are applied as the market reaches them, rows valued anew where something changed.

**Source**: docs/reference/definitions.md, section Valuation and coverage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.instruments import PRIVATE_MIC, Symbol
from tickfolio.domain.ledger.cost_basis import Consideration
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.transactions import AccountId, Transaction, TransactionId
from tickfolio.domain.market.fx import Rates
from tickfolio.domain.market.manual_prices import BY_HAND
from tickfolio.domain.market.quotes import NotAvailable, Quality, Quote
from tickfolio.domain.valuation.base_rates import BaseRates, CurrentRates
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.cells import HoldingCell, Moment
from tickfolio.domain.valuation.gains import Gains, Settled, account_gains, gains_summed, settled_gains
from tickfolio.domain.valuation.hand_prices import quote_by_hand
from tickfolio.domain.valuation.live_account import Cell, LiveAccount, LiveGroup
from tickfolio.domain.valuation.totals import RowTable
from tickfolio.domain.valuation.valuation import Row, Valuation
from tickfolio.domain.valuation.windows import CalendarOf, Days, PriceDay, PriceDays
from tickfolio.errors import MissingRate, UnknownCost
from tickfolio.words import phrase

__all__ = ["AccountFacts", "LivePortfolio", "PortfolioBook"]

type QuoteOf = Callable[[Symbol], Quote | None]
type QualityOf = Callable[[Symbol], Quality]


class LivePortfolio:
    """A book at a moment of the market: `advance` applies transactions, `value` gives rows and totals.

    What `value` gives never depends on what was valued before: it equals the valuation of a new `LivePortfolio`.
    A row that did not change is the same object as before.
    """

    def __init__(self, book: PortfolioBook, *, calendar_of: CalendarOf | None = None, days: Days | None = None) -> None:
        """Rows count since what `days` say or, without them, since the session before by the calendars of exchanges."""
        if days is None:
            assert calendar_of is not None, "expected days, or calendars that say them"
            days = PriceDays(calendar_of)
        self._days = days
        self._at: datetime | None = None
        self._went_back = self._is_priced_anew = False
        self._rates: BaseRates | None = None
        self._is_other_set: bool
        self._book = book
        self._start(book)

    @property
    def book(self) -> PortfolioBook:
        """What it lives on."""
        return self._book

    def account(self, account: AccountId) -> LiveAccount:
        """One account, as of the last moment; its ledger has what no row shows."""
        return self._by_id[account]

    def accounts(self) -> Iterator[LiveAccount]:
        """All accounts in the order of the book."""
        return (self._by_id[facts.id] for facts in self._book.accounts)

    def ledgers(self, *, rates: Rates, at: datetime) -> list[tuple[AccountFacts, AccountLedger]]:
        """The accounts as of `at`, to which it advances, in their order; they go on changing with it.

        Raises:
            ImpossibleLedger: the transactions cannot follow one another.
        """
        self._take_rates(rates)
        self.advance(at)
        return [(account.facts, account.ledger) for account in self.accounts()]

    def settled[T](self, key: str, kind: type[T], make: Callable[[], T]) -> T:
        """What `make` gives, kept until something is booked or reached or the rates of the past change.

        It must be made of the ledgers as they are now and of those rates alone, and never change with the ledgers.
        """
        found = self._kept.get(key)
        if not isinstance(found, kind):
            found = self._kept[key] = make()
        return found

    def facts(self, table: Rates) -> BaseRates:
        """The rates of the past by `table`: with those that were looked up before, where it was valued by that very one."""
        found = self._rates
        if found is None or found.table is not table or found.base != self._book.base:
            return BaseRates(self._book.base, table)
        return found

    def is_as_of(self, at: datetime, table: Rates) -> bool:
        """Whether its ledgers are those of `at` by these rates as they are, so that valuing it then changes none of them."""
        is_of_rates = self._rates is not None and self._rates.table is table
        return is_of_rates and all(group.is_as_of(at) for group in self._groups)

    def effects(self) -> dict[TransactionId, tuple[tuple[Symbol, Decimal], ...]]:
        """The units that capital changes brought and took, by transaction."""
        return {id_: units for account in self.accounts() for id_, units in account.ledger.effects.items()}

    def renew(self, book: PortfolioBook) -> None:
        """Takes a changed book. Of an account with another past, what that touches is folded anew; what is appended is applied.

        Raises:
            ImpossibleLedger: the transactions cannot follow one another; build a new one then.
            InvalidValue: the book lacks an account or an instrument.
        """
        self._unsettle()
        if self._is_another(book):
            self._start(book)
        else:
            self._groups = [self._continued(accounts, transactions, book) for accounts, transactions in book.groups()]
            self._is_priced_anew = self._is_priced_anew or book.prices != self._book.prices
            self._book = book
            self._index()
        if self._at is not None:
            self.advance(self._at)

    def advance(self, at: datetime) -> bool:
        """Applies the transactions that the market has reached by `at`; whether there were any.

        An earlier moment than something that was applied begins anew, as a replay does.

        Raises:
            ImpossibleLedger: the transactions cannot follow one another.
            InvalidValue: the book lacks an instrument.
        """
        if self._at is not None and at < self._at:
            self._go_back(at)
        self._at = at
        changed = [group for group in self._groups if group.advance(at, self._book)]
        if changed:
            self._unsettle()
        return bool(changed)

    def value(
        self,
        *,
        quote_of: QuoteOf,
        quality_of: QualityOf,
        rates: Rates,
        at: datetime,
        only: AbstractSet[Symbol] | None = None,
    ) -> Valuation:
        """Rows and totals with the quotes and the rates in force at `at`, to which it advances.

        Args:
            only: the symbols whose quote or quality may have changed since the last call; None for all. Whatever else
                may have changed is noticed: transactions, rates in force, the report day.
        """
        self._take_rates(rates)
        self.advance(at)
        moment, is_other = self._moment_at(at, rates)
        is_other = self._days.has_expired(at) or is_other or self._went_back or self._is_priced_anew
        self._went_back = self._is_priced_anew = False
        cells = self._cells() if is_other or only is None else self._changed_cells(only)
        for cell in cells:
            self._table.replace(cell.key, self._row(cell, moment, quote_of, quality_of))
        if self._is_other_set or any(account.touched for account in self.accounts()):
            self._table.keep_only(cell.key for cell in self._cells())
            self._table.forget_order()
            self._is_other_set = False
        for account in self.accounts():
            account.touched.clear()
        return self._table.valuation(lambda: (cell.key for cell in self._cells()))

    def gains(self, *, quote_of: QuoteOf, rates: Rates, at: datetime) -> Gains | NotAvailable:
        """Where all that was gained by `at`, to which it advances, comes from; exact.

        Not available as long as one holding has no price, one transaction no rate, or one lot no cost.
        """
        self._take_rates(rates)
        self.advance(at)
        priced = dict[Symbol, tuple[Quote, PriceDay]]()
        for cell in (cell for each in self.accounts() for cell in each.held()):
            quote, _, day = self._priced(cell, at, quote_of, lambda _: Quality.UNPRICED)
            if quote is not None and day is not None:
                priced[cell.instrument.symbol] = quote, day
        held = {cell.instrument.symbol for each in self.accounts() for cell in each.held()}
        if len(priced) < len(held):
            return NotAvailable(phrase("no price of {min} is known", min=min(held - priced.keys())))
        current = CurrentRates(self._facts(rates), at)
        try:
            return gains_summed([self._account_gains(each, current, priced) for each in self.accounts()])
        except (MissingRate, UnknownCost) as missing:
            return NotAvailable(str(missing))

    def _account_gains(
        self, account: LiveAccount, rates: CurrentRates, priced: Mapping[Symbol, tuple[Quote, PriceDay]]
    ) -> Gains:
        values = {
            cell.instrument.symbol: cell.market_value(*priced[cell.instrument.symbol], rates) for cell in account.held()
        }
        settled = self._settled.get(account.facts.id)
        if settled is None:
            settled = self._settled[account.facts.id] = settled_gains(account.ledger, rates.facts)
        return account_gains(account.ledger, value_of=values.__getitem__, rates=rates, settled=settled)

    def _start(self, book: PortfolioBook) -> None:
        self._book = book
        # What is settled by what was booked, of each account; gone with any change of that and of the rates of the past.
        self._settled: dict[AccountId, Settled] = {}
        self._kept: dict[str, object] = {}
        self._groups = [
            LiveGroup(accounts, transactions, base_value=self._base_value) for accounts, transactions in book.groups()
        ]
        self._table = RowTable(book.base)
        self._moment: Moment | None = None
        self._index()

    def _unsettle(self) -> None:
        self._settled.clear()
        self._kept.clear()

    def _index(self) -> None:
        self._by_id: dict[AccountId, LiveAccount] = {
            id_: account for group in self._groups for id_, account in group.accounts.items()
        }
        self._is_other_set = True

    def _go_back(self, at: datetime) -> None:
        if any(group.is_beyond(at) for group in self._groups):
            self._start(self._book)
        self._went_back = True

    def _is_another(self, book: PortfolioBook) -> bool:
        """Whether nothing that was kept can be kept on."""
        if (self._book.base, self._book.zone) != (book.base, book.zone):
            return True
        holdings = (cell for account in self.accounts() for cell in account.holdings.values())
        return any(book.instruments.get(cell.instrument.symbol) != cell.instrument for cell in holdings)

    def _continued(
        self, accounts: tuple[AccountFacts, ...], transactions: list[Transaction], book: PortfolioBook
    ) -> LiveGroup:
        for group in self._groups:
            if group.facts == accounts and group.take(transactions, book):
                return group
        return LiveGroup(accounts, transactions, base_value=self._base_value)

    def _facts(self, table: Rates) -> BaseRates:
        """The rates of the past by `table`, which it goes on with."""
        self._take_rates(table)
        assert self._rates is not None
        return self._rates

    def _take_rates(self, table: Rates) -> None:
        """Another table can mean other lots where those follow from what they cost in the base currency."""
        if self._rates is not None and self._rates.table is table and self._rates.base == self._book.base:
            return
        self._rates = BaseRates(self._book.base, table)
        self._unsettle()
        if any(group.needs_base for group in self._groups):
            self._start(self._book)

    def _base_value(self, consideration: Consideration) -> Decimal:
        if self._rates is None:
            raise MissingRate(phrase("no exchange rates are known yet"))
        return self._rates.value(consideration)

    def _moment_at(self, at: datetime, table: Rates) -> tuple[Moment, bool]:
        """The moment, and whether every row may be another than at the moment before."""
        before = self._moment
        day_start = self._days.cash_since(at, self._book.zone)
        if before is None or before.rates.facts.table is not table or before.day_start != day_start:
            self._moment = Moment(CurrentRates(self._facts(table), at), day_start)
            for cell in self._cells():
                cell.forget()
            return self._moment, True
        rates = CurrentRates(before.rates.facts, at)
        self._moment = Moment(rates, day_start)
        return self._moment, rates.differ_from(before.rates)

    def _cells(self) -> Iterator[Cell]:
        for account in self.accounts():
            yield from account.cells()

    def _changed_cells(self, only: AbstractSet[Symbol]) -> Iterator[Cell]:
        for account in self.accounts():
            yield from account.touched
            yield from (account.holdings[symbol] for symbol in only if symbol in account.holdings)

    def _row(self, cell: Cell, moment: Moment, quote_of: QuoteOf, quality_of: QualityOf) -> Row | None:
        if not isinstance(cell, HoldingCell):
            return cell.row(moment)
        quote, quality, day = self._priced(cell, moment.rates.at, quote_of, quality_of)
        return cell.row(quote, quality, day, moment)

    def _priced(
        self, cell: HoldingCell, at: datetime, quote_of: QuoteOf, quality_of: QualityOf
    ) -> tuple[Quote | None, Quality, PriceDay | None]:
        """The price of a holding, its quality and its day: the one that the owner typed, where there is one.

        Of an instrument that only the portfolio knows no other price counts: a feed means something else by its symbol.
        """
        instrument, book = cell.instrument, self._book
        typed = quote_by_hand(book, instrument.symbol, at, splits=cell.splits) if book.prices else None
        if typed is not None and (day := self._days.day_by_hand(typed, at=at, zone=book.zone)) is not None:
            return typed, Quality.MANUAL, day
        quote = quote_of(instrument.symbol)
        if instrument.mic == PRIVATE_MIC and (quote is None or quote.source != BY_HAND):
            return None, Quality.UNPRICED, None
        found = None if quote is None else self._days.day_of(instrument, quote, at=at)
        return quote, quality_of(instrument.symbol), found
