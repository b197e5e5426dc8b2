"""Short ways to write a transaction down in a test: the moment as text, the amount as text with its currency."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Buy,
    CurrencyExchange,
    Deposit,
    Dividend,
    Fee,
    Sell,
    Settlement,
    Split,
    TransactionId,
    Withdrawal,
)
from tickfolio.domain.money import Currency, ExchangeRate, Money

BROKER = AccountId("broker")
AAPL = Symbol("AAPL")
_numbers = count(1)


def money(text: str) -> Money:
    """`"12.50 USD"`."""
    amount, code = text.split()
    return Money(Decimal(amount), Currency(code))


def moment(text: str) -> datetime:
    """`"2012-05-21 15:00"`, in UTC; a day alone is its noon."""
    return datetime.fromisoformat(text if " " in text else f"{text} 12:00").replace(tzinfo=UTC)


def settled(text: str, *, rate: str, of: str = "USD") -> Settlement:
    """What moved instead of an amount in `of`, and the rate from it."""
    amount = money(text)
    return Settlement(amount, ExchangeRate(Currency(of), amount.currency, Decimal(rate)))


def buy(
    at: str,
    quantity: str,
    gross: str,
    *,
    fees: str = "0",
    taxes: str = "0",
    settlement: Settlement | None = None,
    symbol: Symbol = AAPL,
    account: AccountId = BROKER,
    sequence: int | None = None,
) -> Buy:
    """A purchase for `gross`; fees and taxes are in its currency."""
    paid = money(gross)
    number = next(_numbers) if sequence is None else sequence
    return Buy(
        id=TransactionId(f"t{number}"),
        account=account,
        at=moment(at),
        sequence=number,
        symbol=symbol,
        quantity=Decimal(quantity),
        price=Decimal(1),
        gross=paid,
        fees=Money(Decimal(fees), paid.currency),
        taxes=Money(Decimal(taxes), paid.currency),
        settlement=settlement,
    )


def sell(
    at: str,
    quantity: str,
    gross: str,
    *,
    fees: str = "0",
    settlement: Settlement | None = None,
    symbol: Symbol = AAPL,
    account: AccountId = BROKER,
) -> Sell:
    """A sale for `gross`; fees are in its currency."""
    received, number = money(gross), next(_numbers)
    return Sell(
        id=TransactionId(f"t{number}"),
        account=account,
        at=moment(at),
        sequence=number,
        symbol=symbol,
        quantity=Decimal(quantity),
        price=Decimal(1),
        gross=received,
        fees=Money(Decimal(fees), received.currency),
        taxes=Money(Decimal(0), received.currency),
        settlement=settlement,
    )


def deposit(at: str, amount: str, *, account: AccountId = BROKER) -> Deposit:
    """Cash that comes in."""
    number = next(_numbers)
    return Deposit(
        id=TransactionId(f"t{number}"), account=account, at=moment(at), sequence=number, amount=money(amount)
    )


def withdrawal(at: str, amount: str, *, account: AccountId = BROKER) -> Withdrawal:
    """Cash that goes out."""
    number = next(_numbers)
    return Withdrawal(
        id=TransactionId(f"t{number}"), account=account, at=moment(at), sequence=number, amount=money(amount)
    )


def dividend(
    paid_at: str,
    gross: str,
    *,
    tax: str = "0",
    ex: str | None = None,
    settlement: Settlement | None = None,
    symbol: Symbol = AAPL,
) -> Dividend:
    """A dividend; the tax is in its currency, `ex` the beginning of the ex-date."""
    amount, number = money(gross), next(_numbers)
    return Dividend(
        id=TransactionId(f"t{number}"),
        account=BROKER,
        at=moment(paid_at),
        sequence=number,
        symbol=symbol,
        gross=amount,
        withholding_tax=Money(Decimal(tax), amount.currency),
        accrues_at=None if ex is None else moment(ex),
        settlement=settlement,
    )


def fee(at: str, amount: str, *, symbol: Symbol | None = None) -> Fee:
    """A fee of its own."""
    number = next(_numbers)
    return Fee(
        id=TransactionId(f"t{number}"),
        account=BROKER,
        at=moment(at),
        sequence=number,
        amount=money(amount),
        symbol=symbol,
    )


def split(at: str, new: int, old: int, *, symbol: Symbol = AAPL) -> Split:
    """`new` units for `old`."""
    number = next(_numbers)
    return Split(
        id=TransactionId(f"t{number}"), account=BROKER, at=moment(at), sequence=number, symbol=symbol, new=new, old=old
    )


def exchange(at: str, sold: str, bought: str) -> CurrencyExchange:
    """One currency for another."""
    number = next(_numbers)
    return CurrencyExchange(
        id=TransactionId(f"t{number}"),
        account=BROKER,
        at=moment(at),
        sequence=number,
        sold=money(sold),
        bought=money(bought),
    )
