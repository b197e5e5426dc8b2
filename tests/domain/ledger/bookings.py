"""Short ways to write a transaction down in a test: the moment as text, the amount as text with its currency."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import TypedDict

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Buy,
    CashTransfer,
    CurrencyExchange,
    Deposit,
    Dividend,
    DividendReinvested,
    Fee,
    FeeRefund,
    Interest,
    InterestCharge,
    LotChoice,
    Merger,
    ReceivedLot,
    ReturnOfCapital,
    Sell,
    Settlement,
    SpinOff,
    Split,
    StockDividend,
    SymbolChange,
    Tax,
    TaxRefund,
    TransactionId,
    TransferIn,
    TransferOut,
    Withdrawal,
)
from tickfolio.domain.money import Currency, ExchangeRate, Money

BROKER = AccountId("broker")
BANK = AccountId("bank")
AAPL = Symbol("AAPL")
NEWCO = Symbol("NEWCO")
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
    lots: tuple[LotChoice, ...] = (),
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
        lots=lots,
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


class _Place(TypedDict):
    """Where a transaction stands."""

    id: TransactionId
    account: AccountId
    at: datetime
    sequence: int


def _place(at: str, account: AccountId = BROKER) -> _Place:
    number = next(_numbers)
    return {"id": TransactionId(f"t{number}"), "account": account, "at": moment(at), "sequence": number}


def cash_transfer(at: str, amount: str, *, to: AccountId = BANK) -> CashTransfer:
    """Cash to another account."""
    return CashTransfer(**_place(at), amount=money(amount), to_account=to)


def transfer_in(at: str, quantity: str, *lots: ReceivedLot, symbol: Symbol = AAPL) -> TransferIn:
    """Units from outside."""
    return TransferIn(**_place(at), symbol=symbol, quantity=Decimal(quantity), lots=lots)


def received(acquired_at: str, quantity: str, cost: str) -> ReceivedLot:
    """A lot with its history."""
    return ReceivedLot(moment(acquired_at), Decimal(quantity), money(cost))


def transfer_out(
    at: str, quantity: str, *, to: AccountId | None = BANK, lots: tuple[LotChoice, ...] = (), symbol: Symbol = AAPL
) -> TransferOut:
    """Units to another account, or out of the portfolio."""
    return TransferOut(**_place(at), symbol=symbol, quantity=Decimal(quantity), to_account=to, lots=lots)


def reinvested(
    at: str, gross: str, quantity: str, invested: str, *, fees: str = "0", tax: str = "0", ex: str | None = None
) -> DividendReinvested:
    """A dividend and what it bought."""
    amount = money(gross)
    return DividendReinvested(
        **_place(at),
        symbol=AAPL,
        gross=amount,
        withholding_tax=Money(Decimal(tax), amount.currency),
        accrues_at=None if ex is None else moment(ex),
        quantity=Decimal(quantity),
        price=Decimal(1),
        invested=money(invested),
        fees=Money(Decimal(fees), amount.currency),
    )


def interest(at: str, gross: str, *, tax: str = "0", symbol: Symbol | None = None) -> Interest:
    """Interest on cash, or of a bond."""
    amount = money(gross)
    return Interest(**_place(at), gross=amount, withholding_tax=Money(Decimal(tax), amount.currency), symbol=symbol)


def charge[T: (InterestCharge, Fee, FeeRefund, Tax, TaxRefund)](
    kind: type[T], at: str, amount: str, *, symbol: Symbol | None = None
) -> T:
    """A charge of a kind, or a refund."""
    return kind(**_place(at), amount=money(amount), symbol=symbol)


def stock_dividend(at: str, quantity: str) -> StockDividend:
    """Units for nothing."""
    return StockDividend(**_place(at), symbol=AAPL, quantity=Decimal(quantity))


def spin_off(at: str, new: int, old: int, share: str, *, in_lieu: str | None = None) -> SpinOff:
    """`new` units of the new company for `old`."""
    cash = None if in_lieu is None else money(in_lieu)
    return SpinOff(
        **_place(at), symbol=AAPL, new_symbol=NEWCO, new=new, old=old, cost_share=Decimal(share), cash_in_lieu=cash
    )


def merger(
    at: str, new: int, old: int, *, cash: str | None = None, share: str | None = None, in_lieu: str | None = None
) -> Merger:
    """`new` units of the new company instead of `old`."""
    return Merger(
        **_place(at),
        symbol=AAPL,
        new_symbol=NEWCO,
        new=new,
        old=old,
        cash=None if cash is None else money(cash),
        cost_share=None if share is None else Decimal(share),
        cash_in_lieu=None if in_lieu is None else money(in_lieu),
    )


def return_of_capital(at: str, amount: str) -> ReturnOfCapital:
    """Cash that lowers the cost."""
    return ReturnOfCapital(**_place(at), symbol=AAPL, amount=money(amount))


def symbol_change(at: str) -> SymbolChange:
    """Another symbol."""
    return SymbolChange(**_place(at), symbol=AAPL, new_symbol=NEWCO)
