"""Versions of transactions ↔ domain values."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypedDict, assert_never

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.booking import require_one_currency
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
    Merger,
    ReturnOfCapital,
    Sell,
    Settlement,
    SpinOff,
    Split,
    StockDividend,
    SymbolChange,
    Tax,
    TaxRefund,
    Transaction,
    TransactionId,
    TransactionType,
    TransferIn,
    TransferOut,
    Withdrawal,
    transaction_type,
)
from tickfolio.domain.money import Currency, ExchangeRate, Money
from tickfolio.persistence.kept_lots import choices_from, received_from, text_of_choices, text_of_received
from tickfolio.persistence.models import TransactionVersion

type CashTransaction = (
    Deposit
    | Withdrawal
    | CashTransfer
    | CurrencyExchange
    | Interest
    | InterestCharge
    | Fee
    | FeeRefund
    | Tax
    | TaxRefund
)

type Columns = dict[str, object]
"""What a transaction says, by the columns of a version; a column that it says nothing of is left out."""


def columns_of(transaction: Transaction) -> Columns:
    """What a version keeps of `transaction` besides its place.

    Raises:
        InvalidValue: a merger has cash in two currencies, for which there is one column.
    """
    return {"type": transaction_type(transaction).value, "at": transaction.at, **_said(transaction)}


def _said(transaction: Transaction) -> Columns:
    match transaction:
        case Buy() | Sell():
            return _trade_columns(transaction)
        case Dividend() | DividendReinvested():
            return _dividend_columns(transaction)
        case TransferIn() | TransferOut():
            return _transfer_columns(transaction)
        case Split() | SpinOff() | Merger():
            return _ratio_columns(transaction)
        case StockDividend():
            return {"symbol": transaction.symbol, "quantity": transaction.quantity}
        case SymbolChange():
            return {"symbol": transaction.symbol, "new_symbol": transaction.new_symbol}
        case ReturnOfCapital():
            return _amount(transaction.amount) | {"symbol": transaction.symbol}
        case _:
            return _cash_columns(transaction)


def _cash_columns(transaction: CashTransaction) -> Columns:
    match transaction:
        case Deposit() | Withdrawal():
            return _amount(transaction.amount)
        case CashTransfer():
            return _amount(transaction.amount) | {"to_account_id": uuid.UUID(transaction.to_account)}
        case Fee() | FeeRefund() | Tax() | TaxRefund() | InterestCharge():
            return _amount(transaction.amount) | {"symbol": transaction.symbol or ""}
        case Interest():
            columns = _amount(transaction.gross) | _settlement(transaction.settlement)
            return columns | {"symbol": transaction.symbol or "", "taxes": transaction.withholding_tax.amount}
        case CurrencyExchange():
            bought = transaction.bought
            return _amount(transaction.sold) | {
                "counter_amount": bought.amount,
                "counter_currency": bought.currency.code,
            }
        case _:
            assert_never(transaction)


def _trade_columns(trade: Buy | Sell) -> Columns:
    columns: Columns = {"symbol": trade.symbol, "quantity": trade.quantity, "price": trade.price}
    columns.update(_amount(trade.gross), fees=trade.fees.amount, taxes=trade.taxes.amount)
    columns.update(_settlement(trade.settlement))
    if isinstance(trade, Sell):
        columns.update(lots=text_of_choices(trade.lots))
    return columns


def _transfer_columns(transfer: TransferIn | TransferOut) -> Columns:
    columns: Columns = {"symbol": transfer.symbol, "quantity": transfer.quantity}
    if isinstance(transfer, TransferOut):
        columns.update(lots=text_of_choices(transfer.lots))
        if transfer.to_account is not None:
            columns.update(to_account_id=uuid.UUID(transfer.to_account))
    elif transfer.lots:
        columns.update(lots=text_of_received(transfer.lots), currency=transfer.lots[0].cost.currency.code)
    return columns


def _dividend_columns(dividend: Dividend | DividendReinvested) -> Columns:
    columns = _amount(dividend.gross) | _settlement(dividend.settlement)
    columns.update(symbol=dividend.symbol, taxes=dividend.withholding_tax.amount)
    if dividend.accrues_at is not None:
        columns.update(accrues_at=dividend.accrues_at)
    if isinstance(dividend, DividendReinvested):
        columns.update(quantity=dividend.quantity, price=dividend.price, fees=dividend.fees.amount)
        columns.update(counter_amount=dividend.invested.amount)
    return columns


def _ratio_columns(change: Split | SpinOff | Merger) -> Columns:
    columns: Columns = {"symbol": change.symbol, "split_new": change.new, "split_old": change.old}
    if not isinstance(change, Split):
        columns.update(new_symbol=change.new_symbol, cost_share=change.cost_share)
    if change.cash_in_lieu is not None:
        columns.update(cash_in_lieu=change.cash_in_lieu.amount, currency=change.cash_in_lieu.currency.code)
    if isinstance(change, Merger) and change.cash is not None:
        if change.cash_in_lieu is not None:
            require_one_currency(change.cash, change.cash_in_lieu)
        columns.update(_amount(change.cash))
    return columns


def transaction_from(row: TransactionVersion) -> Transaction:
    """The transaction that a version says."""
    place: _Place = {
        "id": TransactionId(str(row.transaction_id)),
        "account": AccountId(str(row.account_id)),
        "at": row.at.astimezone(UTC),
        "sequence": row.entry_sequence,
    }
    return _READ_BY[TransactionType(row.type)](row, place)


class _Place(TypedDict):
    """What every transaction has."""

    id: TransactionId
    account: AccountId
    at: datetime
    sequence: int


class _Trade(TypedDict):
    """What a purchase and a sale have."""

    symbol: Symbol
    quantity: Decimal
    price: Decimal
    gross: Money
    fees: Money
    taxes: Money
    settlement: Settlement | None


class _Income(TypedDict):
    """What dividends of both kinds have."""

    symbol: Symbol
    gross: Money
    withholding_tax: Money
    accrues_at: datetime | None
    settlement: Settlement | None


class _Charge(TypedDict):
    """What charges and refunds have."""

    amount: Money
    symbol: Symbol | None


def _trade(row: TransactionVersion) -> _Trade:
    return {
        "symbol": Symbol(row.symbol),
        "quantity": _present(row.quantity),
        "price": _present(row.price),
        "gross": _gross(row),
        "fees": _money(row.fees, row.currency),
        "taxes": _money(row.taxes, row.currency),
        "settlement": _settled(row),
    }


def _income(row: TransactionVersion) -> _Income:
    return {
        "symbol": Symbol(row.symbol),
        "gross": _gross(row),
        "withholding_tax": _money(row.taxes, row.currency),
        "accrues_at": None if row.accrues_at is None else row.accrues_at.astimezone(UTC),
        "settlement": _settled(row),
    }


def _charge(row: TransactionVersion) -> _Charge:
    return {"amount": _gross(row), "symbol": _symbol(row)}


def _reinvested(row: TransactionVersion, place: _Place) -> DividendReinvested:
    return DividendReinvested(
        **place,
        **_income(row),
        quantity=_present(row.quantity),
        price=_present(row.price),
        invested=_money(row.counter_amount, row.currency),
        fees=_money(row.fees, row.currency),
    )


def _interest(row: TransactionVersion, place: _Place) -> Interest:
    return Interest(
        **place,
        gross=_gross(row),
        withholding_tax=_money(row.taxes, row.currency),
        symbol=_symbol(row),
        settlement=_settled(row),
    )


def _exchange(row: TransactionVersion, place: _Place) -> CurrencyExchange:
    return CurrencyExchange(**place, sold=_gross(row), bought=_money(row.counter_amount, row.counter_currency))


def _transfer_in(row: TransactionVersion, place: _Place) -> TransferIn:
    lots = received_from(row.lots, row.currency)
    return TransferIn(**place, symbol=Symbol(row.symbol), quantity=_present(row.quantity), lots=lots)


def _transfer_out(row: TransactionVersion, place: _Place) -> TransferOut:
    return TransferOut(
        **place,
        symbol=Symbol(row.symbol),
        quantity=_present(row.quantity),
        to_account=None if row.to_account_id is None else _to_account(row),
        lots=choices_from(row.lots),
    )


def _split(row: TransactionVersion, place: _Place) -> Split:
    return Split(
        **place,
        symbol=Symbol(row.symbol),
        new=_present(row.split_new),
        old=_present(row.split_old),
        cash_in_lieu=_perhaps(row.cash_in_lieu, row.currency),
    )


def _spin_off(row: TransactionVersion, place: _Place) -> SpinOff:
    return SpinOff(
        **place,
        symbol=Symbol(row.symbol),
        new_symbol=Symbol(row.new_symbol),
        new=_present(row.split_new),
        old=_present(row.split_old),
        cost_share=_present(row.cost_share),
        cash_in_lieu=_perhaps(row.cash_in_lieu, row.currency),
    )


def _merger(row: TransactionVersion, place: _Place) -> Merger:
    return Merger(
        **place,
        symbol=Symbol(row.symbol),
        new_symbol=Symbol(row.new_symbol),
        new=_present(row.split_new),
        old=_present(row.split_old),
        cash=_perhaps(row.amount, row.currency),
        cost_share=row.cost_share,
        cash_in_lieu=_perhaps(row.cash_in_lieu, row.currency),
    )


def _stock_dividend(row: TransactionVersion, place: _Place) -> StockDividend:
    return StockDividend(**place, symbol=Symbol(row.symbol), quantity=_present(row.quantity))


def _symbol_change(row: TransactionVersion, place: _Place) -> SymbolChange:
    return SymbolChange(**place, symbol=Symbol(row.symbol), new_symbol=Symbol(row.new_symbol))


_READ_BY: dict[TransactionType, Callable[[TransactionVersion, _Place], Transaction]] = {
    TransactionType.DEPOSIT: lambda row, place: Deposit(**place, amount=_gross(row)),
    TransactionType.WITHDRAWAL: lambda row, place: Withdrawal(**place, amount=_gross(row)),
    TransactionType.BUY: lambda row, place: Buy(**place, **_trade(row)),
    TransactionType.SELL: lambda row, place: Sell(**place, **_trade(row), lots=choices_from(row.lots)),
    TransactionType.TRANSFER_IN: _transfer_in,
    TransactionType.TRANSFER_OUT: _transfer_out,
    TransactionType.CASH_TRANSFER: lambda row, place: CashTransfer(
        **place, amount=_gross(row), to_account=_to_account(row)
    ),
    TransactionType.CURRENCY_EXCHANGE: _exchange,
    TransactionType.DIVIDEND: lambda row, place: Dividend(**place, **_income(row)),
    TransactionType.DIVIDEND_REINVESTED: _reinvested,
    TransactionType.INTEREST: _interest,
    TransactionType.INTEREST_CHARGE: lambda row, place: InterestCharge(**place, **_charge(row)),
    TransactionType.FEE: lambda row, place: Fee(**place, **_charge(row)),
    TransactionType.FEE_REFUND: lambda row, place: FeeRefund(**place, **_charge(row)),
    TransactionType.TAX: lambda row, place: Tax(**place, **_charge(row)),
    TransactionType.TAX_REFUND: lambda row, place: TaxRefund(**place, **_charge(row)),
    TransactionType.SPLIT: _split,
    TransactionType.STOCK_DIVIDEND: _stock_dividend,
    TransactionType.SPIN_OFF: _spin_off,
    TransactionType.MERGER: _merger,
    TransactionType.RETURN_OF_CAPITAL: lambda row, place: ReturnOfCapital(
        **place, amount=_gross(row), symbol=Symbol(row.symbol)
    ),
    TransactionType.SYMBOL_CHANGE: _symbol_change,
}


def _symbol(row: TransactionVersion) -> Symbol | None:
    return Symbol(row.symbol) if row.symbol else None


def _to_account(row: TransactionVersion) -> AccountId:
    return AccountId(str(_present(row.to_account_id)))


def _settled(row: TransactionVersion) -> Settlement | None:
    if not row.settlement_currency:
        return None
    currency = Currency(row.settlement_currency)
    rate = ExchangeRate(Currency(row.currency), currency, _present(row.settlement_rate))
    return Settlement(Money(_present(row.settlement_amount), currency), rate)


def _gross(row: TransactionVersion) -> Money:
    return _money(row.amount, row.currency)


def _money(amount: Decimal | None, currency: str) -> Money:
    return Money(_present(amount), Currency(currency))


def _perhaps(amount: Decimal | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount, Currency(currency))


def _present[T](value: T | None) -> T:
    """A column that the type of the transaction needs; it was written from such a transaction."""
    assert value is not None
    return value


def _amount(money: Money) -> Columns:
    return {"amount": money.amount, "currency": money.currency.code}


def _settlement(settlement: Settlement | None) -> Columns:
    if settlement is None:
        return {}
    return {
        "settlement_amount": settlement.amount.amount,
        "settlement_currency": settlement.amount.currency.code,
        "settlement_rate": settlement.rate.rate,
    }
