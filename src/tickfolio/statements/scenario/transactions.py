"""The transactions of a scenario, each as the domain's own value.

**Source**: docs/reference/scenario-format.md, section Transactions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypedDict

from tickfolio.domain.instruments import Instrument, Symbol, normalise_symbol
from tickfolio.domain.ledger.transactions import (
    MAX_AMOUNT_PLACES,
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
    Transaction,
    TransactionId,
    TransferIn,
    TransferOut,
    Withdrawal,
)
from tickfolio.domain.money import (
    EXACT,
    MAX_PRICE_PLACES,
    MAX_QUANTITY_PLACES,
    ROUNDING,
    Currency,
    ExchangeRate,
    Money,
    parse_decimal,
    rounded,
)
from tickfolio.errors import InvalidValue
from tickfolio.statements.scenario import document
from tickfolio.statements.scenario.parts import Booked
from tickfolio.words import phrase


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a transaction is read against."""

    base: Currency
    accounts: tuple[AccountId, ...]
    instruments: Mapping[Symbol, Instrument]


class Place(TypedDict):
    """Where a transaction stands."""

    id: TransactionId
    account: AccountId
    at: datetime
    sequence: int


def transaction_from(given: document.GivenTransaction, sequence: int, around: Surroundings) -> Transaction:
    """The transaction that `given` tells.

    Raises:
        InvalidValue: it cannot be; the message names it.
    """
    reader = _Reader(given, sequence, around)
    try:
        return _READERS[type(given)](reader, given)
    except InvalidValue as error:
        raise InvalidValue(f"{given.id}: {error}") from error


class _Reader:
    """Reads one transaction."""

    def __init__(self, given: Booked, sequence: int, around: Surroundings) -> None:
        self._around = around
        self._given = given
        self._sequence = sequence

    @property
    def place(self) -> Place:
        """Where it stands."""
        return {
            "id": TransactionId(self._given.id),
            "account": self.account(self._given.account),
            "at": moment(self._given.at),
            "sequence": self._sequence,
        }

    def account(self, name: str) -> AccountId:
        """The account of that id; the only one where it is not said."""
        accounts = self._around.accounts
        if not name and len(accounts) == 1:
            return accounts[0]
        if name not in accounts:
            raise InvalidValue(
                phrase(
                    "Expected one of the accounts {accounts}, was {name}.",
                    accounts=", ".join(accounts),
                    name=repr(name),
                )
            )
        return AccountId(name)

    def instrument(self, text: str) -> Instrument:
        """The instrument of a symbol."""
        symbol = normalise_symbol(text)
        found = self._around.instruments.get(symbol)
        if found is None:
            raise InvalidValue(phrase("Expected an instrument of the scenario, was {text}.", text=text))
        return found

    def symbol(self, text: str) -> Symbol:
        """A symbol of an instrument of the scenario."""
        return self.instrument(text).symbol

    def cash(self, amount: str, currency: str, symbol: str = "") -> Money:
        """An amount, in the currency of the instrument or the base currency unless said."""
        return Money(number(amount, MAX_AMOUNT_PLACES), self.currency(currency, symbol))

    def maybe_cash(self, amount: str, symbol: str) -> Money | None:
        """An amount in the currency of the instrument, or none."""
        return self.cash(amount, "", symbol) if amount else None

    def currency(self, code: str, symbol: str = "") -> Currency:
        """The currency that is said, else that of the instrument, else the base currency."""
        if code:
            return Currency(code)
        return self.instrument(symbol).currency if symbol else self._around.base

    def gross(self, symbol: str, quantity: Decimal, price: Decimal) -> Decimal:
        """Quantity × price × contract size ÷ quote unit."""
        instrument = self.instrument(symbol)
        value = EXACT.multiply(EXACT.multiply(quantity, price), instrument.contract_size)
        if instrument.quote_unit == 1:
            return value
        return rounded(ROUNDING.divide(value, instrument.quote_unit), places=MAX_AMOUNT_PLACES)


def number(text: str, places: int = MAX_PRICE_PLACES) -> Decimal:
    """A plain decimal number."""
    return parse_decimal(text, places=places)


def moment(text: str) -> datetime:
    """A time in UTC, or the first moment of a day."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidValue(
            phrase("Expected a day such as 2020-01-06 or a time in UTC, was {text}.", text=repr(text))
        ) from error


def _settlement(given: document.GivenTrade | document.GivenDividend, net: Money) -> Settlement | None:
    if not given.settlement_currency:
        if given.settlement_amount or given.settlement_rate:
            raise InvalidValue(phrase("Expected a settlement_currency beside what was settled, found none."))
        return None
    currency = Currency(given.settlement_currency)
    if given.settlement_amount:
        amount = number(given.settlement_amount, MAX_AMOUNT_PLACES)
        rate = number(given.settlement_rate) if given.settlement_rate else None
        if rate is None:
            rate = rounded(ROUNDING.divide(amount, net.amount), places=MAX_PRICE_PLACES)
    elif given.settlement_rate:
        rate = number(given.settlement_rate)
        amount = EXACT.multiply(net.amount, rate)
    else:
        raise InvalidValue(phrase("Expected a settlement_amount or a settlement_rate, found neither."))
    return Settlement(Money(amount, currency), ExchangeRate(net.currency, currency, rate))


def _choices(given: Sequence[document.GivenChoice]) -> tuple[LotChoice, ...]:
    return tuple(LotChoice(TransactionId(each.transaction), number(each.quantity, 18)) for each in given)


def _trade[T: (Buy, Sell)](reader: _Reader, given: document.GivenTrade, kind: type[T], *, pays: bool) -> T:
    quantity, price = number(given.quantity, MAX_QUANTITY_PLACES), number(given.price)
    currency = reader.currency(given.currency, given.symbol)
    stated = number(given.gross, MAX_AMOUNT_PLACES) if given.gross else reader.gross(given.symbol, quantity, price)
    gross, fees, taxes = (Money(each, currency) for each in (stated, number(given.fees), number(given.taxes)))
    charges = fees + taxes
    net = gross + charges if pays else gross - charges
    return kind(
        **reader.place,
        symbol=reader.symbol(given.symbol),
        quantity=quantity,
        price=price,
        gross=gross,
        fees=fees,
        taxes=taxes,
        settlement=_settlement(given, net),
    )


def _sell(reader: _Reader, given: document.GivenSell) -> Sell:
    sale = _trade(reader, given, Sell, pays=False)
    if not given.lots:
        return sale
    return Sell(
        **reader.place,
        symbol=sale.symbol,
        quantity=sale.quantity,
        price=sale.price,
        gross=sale.gross,
        fees=sale.fees,
        taxes=sale.taxes,
        settlement=sale.settlement,
        lots=_choices(given.lots),
    )


def _transfer_in(reader: _Reader, given: document.GivenTransferIn) -> TransferIn:
    currency = reader.currency(given.currency, given.symbol)
    lots = tuple(
        ReceivedLot(moment(each.acquired), number(each.quantity, 18), Money(number(each.cost, 30), currency))
        for each in given.received
    )
    if given.quantity:
        quantity = number(given.quantity, MAX_QUANTITY_PLACES)
    elif lots:
        quantity = sum((lot.quantity for lot in lots), Decimal(0))
    else:
        raise InvalidValue(phrase("Expected a quantity or lots that were received, found neither."))
    return TransferIn(**reader.place, symbol=reader.symbol(given.symbol), quantity=quantity, lots=lots)


def _transfer_out(reader: _Reader, given: document.GivenTransferOut) -> TransferOut:
    return TransferOut(
        **reader.place,
        symbol=reader.symbol(given.symbol),
        quantity=number(given.quantity, MAX_QUANTITY_PLACES),
        to_account=reader.account(given.to_account) if given.to_account else None,
        lots=_choices(given.lots),
    )


def _dividend(reader: _Reader, given: document.GivenDividend) -> Dividend:
    gross = reader.cash(given.gross, given.currency, given.symbol)
    tax = Money(number(given.taxes), gross.currency)
    return Dividend(
        **reader.place,
        symbol=reader.symbol(given.symbol),
        gross=gross,
        withholding_tax=tax,
        accrues_at=moment(given.ex_date) if given.ex_date else None,
        settlement=_settlement(given, gross - tax),
    )


def _reinvested(reader: _Reader, given: document.GivenReinvested) -> DividendReinvested:
    gross = reader.cash(given.gross, given.currency, given.symbol)
    quantity, price = number(given.quantity, MAX_QUANTITY_PLACES), number(given.price)
    return DividendReinvested(
        **reader.place,
        symbol=reader.symbol(given.symbol),
        gross=gross,
        withholding_tax=Money(number(given.taxes), gross.currency),
        accrues_at=moment(given.ex_date) if given.ex_date else None,
        quantity=quantity,
        price=price,
        invested=Money(reader.gross(given.symbol, quantity, price), gross.currency),
        fees=Money(number(given.fees), gross.currency),
    )


def _interest(reader: _Reader, given: document.GivenInterest) -> Interest:
    gross = reader.cash(given.amount, given.currency, given.symbol)
    return Interest(
        **reader.place,
        gross=gross,
        withholding_tax=Money(number(given.taxes), gross.currency),
        symbol=reader.symbol(given.symbol) if given.symbol else None,
    )


def _charge[T: (InterestCharge, Fee, FeeRefund, Tax, TaxRefund)](
    kind: type[T],
) -> Callable[[_Reader, document.GivenCharge], T]:
    def read(reader: _Reader, given: document.GivenCharge) -> T:
        symbol = reader.symbol(given.symbol) if given.symbol else None
        return kind(**reader.place, amount=reader.cash(given.amount, given.currency, given.symbol), symbol=symbol)

    return read


def _spin_off(reader: _Reader, given: document.GivenSpinOff) -> SpinOff:
    return SpinOff(
        **reader.place,
        symbol=reader.symbol(given.symbol),
        new_symbol=reader.symbol(given.new_symbol),
        new=int(given.new),
        old=int(given.old),
        cost_share=number(given.cost_share, MAX_QUANTITY_PLACES),
        cash_in_lieu=reader.maybe_cash(given.cash_in_lieu, given.new_symbol),
    )


def _merger(reader: _Reader, given: document.GivenMerger) -> Merger:
    return Merger(
        **reader.place,
        symbol=reader.symbol(given.symbol),
        new_symbol=reader.symbol(given.new_symbol),
        new=int(given.new),
        old=int(given.old),
        cash=reader.maybe_cash(given.cash, given.symbol),
        cost_share=number(given.cost_share, MAX_QUANTITY_PLACES) if given.cost_share else None,
        cash_in_lieu=reader.maybe_cash(given.cash_in_lieu, given.new_symbol),
    )


def _exchange(reader: _Reader, given: document.GivenExchange) -> CurrencyExchange:
    return CurrencyExchange(
        **reader.place,
        sold=reader.cash(given.amount, given.currency),
        bought=reader.cash(given.counter_amount, given.counter_currency),
    )


def _cash_transfer(reader: _Reader, given: document.GivenCashTransfer) -> CashTransfer:
    return CashTransfer(
        **reader.place,
        amount=reader.cash(given.amount, given.currency),
        to_account=reader.account(given.to_account),
    )


def _split(reader: _Reader, given: document.GivenSplit) -> Split:
    return Split(
        **reader.place,
        symbol=reader.symbol(given.symbol),
        new=int(given.new),
        old=int(given.old),
        cash_in_lieu=reader.maybe_cash(given.cash_in_lieu, given.symbol),
    )


_READERS: dict[type[Booked], Callable[..., Transaction]] = {  # type: ignore[explicit-any]  # each its own type
    document.GivenDeposit: lambda reader, given: Deposit(
        **reader.place, amount=reader.cash(given.amount, given.currency)
    ),
    document.GivenWithdrawal: lambda reader, given: Withdrawal(
        **reader.place, amount=reader.cash(given.amount, given.currency)
    ),
    document.GivenCashTransfer: _cash_transfer,
    document.GivenExchange: _exchange,
    document.GivenBuy: lambda reader, given: _trade(reader, given, Buy, pays=True),
    document.GivenSell: _sell,
    document.GivenTransferIn: _transfer_in,
    document.GivenTransferOut: _transfer_out,
    document.GivenDividend: _dividend,
    document.GivenReinvested: _reinvested,
    document.GivenInterest: _interest,
    document.GivenInterestCharge: _charge(InterestCharge),
    document.GivenFee: _charge(Fee),
    document.GivenFeeRefund: _charge(FeeRefund),
    document.GivenTax: _charge(Tax),
    document.GivenTaxRefund: _charge(TaxRefund),
    document.GivenSplit: _split,
    document.GivenStockDividend: lambda reader, given: StockDividend(
        **reader.place, symbol=reader.symbol(given.symbol), quantity=number(given.quantity, MAX_QUANTITY_PLACES)
    ),
    document.GivenSpinOff: _spin_off,
    document.GivenMerger: _merger,
    document.GivenReturn: lambda reader, given: ReturnOfCapital(
        **reader.place,
        symbol=reader.symbol(given.symbol),
        amount=reader.cash(given.amount, given.currency, given.symbol),
    ),
    document.GivenSymbolChange: lambda reader, given: SymbolChange(
        **reader.place, symbol=reader.symbol(given.symbol), new_symbol=reader.symbol(given.new_symbol)
    ),
}
