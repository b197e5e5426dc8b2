"""What a sale of a holding would close now, by each method: relieved costs and lots, from the ledger's own matching.

Nothing is booked. What the sale would bring moves with the market and is worked out where it is shown; what it would cost stands in
the ledger, and is worked out here. Of what is held short it is the purchase that buys it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict
from zoneinfo import ZoneInfo

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.cost_basis import Consideration
from tickfolio.domain.ledger.lots import ZERO, ClosedLot
from tickfolio.domain.ledger.options import AccountOptions, CostMethod
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.ledger.trades import Buy, LotChoice, Sell
from tickfolio.domain.ledger.transactions import AccountId, TransactionId
from tickfolio.domain.ledger.trials import tried
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT, Currency, Money, rounded
from tickfolio.domain.valuation.base_rates import BaseRates, CurrentRates
from tickfolio.domain.valuation.gain_rows import NO_COST, Term
from tickfolio.domain.valuation.gains import cost_basis
from tickfolio.domain.valuation.holding_periods import HoldingPeriods
from tickfolio.errors import ImpossibleLedger, InvalidValue, MissingRate, UnknownCost
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.as_of import ledger_as_of
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.open_lots import PositionLot, lots_of
from tickfolio.services.portfolios import portfolio_view
from tickfolio.words import phrase

METHODS = (CostMethod.FIFO, CostMethod.LIFO, CostMethod.HIFO, CostMethod.AVERAGE)
"""Those that are shown beside an account's own one. Lots that are picked are a row of their own."""
_TRIED = TransactionId("what-if")


@dataclass(frozen=True, slots=True)
class Asked:
    """What would be traded.

    Attributes:
        quantity: without its sign; None for all that is held.
        picks: the lots that go first; of what is held short none can be picked.
    """

    account_id: str
    symbol: str
    quantity: Decimal | None = None
    picks: tuple[LotChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class UsedLot:
    """What would be closed of a lot.

    Attributes:
        quantity: without its sign.
        opened: what was paid for it, or what its short sale brought, by the method; exact, in the currency of the trade.
        base: the same in coins of the base currency.
        rate: the base currency for one unit of the currency of `opened`, now.
    """

    transaction_id: str
    acquired: date | NotAvailable
    days: int | NotAvailable
    term: Term | NotAvailable | None
    quantity: Decimal
    opened: Money | NotAvailable
    base: Decimal | NotAvailable
    rate: Decimal | NotAvailable


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the trade would do by one method.

    Attributes:
        is_own: whether it would be booked so: by the account's method, or by the lots that are picked.
        is_picked: whether it is of the lots that are picked.
        used: the lots that would be closed; they are less than was asked for where the rest would be sold short.
        left: the cost of what stays, in coins of the base currency; negative where that is short.
        problem: why it cannot be so; empty where it can.
    """

    method: CostMethod
    is_own: bool
    is_picked: bool
    used: tuple[UsedLot, ...] = ()
    left: Decimal | NotAvailable = ZERO
    problem: str = ""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A holding and what a trade that ends some or all of it would do.

    Attributes:
        held: negative where it is short.
        quantity: of the trade, without its sign.
        excess: so much more is sold than is held, where the account sells nothing short; no outcome is there then.
        lots: those that can be picked, oldest first, and those of which nothing is left, by which the others are named.
        price: the last one recorded; None where there is none.
        rate: the base currency for one unit of the instrument's, now.
        head: the newest booking that is in it.
    """

    account_id: str
    account_name: str
    options: AccountOptions
    instrument: Instrument
    base: Currency
    at: datetime
    head: int
    held: Decimal
    quantity: Decimal
    excess: Decimal
    lots: tuple[PositionLot, ...]
    price: Decimal | None
    rate: Decimal | NotAvailable
    outcomes: tuple[Outcome, ...]

    @property
    def is_short(self) -> bool:
        """Whether it is bought back and not sold."""
        return self.held < 0


def what_if(*, actor: Actor, portfolio_id: str, asked: Asked) -> WhatIf:
    """What a trade would do now, by the account's own method first; stores nothing.

    Raises:
        NotFound: there is no such portfolio for this actor.
        InvalidValue: nothing is held of that in that account, or the quantity or the lots that are picked cannot be.
    """
    account_id, symbol = AccountId(asked.account_id), Symbol(asked.symbol.strip().upper())
    rates = rate_table_now()
    with ledger_as_of(actor=actor, portfolio_id=portfolio_id) as seen:
        book, at = seen.held.book, seen.market.at
        facts = next((each for each in book.accounts if each.id == account_id), None)
        living = seen.shelf.living()
        living.ledgers(rates=rates, at=at)
        position = None if facts is None else living.account(account_id).ledger.positions.get(symbol)
        if facts is None or position is None or not position.quantity:
            raise InvalidValue(
                phrase("Expected an instrument that is held in this account, was {symbol}.", symbol=repr(symbol[:40]))
            )
        instrument, head = book.instrument(symbol), seen.held.head
        quote = seen.market.beside(book).quotes.get(symbol)
        maker = _Outcomes(
            position=position,
            options=facts.options,
            rates=CurrentRates(BaseRates(book.base, rates), at),
            periods=portfolio_view(actor=actor, portfolio_id=portfolio_id).periods,
            zone=book.zone,
            currency=instrument.currency,
        )
        held = position.quantity
        quantity = held.copy_abs() if asked.quantity is None else asked.quantity
        excess = EXACT.subtract(quantity, held.copy_abs())
        is_too_much = excess > 0 and (held < 0 or not facts.options.allows_shorts)
        outcomes = () if is_too_much else maker.all(quantity, () if held < 0 else asked.picks)
        rate = maker.rates.found(instrument.currency)
    return WhatIf(
        account_id=facts.id,
        account_name=facts.name,
        options=facts.options,
        instrument=instrument,
        base=book.base,
        at=at,
        head=head,
        held=held,
        quantity=quantity,
        excess=excess if is_too_much else ZERO,
        lots=()
        if held < 0
        else lots_of(actor=actor, portfolio_id=portfolio_id, account_id=account_id, symbol=symbol, at=at),
        price=None if quote is None else quote.price,
        rate=rate if isinstance(rate, Decimal) else NotAvailable(rate.reason),
        outcomes=outcomes,
    )


class TradeParts(TypedDict):
    """What a purchase and a sale have in common."""

    id: TransactionId
    account: AccountId
    at: datetime
    sequence: int
    symbol: Symbol
    quantity: Decimal
    price: Decimal
    gross: Money
    fees: Money
    taxes: Money


@dataclass(frozen=True, slots=True)
class _Outcomes:
    """Tries a trade at no price: what it relieves does not depend on what it brings."""

    position: Position
    options: AccountOptions
    rates: CurrentRates
    periods: HoldingPeriods
    zone: ZoneInfo
    currency: Currency

    def all(self, quantity: Decimal, picks: Sequence[LotChoice]) -> tuple[Outcome, ...]:
        """The one that would be booked first, then the account's method where lots are picked, then the others."""
        own = self.options.method
        trade = self._trade(quantity, ())
        found = [self._outcome(trade, own, is_own=not picks)]
        found += [self._outcome(trade, each, is_own=False) for each in METHODS if each is not own]
        if picks:
            found.insert(0, self._outcome(self._trade(quantity, picks), own, is_own=True, is_picked=True))
        return tuple(found)

    def _trade(self, quantity: Decimal, picks: Sequence[LotChoice]) -> Buy | Sell:
        """What ends so much of the position.

        Raises:
            InvalidValue: the quantity or the picks cannot be.
        """
        nothing = Money(ZERO, self.currency)
        parts: TradeParts = {
            "id": _TRIED,
            "account": AccountId(_TRIED),
            "at": self.rates.at,
            "sequence": 0,
            "symbol": self.position.symbol,
            "quantity": quantity,
            "price": ZERO,
            "gross": nothing,
            "fees": nothing,
            "taxes": nothing,
        }
        return Buy(**parts) if self.position.quantity < 0 else Sell(**parts, lots=tuple(picks))

    def _outcome(self, trade: Buy | Sell, method: CostMethod, *, is_own: bool, is_picked: bool = False) -> Outcome:
        try:
            trial = tried(trade, self.position, options=self.options, method=method, base_value=self.rates.facts.value)
        except (ImpossibleLedger, InvalidValue) as refusal:
            return Outcome(method, is_own, is_picked, problem=str(refusal))
        used = tuple(self._used(lot) for lot in trial.closed)
        return Outcome(method, is_own, is_picked, used, self._left(trial.left))

    def _used(self, lot: ClosedLot) -> UsedLot:
        acquired: date | NotAvailable = NO_COST
        days: int | NotAvailable = NO_COST
        term: Term | NotAvailable | None = NO_COST
        if lot.own.is_known:
            acquired, today = self._day(lot.acquired_at), self._day(self.rates.at)
            days = self.periods.days(acquired, today)
            term = Term.LONG if self.periods.is_long_term(acquired, today) else Term.SHORT
        return UsedLot(
            transaction_id=lot.opened_by,
            acquired=acquired,
            days=days,
            term=term if self.periods.tells_terms else None,
            quantity=lot.quantity.copy_abs(),
            opened=lot.opened.stated if lot.opened.is_known else NO_COST,
            base=self._base(lot.opened),
            rate=self._rate(lot.opened.stated.currency),
        )

    def _base(self, opened: Consideration) -> Decimal | NotAvailable:
        """In coins, as a row of the gains report has it."""
        try:
            return rounded(self.rates.facts.value(opened), places=self.rates.base.minor_unit)
        except (MissingRate, UnknownCost) as missing:
            return NotAvailable(str(missing))

    def _left(self, position: Position) -> Decimal | NotAvailable:
        try:
            return rounded(cost_basis(position, self.rates.facts), places=self.rates.base.minor_unit)
        except (MissingRate, UnknownCost) as missing:
            return NotAvailable(str(missing))

    def _rate(self, currency: Currency) -> Decimal | NotAvailable:
        found = self.rates.found(currency)
        return found if isinstance(found, Decimal) else NotAvailable(found.reason)

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()
