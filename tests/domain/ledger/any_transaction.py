"""Transactions of every type, each such that a ledger can have it: what cannot be at that moment is not made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from random import Random
from typing import TypedDict

from tests.domain.ledger.generated import CURRENCIES, EUR, GBP, USD
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.options import AccountOptions
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
    Transaction,
    TransactionId,
    TransactionType,
    TransferIn,
    TransferOut,
    Withdrawal,
    transaction_type,
)
from tickfolio.domain.money import EXACT, Currency, ExchangeRate, Money, rounded

ACCOUNTS = (AccountId("bank"), AccountId("broker"))
FIRST = datetime(2012, 5, 7, 9, tzinfo=UTC)
NEW_OF = {"AAPL": "AAPLX", "SAP": "SAPX", "VOD": "VODX"}
INSTRUMENTS = {
    Symbol(name): Instrument(Symbol(name), name, "XNYS", currency, quote_unit=Decimal(unit))
    for names, currency, unit in ((("AAPL", "AAPLX"), USD, 1), (("SAP", "SAPX"), EUR, 1), (("VOD", "VODX"), GBP, 100))
    for name in names
}
OLD = tuple(Symbol(name) for name in NEW_OF)
drawn: Counter[TransactionType] = Counter()
"""How many transactions of each type were drawn in this process."""


class _Place(TypedDict):
    id: TransactionId
    account: AccountId
    at: datetime
    sequence: int


@dataclass
class Writer:
    """Writes one transaction after another, and knows what is held."""

    random: Random
    options: dict[AccountId, AccountOptions]
    at: datetime = FIRST
    held: dict[tuple[AccountId, Symbol], Decimal] = field(default_factory=dict)
    last_purchase: dict[tuple[AccountId, Symbol], tuple[TransactionId, Decimal]] = field(default_factory=dict)
    written: list[Transaction] = field(default_factory=list)

    def write(self, kind: TransactionType) -> None:
        """One transaction of `kind`, or the purchase that must come before it."""
        self.at += timedelta(hours=self.random.choice((0, 0, 1, 3, 7, 13, 26)))
        account = self.random.choice(ACCOUNTS)
        transaction = MAKERS[kind](self, account) or self.buy(account)
        drawn[transaction_type(transaction)] += 1
        self.written.append(transaction)

    # ---------- Pieces ----------

    def place(self, account: AccountId) -> _Place:
        number = len(self.written) + 1
        return {"id": TransactionId(f"t{number}"), "account": account, "at": self.at, "sequence": number}

    def cents(self, most: int) -> Decimal:
        return Decimal(self.random.randint(1, most)).scaleb(-2)

    def cash(self, currency: Currency | None = None, most: int = 10**6) -> Money:
        return Money(self.cents(most), currency or self.random.choice(CURRENCIES))

    def symbol(self) -> Symbol:
        return self.random.choice((OLD[0], OLD[0], *OLD))

    def holding(self, *, of: tuple[Symbol, ...] = OLD, least: Decimal = Decimal(0)) -> tuple[AccountId, Symbol] | None:
        found = sorted(key for key, quantity in self.held.items() if quantity > least and key[1] in of)
        return self.random.choice(found) if found else None

    def add(self, account: AccountId, symbol: Symbol, quantity: Decimal) -> None:
        key = account, symbol
        self.held[key] = EXACT.add(self.held.get(key, Decimal(0)), quantity)
        self.last_purchase.pop(key, None)

    def part(self, held: Decimal) -> Decimal:
        tenths = self.random.randint(1, 10)
        return held if tenths == 10 else rounded(EXACT.multiply(held, Decimal(tenths).scaleb(-1)), places=9) or held

    def charge(self, whole: Money) -> Money:
        most = int(whole.amount * 5)
        is_charged = most > 0 and self.random.random() < 0.5
        return Money(self.cents(most) if is_charged else Decimal(0), whole.currency)

    def settlement(self, net: Money) -> Settlement | None:
        other = self.random.choice((None, None, *CURRENCIES))
        if other is None or other == net.currency or not net.amount:
            return None
        rate = Decimal(self.random.randint(5_000, 15_000)).scaleb(-4)
        amount = rounded(EXACT.multiply(net.amount, rate), places=2)
        return Settlement(Money(amount, other), ExchangeRate(net.currency, other, rate)) if amount else None

    def gross(self, symbol: Symbol, quantity: Decimal, price: Decimal) -> Money:
        instrument = INSTRUMENTS[symbol]
        return Money(EXACT.multiply(quantity, EXACT.divide(price, instrument.quote_unit)), instrument.currency)

    # ---------- Trades ----------

    def buy(self, account: AccountId) -> Transaction:
        symbol = self.symbol()
        quantity = Decimal(self.random.randint(1, 10**5)).scaleb(-self.random.choice((0, 0, 3)))
        price = self.cents(10**5)
        gross = self.gross(symbol, quantity, price)
        fees, taxes = self.charge(gross), self.charge(gross)
        place = self.place(account)
        is_long = self.held.get((account, symbol), Decimal(0)) >= 0
        self.add(account, symbol, quantity)
        if is_long:
            self.last_purchase[account, symbol] = place["id"], quantity
        return Buy(
            **place,
            symbol=symbol,
            quantity=quantity,
            price=price,
            gross=gross,
            fees=fees,
            taxes=taxes,
            settlement=self.settlement(gross + fees + taxes),
        )

    def sell(self, account: AccountId) -> Transaction | None:
        symbol = self.symbol()
        lots: tuple[LotChoice, ...] = ()
        if self.options[account].allows_shorts and self.random.random() < 0.4:
            quantity = Decimal(self.random.randint(1, 10**4))
        else:
            key = self.holding(of=tuple(INSTRUMENTS))
            if key is None:
                return None
            account, symbol = key
            quantity = self.part(self.held[key])
            chosen = self.last_purchase.get(key)
            if chosen is not None and self.random.random() < 0.5:
                lots = (LotChoice(chosen[0], min(chosen[1], quantity)),)
        self.add(account, symbol, quantity.copy_negate())
        price = self.cents(10**5)
        gross = self.gross(symbol, quantity, price)
        fees = self.charge(gross)
        return Sell(
            **self.place(account),
            symbol=symbol,
            quantity=quantity,
            price=price,
            gross=gross,
            fees=fees,
            taxes=Money(Decimal(0), gross.currency),
            settlement=self.settlement(gross - fees),
            lots=lots,
        )

    def transfer_in(self, account: AccountId) -> Transaction | None:
        symbol = self.symbol()
        if self.held.get((account, symbol), Decimal(0)) < 0:
            return None
        lots = tuple(
            ReceivedLot(
                FIRST - timedelta(days=self.random.randint(0, 30)),
                Decimal(self.random.randint(1, 1000)),
                self.cash(INSTRUMENTS[symbol].currency),
            )
            for _ in range(self.random.randint(1, 3))
        )
        quantity = sum((lot.quantity for lot in lots), Decimal(0))
        self.add(account, symbol, quantity)
        return TransferIn(**self.place(account), symbol=symbol, quantity=quantity, lots=lots)

    def transfer_out(self, _account: AccountId) -> Transaction | None:
        key = self.holding(of=tuple(INSTRUMENTS))
        if key is None:
            return None
        account, symbol = key
        other = next(each for each in ACCOUNTS if each != account)
        to = other if self.held.get((other, symbol), Decimal(0)) >= 0 and self.random.random() < 0.7 else None
        quantity = self.part(self.held[key])
        self.add(account, symbol, quantity.copy_negate())
        if to is not None:
            self.add(to, symbol, quantity)
        return TransferOut(**self.place(account), symbol=symbol, quantity=quantity, to_account=to)

    # ---------- What companies do ----------

    def split(self, _account: AccountId) -> Transaction | None:
        key = self.holding()
        if key is None:
            return None
        new, old = self.random.choice(((2, 1), (3, 2), (1, 4), (7, 5)))
        after = EXACT.divide(EXACT.multiply(self.held[key], Decimal(new)), Decimal(old))
        fraction = EXACT.subtract(after, after.to_integral_value(ROUND_FLOOR))
        cash = None
        if fraction and after > 1 and self.random.random() < 0.7:
            cash, after = self.cash(INSTRUMENTS[key[1]].currency, 10**4), EXACT.subtract(after, fraction)
        self.held[key] = after
        self.last_purchase.pop(key, None)
        return Split(**self.place(key[0]), symbol=key[1], new=new, old=old, cash_in_lieu=cash)

    def stock_dividend(self, _account: AccountId) -> Transaction | None:
        key = self.holding(least=Decimal(4))
        if key is None:
            return None
        quantity = rounded(EXACT.multiply(self.held[key], Decimal("0.25")), places=3)
        self.add(*key, quantity)
        return StockDividend(**self.place(key[0]), symbol=key[1], quantity=quantity)

    def spin_off(self, _account: AccountId) -> Transaction | None:
        key = self.holding()
        if key is None or self.held.get((key[0], self.child(key[1])), Decimal(0)) < 0:
            return None
        new, old = self.random.choice(((1, 1), (1, 4), (3, 2)))
        self.add(key[0], self.child(key[1]), EXACT.divide(EXACT.multiply(self.held[key], Decimal(new)), Decimal(old)))
        share = Decimal(self.random.randint(0, 100)).scaleb(-2)
        return SpinOff(
            **self.place(key[0]), symbol=key[1], new_symbol=self.child(key[1]), new=new, old=old, cost_share=share
        )

    def merger(self, _account: AccountId) -> Transaction | None:
        key = self.holding()
        if key is None or self.held.get((key[0], self.child(key[1])), Decimal(0)) < 0:
            return None
        new, old = self.random.choice(((1, 1), (1, 4), (3, 2)))
        self.add(key[0], self.child(key[1]), EXACT.divide(EXACT.multiply(self.held[key], Decimal(new)), Decimal(old)))
        self.held[key] = Decimal(0)
        self.last_purchase.pop(key, None)
        cash = self.random.choice((None, self.cash(INSTRUMENTS[key[1]].currency)))
        share = None if cash is None else self.random.choice((None, Decimal(self.random.randint(0, 100)).scaleb(-2)))
        return Merger(
            **self.place(key[0]),
            symbol=key[1],
            new_symbol=self.child(key[1]),
            new=new,
            old=old,
            cash=cash,
            cost_share=share,
        )

    def symbol_change(self, _account: AccountId) -> Transaction | None:
        key = self.holding()
        if key is None or self.held.get((key[0], self.child(key[1])), Decimal(0)) < 0:
            return None
        self.add(key[0], self.child(key[1]), self.held[key])
        self.held[key] = Decimal(0)
        self.last_purchase.pop(key, None)
        return SymbolChange(**self.place(key[0]), symbol=key[1], new_symbol=self.child(key[1]))

    def return_of_capital(self, _account: AccountId) -> Transaction | None:
        key = self.holding()
        if key is None:
            return None
        amount = self.cash(INSTRUMENTS[key[1]].currency, self.random.choice((10**4, 10**9)))
        return ReturnOfCapital(**self.place(key[0]), symbol=key[1], amount=amount)

    def child(self, symbol: Symbol) -> Symbol:
        return Symbol(NEW_OF[symbol])

    # ---------- Income and cash ----------

    def dividend(self, account: AccountId) -> Transaction:
        symbol = self.symbol()
        gross = self.cash(INSTRUMENTS[symbol].currency, 10**5)
        tax = self.charge(gross)
        days = self.random.choice((None, 0, 1, 3, 8))
        return Dividend(
            **self.place(account),
            symbol=symbol,
            gross=gross,
            withholding_tax=tax,
            accrues_at=None if days is None else self.at - timedelta(days=days),
            settlement=self.settlement(gross - tax),
        )

    def reinvested(self, account: AccountId) -> Transaction | None:
        symbol = self.symbol()
        if self.held.get((account, symbol), Decimal(0)) < 0:
            return None
        gross = self.cash(INSTRUMENTS[symbol].currency, 10**5)
        quantity = Decimal(self.random.randint(1, 10**4)).scaleb(-3)
        self.add(account, symbol, quantity)
        return DividendReinvested(
            **self.place(account),
            symbol=symbol,
            gross=gross,
            withholding_tax=self.charge(gross),
            quantity=quantity,
            price=Decimal(1),
            invested=self.cash(gross.currency, 10**5),
            fees=self.charge(gross),
        )

    def interest(self, account: AccountId) -> Transaction:
        gross = self.cash()
        symbol = self.random.choice((None, self.symbol()))
        return Interest(**self.place(account), gross=gross, withholding_tax=self.charge(gross), symbol=symbol)

    def cash_transfer(self, account: AccountId) -> Transaction:
        other = next(each for each in ACCOUNTS if each != account)
        return CashTransfer(**self.place(account), amount=self.cash(), to_account=other)

    def exchange(self, account: AccountId) -> Transaction:
        sold, bought = self.random.sample(CURRENCIES, 2)
        return CurrencyExchange(**self.place(account), sold=self.cash(sold), bought=self.cash(bought))

    def charged(
        self, kind: type[Fee | FeeRefund | Tax | TaxRefund | InterestCharge], account: AccountId
    ) -> Transaction:
        symbol = self.random.choice((None, self.symbol()))
        return kind(**self.place(account), amount=self.cash(most=10**4), symbol=symbol)


MAKERS: dict[TransactionType, Callable[[Writer, AccountId], Transaction | None]] = {
    TransactionType.DEPOSIT: lambda writer, account: Deposit(**writer.place(account), amount=writer.cash()),
    TransactionType.WITHDRAWAL: lambda writer, account: Withdrawal(**writer.place(account), amount=writer.cash()),
    TransactionType.BUY: Writer.buy,
    TransactionType.SELL: Writer.sell,
    TransactionType.TRANSFER_IN: Writer.transfer_in,
    TransactionType.TRANSFER_OUT: Writer.transfer_out,
    TransactionType.CASH_TRANSFER: Writer.cash_transfer,
    TransactionType.CURRENCY_EXCHANGE: Writer.exchange,
    TransactionType.DIVIDEND: Writer.dividend,
    TransactionType.DIVIDEND_REINVESTED: Writer.reinvested,
    TransactionType.INTEREST: Writer.interest,
    TransactionType.INTEREST_CHARGE: lambda writer, account: writer.charged(InterestCharge, account),
    TransactionType.FEE: lambda writer, account: writer.charged(Fee, account),
    TransactionType.FEE_REFUND: lambda writer, account: writer.charged(FeeRefund, account),
    TransactionType.TAX: lambda writer, account: writer.charged(Tax, account),
    TransactionType.TAX_REFUND: lambda writer, account: writer.charged(TaxRefund, account),
    TransactionType.SPLIT: Writer.split,
    TransactionType.STOCK_DIVIDEND: Writer.stock_dividend,
    TransactionType.SPIN_OFF: Writer.spin_off,
    TransactionType.MERGER: Writer.merger,
    TransactionType.RETURN_OF_CAPITAL: Writer.return_of_capital,
    TransactionType.SYMBOL_CHANGE: Writer.symbol_change,
}
