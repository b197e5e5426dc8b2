"""Transactions, folded into what each account holds.

The fold knows no exchange rate: what stands in it are facts, and valuation converts them. Only where an account averages
its costs or sells the most expensive lots first it asks what they were worth in the base currency.

**Source**: docs/reference/definitions.md, sections Transactions, and Cost basis and lots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.cash import CashFlow, CashPosition, signed_amount
from tickfolio.domain.ledger.cost_basis import BaseValue, Consideration, Unknown, no_base_value
from tickfolio.domain.ledger.incomes import Income, charge_of, income_of, interest_of, purchase_of
from tickfolio.domain.ledger.lots import Arrival, Lot, LotFlow, split_lots
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.ledger.touches import CapitalChange, symbols_of
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Booking,
    Buy,
    CashTransfer,
    Charge,
    CurrencyExchange,
    Deposit,
    Dividend,
    DividendPayment,
    DividendReinvested,
    Fee,
    FeeRefund,
    Interest,
    InterestCharge,
    Merger,
    ReturnOfCapital,
    Sell,
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
    in_ledger_order,
    is_after,
)
from tickfolio.domain.money import EXACT, NO_CURRENCY, Currency, Money
from tickfolio.errors import InvalidValue


class AccountLedger:
    """What an account holds after the transactions that were booked in it so far.

    Attributes:
        positions: by symbol, closed ones included.
        cash: by currency, empty ones included.
        receivables: dividends that count already and are not paid yet, by transaction.
        lot_flows: transfers of instruments.
        effects: the units that capital changes brought and took, by transaction.
        last: the newest transaction; None before the first.
    """

    __slots__ = (
        "_base_value",
        "_others",
        "account",
        "cash",
        "effects",
        "last",
        "lot_flows",
        "options",
        "positions",
        "receivables",
    )

    def __init__(
        self,
        account: AccountId,
        options: AccountOptions = DEFAULT_OPTIONS,
        *,
        base_value: BaseValue = no_base_value,
        others: Mapping[AccountId, AccountLedger] | None = None,
    ) -> None:
        self.account = account
        self.options = options
        self.positions: dict[Symbol, Position] = {}
        self.cash: dict[Currency, CashPosition] = {}
        self.receivables: dict[TransactionId, Income] = {}
        self.lot_flows: list[LotFlow] = []
        self.effects: dict[TransactionId, tuple[tuple[Symbol, Decimal], ...]] = {}
        self._base_value = base_value
        self._others = {} if others is None else others
        self.last: Transaction | None = None

    def book(self, transaction: Transaction) -> None:
        """Books the next transaction in ledger order.

        Raises:
            InsufficientQuantity: a sale or a transfer of more than is held then.
            ImpossibleLedger: what cannot be done with what is held.
            InvalidValue: the transaction is of another account, goes to one that is not known, or is not after the one
                before.
        """
        if transaction.account != self.account:
            raise InvalidValue(f"Expected a transaction of account {self.account}, was one of {transaction.account}.")
        last = self.last
        if last is not None and transaction.at <= last.at and not is_after(transaction, last):
            raise InvalidValue(f"Expected a transaction after {last}, was {transaction}. Put them in_ledger_order.")
        _BOOKED_BY[type(transaction)](self, transaction)
        self.last = transaction

    def accrue(self, dividend: DividendPayment) -> None:
        """From the ex-date on `dividend` is a receivable, until it is booked as paid; never after that."""
        income = income_of(dividend)
        self.receivables[dividend.id] = income
        self.position(dividend.symbol).incomes.append(income)

    def position(self, symbol: Symbol) -> Position:
        """The position in `symbol`, a new and empty one where there was none."""
        found = self.positions.get(symbol)
        if found is None:
            found = self.positions[symbol] = Position(symbol, self.options, self._base_value)
        return found

    def cash_of(self, currency: Currency) -> CashPosition:
        """The cash in `currency`, new and empty where there was none."""
        found = self.cash.get(currency)
        if found is None:
            found = self.cash[currency] = CashPosition(currency, self.options.cash_method, self._base_value)
        return found

    def _change_capital(self, change: CapitalChange) -> None:
        positions = [self.position(symbol) for symbol in symbols_of(change)]
        before = [position.quantity for position in positions]
        _CHANGED_BY[type(change)](self, change)
        self.effects[change.id] = tuple(
            (position.symbol, EXACT.subtract(position.quantity, quantity))
            for position, quantity in zip(positions, before, strict=True)
        )

    def _buy(self, purchase: Buy) -> None:
        position = self.positions.get(purchase.symbol) or self.position(purchase.symbol)
        self._move(purchase, position.buy(purchase), goes_out=True)

    def _sell(self, sale: Sell) -> None:
        position = self.positions.get(sale.symbol) or self.position(sale.symbol)
        self._move(sale, position.sell(sale), goes_out=False)

    def _other(self, account: AccountId) -> AccountLedger:
        found = self._others.get(account)
        if found is None:
            raise InvalidValue(f"Expected an account of the portfolio to transfer to, was {account}.")
        return found

    # ---------- Cash ----------

    def _move(self, booking: Booking, value: Consideration, *, goes_out: bool, pays: Income | None = None) -> None:
        moved = value.stated if value.settled is None else value.settled
        amount = moved.amount
        if amount:
            cash = self.cash.get(moved.currency) or self.cash_of(moved.currency)
            amount = amount.copy_negate() if goes_out else amount
            cash.post(CashFlow(booking.id, booking.at, amount, value, False, pays))

    def _deposit(self, deposit: Deposit) -> None:
        self._cross(deposit, deposit.amount, goes_out=False)

    def _withdraw(self, withdrawal: Withdrawal) -> None:
        self._cross(withdrawal, withdrawal.amount, goes_out=True)

    def _cross(self, booking: Booking, money: Money, *, goes_out: bool) -> None:
        amount = signed_amount(money.amount, goes_out=goes_out)
        value = Consideration(booking.at, money)
        self.cash_of(money.currency).post(CashFlow(booking.id, booking.at, amount, value, is_external=True))

    def _pay(self, dividend: DividendPayment) -> None:
        income = self.receivables.pop(dividend.id, None)
        if income is None:
            income = income_of(dividend)
            self.position(dividend.symbol).incomes.append(income)
        self._move(dividend, income.paid, goes_out=False, pays=income if income.is_accrued else None)

    def _reinvest(self, dividend: DividendReinvested) -> None:
        self._pay(dividend)
        cost = purchase_of(dividend)
        bought = Buy(
            id=dividend.id,
            account=dividend.account,
            at=dividend.at,
            sequence=dividend.sequence,
            symbol=dividend.symbol,
            quantity=dividend.quantity,
            price=dividend.price,
            gross=dividend.invested,
            fees=dividend.fees,
            taxes=Money(Decimal(0), dividend.gross.currency),
        )
        self.position(dividend.symbol).buy(bought)
        self._move(dividend, cost, goes_out=True)

    def _earn(self, interest: Interest) -> None:
        income = interest_of(interest)
        if interest.symbol is None:
            self.cash_of(income.paid.moved.currency).incomes.append(income)
        else:
            self.position(interest.symbol).incomes.append(income)
        self._move(interest, income.paid, goes_out=False)

    def _charge(self, charge: Charge) -> None:
        paid = charge_of(charge)
        if charge.symbol is None:
            self.cash_of(charge.amount.currency).charges.append(paid)
        else:
            self.position(charge.symbol).charges.append(paid)
        self._move(charge, paid.value, goes_out=not paid.is_refund)

    def _exchange(self, exchange: CurrencyExchange) -> None:
        # One value for both legs, so that an exchange by itself is no gain: what is lost by it shows against the rate
        # in force from then on.
        value = Consideration(exchange.at, exchange.sold, exchange.bought)
        for money, goes_out in ((exchange.sold, True), (exchange.bought, False)):
            amount = signed_amount(money.amount, goes_out=goes_out)
            self.cash_of(money.currency).post(CashFlow(exchange.id, exchange.at, amount, value))

    def _hand_over_cash(self, transfer: CashTransfer) -> None:
        other = self._other(transfer.to_account)
        money, value = transfer.amount, Consideration(transfer.at, transfer.amount)
        cash = self.cash_of(money.currency)
        lots = cash.give(money.amount, value)
        for position, goes_out in ((cash, True), (other.cash_of(money.currency), False)):
            amount = signed_amount(money.amount, goes_out=goes_out)
            position.post(CashFlow(transfer.id, transfer.at, amount, value, lots=lots))

    # ---------- Lots ----------

    def _transfer_in(self, transfer: TransferIn) -> None:
        position = self.position(transfer.symbol)
        if transfer.lots:
            lots = [Lot(transfer.id, lot.quantity, Consideration(lot.acquired_at, lot.cost)) for lot in transfer.lots]
        else:
            lots = [Lot(transfer.id, transfer.quantity, Unknown(transfer.at, Money(Decimal(0), self._unit(position))))]
        position.receive(lots, transfer)
        self._note_lots(transfer, transfer.symbol, lots, goes_out=False, is_external=True)

    def _unit(self, position: Position) -> Currency:
        """The currency in which an unknown cost is nothing: that of the other lots, where there are any."""
        return next((cost.stated.currency for cost in position.costs()), NO_CURRENCY)

    def _transfer_out(self, transfer: TransferOut) -> None:
        other = None if transfer.to_account is None else self._other(transfer.to_account)
        lots = self.position(transfer.symbol).give(transfer.quantity, transfer, choices=transfer.lots)
        is_external = other is None
        self._note_lots(transfer, transfer.symbol, lots, goes_out=True, is_external=is_external)
        if other is not None:
            other.position(transfer.symbol).receive(lots, transfer)
            other._note_lots(transfer, transfer.symbol, lots, goes_out=False, is_external=False)

    def _note_lots(
        self, booking: Booking, symbol: Symbol, lots: Sequence[Lot], *, goes_out: bool, is_external: bool
    ) -> None:
        self.lot_flows.append(
            LotFlow(booking.id, booking.at, symbol, tuple(lots), goes_out=goes_out, is_external=is_external)
        )

    def _split(self, split: Split) -> None:
        position = self.position(split.symbol)
        position.split(split, new=split.new, old=split.old)
        self._pay_in_lieu(split, position, split.cash_in_lieu)

    def _add_units(self, dividend: StockDividend) -> None:
        self.position(dividend.symbol).add_units(dividend.quantity, dividend)

    def _pay_back(self, returned: ReturnOfCapital) -> None:
        cash = Consideration(returned.at, returned.amount)
        self.position(returned.symbol).pay_back(cash, returned)
        self._move(returned, cash, goes_out=False)

    def _pay_in_lieu(self, booking: Booking, position: Position, cash: Money | None) -> None:
        if cash is not None:
            self._move(booking, position.sell_fraction(booking, cash), goes_out=False)

    def _spin_off(self, spin_off: SpinOff) -> None:
        parent = self.position(spin_off.symbol)
        parent.require_long(spin_off)
        child = self.position(spin_off.new_symbol)
        lots = split_lots(parent.carve(spin_off.cost_share), new=spin_off.new, old=spin_off.old)
        self._arrive(lots, spin_off, is_new=True)
        self._pay_in_lieu(spin_off, child, spin_off.cash_in_lieu)

    def _merge(self, merger: Merger) -> None:
        old, new = self.position(merger.symbol), self.position(merger.new_symbol)
        if merger.cash is not None:
            old.require_long(merger)
            cash = Consideration(merger.at, merger.cash)
            if merger.cost_share is None:
                old.pay_back(cash, merger)
            else:
                old.pay_share(cash, merger.cost_share, merger)
            self._move(merger, cash, goes_out=False)
        self._arrive(split_lots(old.give_all(), new=merger.new, old=merger.old), merger)
        self._pay_in_lieu(merger, new, merger.cash_in_lieu)

    def _rename(self, change: SymbolChange) -> None:
        self._arrive(self.position(change.symbol).give_all(), change)

    def _arrive(self, lots: Iterable[Lot], change: SpinOff | Merger | SymbolChange, *, is_new: bool = False) -> None:
        position, came = self.position(change.new_symbol), tuple(lots)
        position.receive(came, change)
        position.arrivals.append(Arrival(change.id, change.at, change.symbol, came, is_new=is_new))


_BOOKED_BY: dict[type[Booking], Callable[..., None]] = {  # type: ignore[explicit-any]  # each takes its own type
    Buy: AccountLedger._buy,
    Sell: AccountLedger._sell,
    Dividend: AccountLedger._pay,
    DividendReinvested: AccountLedger._reinvest,
    Deposit: AccountLedger._deposit,
    Withdrawal: AccountLedger._withdraw,
    Fee: AccountLedger._charge,
    FeeRefund: AccountLedger._charge,
    Tax: AccountLedger._charge,
    TaxRefund: AccountLedger._charge,
    InterestCharge: AccountLedger._charge,
    Interest: AccountLedger._earn,
    CurrencyExchange: AccountLedger._exchange,
    CashTransfer: AccountLedger._hand_over_cash,
    TransferIn: AccountLedger._transfer_in,
    TransferOut: AccountLedger._transfer_out,
    **dict.fromkeys(
        (Split, StockDividend, SpinOff, Merger, ReturnOfCapital, SymbolChange), AccountLedger._change_capital
    ),
}

_CHANGED_BY: dict[type[Booking], Callable[..., None]] = {  # type: ignore[explicit-any]  # each takes its own type
    Split: AccountLedger._split,
    StockDividend: AccountLedger._add_units,
    SpinOff: AccountLedger._spin_off,
    Merger: AccountLedger._merge,
    ReturnOfCapital: AccountLedger._pay_back,
    SymbolChange: AccountLedger._rename,
}


def fold(
    account: AccountId,
    transactions: Iterable[Transaction],
    options: AccountOptions = DEFAULT_OPTIONS,
    *,
    base_value: BaseValue = no_base_value,
) -> AccountLedger:
    """The ledger of `account` after all of `transactions`, in whatever order they are given.

    Raises:
        InsufficientQuantity: a sale of more than is held then.
        ImpossibleLedger: what cannot be done with what is held.
        InvalidValue: a transaction is of another account, or two have the same place in the order.
    """
    ledger = AccountLedger(account, options, base_value=base_value)
    for transaction in in_ledger_order(transactions):
        ledger.book(transaction)
    return ledger


def open_ledgers(
    accounts: Mapping[AccountId, AccountOptions], *, base_value: BaseValue = no_base_value
) -> dict[AccountId, AccountLedger]:
    """Empty ledgers of `accounts`, between which transfers can go."""
    ledgers: dict[AccountId, AccountLedger] = {}
    for account, options in accounts.items():
        ledgers[account] = AccountLedger(account, options, base_value=base_value, others=ledgers)
    return ledgers


def fold_all(
    accounts: Mapping[AccountId, AccountOptions],
    transactions: Iterable[Transaction],
    *,
    base_value: BaseValue = no_base_value,
) -> dict[AccountId, AccountLedger]:
    """The ledgers of `accounts`, between which transfers go, after all of `transactions`, in whatever order.

    Raises:
        InsufficientQuantity: a sale or a transfer of more than is held then.
        ImpossibleLedger: what cannot be done with what is held.
        InvalidValue: a transaction is of another account, or two of one have the same place in the order.
    """
    ledgers = open_ledgers(accounts, base_value=base_value)
    for transaction in in_ledger_order(transactions):
        if transaction.account not in ledgers:
            raise InvalidValue(f"Expected a transaction of a known account, was one of {transaction.account}.")
        ledgers[transaction.account].book(transaction)
    return ledgers
