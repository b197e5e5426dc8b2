"""The engine, as the lines are walked through it: one account, euros as the base currency, all figures exact.

A dollar is 0.80 EUR until Monday 21 May 2012, 14:00 UTC, and 0.90 EUR from then on; a pound is 1.25 EUR.
"""

from __future__ import annotations

from decimal import Decimal

from tests.domain.ledger.bookings import AAPL, BANK, BROKER
from tests.domain.valuation.market import BERLIN, EUR, NOON, RATES, calendar_of, fresh, quote
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.ledger import AccountLedger, fold_all
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.market.fx import RateTable
from tickfolio.domain.market.quotes import NotAvailable, Quote
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.gains import Gains
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.valuation import Valuation, Worth

D = Decimal
USD, GBP, JPY = Currency("USD"), Currency("GBP"), Currency("JPY")
BEFORE, EARLY, LATE = "2012-05-14", "2012-05-21 13:30", "2012-05-21 15:00"
"""At 0.80, at 0.80 on the day of the change, and at 0.90."""
PLAIN = AccountOptions()
AT_110 = {AAPL: quote("110", "100")}


def ledger(*transactions: Transaction, options: AccountOptions = PLAIN) -> AccountLedger:
    """The broker's ledger, beside an empty one of the bank."""
    return ledgers(*transactions, options=options)[0]


def ledgers(
    *transactions: Transaction, options: AccountOptions = PLAIN, other: AccountOptions = PLAIN
) -> tuple[AccountLedger, AccountLedger]:
    """The broker's ledger and the bank's."""
    rates = BaseRates(EUR, RATES)
    folded = fold_all({BROKER: options, BANK: other}, transactions, base_value=rates.value)
    return folded[BROKER], folded[BANK]


def position(*transactions: Transaction, options: AccountOptions = PLAIN) -> Position:
    """The broker's position in AAPL."""
    return ledger(*transactions, options=options).position(AAPL)


def balances(*transactions: Transaction, options: AccountOptions = PLAIN) -> dict[str, Decimal]:
    """The broker's cash by currency."""
    return {currency.code: cash.balance for currency, cash in ledger(*transactions, options=options).cash.items()}


def costs(held: Position) -> list[tuple[Decimal, Decimal]]:
    """The open lots: quantity and cost in the currency of the trade."""
    return [(lot.quantity, lot.cost.stated.amount) for lot in held.open_lots()]


def sales(held: Position) -> list[tuple[Decimal, Decimal, Decimal]]:
    """The closed lots: quantity, cost and proceeds in the currencies of the trades."""
    return [(lot.quantity, lot.cost.stated.amount, lot.proceeds.stated.amount) for lot in held.closed]


def portfolio(
    *transactions: Transaction,
    options: AccountOptions = PLAIN,
    instruments: dict[Symbol, Instrument] | None = None,
    base: Currency = EUR,
) -> LivePortfolio:
    """A portfolio of the broker's account and the bank's."""
    known = instruments or {symbol: Instrument(symbol, symbol, "XNYS", USD) for symbol in (AAPL, Symbol("NEWCO"))}
    accounts = AccountFacts(BROKER, "Broker", options), AccountFacts(BANK, "Bank")
    return LivePortfolio(PortfolioBook(base, BERLIN, accounts, transactions, known), calendar_of=calendar_of)


def gains(
    *transactions: Transaction,
    options: AccountOptions = PLAIN,
    quotes: dict[Symbol, Quote] | None = None,
    rates: RateTable = RATES,
) -> Gains:
    """Where all that was gained by Monday noon comes from; AAPL stands at 110 dollars."""
    found = maybe_gains(*transactions, options=options, quotes=quotes, rates=rates)
    assert isinstance(found, Gains), found
    return found


def maybe_gains(
    *transactions: Transaction,
    options: AccountOptions = PLAIN,
    quotes: dict[Symbol, Quote] | None = None,
    rates: RateTable = RATES,
) -> Gains | NotAvailable:
    """The same, or why there is none."""
    known = AT_110 if quotes is None else quotes
    return portfolio(*transactions, options=options).gains(quote_of=known.get, rates=rates, at=NOON)


def shown(made: LivePortfolio, quotes: dict[Symbol, Quote] | None = None, rates: RateTable = RATES) -> Valuation:
    """Rows and totals at Monday noon."""
    known = AT_110 if quotes is None else quotes
    return made.value(quote_of=known.get, quality_of=fresh, rates=rates, at=NOON)


def worth_of(valuation: Valuation, key: str) -> Worth:
    """What the row of that key is worth."""
    (found,) = (row.worth for row in valuation.rows if row.key == key)
    assert isinstance(found, Worth), found
    return found
